"""Show progress on standard error if it is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from index.cli.terminal import console

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_STAGES: Final = {
    "read": "reading the documents",
    "encode": "encoding the passages",
    "questions": "encoding the written questions",
    "index": "indexing",
    "write": "writing the new version",
    "check": "checking it",
}


class Bar:
    """A progress bar for the current stage."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None
        self._stage = ""

    def share(self, stage: str, done: float) -> None:
        """Show which share of `stage` is done, 0 to 1."""
        self._show(stage, done, 1.0)

    def step(self, stage: str, done: int, total: int, *, detail: str = "") -> None:
        """Show how many of `total` steps of `stage` are done, and a detail besides."""
        self._show(_STAGES.get(stage, stage), done, total if total > 1 else None, detail=detail)

    def wait(self, stage: str) -> None:
        """Show a stage of unknown length."""
        self._show(stage, 0, None)

    def _show(self, stage: str, done: float, total: float | None, *, detail: str = "") -> None:
        if self._task is None or stage != self._stage:
            if self._task is not None:
                self._progress.remove_task(self._task)
            self._task, self._stage = self._progress.add_task(stage, total=total, detail=detail), stage
        self._progress.update(self._task, completed=done, detail=detail)


@contextmanager
def progress() -> Iterator[Bar]:
    """Show a progress bar while the block runs, and remove it afterwards."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    watched = sys.stderr is not None and sys.stderr.isatty()
    detail = TextColumn("{task.fields[detail]}")
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(), detail)
    with Progress(*columns, console=console(sys.stderr), transient=True, disable=not watched) as shown:
        yield Bar(shown)
