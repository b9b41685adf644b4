"""A browser for the picture tests: Debian's chromium, without a display."""

from __future__ import annotations

import os
import shutil
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox"]

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("REQUIRE_BROWSER"),
    reason="no chromium: apt-get install chromium fonts-noto-cjk",
)


def use_system_chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make simcord start the installed browser instead of Playwright's own."""
    async_api = pytest.importorskip(
        "playwright.async_api", reason="no playwright: pip install simcord[screenshot]"
    )
    monkeypatch.setattr(async_api.BrowserType, "launch", launch_system_chromium(async_api.BrowserType.launch))


def launch_system_chromium(launch: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Return Playwright's `launch` with the installed browser."""

    async def launch_system(browser: Any, **options: Any) -> Any:
        return await launch(browser, executable_path=CHROMIUM, args=ARGUMENTS, **options)

    return launch_system
