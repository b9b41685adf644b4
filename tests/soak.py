"""The real bot for minutes or hours, against a stand-in for Discord, while everything around it fails in turn.

python -m tests.soak --harness FOLDER [--seconds N] [--python PYTHON]; the harness (`driver.py`) is not part of this
repository, and needs aiohttp and jsonschema where it runs; PYTHON runs the bot. It prints how often each fault was injected and survived, and how long until a right answer. It fails after a wrong, mixed or
missing answer, and when memory, descriptors or threads have grown.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import resource
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
QUESTION = "How many llamas are in the meadow?"
TEXT = "# Llamas\n\nThere are {edition} llamas in the meadow.\n\n## Alpacas\n\nAlpacas are smaller than llamas.\n"
_EDITION = re.compile(r"There are (\d+) llamas")
_RECOVERY_SECONDS = 180.0  # a restarted worker loads its model on a machine that may be busy
_FULL = 4096  # bytes, the largest file that a full disk takes
_LEAST_GROWTH = {"memory (MiB)": 60, "descriptors": 12, "threads": 6}  # that is no leak


@dataclass
class Tally:
    """What was injected, and how many seconds until the next right answer."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    lost: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    asked: int = 0
    answered: int = 0
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Yield the table."""
        yield f"{'fault':30} {'injected':>8} {'survived':>8} {'median s':>8} {'most s':>8}"
        for name in sorted({*self.seconds, *self.lost}):
            times = self.seconds[name]
            most, middle = (max(times), median(times)) if times else (0.0, 0.0)
            yield f"{name:30} {len(times) + self.lost[name]:8} {len(times):8} {middle:8.1f} {most:8.1f}"
        yield f"{self.asked} questions, {self.answered} right answers, {len(self.wrong)} wrong or mixed"


class Soak:
    """A running bot, the edition of the documents that it ought to answer from, and the faults."""

    def __init__(self, driver_class: Any, folder: Path, *, python: str) -> None:
        self.documents, self.store = folder / "documents", folder / "store"
        self.documents.mkdir()
        self.editions = itertools.count(1)
        self.tally = Tally()
        self.write()
        settings = {
            "CHRONICLE_DOCUMENTS": str(self.documents),
            "CHRONICLE_STORE": str(self.store),
            "CHRONICLE_DATA": str(folder / "data"),
            "CHRONICLE_WATCH": "true",
            "CHRONICLE_COOLDOWN_SECONDS": "0",
            "HF_HUB_OFFLINE": "1",
        }
        for name in [name for name in os.environ if name.startswith("CHRONICLE_")]:
            del os.environ[name]
        settings |= {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        self.driver = driver_class("bot", args=["run"], cwd=str(ROOT), python=python, env=settings)

    def write(self) -> None:
        """Write another edition of the documents."""
        self.edition = str(next(self.editions))
        (self.documents / "llamas.md").write_text(TEXT.format(edition=self.edition), "utf-8")

    def start(self) -> None:
        """Wait for the first answer, which builds the index."""
        self.driver.start()
        self.driver.wait_ready(timeout=120, commands=["ask"])
        self.recover("start")

    # Asking

    def ask(self, *, accepted: set[str]) -> bool:
        """Ask, and return whether the answer is of the expected edition; one of no accepted edition is wrong."""
        self.tally.asked += 1
        result = self.driver.slash("member", "ask", {"question": QUESTION}, locale="en-US", wait=False)
        result.wait(until=lambda each: bool(_EDITION.search(each.text.replace("*", ""))), timeout=20)
        found = set(_EDITION.findall(result.text.replace("*", "")))
        if len(found) > 1 or found - accepted:
            self.tally.wrong.append(f"{sorted(found)} where {sorted(accepted)} were right")
        self.tally.answered += found == {self.edition}
        return found == {self.edition}

    def recover(self, fault: str, *, before: str | None = None) -> None:
        """Ask until the answer is right, and note how long that takes after `fault`."""
        started = time.monotonic()
        while time.monotonic() - started < _RECOVERY_SECONDS:
            if self.ask(accepted={self.edition, before or self.edition}):
                self.tally.seconds[fault].append(time.monotonic() - started)
                return
            time.sleep(0.5)
        self.tally.lost[fault] += 1

    # Faults

    def drop_the_gateway(self) -> None:
        self.driver.gateway_close(None)
        self.driver.wait_ready(timeout=60)
        self.recover("gateway dropped")

    def reconnect_the_gateway(self) -> None:
        self.driver.gateway_send(7)
        self.driver.wait_ready(timeout=60)
        self.recover("gateway told to reconnect")

    def fail_each_call_once(self) -> None:
        for path, method in (
            ("/interactions/*", "POST"),
            ("/webhooks/*", "PATCH"),
            ("/channels/*/messages", "POST"),
        ):
            for kind in ({"status": 500}, {"drop": True}, {"status": 429, "retry_after": 0.3}):
                self.driver.fault(path, method, times=1, **kind)
                self.tally.asked += 1
                self.driver.slash("member", "ask", {"question": QUESTION}, wait=False).wait(timeout=8)
                self.driver.clear_faults()
                self.recover(f"{method} {path.split('/')[1]} failed once")

    def kill_the_worker(self) -> None:
        for child in children(self.driver.proc.pid):
            os.kill(child, signal.SIGKILL)
        self.recover("worker killed")

    def replace_the_folder(self) -> None:
        before = self.edition
        self.documents.rename(self.documents.with_name(f"moved-{before}"))
        self.documents.mkdir()
        self.write()
        self.recover("documents folder replaced", before=before)

    def fill_the_disk(self) -> None:
        """Keep every process from writing a file, build, and make room again."""
        before = self.edition
        unlimited = resource.RLIM_INFINITY
        resource.prlimit(self.driver.proc.pid, resource.RLIMIT_FSIZE, (_FULL, unlimited))
        self.driver.slash("owner", "rebuild", wait=False).wait(timeout=15)
        (self.documents / "more.md").write_text(f"# More\n\nWool of edition {before}.\n", "utf-8")
        self.driver.slash("owner", "rebuild", wait=False).wait(timeout=60, settle=10)
        self.recover("disk full")
        resource.prlimit(self.driver.proc.pid, resource.RLIMIT_FSIZE, (unlimited, unlimited))
        self.write()
        self.driver.slash("owner", "rebuild", wait=False).wait(timeout=60)
        self.recover("disk full, then free", before=before)

    def rotate_the_token(self) -> None:
        """Refuse the token: the bot must say so and end, and answer once it is started with the new one."""
        self.driver.gateway_set(close_on_identify=4004)
        self.driver.gateway_close(4004)
        code = self.driver.wait_exit(60)
        if code != 1 or "Discord closed the connection for good" not in self.driver.log():
            self.tally.wrong.append(f"the bot ended with {code} after its token was refused, and did not say why")
        self.driver.gateway_set(close_on_identify=None)
        self.driver.start_bot()
        self.driver.wait_ready(timeout=120, commands=["ask"])
        self.recover("token rotated")

    def faults(self) -> list[Callable[[], None]]:
        """Return the faults in the order in which they are injected again and again."""
        return [
            *(self.drop_the_gateway, self.kill_the_worker, self.reconnect_the_gateway, self.replace_the_folder),
            *(self.fail_each_call_once, self.kill_the_worker, self.fill_the_disk, self.rotate_the_token),
        ]


def children(pid: int) -> list[int]:
    """Return the processes that `pid` started and that compute."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(each) for each in found if b"spawn_main" in Path(f"/proc/{each}/cmdline").read_bytes()]


