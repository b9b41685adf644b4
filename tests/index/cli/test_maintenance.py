"""`build`, `info`, `verify`, `rollback`: what they print and what they change."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from index.cli.maintenance import run_verify
from index.cli.session import Workspace
from index.errors import StoreError
from index.indexing.verify import verify_store
from index.settings import Settings
from index.store.opening import open_store
from index.store.store import Store
from index.store.version_names import version_label
from index.types import BuildReport, MilvusAddress, StoreLocation
from tests.fakes import FakeEncoder
from tests.index.cli.conftest import Run
from tests.index.conftest import Build
from tests.index.output import is_one_line, rows


@pytest.fixture
def workspace(build: Build, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Return a built store, while the settings name another documents folder."""
    build()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "other.txt").write_text("Quite another text.", "utf-8")
    monkeypatch.setattr("index.cli.maintenance.load_model", lambda _workspace, _bar: FakeEncoder())
    return Workspace(documents=elsewhere, store=store, is_named=False, settings=Settings())


def damage(location: StoreLocation, name: str) -> None:
    store = open_store(location)
    (store.path(store.current() or "") / name).write_bytes(b"{}")


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
    assert open_store(workspace.store).manifest().folder == str(documents.resolve())
    assert verify_store(workspace.store, FakeEncoder()).documents == 2


def test_a_repair_takes_the_documents_that_are_named(workspace: Workspace) -> None:
    damage(workspace.store, "corpus.json")
    run_verify(replace(workspace, is_named=True), repair=True, as_json=False)

    assert list(open_store(workspace.store).manifest().documents) == ["other.txt"]


def test_a_repair_of_a_store_without_a_readable_manifest_takes_the_settings_documents(
    workspace: Workspace,
) -> None:
    damage(workspace.store, "manifest.json")
    run_verify(workspace, repair=True, as_json=False)

    assert list(open_store(workspace.store).manifest().documents) == ["other.txt"]


def test_build_lists_what_changed(
    run: Run, build: Callable[[], BuildReport], documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build()
    (documents / "llama.md").unlink()
    (documents / "new.txt").write_text("A new one.", "utf-8")
    (documents / "alpaca.txt").write_text("Alpacas, other words.", "utf-8")
    (documents / "picture.png").write_bytes(b"\x89PNG")
    assert run("build") == 0
    output = capsys.readouterr().out
    assert "documents changed" in output
    for line in (
        "changed  alpaca.txt: ",
        "removed  llama.md: ",
        "added    new.txt: 1 passage",
    ):
        assert f"  {line}" in output
    assert "left out: 1 image" in output.splitlines()


def test_build_with_nothing_to_do_says_so(
    run: Run, build: Callable[[], BuildReport], capsys: pytest.CaptureFixture[str]
) -> None:
    version = build().version
    assert run("build") == 0
    assert f"version {version_label(version)} is up to date" in capsys.readouterr().out


def test_build_as_json_is_one_object(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("build", "--json") == 0
    (report,) = rows(capsys.readouterr().out)
    assert {
        "version",
        "built",
        "changes",
        "skipped",
        "documents",
        "passages",
        "encoded",
        "reason",
        "seconds",
        "left_out",
    } == set(report)
    assert [change["kind"] for change in report["changes"]] == ["added", "added"]


def test_build_without_documents_changes_nothing(
    run: Run, build: Callable[[], BuildReport], store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    version = build().version
    assert run("build", "--documents", "missing") == 1
    assert is_one_line(capsys.readouterr().err)
    assert Store(store).current() == version


@pytest.mark.parametrize("changed", [False, True])
def test_info_shows_whether_the_documents_changed(
    changed: bool, run: Run, build: Callable[[], BuildReport], documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    version = build().version
    if changed:
        (documents / "alpaca.txt").write_text("Other words.", "utf-8")
    assert run("info", "--json") == 0
    assert run("info") == 0
    first, *text = capsys.readouterr().out.splitlines()
    assert (json.loads(first)["version"], json.loads(first)["stale"]) == (version, changed)
    assert ("changed since" in "\n".join(text)) == changed


def test_info_lists_the_versions_and_marks_the_current_one(
    run: Run, build: Callable[[], BuildReport], documents: Path, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = build().version
    (documents / "alpaca.txt").write_text("Other words.", "utf-8")
    second = build().version
    Store(store).rollback()
    assert run("info") == 0
    labels = [version_label(name, (first, second)) for name in (first, second)]
    assert capsys.readouterr().out.splitlines()[-2:] == [
        f"versions   {labels[1]}",
        f"           {labels[0]} (current)",
    ]


def test_verify_accepts_an_intact_store(
    run: Run, build: Callable[[], BuildReport], capsys: pytest.CaptureFixture[str]
) -> None:
    version = build().version
    assert run("verify") == 0
    assert run("verify", "--json") == 0
    text, found = capsys.readouterr().out.splitlines()
    assert text.startswith(f"version {version_label(version)} is sound: ")
    assert (json.loads(found)["documents"], json.loads(found)["questions"]) == (2, 1)


def test_verify_repairs_on_demand(
    run: Run, build: Callable[[], BuildReport], store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    version = build().version
    (Store(store).path(version) / "corpus.json").write_bytes(b"{}")
    assert run("verify", "--repair") == 0
    assert "is sound" in capsys.readouterr().out
    assert Store(store).current() != version
    assert run("verify") == 0


def test_rollback_goes_to_the_version_before_and_to_a_named_one(
    run: Run, build: Callable[[], BuildReport], documents: Path, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = build().version
    (documents / "alpaca.txt").write_text("Other words.", "utf-8")
    second = build().version
    assert run("rollback") == 0
    assert Store(store).current() == first
    assert run("rollback", second) == 0
    assert Store(store).current() == second
    assert run("rollback", "nonsense") == 1
    assert is_one_line(capsys.readouterr().err)


def test_every_command_takes_the_address_of_a_store_in_milvus(
    run: Run, documents: Path, milvus: MilvusAddress, capsys: pytest.CaptureFixture[str]
) -> None:
    address = ("--store", str(milvus))
    assert run("build", *address) == 0
    (documents / "new.txt").write_text("Something new.", "utf-8")
    assert [run(*command, *address) for command in (["build"], ["ask", "the demo"], ["verify"], ["rollback"])] == [
        0
    ] * 4
    capsys.readouterr()
    assert run("info", "--json", *address) == 0
    (info,) = rows(capsys.readouterr().out)
    versions = info["versions"]
    assert isinstance(versions, list)
    assert (len(versions), info["version"]) == (2, versions[1])


@pytest.mark.parametrize(
    ("address", "code"),
    [("milvus+http://127.0.0.1:1/llamas", 1), ("milvus+http://host/", 2), ("http://host/a", 2)],
)
def test_a_store_that_cannot_be_reached_or_is_none_is_one_line(
    run: Run, machine: Callable[[str], None], capsys: pytest.CaptureFixture[str], address: str, code: int
) -> None:
    assert run("info", "--store", address) == code
    assert is_one_line(capsys.readouterr().err)


def test_a_machine_that_shares_an_index_need_not_have_its_documents(
    run: Run, documents: Path, milvus: MilvusAddress, capsys: pytest.CaptureFixture[str]
) -> None:
    run("build", "--store", str(milvus))
    documents.rename(documents.with_name("elsewhere"))
    capsys.readouterr()
    assert run("ask", "--json", "the demo", "--store", str(milvus)) == 0
    printed = capsys.readouterr()
    assert ("changed" in printed.err, rows(printed.out)[0].get("stale", False)) == (False, False)
