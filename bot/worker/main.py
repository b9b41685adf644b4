"""The entry points of the child processes: the worker that answers, the build, and the grouping of questions."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection

import index
from bot.log import OneLineFilter
from bot.types import BuildProgress
from bot.worker.index_opener import StoreOpener
from bot.worker.protocol import Built, Failed, GroupQuestions, QuestionsGrouped, Starting
from bot.worker.server import serve
from index import ChronicleError, Encoder, Settings, StoreBusyError

# What is not an answer shares the machine with the worker that answers, which has priority.
_NICENESS = 10


def run(connection: Connection, settings: Settings) -> None:
    """Answer questions until None arrives or the bot is gone: the worker's target."""
    detach()
    serve(connection, StoreOpener(settings, report=lambda: _tell(connection, Starting())))


def build(connection: Connection, settings: Settings) -> None:
    """Build the store, send the progress and the result, and end: the build's target."""
    detach()
    os.nice(_NICENESS)
    try:
        encoder = index.load_encoder(settings.model, threads=settings.threads, passes=1, runtime=settings.runtime)
        report = index.build_store(
            settings.documents,
            settings.store,
            encoder,
            keep=settings.keep_versions,
            progress=lambda stage, done, total: _tell(connection, BuildProgress(stage, done, total)),
        )
    except ChronicleError as error:
        _tell(connection, Failed(str(error), busy=isinstance(error, StoreBusyError)))
        return
    _tell(connection, Built(report))


def group(connection: Connection, settings: Settings) -> None:
    """Group the questions that arrive, send the groups, and end: the grouping's target."""
    detach()
    os.nice(_NICENESS)
    load = partial(
        index.load_encoder, settings.model, threads=settings.threads, passes=1, runtime=settings.runtime
    )
    answer_grouping(connection, load)


def answer_grouping(connection: Connection, load: Callable[[], Encoder]) -> None:
    """Group the questions that arrive on `connection` with the encoder that `load` returns, and send the groups."""
    request = connection.recv()
    if not isinstance(request, GroupQuestions):
        return
    try:
        _tell(connection, QuestionsGrouped(index.group_questions(request.questions, load())))
    except ChronicleError as error:
        _tell(connection, Failed(str(error)))


def detach() -> None:
    """Ignore signals, which are the bot's to handle, and log warnings to standard error."""
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)  # some libraries set their own loggers to DEBUG
    handler.addFilter(OneLineFilter(""))
    logging.basicConfig(handlers=[handler], format="{asctime} {levelname:<8} {name} {message}", style="{")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _tell(connection: Connection, message: object) -> None:
    """Send `message`, or end: the bot is gone, and another may be waiting for the store."""
    try:
        connection.send(message)
    except OSError:
        raise SystemExit(1) from None