def resources(pid: int) -> dict[str, int]:
    """Return what `pid` holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    memory, threads = (int(re.findall(rf"{key}:\s+(\d+)", status)[0]) for key in ("VmRSS", "Threads"))
    return {
        "memory (MiB)": memory // 1024,
        "descriptors": len(list(Path(f"/proc/{pid}/fd").iterdir())),
        "threads": threads,
    }


def growth(before: dict[str, int], after: dict[str, int]) -> Iterator[str]:
    """Yield what has grown more than a run needs."""
    for name, least in _LEAST_GROWTH.items():
        if after[name] - before[name] > least:
            yield f"{name} grew from {before[name]} to {after[name]}"


def run(soak: Soak, seconds: float) -> list[str]:
    """Inject faults for `seconds`, each at least once; return what is wrong."""
    soak.start()
    baseline: dict[str, int] = {}
    wrong: list[str] = []
    ends = time.monotonic() + seconds
    for number, fault in enumerate(itertools.cycle(soak.faults())):
        if number >= len(soak.faults()) and time.monotonic() > ends:
            break
        fault()
        if fault == soak.rotate_the_token:  # a new process
            baseline = {}
        now = resources(soak.driver.proc.pid)
        baseline = baseline or now
        wrong = list(growth(baseline, now))
        show(f"{fault.__name__}: {now}")
    lost = [f"no right answer after: {name}" for name, times in soak.tally.lost.items() if times]
    tracebacks = [f"the log has a traceback: {each}" for each in soak.driver.tracebacks()]
    leaks = [str(each) for each in soak.driver.violations("token_leak")]
    return [*soak.tally.wrong, *lost, *wrong, *tracebacks, *leaks]


def show(*lines: str) -> None:
    """Write lines to standard output."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def main() -> int:
    """Run the soak and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--harness", type=Path, required=True, help="the folder with driver.py")
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--python", default=sys.executable, help="runs the bot")
    options = parser.parse_args()
    sys.path.insert(0, str(options.harness.resolve()))
    from driver import Driver  # type: ignore[import-not-found]

    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(Driver, Path(folder), python=options.python)
        try:
            wrong = run(soak, options.seconds)
        except (TimeoutError, RuntimeError) as error:
            wrong = [str(error)]
        finally:
            soak.driver.stop()
    show(*soak.tally.lines(), *wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
