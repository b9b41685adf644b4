"""`/health` and `/metrics` over HTTP, at the address of the settings."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass

from aiohttp import web
from prometheus_client import exposition

from bot.services.metrics import Metrics
from index import SettingsError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the bot hears Discord and can answer, and from which version."""

    discord: bool
    worker: bool
    version: str

    @property
    def is_well(self) -> bool:
        """Whether a question would be answered at once."""
        return self.discord and self.worker


class MonitoringServer:
    """Serves the health of a bot and its metrics; nothing of it can be changed from outside."""

    def __init__(self, examine: Callable[[], Health], metrics: Metrics) -> None:
        self._examine = examine
        self._metrics = metrics
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> int:
        """Serve at `host` and `port` until `close`, and return the port. Raises SettingsError if that is impossible."""
        application = web.Application()
        application.add_routes([web.get("/health", self._health), web.get("/metrics", self._exposition)])
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            raise SettingsError(f"CHRONICLE_METRICS: {host}:{port} cannot be served: {error.strerror}") from error
        if not _is_loopback(host):
            log.warning("metrics: whoever reaches %s:%d can read them", host, port)
        bound: int = self._runner.addresses[0][1]
        return bound

    async def close(self) -> None:
        """Stop serving."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _health(self, _request: web.Request) -> web.Response:
        health = self._examine()
        return web.json_response(asdict(health), status=200 if health.is_well else 503)

    async def _exposition(self, request: web.Request) -> web.Response:
        encode, content_type = exposition.choose_encoder(request.headers.get("Accept", ""))
        body = encode(self._metrics.registry)
        return web.Response(body=body, headers={"Content-Type": content_type})


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
