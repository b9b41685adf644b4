"""`verify --repair`: a damaged store is rebuilt from the documents that it was built from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from index.cli.maintenance import run_verify
from index.cli.session import Workspace
from index.errors import StoreError
from index.indexing.verify import verify_store
from index.settings import Settings
from index.store.store import Store
from tests.fakes import FakeEncoder
from tests.index.conftest import Build


@pytest.fixture
def workspace(build: Build, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Return a built store, while the settings name another documents folder."""
    build()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "other.txt").write_text("Quite another text.", "utf-8")
    monkeypatch.setattr("index.cli.maintenance.load_model", lambda _workspace, _bar: FakeEncoder())
    return Workspace(documents=elsewhere, store=store, is_named=False, settings=Settings())


def damage(store: Path, name: str) -> None:
    (Store(store).path(Store(store).current() or "") / name).write_bytes(b"{}")


def test_a_damaged_store_is_reported_and_left_alone(workspace: Workspace) -> None:
    damage(workspace.store, "corpus.json")
    with pytest.raises(StoreError, match="damaged"):
        run_verify(workspace, repair=False, as_json=False)


@pytest.mark.parametrize("name", ["corpus.json", "vectors.faiss"])
def test_a_repair_builds_from_the_documents_that_the_store_was_built_from(
    workspace: Workspace, documents: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(workspace.store, name)
    run_verify(workspace, repair=True, as_json=False)

    assert "is sound" in capsys.readouterr().out
    assert Store(workspace.store).manifest().folder == str(documents.resolve())
    assert verify_store(workspace.store, FakeEncoder()).documents == 2


def test_a_repair_takes_the_documents_that_are_named(workspace: Workspace) -> None:
    damage(workspace.store, "corpus.json")
    run_verify(replace(workspace, is_named=True), repair=True, as_json=False)

    assert list(Store(workspace.store).manifest().documents) == ["other.txt"]


def test_a_repair_of_a_store_without_a_readable_manifest_takes_the_settings_documents(
    workspace: Workspace,
) -> None:
    damage(workspace.store, "manifest.json")
    run_verify(workspace, repair=True, as_json=False)

    assert list(Store(workspace.store).manifest().documents) == ["other.txt"]
