"""Targets for real child processes: the worker's own loop with the tests' index."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

import index
from bot.types import BuildProgress
from bot.worker import main as worker
from bot.worker import server
from bot.worker.index_opener import OpenedIndex
from bot.worker.protocol import Built
from index import Answer, BuildStage, Encoder, Query, Settings
from tests.bot.world import FakeIndex, FakeOpener, World
from tests.fakes import FakeEncoder


def fork_server() -> ForkServerContext:
    """Return what starts a process in milliseconds, from one that has imported everything and done nothing."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["index.answering.engine", "index.indexing.builder", __name__])
    return context


class ProcessIndex(FakeIndex):
    """Dies, hangs or answers, as the question says."""

    def ask_many(self, queries: Sequence[Query], *, top: int, document: str | None) -> list[Answer]:
        if any("die" in query.text for query in queries):
            os._exit(3)
        if any("hang" in query.text for query in queries):
            time.sleep(600)
        if any("spin" in query.text for query in queries):
            deadline = time.perf_counter() + 1.0
            while time.perf_counter() < deadline:
                pass
        return super().ask_many(queries, top=top, document=document)


class ProcessOpener(FakeOpener):
    """Opens an index that dies, hangs or answers."""

    def __call__(self, *, recover: bool) -> OpenedIndex:
        return OpenedIndex(ProcessIndex(self._world))


def serve(connection: Connection, settings: Settings) -> None:
    """Serve as the real worker does."""
    worker.detach()
    server.serve(connection, ProcessOpener(World()))


def slow_start(connection: Connection, settings: Settings) -> None:
    """Burn the processor for a second, as loading a model does, then serve."""
    deadline = time.perf_counter() + 1.0
    while time.perf_counter() < deadline:
        pass
    serve(connection, settings)


def build(connection: Connection, settings: Settings) -> None:
    """Build for a second at the builder's priority."""
    worker.detach()
    os.nice(10)
    deadline = time.perf_counter() + 1.0
    done = 0
    while time.perf_counter() < deadline:
        done += 1
        if done % 100_000 == 0:
            connection.send(BuildProgress(BuildStage.ENCODE, done, done))
    connection.send(Built(World(version="2").report()))


def tell_environment(connection: Connection, settings: Settings) -> None:
    """Send the names of the environment, and of the environment that the process was started with."""
    started = Path("/proc/self/environ")
    text = started.read_bytes().decode("utf-8", "replace") if started.exists() else ""
    connection.send((sorted(os.environ), text))


def send_what_nobody_knows(connection: Connection, settings: Settings) -> None:
    """Send an object of a module that the other side does not have, and go on."""
    connection.send_bytes(b"cno_such_module\nName\n.")
    time.sleep(600)


def die(connection: Connection, settings: Settings) -> None:
    """Die before anything is said."""
    os._exit(3)


def run_with_fake_encoder(connection: Connection, settings: Settings) -> None:
    """Serve a real store as the real worker does, encoding with the tests' encoder."""
    _use_fakes()
    worker.run(connection, settings)


def build_with_fake_encoder(connection: Connection, settings: Settings) -> None:
    """Build a real store as the real builder does, encoding with the tests' encoder."""
    _use_fakes()
    worker.build(connection, settings)


def _use_fakes() -> None:
    from index.answering.confidence.background import Background
    from tests.index.backgrounds import measure_by_few

    index.load_encoder = _fake_encoder  # type: ignore[assignment]
    setattr(Background, "measure", measure_by_few)  # noqa: B010


def _fake_encoder(_model: str, **_options: object) -> Encoder:
    return FakeEncoder()
