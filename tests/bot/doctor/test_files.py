"""The doctor on this machine: packages, settings, folders, models, documents, store."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

import index
from bot.doctor import installation
from bot.doctor.files import check_documents, check_models, check_settings, check_store
from bot.doctor.findings import Finding, Level, as_json, as_lines, error, is_sound, ok, warning
from bot.doctor.installation import check_packages, check_python
from bot.settings import BotSettings
from index import MilvusAddress, ModelError
from index.indexing.builder import build_store
from tests.fakes import FakeEncoder


@pytest.fixture
def settings(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    light_builds: Callable[[], AbstractContextManager[None]],
) -> Iterator[BotSettings]:
    """Return settings with two documents, a store of them, and no real model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(index, "load_encoder", lambda _name: FakeEncoder(), raising=False)
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "one.md").write_text("# One\n\nThe gate opens at nine.\n", "utf-8")
    (documents / "two.txt").write_text("The key hangs behind the door.\n", "utf-8")
    with light_builds():
        build_store(documents, tmp_path / "store", FakeEncoder())
        yield BotSettings(documents=documents, store=tmp_path / "store", data=tmp_path / "data")


def levels(findings: list[Finding]) -> list[tuple[str, Level]]:
    return [(finding.area, finding.level) for finding in findings]


def test_a_sound_installation_has_no_error(settings: BotSettings) -> None:
    checks = (check_settings, check_models, check_documents, check_store)
    findings = [*check_python(), *(finding for check in checks for finding in check(settings))]

    assert is_sound(findings)
    assert {finding.level for finding in findings} == {Level.OK}
    assert "2 in" in next(finding.message for finding in findings if finding.area == "documents")


def test_a_missing_store_is_built_later_and_a_damaged_one_is_an_error(
    settings: BotSettings, tmp_path: Path
) -> None:
    missing = settings.model_copy(update={"store": tmp_path / "none"})
    assert levels([*check_store(missing)]) == [("store", Level.WARNING)]

    damaged = next((index.open_store(settings.store).folder / "versions").glob("*/manifest.json"))
    damaged.write_text("{", "utf-8")
    assert levels([*check_store(settings)]) == [("store", Level.ERROR)]


def test_a_store_of_another_version_of_the_program_is_a_warning(settings: BotSettings) -> None:
    manifest = next((index.open_store(settings.store).folder / "versions").glob("*/manifest.json"))
    content = json.loads(manifest.read_bytes())
    content["rules"]["format"] += 1
    manifest.write_text(json.dumps(content), "utf-8")

    assert levels([*check_store(settings)]) == [("store", Level.WARNING)]


def test_one_changed_byte_of_a_version_is_an_error(settings: BotSettings) -> None:
    vectors = max(
        (index.open_store(settings.store).folder / "versions").rglob("*.npy"), key=lambda path: path.stat().st_size
    )
    content = bytearray(vectors.read_bytes())
    content[-1] ^= 1
    vectors.write_bytes(content)

    assert levels([*check_store(settings)]) == [("store", Level.ERROR)]


def test_changed_documents_are_a_warning_that_names_the_build(settings: BotSettings) -> None:
    (settings.documents / "three.txt").write_text("Another.\n", "utf-8")

    *_, stale = check_store(settings)
    assert stale.level is Level.WARNING
    assert "index build" in stale.remedy


def test_a_store_of_another_model_is_a_warning(settings: BotSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "load_encoder", lambda _name: FakeEncoder(fingerprint="another"))

    assert "another model" in [*check_store(settings)][-1].message


def test_a_missing_documents_folder_names_the_setting(settings: BotSettings, tmp_path: Path) -> None:
    [fault] = check_documents(settings.model_copy(update={"documents": tmp_path / "none"}))

    assert fault.level is Level.ERROR
    assert "CHRONICLE_DOCUMENTS" in fault.remedy


def test_documents_that_are_left_out_and_stale_annotations_are_named(settings: BotSettings) -> None:
    (settings.documents / "empty.txt").write_text("", "utf-8")
    (settings.documents / "catalog.toml").write_text('[[document]]\nfile = "gone.md"\n', "utf-8")

    found = {finding.area: finding for finding in check_documents(settings) if finding.level is Level.WARNING}
    assert "empty.txt" in found["documents"].message
    assert "gone.md" in found["annotations"].message


def test_a_missing_model_names_the_setting(settings: BotSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_name: str) -> FakeEncoder:
        raise ModelError("CHRONICLE_MODEL: no such model folder: x")

    monkeypatch.setattr(index, "load_encoder", missing)

    assert levels([*check_models(settings)]) == [("models", Level.ERROR)]
    assert levels([*check_store(settings)]) == [("store", Level.OK)]


