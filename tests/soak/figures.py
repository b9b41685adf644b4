"""What a soak counts: faults injected and survived, the time to recover, and what the bot's process holds."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

_LEAST_GROWTH = {"memory (MiB)": 60, "descriptors": 12, "threads": 6}  # that is no leak


@dataclass
class Tally:
    """What was injected, how many seconds passed until the next right answer, and what was amiss."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    lost: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    asked: int = 0
    right: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Yield the table."""
        yield f"{'fault':44} {'injected':>8} {'survived':>8} {'median s':>8} {'most s':>8}"
        for name in [*self.seconds, *(name for name in self.lost if name not in self.seconds)]:
            times, lost = self.seconds.get(name, []), self.lost.get(name, 0)
            most, middle = (max(times), median(times)) if times else (0.0, 0.0)
            yield f"{name:44} {len(times) + lost:8} {len(times):8} {middle:8.1f} {most:8.1f}"
        injected = sum(map(len, self.seconds.values())) + sum(self.lost.values())
        yield f"{'in all':44} {injected:8} {injected - sum(self.lost.values()):8}"
        yield f"{self.asked} questions: {self.right} answered from the expected documents, {self.refused} said to be late"
        yield f"{len(self.wrong)} wrong or mixed answers, {len(self.silent)} silent failures"
        yield from (f"left out: {each}" for each in self.left_out)

    def findings(self) -> list[str]:
        """Return what fails the soak."""
        lost = [f"no right answer after: {name}" for name, times in self.lost.items() if times]
        return [*self.wrong, *(f"silent: {each}" for each in self.silent), *lost]


def resources(pid: int) -> dict[str, int]:
    """Return what the process `pid` holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    memory, threads = (int(re.findall(rf"{key}:\s+(\d+)", status)[0]) for key in ("VmRSS", "Threads"))
    descriptors = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return {"memory (MiB)": memory // 1024, "descriptors": descriptors, "threads": threads}


def growth(before: dict[str, int], after: dict[str, int]) -> Iterator[str]:
    """Yield what has grown more than a run needs."""
    for name, least in _LEAST_GROWTH.items():
        if after[name] - before[name] > least:
            yield f"{name} grew from {before[name]} to {after[name]}"


def children(pid: int) -> list[int]:
    """Return the processes that `pid` started and that compute."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(each) for each in found if is_computing(int(each))]


def is_computing(pid: int) -> bool:
    """Return whether the process `pid` is there, and one that a bot started to compute."""
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it has ended
        return False
