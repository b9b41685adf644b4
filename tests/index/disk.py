"""A disk that fails, or a power switch, at the n-th thing a build does to it."""

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

# Everything by which a build writes, renames or flushes; `Path.touch` and `mkdir` are made of these too.
_WRITES = (
    (os, "mkdir"),
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


def kill_at_each_write(documents: Path, store: Path, copies: Path, *, step: int) -> None:
    """Build in a fresh copy of `store` for every `step`-th write, and be killed at it; the copies stay."""
    import index.answering.engine  # noqa: F401  once, not in every child: it takes seconds
    from index.indexing.builder import build_store
    from tests.fakes import FakeEncoder

    setattr(os, "fsync", lambda _handle: None)  # noqa: B010  slow, and a kill is no power cut
    for number in itertools.count(1, step):
        copy = copies / str(number)
        shutil.copytree(store, copy)
        child = os.fork()  # before anything was computed, so that no thread is lost
        if not child:
            Disk(lambda at, last=number: at == last, lambda: os.kill(os.getpid(), 9)).install(pytest.MonkeyPatch())  # type: ignore[misc]
            build_store(documents, copy, FakeEncoder())
            os._exit(0)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
            return


def kill_at_random(documents: Path, store: Path, copies: Path, *, count: int) -> None:
    """Build in `count` copies of `store`, each build killed after a random time; the copies stay."""
    import index.answering.engine  # noqa: F401  once, not in every child: it takes seconds

    setattr(os, "fsync", lambda _handle: None)  # noqa: B010  slow, and a kill is no power cut
    dice = random.Random(count)  # noqa: S311  not for secrets
    whole = _run_for(documents, store, copies / "whole", None)
    shutil.rmtree(copies / "whole")
    for number in range(count):
        _run_for(documents, store, copies / str(number), dice.uniform(0, 1.1 * whole))


def _run_for(documents: Path, store: Path, copy: Path, seconds: float | None) -> float:
    """Build in a copy of `store` in a process that lives so long; give the seconds that it lived."""
    from index.indexing.builder import build_store
    from tests.fakes import FakeEncoder

    shutil.copytree(store, copy)
    started = time.monotonic()
    child = os.fork()  # before anything was computed, so that no thread is lost
    if not child:
        build_store(documents, copy, FakeEncoder(), keep=1)
        os._exit(0)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return time.monotonic() - started


if __name__ == "__main__":
    folders = map(Path, sys.argv[2:5])
    if sys.argv[1] == "each-write":
        kill_at_each_write(*folders, step=int(sys.argv[5]))
    else:
        kill_at_random(*folders, count=int(sys.argv[5]))
