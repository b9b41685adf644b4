"""What is done to the bot, each followed by questions until one is answered from the present documents."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.soak.figures import children
from tests.soak.subject import Subject, is_over

_TIMES = 20  # that the gateway is dropped and the worker killed, at least
_AT_ONCE = 8  # questions
_KINDS: tuple[dict[str, Any], ...] = (
    {"status": 500},
    {"status": 503},
    {"status": 429, "retry_after": 0.3},
    {"drop": True},
)
# Each call that an answer is made of; a message of a person costs the last two.
_CALLS = (
    ("POST", "/interactions/*", "acknowledgement"),
    ("PATCH", "/webhooks/*", "answer to a command"),
    ("POST", "/channels/*/typing", "typing indicator"),
    ("POST", "/channels/*/messages", "answer to a message"),
)
_START_CALLS = (
    ("GET", "/users/@me", "login"),
    ("GET", "/applications/*/commands", "list of commands"),
    ("GET", "/oauth2/applications/@me", "application"),
)


class Faults:
    """The faults that `subject` is to survive."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._driver = subject.driver
        self._replaced = 0

    def once(self) -> list[Callable[[], None]]:
        """Return each fault once; afterwards the bot runs as a new process."""
        restarts = [self.rotate_the_token, self.stop_it_while_it_builds, self.fail_each_call_of_a_start]
        return [*self.again(), *restarts]

    def again(self) -> list[Callable[[], None]]:
        """Return the faults that a bot survives without a restart."""
        return [
            *(self.drop_the_gateway, self.reconnect, self.end_the_session),
            *(self.kill_the_worker, self.kill_the_worker_that_answers, self.fail_each_call_once),
            *(self.replace_the_folder, self.rebuild_under_questions, self.kill_a_build),
            *(self.roll_back, self.build_elsewhere, self.replace_the_folder, self.fill_the_disk),
            self.use_up_the_descriptors,
        ]

    def often(self) -> Iterator[Callable[[], None]]:
        """Yield what has to happen many times."""
        for _ in range(_TIMES - 1):
            yield self.drop_the_gateway
            yield self.kill_the_worker

    # The gateway

    def drop_the_gateway(self) -> None:
        self._after_reconnecting("gateway dropped", lambda: self._driver.gateway_close(None))

    def reconnect(self) -> None:
        self._after_reconnecting("gateway told to reconnect", lambda: self._driver.gateway_send(7))

    def end_the_session(self) -> None:
        self._after_reconnecting("gateway session ended", lambda: self._driver.gateway_send(9, d=False))

    def _after_reconnecting(self, fault: str, cause: Callable[[], None]) -> None:
        connected = len(self._connections())
        cause()
        self._driver.wait_for(lambda: len(self._connections()) > connected, 60, f"a new connection after: {fault}")
        self._driver.wait_ready(timeout=60)
        self._subject.recover(fault)

    def _connections(self) -> list[Any]:
        return [each for each in self._driver.gateway_events() if each["what"] in ("identify", "resume")]

    # REST

    def fail_each_call_once(self) -> None:
        for method, path, name in _CALLS:
            for kind in _KINDS:
                fault = f"{name}: {_name(kind)}"
                self._driver.fault(path, method, times=1, **kind)
                by_message = path.startswith("/channels")
                asked = self._subject.mention() if by_message else self._subject.begin()
                self._subject.finish(asked, fault, accepted={self._subject.edition})
                self._clear(fault)
                self._subject.recover(fault)

    def _clear(self, fault: str) -> None:
        """End the faults of calls; one that no call met was not injected."""
        if any(each.times > 0 for each in self._driver.fake.faults):
            self._subject.tally.wrong.append(f"{fault}: the bot makes no such call")
        self._driver.clear_faults()

    def fail_each_call_of_a_start(self) -> None:
        """Start the bot while a call of its start fails: it starts, or says in one line why not and ends."""
        for method, path, name in _START_CALLS:
            for kind in _KINDS:
                self._driver.stop_bot()
                self._driver.fault(path, method, times=1, **kind)
                self._driver.start_bot()
                self._wait_for_a_start(f"start, {name}: {_name(kind)}")
                self._clear(f"start, {name}: {_name(kind)}")
        self._subject.recover("start after failed starts")

    def _wait_for_a_start(self, fault: str) -> None:
        """Wait until the bot hears Discord, and start it again after an end, as a service manager does."""
        written, started = len(self._driver.log()), time.monotonic()
        connected = len(self._connections())
        while len(self._connections()) == connected and time.monotonic() < started + 60:
            if self._driver.exit_code() is not None:
                if "Discord" not in self._driver.log()[written:]:
                    self._subject.tally.silent.append(f"{fault}: the bot ended and did not say why")
                self._driver.start_bot()
            time.sleep(0.05)
        self._driver.wait_ready(timeout=60, commands=["ask"])
        self._subject.tally.seconds[fault].append(time.monotonic() - started)

    def rotate_the_token(self) -> None:
        """Refuse the token: the bot must say so and end, and answer once it is started with the new one."""
        fault = "token rotated"
        self._driver.gateway_set(close_on_identify=4004)
        self._driver.gateway_close(4004)
        code = self._driver.wait_exit(60)
        if code != 1 or "Discord closed the connection for good" not in self._driver.log():
            self._subject.tally.silent.append(f"{fault}: the bot ended with {code} and did not say why")
        self._driver.gateway_set(close_on_identify=None)
        self._driver.start_bot()
        self._driver.wait_ready(timeout=120, commands=["ask"])
        self._subject.recover(fault)

    # Processes

    def kill_the_worker(self) -> None:
        self._kill_children()
        self._subject.recover("worker killed")

    def kill_the_worker_that_answers(self) -> None:
        asked = [self._subject.begin() for _ in range(_AT_ONCE)]
        self._kill_children()
        for each in asked:
            self._subject.finish(each, "worker killed while it answers", accepted={self._subject.edition})
        self._subject.recover("worker killed while it answers")

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

    def stop_it_while_it_builds(self) -> None:
        """Ask the bot to stop: the build ends with it, and what changed is built by the next start."""
        fault, before = "stopped while it builds", self._subject.edition
        known = set(children(self._subject.pid))
        self._subject.write()
        self._driver.wait_for(lambda: set(children(self._subject.pid)) - known, 60, "a build after a change")
        code = self._driver.stop_bot(timeout=20)
        if code != 0:
            self._subject.tally.wrong.append(f"{fault}: the bot ended with {code}")
        self._driver.start_bot()
        self._driver.wait_ready(timeout=120, commands=["ask"])
        self._subject.recover(fault, before=before)

    def use_up_the_descriptors(self) -> None:
        """Let no file be opened and no process be started: questions are refused with a reason until there are some."""
        pid = self._subject.pid
        limits = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        used = max(int(each.name) for each in Path(f"/proc/{pid}/fd").iterdir()) + 1
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (used, limits[1]))
        self._kill_children()
        for _ in range(3):
            asked = self._subject.begin()
            self._subject.finish(asked, "no descriptor left", accepted={self._subject.edition})
        resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)
        self._subject.recover("no descriptor left")

    def _kill_children(self) -> None:
        for child in children(self._subject.pid):
            os.kill(child, signal.SIGKILL)

    # Documents and versions

    def replace_the_folder(self) -> None:
        """Put another folder in the place of the documents', which was moved or removed, by turns."""
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

    # The disk

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


def _name(kind: dict[str, Any]) -> str:
    return "connection cut" if "drop" in kind else str(kind["status"])
