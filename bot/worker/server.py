"""The worker's loop: it answers batches of queries, and switches to a new version between two of them."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from queue import SimpleQueue

from bot.worker.index_opener import AnsweringIndex, IndexOpener, OpenedIndex
from bot.worker.protocol import AbandonReload, AskBatch, BatchAnswered, Failed, Ready, Reload
from index import Answer, ChronicleError, Query

# How often the store is asked for its current version, which another process may have built or rolled back to.
_FOLLOW_SECONDS = 5.0
_NOBODY = 0  # asked for it: the number of what is opened because the store's current version is another


def serve(connection: Connection, opener: IndexOpener, *, follow_seconds: float = _FOLLOW_SECONDS) -> None:
    """Open the index and answer what arrives on `connection`, until its other end closes."""
    try:
        opened = opener(recover=True)
    except ChronicleError as error:
        connection.send(Failed(str(error)))
        return
    with suppress(EOFError, ConnectionError):
        connection.send(Ready(opened.index.version, is_fallback=opened.is_fallback))
        _Server(connection, opener, opened.index, follow_seconds).serve()


@dataclass(frozen=True, slots=True)
class _Opening:
    """A version that a thread opens, None if the store's current version is the present one."""

    number: int
    result: Future[OpenedIndex | None]


class _Server:
    """Answers in the main thread while another opens another version.

    Each version is opened by a thread of its own: one that hangs, as on a network file system, holds off no other.
    """

    def __init__(
        self, connection: Connection, opener: IndexOpener, index: AnsweringIndex, follow_seconds: float
    ) -> None:
        self._connection = connection
        self._opener = opener
        self._index = index
        self._follow_seconds = follow_seconds
        self._refused = ""  # the version that could not be opened when it was followed
        self._opening: _Opening | None = None
        self._opened: SimpleQueue[_Opening] = SimpleQueue()
        # Wakes the main thread, which waits for the connection, when the other version is open.
        self._wake_receiver, self._wake_sender = Pipe(duplex=False)

    def serve(self) -> None:
        """Handle messages until None arrives; raise EOFError or ConnectionError when the connection closes."""
        due = time.monotonic() + self._follow_seconds
        while True:
            heard = wait([self._connection, self._wake_receiver], max(0.0, due - time.monotonic()))
            if time.monotonic() >= due:  # also where one question follows upon another
                self._follow()
                due = time.monotonic() + self._follow_seconds
            if self._wake_receiver in heard:
                self._wake_receiver.recv()
                self._switch(self._opened.get())
            elif heard:
                match self._connection.recv():
                    case None:
                        return
                    case AskBatch() as batch:
                        self._connection.send(BatchAnswered(answer_batch(self._index, batch)))
                    case Reload(number=number):
                        self._open(number)
                    case AbandonReload():
                        self._opening = None

    def _follow(self) -> None:
        """Open the store's current version if it is another one, without being asked."""
        if self._opening is None:
            self._open(_NOBODY)

    def _open(self, number: int) -> None:
        answering, refused = self._index.version, self._refused

        def open_version() -> OpenedIndex | None:
            if number == _NOBODY and self._opener.current() in (None, answering, refused):
                return None
            return self._opener(recover=False)

        executor = ThreadPoolExecutor(max_workers=1)
        opening = self._opening = _Opening(number, executor.submit(open_version))
        executor.shutdown(wait=False)
        opening.result.add_done_callback(lambda _: self._report_opened(opening))

    def _report_opened(self, opening: _Opening) -> None:
        self._opened.put(opening)
        self._wake_sender.send(None)

    def _switch(self, opening: _Opening) -> None:
        """Answer from the version that was opened; keep the present one if opening failed."""
        if opening is not self._opening:  # it was abandoned, or another was asked for since
            return
        self._opening = None
        try:
            opened = opening.result.result()
        except ChronicleError as error:
            self._refused = self._opener.current() or ""
            self._connection.send(Failed(str(error), reload=opening.number))
            return
        if opened is not None:
            self._index, self._refused = opened.index, ""
            self._connection.send(Ready(self._index.version, reload=opening.number))


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
