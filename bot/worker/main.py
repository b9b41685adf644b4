"""The worker process: it holds the model and the index, and answers batches of questions."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Protocol

import index
from bot.types import BuildProgress
from bot.worker.protocol import Answered, Ask, Built, Failed, Ready, Reload, Setup
from index import Answer, BuildStage, ChronicleError, Library, Query, QuestionError, StoreBusyError, StoreError

if TYPE_CHECKING:
    from index import Encoder

log = logging.getLogger(__name__)

# A build shares the machine with the answers: they go first.
_BUILD_NICENESS = 10
_FIRST_WORDS = 20  # code points


class Engine(Protocol):
    """What answers: an `index.Index`, or a test's."""

    @property
    def version(self) -> str:
        """Name the version that answers."""
        ...

    def ask_many(self, queries: Sequence[Query], *, top: int, document: str | None) -> list[Answer]:
        """Answer questions that came together."""
        ...


@dataclass(frozen=True, slots=True)
class Opened:
    """What answers; `mend` as in Ready."""

    engine: Engine
    mend: bool = False


def run(connection: Connection, setup: Setup) -> None:
    """Serve questions until told to stop, or until the bot is gone: the process's target."""
    _detach()
    serve(connection, StoreOpener(setup))


def build(connection: Connection, setup: Setup) -> None:
    """Build the store, report on the way, and end: the target of a rebuild's process."""
    _detach()
    os.nice(_BUILD_NICENESS)
    try:
        encoder = index.load_encoder(setup.model, threads=setup.threads)
        report = index.build_store(
            setup.documents,
            setup.store,
            encoder,
            keep=setup.keep,
            report=lambda stage, done, total: connection.send(BuildProgress(BuildStage(stage), done, total)),
        )
    except ChronicleError as error:
        connection.send(Failed(str(error), busy=isinstance(error, StoreBusyError)))
        return
    connection.send(Built(report))


class Opener(Protocol):
    """Opens the store's current version; `build` makes one where there is none."""

    def __call__(self, *, build: bool) -> Opened:
        """Give what answers."""
        ...


class StoreOpener:
    """Opens the store, with a model that is loaded once."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._encoder: Encoder | None = None

    def __call__(self, *, build: bool) -> Opened:
        """Give the index of the current version; with `build`, of what can stand in for it."""
        setup = self._setup
        encoder = self._encoder or index.load_encoder(setup.model, threads=setup.threads)
        self._encoder = encoder
        try:
            return self._open(encoder)
        except StoreError as error:
            if not build:
                raise
            standing_in = self._stand_in(encoder)
            if standing_in is not None:
                log.warning("%s; version %s answers meanwhile", error, standing_in.engine.version)
                return standing_in
            log.warning("%s; building it now", error)
        index.build_store(setup.documents, setup.store, encoder, keep=setup.keep)
        return self._open(encoder)

    def _open(self, encoder: Encoder, *, version: str | None = None) -> Opened:
        policy = index.AnswerPolicy(threshold=self._setup.threshold)
        engine = index.Index.open(self._setup.store, encoder, policy=policy, version=version)
        # The first question loads what loads lazily; nobody should have to wait for it.
        with suppress(QuestionError):
            engine.ask(first_question(engine.library), top=1)
        return Opened(engine, mend=version is not None)

    def _stand_in(self, encoder: Encoder) -> Opened | None:
        """Open the newest version that verifies, and make it current: what a build fails to mend, it serves."""
        for version in index.read_versions(self._setup.store):
            try:
                opened = self._open(encoder, version=version)
            except StoreError:
                continue
            with suppress(StoreError):  # busy or read-only: it serves all the same
                index.rollback(self._setup.store, version)
            return opened
        return None


def first_question(library: Library) -> str:
    """Give a question for these documents: the catalog's first starter, or the words the first one begins with."""
    for question in chain.from_iterable(library.starters.values()):
        if question.strip():
            return question
    first = library.documents[0]
    start = first.blocks[0].span.start
    return first.text[start : start + _FIRST_WORDS]


def serve(connection: Connection, opener: Opener) -> None:
    """Open the index and answer what comes through `connection`, until its other end closes."""
    try:
        opened = opener(build=True)
    except ChronicleError as error:
        connection.send(Failed(str(error)))
        return
    with suppress(EOFError, ConnectionError):
        connection.send(Ready(opened.engine.version, mend=opened.mend))
        _Desk(connection, opener, opened.engine).serve()


class _Desk:
    """AnswerClient, and opens another version in a thread beside the answers: the switch is between two of them."""

    def __init__(self, connection: Connection, opener: Opener, engine: Engine) -> None:
        self._connection = connection
        self._opener = opener
        self._engine = engine
        self._opening: Future[Opened] | None = None
        self._heard, self._bell = Pipe(duplex=False)

    def serve(self) -> None:
        """Do what comes through the connection until it says None; EOFError or ConnectionError when it closes."""
        with ThreadPoolExecutor(max_workers=1) as aside:
            while True:
                if self._heard in wait([self._connection, self._heard]):
                    self._switch()
                    continue
                match self._connection.recv():
                    case None:
                        return
                    case Ask() as batch:
                        self._connection.send(Answered(answers(self._engine, batch)))
                    case Reload():
                        self._opening = aside.submit(self._opener, build=False)
                        self._opening.add_done_callback(lambda _: self._bell.send(None))

    def _switch(self) -> None:
        """Answer from the version that was opened from now on, or go on with the present one when it cannot be."""
        self._heard.recv()
        if self._opening is None:
            return
        try:
            self._engine = self._opening.result().engine
        except ChronicleError as error:
            self._connection.send(Failed(str(error)))
        else:
            self._connection.send(Ready(self._engine.version))
        self._opening = None


def answers(engine: Engine, batch: Ask) -> tuple[Answer | ChronicleError, ...]:
    """Answer a batch in one pass; when one question is unusable, each on its own."""
    try:
        return tuple(engine.ask_many(batch.queries, top=batch.top, document=batch.document))
    except ChronicleError:
        return tuple(_answer(engine, query, batch) for query in batch.queries)


def _answer(engine: Engine, query: Query, batch: Ask) -> Answer | ChronicleError:
    try:
        return engine.ask_many([query], top=batch.top, document=batch.document)[0]
    except ChronicleError as error:
        return error


def _detach() -> None:
    """Leave signals to the bot, which ends this process when the answers in flight are finished; log warnings."""
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)  # some libraries set their own loggers to DEBUG
    logging.basicConfig(handlers=[handler], format="{asctime} {levelname:<8} {name} {message}", style="{")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
