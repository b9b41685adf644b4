"""A stand-in for the language model's server, and a client that does not wait."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.drafting.client import DraftClient
from index.drafting.transport import Endpoint
from tests.index.drafting.stand_in import StandIn, completion


@pytest.fixture
def server() -> Iterator[StandIn]:
    """Yield a running server whose model writes an empty object until a test says otherwise."""
    with StandIn(lambda _request: completion("{}")).running() as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    """Return the seconds that `client` was told to wait."""
    return []


@pytest.fixture
def client(server: StandIn, waits: list[float]) -> Iterator[DraftClient]:
    """Yield a client of `server` that notes its waits instead of sleeping."""
    endpoint = Endpoint.of(server.url, "small-model", key="s3cret", timeout_seconds=60)
    with DraftClient(endpoint, wait=waits.append) as opened:
        yield opened
