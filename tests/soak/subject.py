"""The bot that is soaked: its folders, the edition of the documents that it ought to answer from, and its answers."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from bot.locales import messages_in
from tests.soak.figures import Tally

ROOT = Path(__file__).parents[2]
QUESTION = "How many llamas are in the meadow?"
# Each passage names the edition, so that an answer from two of them shows.
TEXT = (
    "# Llamas\n\nThere are {edition} llamas in the meadow.\n\n"
    "## Counting\n\nThere are {edition} llamas in the meadow by the herder's count.\n"
)
_EDITION = re.compile(r"There are (\d+) llamas")
_REBUILT = re.compile("answers now|Nothing has changed|failed|cancelled|too late|already running|already started")
_RECOVERY_SECONDS = 180.0  # a restarted worker loads its model on a machine that may be busy
_ANSWER_SECONDS = 60.0
_GENERAL = "1100000000000000003"  # the stand-in's channel
_NOT_YET = messages_in("en").getting_ready
_DISK_BYTES = 64 << 20


class Subject:
    """A bot with folders of its own.

    disk: holds the store and the data; a small file system where the system lets this process mount one.
    """

    def __init__(self, driver_class: Any, folder: Path, *, python: str) -> None:
        self.documents, self.disk, self._python = folder / "documents", folder / "disk", python
        self.documents.mkdir()
        self.disk.mkdir()
        self.is_small = _mount(self.disk)
        self.tally = Tally()
        self._editions = itertools.count(1)
        self.write()
        for name in [name for name in os.environ if name.startswith("CHRONICLE_")]:
            del os.environ[name]
        self.settings = {
            "CHRONICLE_DOCUMENTS": str(self.documents),
            "CHRONICLE_STORE": str(self.disk / "store"),
            "CHRONICLE_DATA": str(self.disk / "data"),
            "CHRONICLE_WATCH": "true",
            "CHRONICLE_WATCH_CHANNEL": _GENERAL,
            "CHRONICLE_COOLDOWN_SECONDS": "0",
            "HF_HUB_OFFLINE": "1",
            "PYTHONPATH": str(ROOT),
            "OMP_NUM_THREADS": "1",
        }
        self.driver = driver_class("bot", args=["run"], cwd=str(ROOT), python=python, env=self.settings)

    @property
    def pid(self) -> int:
        """The bot's process."""
        return int(self.driver.proc.pid)

    def write(self) -> None:
        """Write another edition of the documents."""
        self.edition = str(next(self._editions))
        (self.documents / "llamas.md").write_text(TEXT.format(edition=self.edition), "utf-8")

    def start(self) -> None:
        """Start the stand-in and the bot, and wait for the first answer, which builds the index."""
        self.driver.start()
        self.driver.wait_ready(timeout=120, commands=["ask"])
        self.recover("start")

    def close(self) -> None:
        """End everything."""
        self.driver.stop()
        if self.is_small:
            subprocess.run(["umount", "--lazy", str(self.disk)], check=False)  # noqa: S607

    # Asking

    def begin(self, **options: Any) -> Any:
        """Ask without waiting for the answer."""
        self.tally.asked += 1
        return self.driver.slash("member", "ask", {"question": QUESTION}, locale="en-US", wait=False, **options)

    def mention(self) -> Any:
        """Ask by a message without waiting for the answer."""
        self.tally.asked += 1
        return self.driver.message("member", QUESTION, wait=False)

    def finish(self, result: Any, during: str, *, accepted: Collection[str]) -> bool:
        """Wait until the person sees a reply, and return whether it is right; note one that is wrong or missing."""
        result.wait(until=lambda each: bool(_said(each)), timeout=_ANSWER_SECONDS)
        said = _said(result)
        found = set(_EDITION.findall(said))
        if len(found) > 1 or found - set(accepted):
            self.tally.wrong.append(f"{during}: {sorted(found)} where {sorted(accepted)} were right")
        if not said:
            self.tally.silent.append(f"{during}: {result!r}")
        is_right = found == {self.edition}
        self.tally.right += bool(found)
        self.tally.refused += bool(said and not found)
        return is_right

    def recover(self, fault: str, *, before: str | None = None) -> None:
        """Ask until the answer is of the present edition, and note how long that takes after `fault`.

        before: the edition that may still be answered from meanwhile.
        """
        started = time.monotonic()
        while time.monotonic() - started < _RECOVERY_SECONDS:
            if self.finish(self.begin(), fault, accepted={self.edition, before or self.edition}):
                self.tally.seconds[fault].append(time.monotonic() - started)
                return
            time.sleep(0.3)
        self.tally.lost[fault] += 1

    # Commands of the operator

    def command(self, name: str, *, until: Callable[[str], bool], during: str) -> None:
        """Use a command of the operator's and wait until its report is as it must be; note a report that never is."""
        result = self.driver.slash("owner", name, locale="en-US", wait=False)
        result.wait(until=lambda each: until(_said(each)), timeout=_RECOVERY_SECONDS)
        if not until(_said(result)):
            self.tally.silent.append(f"{during}: /{name} reported {_said(result)!r}")

    def build_elsewhere(self) -> None:
        """Build the store by the command line."""
        command = [self._python, "-m", "index", "build"]
        subprocess.run(
            command, check=True, cwd=ROOT, env={**os.environ, **self.settings}, stdout=subprocess.DEVNULL
        )


def is_over(said: str) -> bool:
    """Return whether a report of a rebuild is its last."""
    return bool(_REBUILT.search(said))


def _said(result: Any) -> str:
    """Return what the person reads, without marks of bold; empty while there is nothing but that it goes on."""
    text = result.text.replace("*", "").strip()
    return "" if text == _NOT_YET or (result.kind != "message" and not result.done) else text


def _mount(folder: Path) -> bool:
    """Mount a small file system at `folder`; return whether the system lets this process do so."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={_DISK_BYTES},mode=0700", "soak", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
