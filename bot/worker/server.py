"""The worker's loop: it answers batches of queries, and switches to a new version between two of them."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait

from bot.worker.index_opener import AnsweringIndex, IndexOpener, OpenedIndex
from bot.worker.protocol import AskBatch, BatchAnswered, Failed, Ready, Reload
from index import Answer, ChronicleError, Query


def serve(connection: Connection, opener: IndexOpener) -> None:
    """Open the index and answer what arrives on `connection`, until its other end closes."""
    try:
        opened = opener(recover=True)
    except ChronicleError as error:
        connection.send(Failed(str(error)))
        return
    with suppress(EOFError, ConnectionError):
        connection.send(Ready(opened.index.version, is_fallback=opened.is_fallback))
        _Server(connection, opener, opened.index).serve()


class _Server:
    """Answers in the main thread while a second thread opens another version."""

    def __init__(self, connection: Connection, opener: IndexOpener, index: AnsweringIndex) -> None:
        self._connection = connection
        self._opener = opener
        self._index = index
        self._opening: Future[OpenedIndex] | None = None
        # Wakes the main thread, which waits for the connection, when the other version is open.
        self._wake_receiver, self._wake_sender = Pipe(duplex=False)

    def serve(self) -> None:
        """Handle messages until None arrives; raise EOFError or ConnectionError when the connection closes."""
        with ThreadPoolExecutor(max_workers=1) as executor:
            while True:
                if self._wake_receiver in wait([self._connection, self._wake_receiver]):
                    self._switch()
                    continue
                match self._connection.recv():
                    case None:
                        return
                    case AskBatch() as batch:
                        self._connection.send(BatchAnswered(answer_batch(self._index, batch)))
                    case Reload():
                        self._opening = executor.submit(self._opener, recover=False)
                        self._opening.add_done_callback(lambda _: self._wake_sender.send(None))

    def _switch(self) -> None:
        """Answer from the version that was opened; keep the present one if opening failed."""
        self._wake_receiver.recv()
        if self._opening is None:
            return
        try:
            self._index = self._opening.result().index
        except ChronicleError as error:
            self._connection.send(Failed(str(error)))
        else:
            self._connection.send(Ready(self._index.version))
        self._opening = None


def answer_batch(index: AnsweringIndex, batch: AskBatch) -> tuple[Answer | ChronicleError, ...]:
    """Answer `batch` in one pass, or each query by itself if one of them is unusable."""
    try:
        return tuple(index.ask_many(batch.queries, top=batch.top, document=batch.document))
    except ChronicleError:
        return tuple(_answer(index, query, batch) for query in batch.queries)


def _answer(index: AnsweringIndex, query: Query, batch: AskBatch) -> Answer | ChronicleError:
    try:
        return index.ask_many([query], top=batch.top, document=batch.document)[0]
    except ChronicleError as error:
        return error