def test_a_reranker_that_is_missing_is_a_warning(settings: BotSettings, tmp_path: Path) -> None:
    found = [*check_models(settings.model_copy(update={"reranker": str(tmp_path / "none")}))]

    assert levels(found)[-1] == ("models", Level.WARNING)


def test_a_folder_that_cannot_be_made_names_its_setting(settings: BotSettings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = [*check_settings(settings.model_copy(update={"data": tmp_path / "file" / "data"}))]

    fault = next(finding for finding in found if finding.level is Level.ERROR)
    assert "CHRONICLE_DATA" in fault.remedy


def test_little_room_is_a_warning(settings: BotSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.doctor.files._LEAST_FREE", 1 << 62)

    assert [level for _, level in levels([*check_settings(settings)])] == [Level.OK, Level.WARNING, Level.WARNING]


def test_the_settings_are_named_without_their_values() -> None:
    [named, *_] = check_settings(BotSettings(discord_token="MTIz.secret", log_questions=True))  # noqa: S106

    assert "log_questions" in named.message
    assert "secret" not in named.message


Distributions = Callable[..., None]


@pytest.fixture
def distributions(monkeypatch: pytest.MonkeyPatch) -> Distributions:
    """Return a function that sets the required and the installed packages, and the lock's pins."""

    def install(requires: list[str], installed: dict[str, str], pins: dict[str, str]) -> None:
        def version(name: str) -> str:
            if name not in installed:
                raise importlib.metadata.PackageNotFoundError(name)
            return installed[name]

        class Distribution:
            def __init__(self, name: str) -> None:
                self.version = version(name)
                self.requires: list[str] = []

        monkeypatch.setattr(importlib.metadata, "requires", lambda _name: requires)
        monkeypatch.setattr(importlib.metadata, "version", version)
        monkeypatch.setattr(importlib.metadata, "distribution", Distribution)
        monkeypatch.setattr(installation, "_pinned", lambda: pins)

    return install


@pytest.mark.parametrize(
    ("installed", "level", "words"),
    [
        ({"alpha": "2.0", "beta": "1.0"}, Level.OK, "all 2 have the tested versions"),
        ({"alpha": "2.0+cpu", "beta": "1.0"}, Level.OK, "all 2"),
        ({"alpha": "2.1", "beta": "1.0"}, Level.WARNING, "alpha 2.1 (tested: 2.0)"),
        ({"alpha": "1.0", "beta": "1.0"}, Level.ERROR, "alpha is 1.0, required is >=2"),
        ({"beta": "1.0"}, Level.ERROR, "alpha is missing"),
    ],
)
def test_packages_are_compared_with_what_is_required_and_tested(
    distributions: Distributions, installed: dict[str, str], level: Level, words: str
) -> None:
    requires = ["alpha>=2", "beta", "gamma; sys_platform == 'none'", "delta; extra == 'more'"]
    distributions(requires, installed, {"alpha": "2.0", "beta": "1.0"})

    [found] = check_packages()
    assert found.level is level
    assert words in found.message


def test_the_lock_is_read() -> None:
    assert "discord-py" in installation._pinned()


def test_findings_are_lines_with_the_remedy_below_and_a_count() -> None:
    findings = [
        ok("python", "3.11"),
        warning("store", "old\x1b[31m", remedy="build"),
        error("server\x1b[2J", "no", remedy="set"),
    ]

    assert [*as_lines(findings)] == [
        "ok       python      3.11",
        "warning  store       old␛[31m",
        "                     → build",
        "error    server␛[2J  no",
        "                     → set",
        "1 error, 1 warning",
    ]
    assert as_json(findings[:1]) == (
        '{"ok": true, "findings": [{"area": "python", "level": "ok", "message": "3.11", "remedy": ""}]}'
    )


def test_a_store_in_milvus_is_examined_and_one_out_of_reach_is_an_error(
    settings: BotSettings, milvus: MilvusAddress
) -> None:
    shared = settings.model_copy(update={"store": milvus})
    assert levels([*check_store(shared)]) == [("store", Level.WARNING)]
    build_store(settings.documents, milvus, FakeEncoder())
    assert levels([*check_settings(shared), *check_store(shared)])[-1] == ("store", Level.OK)

    down = settings.model_copy(update={"store": MilvusAddress("http://127.0.0.1:1", "llamas")})
    (finding,) = check_store(down)
    assert (finding.level, "CHRONICLE_STORE" in finding.message) == (Level.ERROR, True)
