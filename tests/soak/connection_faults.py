"""What is done to the connections between the bot and Discord: the gateway, each call, the token."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.soak.subject import Subject

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


class ConnectionFaults:
    """The faults of what the bot sends and hears."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._driver = subject.driver

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


def _name(kind: dict[str, Any]) -> str:
    return "connection cut" if "drop" in kind else str(kind["status"])
