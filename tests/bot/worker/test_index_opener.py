"""Opening an index: it is warmed up before it answers, and a version that cannot be is replaced."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

import index
from bot.worker.index_opener import StoreOpener
from index import Settings, StoreError

SETTINGS = Settings(model="fake")


@dataclass
class FakeIndex:
    """Counts how often it is warmed up."""

    version: str
    is_sound: bool = True
    warmed_up: int = 0

    def warm_up(self) -> None:
        self.warmed_up += 1
        if not self.is_sound:
            raise StoreError("nothing is found")


@pytest.fixture
def versions(monkeypatch: pytest.MonkeyPatch) -> dict[str | None, FakeIndex]:
    """Return the versions of a store by name; the current one is None."""
    opened: dict[str | None, FakeIndex] = {}
    monkeypatch.setattr(index, "load_encoder", lambda *_, **__: None)
    monkeypatch.setattr(index.Store, "versions", lambda _store: tuple(name for name in opened if name))
    monkeypatch.setattr(index.Store, "rollback", lambda _store, _version: None)
    monkeypatch.setattr(index.Index, "open", lambda *_, version=None, **__: opened[version])
    return opened


def test_an_index_is_warmed_up_before_it_answers(versions: dict[str | None, FakeIndex]) -> None:
    versions[None] = FakeIndex("2")
    opened = StoreOpener(SETTINGS)(recover=False)
    assert (opened.index.version, opened.is_fallback) == ("2", False)
    assert versions[None].warmed_up == 1


def test_a_version_that_cannot_be_warmed_up_is_replaced_by_the_newest_sound_one(
    versions: dict[str | None, FakeIndex],
) -> None:
    versions |= {None: FakeIndex("3", is_sound=False), "2": FakeIndex("2", is_sound=False), "1": FakeIndex("1")}
    opened = StoreOpener(SETTINGS)(recover=True)
    assert (opened.index.version, opened.is_fallback) == ("1", True)


def test_every_version_that_it_opens_has_the_reranker_of_the_settings(
    versions: dict[str | None, FakeIndex], monkeypatch: pytest.MonkeyPatch
) -> None:
    versions[None] = FakeIndex("2")
    loaded: list[str] = []
    passed: list[object] = []

    def load(name: str, **_: object) -> str:
        loaded.append(name)
        return f"the reranker {name}"

    def open_index(*_: object, version: str | None = None, reranker: object = None, **__: object) -> FakeIndex:
        passed.append(reranker)
        return versions[version]

    monkeypatch.setattr(index, "load_encoder", lambda *_, **__: object())
    monkeypatch.setattr(index, "load_reranker", load)
    monkeypatch.setattr(index.Index, "open", open_index)
    opener = StoreOpener(SETTINGS.model_copy(update={"reranker": "some/model"}))
    opener(recover=False)
    opener(recover=False)
    assert loaded == ["some/model"]
    assert passed == ["the reranker some/model"] * 2
