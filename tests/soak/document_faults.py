"""What is done to the documents, to the versions that are built of them, and to the disk that holds these."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

from tests.soak.figures import children
from tests.soak.subject import Subject, is_over

_AT_ONCE = 8  # questions


class DocumentFaults:
    """The faults of documents, builds, rollbacks and the disk."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._driver = subject.driver
        self._replaced = 0

    def replace_the_folder(self) -> None:
        """Replace the documents folder, which is moved or removed, by turns."""
        documents, before = self._subject.documents, self._subject.edition
        moved = documents.with_name("moved")
        documents.rename(moved)
        if self._replaced % 2:
            shutil.rmtree(moved)
            documents.mkdir()
        else:
            shutil.copytree(moved, documents)
            shutil.rmtree(moved)
        self._replaced += 1
        self._subject.write()
        how = "removed and made anew" if self._replaced % 2 == 0 else "moved and copied back"
        self._subject.recover(f"documents folder {how}", before=before)

    def rebuild_under_questions(self) -> None:
        before = self._subject.edition
        self._subject.write()
        report = self._driver.slash("owner", "rebuild", locale="en-US", wait=False)
        for _ in range(_AT_ONCE):
            asked = self._subject.begin()
            self._subject.finish(asked, "rebuild under questions", accepted={before, self._subject.edition})
        report.wait(until=lambda each: is_over(each.text), timeout=120)
        self._subject.recover("rebuild under questions", before=before)

    def roll_back(self) -> None:
        """Answer from the version before, also after a change, until somebody builds."""
        newest = self._subject.edition
        self._subject.write()
        self._subject.recover("edition to roll back from", before=newest)
        withdrawn, self._subject.edition = self._subject.edition, newest
        self._subject.command("rollback", until=lambda said: "Back to version" in said, during="rollback")
        self._subject.recover("rollback")
        (self._subject.documents / "more.md").write_text(f"# Wool\n\nShorn after edition {withdrawn}.\n", "utf-8")
        time.sleep(5.0)  # longer than the watch waits: it must not build
        self._subject.recover("change while a rollback holds")
        self._subject.edition = withdrawn
        self._subject.command("rebuild", until=is_over, during="build that ends a rollback")
        self._subject.recover("build that ends a rollback")

    def build_elsewhere(self) -> None:
        before = self._subject.edition
        self._subject.write()
        self._subject.build_elsewhere()
        self._subject.recover("built by another process", before=before)

    def kill_a_build(self) -> None:
        """Kill a build; the documents are built as soon as somebody asks for it again."""
        before, worker = self._subject.edition, set(children(self._subject.pid))
        self._subject.write()
        self._driver.wait_for(lambda: set(children(self._subject.pid)) - worker, 60, "a build after a change")
        time.sleep(0.5)
        for each in set(children(self._subject.pid)) - worker:
            os.kill(each, signal.SIGKILL)
        self._subject.command("rebuild", until=is_over, during="build killed")
        self._subject.recover("build killed", before=before)

    def fill_the_disk(self) -> None:
        """Leave no room where the store and the records lie: the old version answers, and the failure is said."""
        subject, filler = self._subject, self._subject.disk / "filler"
        if not subject.is_small:
            subject.tally.left_out = ["disk full: a small file system can be mounted by root alone"]
            return
        _fill(filler)
        before, written = subject.edition, len(self._driver.log())
        subject.recover("disk full")
        subject.write()
        present, subject.edition = subject.edition, before
        subject.command("rebuild", until=is_over, during="disk full")
        subject.recover("build on a full disk")
        if "No space left on device" not in self._driver.log()[written:]:
            subject.tally.silent.append("disk full: the log does not say so")
        filler.unlink()
        subject.edition = present
        subject.command("rebuild", until=is_over, during="disk with room again")
        subject.recover("disk with room again", before=before)


def _fill(path: Path) -> None:
    """Write a file until the disk is full."""
    with path.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 8, 1):
            while True:
                try:
                    file.write(b"x" * size)
                except OSError:
                    break
