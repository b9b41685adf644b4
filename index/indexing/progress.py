"""How a build reports its progress."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeAlias

from index.types import BuildStage

# Called with the stage of a build, how much of it is done, and of how much.
Progress: TypeAlias = Callable[[BuildStage, int, int], None]


def ignore_progress(_stage: BuildStage, _done: int, _total: int) -> None:
    """Do nothing: the callback of a build that nobody watches."""


def display_only(progress: Progress) -> Progress:
    """Return `progress` without the errors of a display that cannot be written to: the build goes on."""

    def report(stage: BuildStage, done: int, total: int) -> None:
        with suppress(OSError):
            progress(stage, done, total)

    return report
