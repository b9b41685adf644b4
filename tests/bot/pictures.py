"""A browser for the picture tests: Debian's chromium, without a display."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.env import Env

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox"]
# Of the window; only what is in it is drawn.
HEIGHT = 1300

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("REQUIRE_BROWSER"),
    reason="no chromium: apt-get install chromium fonts-noto-cjk",
)


def launch_system_chromium(launch: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Return Playwright's `launch` with the installed browser."""

    async def launch_system(browser: Any, **options: Any) -> Any:
        return await launch(browser, executable_path=CHROMIUM, args=ARGUMENTS, **options)

    return launch_system


@dataclass(slots=True)
class Camera:
    """A page of simcord's preview in Chromium: it loads its fonts, 30 MB, once for all of its pictures."""

    folder: Path
    _page: Any
    _viewer: MemberActor

    async def shoot(self, name: str, message: Any, *, viewer: MemberActor | None = None) -> int:
        """Draw a message as `viewer` sees it into `name`.png; return the pixels that the whole message is high."""
        await self._look_as(viewer or self._viewer)
        selector = f'[data-message-id="{message.id}"]'
        await self._page.locator(selector).dispatch_event("click")
        await self._page.locator(f'{selector}[aria-current="page"]').wait_for(state="attached")
        await self._page.evaluate(_DRAWN)
        await self._page.locator("#focused-content").screenshot(path=str(self.folder / f"{name}.png"))
        width, height = await self._page.evaluate(_SIZE)
        assert width > 300, name
        assert height > 60, name
        return int(height)

    async def widen(self, width: int) -> None:
        """Make the window `width` pixels wide."""
        await self._page.set_viewport_size({"width": width, "height": HEIGHT})
        await self._page.wait_for_function("width => window.simcordPreview.profile.width === width", arg=width)

    async def _look_as(self, viewer: MemberActor) -> None:
        if viewer is not self._viewer:
            await self._page.locator("#viewer-picker").select_option(str(viewer.id))
            self._viewer = viewer


_READY = "() => window.simcordPreview && window.simcordPreview.ready === true"
_DRAWN = "async () => { await document.fonts.ready; await new Promise(requestAnimationFrame); }"
_SIZE = """() => {
  const message = document.querySelector('#focused-content');
  return [message.querySelector('.component-container').getBoundingClientRect().width, message.scrollHeight];
}"""


@asynccontextmanager
async def camera(
    env: Env, channel: ChannelHandle, *, viewers: Sequence[MemberActor], folder: Path, width: int
) -> AsyncIterator[Camera]:
    """Open a page on a channel, as the first of the viewers sees it."""
    async_api = pytest.importorskip(
        "playwright.async_api", reason="no playwright: pip install simcord[screenshot]"
    )
    async with (
        async_api.async_playwright() as browsers,
        env.preview(channel, viewers=viewers, width=width, height=HEIGHT) as preview,
    ):
        browser = await browsers.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await browser.new_page(viewport={"width": width, "height": HEIGHT}, reduced_motion="reduce")
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(preview.url)
        await page.wait_for_function(_READY)
        yield Camera(folder, page, viewers[0])
        assert errors == []
        await browser.close()
