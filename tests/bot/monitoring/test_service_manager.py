"""What systemd hears of the bot."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.monitoring.service_manager import ServiceManager
from tests.bot.world import until


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    """Listen as systemd does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.setblocking(False)
        yield listener


def heard(listener: socket.socket) -> list[str]:
    found: list[str] = []
    while True:
        try:
            found.append(listener.recv(100).decode())
        except BlockingIOError:
            return found


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    return {"NOTIFY_SOCKET": str(tmp_path / "notify"), **more}


async def test_systemd_hears_that_the_bot_is_ready_alive_and_stopping(
    systemd: socket.socket, tmp_path: Path
) -> None:
    manager = ServiceManager(environment(tmp_path, WATCHDOG_USEC="20000", WATCHDOG_PID=str(os.getpid())))
    manager.start()
    manager.notify_ready()
    lines: list[str] = []

    def is_watched() -> bool:
        lines.extend(heard(systemd))
        return lines.count("WATCHDOG=1") > 2

    await until(is_watched)
    await manager.close()

    assert "READY=1" in lines
    assert heard(systemd)[-1] == "STOPPING=1"
    await asyncio.sleep(0)
    assert heard(systemd) == []


@pytest.mark.parametrize("more", [{}, {"WATCHDOG_USEC": "x"}, {"WATCHDOG_USEC": "9", "WATCHDOG_PID": "1"}])
async def test_without_a_watchdog_it_is_silent_between(
    systemd: socket.socket, tmp_path: Path, more: dict[str, str]
) -> None:
    manager = ServiceManager(environment(tmp_path, **more))
    manager.start()
    manager.notify_ready()

    assert manager._beating is None
    assert heard(systemd) == ["READY=1"]


async def test_where_no_manager_listens_nothing_happens(tmp_path: Path) -> None:
    for absent in ({}, environment(tmp_path, WATCHDOG_USEC="1000")):
        manager = ServiceManager(absent)
        manager.start()
        manager.notify_ready()
        await manager.close()


async def test_an_abstract_address_is_understood() -> None:
    name = f"chronicle-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind("\0" + name)
        listener.setblocking(False)
        ServiceManager({"NOTIFY_SOCKET": f"@{name}"}).notify_ready()

        assert heard(listener) == ["READY=1"]
