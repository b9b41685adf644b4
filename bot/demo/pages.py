"""The demo's addresses: each leads to a channel, of which the simulator shows one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import web

from bot.demo.server import DemoChannel
from index import SettingsError

if TYPE_CHECKING:
    from simcord.env import Env
    from simcord.preview import Preview


class ChannelPages:
    """Serves the channels on loopback; opening the address of one closes the page of the other."""

    def __init__(self, env: Env, channels: Sequence[DemoChannel]) -> None:
        self._env = env
        self._channels = {channel.path: channel for channel in channels}
        self._shown: tuple[str, Preview] | None = None
        self._preview = AsyncExitStack()
        self._lock = asyncio.Lock()
        self._ended = asyncio.Event()
        self._watch: asyncio.Future[None] | None = None
        self._preview_port: int | None = None

    @asynccontextmanager
    async def serve(self, *, port: int) -> AsyncIterator[str]:
        """Serve on `port` and the next one, or on any two if it is 0, and yield the address. Raises SettingsError."""
        self._preview_port = port + 1 if port else None
        application = web.Application()
        application.add_routes([web.get(path, self._redirect) for path in self._channels])
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        try:
            try:
                await web.TCPSite(runner, "127.0.0.1", port).start()
            except OSError as error:
                raise SettingsError(f"CHRONICLE_DEMO_PORT: port {port} is taken; set another, or 0") from error
            async with self._preview:
                yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()

    async def wait_closed(self) -> None:
        """Wait until a person ends the session on the page."""
        await self._ended.wait()

    async def _redirect(self, request: web.Request) -> web.Response:
        """Lead the browser to the channel of the address."""
        from simcord import SetupError

        try:
            async with self._lock:
                preview = await self._show(request.path)
        except SetupError as error:  # another program has the port, or the simulator is busy
            raise web.HTTPServiceUnavailable(text=f"The page cannot be shown now: {error}") from error
        raise web.HTTPFound(preview.url)

    async def _show(self, path: str) -> Preview:
        """Return the page of the channel, in place of the one before."""
        if self._shown is not None and self._shown[0] == path:
            return self._shown[1]
        self._shown = None
        await self._preview.aclose()
        shown = self._channels[path]
        opened = self._env.preview(
            shown.channel, viewers=list(shown.viewers), layout="channel", port=self._preview_port
        )
        preview = await self._preview.enter_async_context(opened)
        self._shown = (path, preview)
        self._watch = asyncio.ensure_future(self._note_end(preview))
        return preview

    async def _note_end(self, preview: Preview) -> None:
        await preview.wait_closed()
        if self._shown is not None and self._shown[1] is preview:
            self._ended.set()
