"""A command as a process of its own: its output, how long it took, and what memory it took at most."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

_ROLLUP = "/proc/{}/smaps_rollup"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command: seconds, and peak resident memory in MB."""

    output: str
    seconds: float
    megabytes: float


def run(arguments: Sequence[str], **settings: str) -> Run:
    """Run Python with `arguments` and these environment variables, and no settings of whoever measures."""
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment() | settings,
    ) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise SystemExit(f"{' '.join(arguments)} failed")
    peak = usage.ru_maxrss / (1024 if sys.platform == "linux" else 2**20)
    return Run(output, time.perf_counter() - started, peak)


def environment() -> dict[str, str]:
    """Return this process's environment without settings, threads' numbers among them."""
    left_out = ("CHRONICLE_", "OMP_", "MKL_", "OPENBLAS_")
    return {name: value for name, value in os.environ.items() if not name.startswith(left_out)}


def megabytes(pids: Iterable[int | None]) -> float:
    """Return the sum of the processes' memory; what several of them share counts once."""
    total = 0
    for pid in pids:
        try:
            found = re.search(r"^Pss:\s+(\d+) kB", Path(_ROLLUP.format(pid)).read_text("ascii"), re.MULTILINE)
        except OSError:  # it has just ended, or the system does not say
            continue
        total += int(found[1]) if found else 0
    return total / 1024
