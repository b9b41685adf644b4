"""A disk that fails, or a power switch, at the n-th thing a build does to it."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
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
    (Path, "write_text"),
    (Path, "write_bytes"),
    (np, "save"),
    (faiss, "write_index"),
    (bm25s.BM25, "save"),
)


@dataclass
class Disk:
    """Counts what is done to it; `fail` is called in place of what must not be done any more."""

    fails_at: Callable[[int], bool]
    fail: Callable[[], None]
    done: list[str] = field(default_factory=list)

    def install(self, patch: pytest.MonkeyPatch) -> Disk:
        """Put this disk in place of the real one."""
        for owner, name in _WRITES:
            patch.setattr(owner, name, self._counting(name, getattr(owner, name)))
        return self

    def _counting(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **options: Any) -> Any:
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
    """Say what a full disk says."""
    raise OSError(28, "No space left on device")


def kill_at_each_write(documents: Path, store: Path, copies: Path, *, step: int) -> None:
    """Build in a fresh copy of `store` for every `step`-th write, and be killed at it; the copies stay."""
    import index.search  # noqa: F401  once, not in every child: it takes seconds
    from index.build import build_store
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


if __name__ == "__main__":
    kill_at_each_write(*map(Path, sys.argv[1:4]), step=int(sys.argv[4]))
