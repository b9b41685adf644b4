"""What is done to the bot's processes."""

from __future__ import annotations

import os
import resource
import signal
from pathlib import Path

from tests.soak.figures import children, is_computing
from tests.soak.subject import Subject

_AT_ONCE = 8  # questions


class ProcessFaults:
    """The faults of the worker, and of the bot itself."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._driver = subject.driver

    def kill_the_worker(self) -> None:
        self._kill_children()
        self._subject.recover("worker killed")

    def kill_the_worker_that_answers(self) -> None:
        asked = [self._subject.begin() for _ in range(_AT_ONCE)]
        self._kill_children()
        for each in asked:
            self._subject.finish(each, "worker killed while it answers", accepted={self._subject.edition})
        self._subject.recover("worker killed while it answers")

    def kill_it(self) -> None:
        """Kill the bot while it answers and builds: what it started ends by itself."""
        before, started = self._subject.edition, children(self._subject.pid)
        self._subject.write()
        self._driver.wait_for(lambda: set(children(self._subject.pid)) - {*started}, 60, "a build after a change")
        started = children(self._subject.pid)
        self._subject.begin()
        self._driver.stop_bot(signal.SIGKILL)
        self._driver.start_bot()
        self._driver.wait_ready(timeout=120, commands=["ask"])
        self._subject.recover("bot killed", before=before)
        left = [each for each in started if is_computing(each)]
        self._subject.tally.wrong.extend(f"a process of the killed bot is left: {each}" for each in left)

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
        """Take all descriptors: questions are refused with a reason until there are some again."""
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
