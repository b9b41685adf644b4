"""The garbage collector rests while any thread creates large values, and works again afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from bot.services.collector_pause import CollectorPause


@pytest.fixture(autouse=True)
def unfrozen() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_the_collector_is_enabled_again_when_the_last_of_several_is_done() -> None:
    pause = CollectorPause()
    with pause.active():
        with pause.active():
            assert not gc.isenabled()
        assert not gc.isenabled()

    assert gc.isenabled()


def test_the_collector_is_enabled_again_after_an_error() -> None:
    with pytest.raises(OSError, match="unreadable"), CollectorPause().active():
        raise OSError("unreadable")

    assert gc.isenabled()
