"""A disk that fails, a kill or a power cut at the n-th thing that an operation does to a store."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bm25s
import faiss
import numpy as np
import pytest

from index.store.store import Store
from tests.index.power import OUTAGES, Outage, Power

# Everything by which a build writes, renames or flushes; `Path.touch` and `mkdir` are made of these too.
_WRITES = (
    (os, "mkdir"),
    (os, "unlink"),
    (os, "rename"),
    (os, "replace"),
    (os, "fsync"),
    (Path, "touch"),
    (Path, "open"),
    (Path, "write_text"),
    (Path, "write_bytes"),
    (np, "save"),
    (faiss, "write_index"),
    (bm25s.BM25, "save"),
)


@dataclass
class Disk:
    """Counts the operations on it, and calls `fail` instead of those that must fail."""

    fails_at: Callable[[int], bool]
    fail: Callable[[], None]
    done: list[str] = field(default_factory=list)

    def install(self, patch: pytest.MonkeyPatch) -> Disk:
        """Install this disk instead of the real one."""
        for owner, name in _WRITES:
            patch.setattr(owner, name, self._counting(name, getattr(owner, name)))
        return self

    def _counting(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **options: Any) -> Any:
            if name == "open" and "w" not in [*arguments, options.get("mode"), ""][1]:
                return real(*arguments, **options)
            self.done.append(name)
            if self.fails_at(len(self.done)):
                if name in {"write_text", "write_bytes", "save"}:
                    self._half(real, *arguments, **options)
                self.fail_as(name)
            return real(*arguments, **options)

        return counted

    def fail_as(self, name: str) -> None:
        """Fail as the real one would: FAISS has an error of its own."""
        try:
            self.fail()
        except OSError as error:
            if name == "write_index":
                raise RuntimeError(f"could not write: {error.strerror}") from error
            raise

    @staticmethod
    def _half(real: Callable[..., Any], *arguments: Any, **options: Any) -> None:
        """Write, and lose the second half: what a full disk leaves of a file."""
        real(*arguments, **options)
        path = next(
            (Path(each) for each in arguments if isinstance(each, (str, Path)) and Path(each).is_file()), None
        )
        if path is not None:
            os.truncate(path, path.stat().st_size // 2)


def full() -> None:
    """Raise the error of a full disk."""
    raise OSError(28, "No space left on device")


def build(documents: Path, store: Path) -> None:
    """Build what changed, and prune what is old."""
    from index.indexing.builder import build_store
    from tests.fakes import FakeEncoder

    build_store(documents, store, FakeEncoder(), keep=1)


def roll_back(_documents: Path, store: Path) -> None:
    """Go back to the version before."""
    Store(store).rollback()


OPERATIONS: dict[str, Callable[[Path, Path], None]] = {"build": build, "rollback": roll_back}


@dataclass(frozen=True)
class Experiment:
    """An operation on copies of a store, each ended in its way; the copies stay."""

    operation: str
    documents: Path
    store: Path
    copies: Path

    def kill_at_each_write(self, *, step: int) -> None:
        """Be killed at every `step`-th write."""
        for number in itertools.count(1, step):
            if self._finishes(number, number, lambda _: None):
                return

    def cut_the_power_at_each_write(self, *, step: int) -> None:
        """Be without power from every `step`-th write on, in each of the ways that a disk may take it."""
        for first, outage in enumerate(OUTAGES):
            for number in itertools.count(1 + first % step, step):
                if self._finishes(f"{outage.__name__}-{number}", number, outage):
                    break

    def kill_at_random(self, *, count: int) -> None:
        """Be killed `count` times, each after a random time."""
        dice = random.Random(count)  # noqa: S311  not for secrets
        whole = self._run_for("whole", None)
        shutil.rmtree(self.copies / "whole")
        for number in range(count):
            self._run_for(str(number), dice.uniform(0, 1.1 * whole))

    def _finishes(self, name: object, last: int, outage: Outage) -> bool:
        """Run until write `last`, suffer `outage`, and be killed; return whether there was no such write."""
        copy = self._copy(str(name))
        child = os.fork()  # of a process that computes with one thread, so that none is lost
        if not child:
            patch = pytest.MonkeyPatch()
            power = Power(copy).install(patch)

            def fail() -> None:
                patch.undo()
                outage(power)
                os.kill(os.getpid(), signal.SIGKILL)

            Disk(lambda at: at == last, fail).install(patch)
            OPERATIONS[self.operation](self.documents, copy)
            os._exit(0)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert ended in (0, -signal.SIGKILL), f"{name}: the operation ended with {ended}"
        return ended == 0

    def _run_for(self, name: str, seconds: float | None) -> float:
        """Run in a process that lives so long; return the seconds that it lived."""
        copy = self._copy(name)
        started = time.monotonic()
        child = os.fork()
        if not child:
            OPERATIONS[self.operation](self.documents, copy)
            os._exit(0)
        if seconds is not None:
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return time.monotonic() - started

    def _copy(self, name: str) -> Path:
        return Path(shutil.copytree(self.store, self.copies / name))


def build_lightly(whole: Path) -> None:
    """Take the background and the front desk of the builds to come from `whole`, a version of the same documents."""
    from index.answering.confidence.background import Background
    from index.answering.front_desk.classifier import FRONT_DESK
    from index.indexing import embedding_reuse

    background = Background.load(whole)
    setattr(Background, "measure", lambda *_: background)  # noqa: B010
    setattr(embedding_reuse, "BUNDLED", whole / FRONT_DESK)  # noqa: B010


def warm_up(documents: Path, place: Path) -> None:
    """Import and load once what every child would: a build without a fault, of which nothing is left."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _handle: None)
        build(documents, place)
    shutil.rmtree(place)


def main(how: str, operation: str, *rest: str) -> None:
    """Run the experiment that the command line names."""
    documents, store, copies, whole = map(Path, rest[:4])
    if operation == "build":
        build_lightly(whole)
        warm_up(documents, copies / "warm")
    experiment, number = Experiment(operation, documents, store, copies), int(rest[4])
    match how:
        case "random":
            setattr(os, "fsync", lambda _handle: None)  # noqa: B010  slow, and a kill is no power cut
            experiment.kill_at_random(count=number)
        case "each-write":
            setattr(os, "fsync", lambda _handle: None)  # noqa: B010
            experiment.kill_at_each_write(step=number)
        case "power-cut":
            experiment.cut_the_power_at_each_write(step=number)


if __name__ == "__main__":
    main(*sys.argv[1:])
