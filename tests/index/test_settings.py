"""Settings: typed, from three sources, and no key that nobody knows."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from bot.settings import BotSettings
from index.errors import SettingsError
from index.settings import Settings, known_keys


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep a developer's own settings out."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.upper().startswith("CHRONICLE_")]:
        monkeypatch.delenv(name)


def test_defaults_are_those_of_the_contract() -> None:
    settings = Settings.load()
    assert (settings.documents, settings.store, settings.model) == (Path("documents"), Path(".index"), "bundled")
    assert settings.reranker == "none"


@pytest.mark.parametrize(
    ("name", "content"), [(".env", "CHRONICLE_MODEL=other\n"), ("chronicle.toml", 'model = "other"\n')]
)
def test_a_setting_is_read_from_a_file(name: str, content: str) -> None:
    Path(name).write_text(content, "utf-8")
    assert Settings.load().model == "other"


def test_the_environment_goes_before_files(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("CHRONICLE_MODEL=second\n", "utf-8")
    Path("chronicle.toml").write_text('model = "third"\n', "utf-8")
    monkeypatch.setenv("CHRONICLE_MODEL", "first")
    assert Settings.load().model == "first"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("THREADS", "0"),
        ("THREADS", "many"),
        ("THREADS", "65"),
        ("KEEP_VERSIONS", "1"),
        ("KEEP_VERSIONS", "101"),
        ("MODEL", ""),
    ],
)
def test_a_setting_out_of_range_is_named(monkeypatch: pytest.MonkeyPatch, key: str, value: str) -> None:
    monkeypatch.setenv(f"CHRONICLE_{key}", value)
    with pytest.raises(SettingsError, match=rf"^CHRONICLE_{key}: [^\n]*$"):
        Settings.load()


@pytest.mark.parametrize(
    ("name", "content"), [(".env", "CHRONICLE_COLOUR=red\n"), ("chronicle.toml", 'colour = "red"\n')]
)
def test_an_unknown_key_in_a_file_is_named(name: str, content: str) -> None:
    Path(name).write_text(content, "utf-8")
    with pytest.raises(SettingsError, match="unknown setting CHRONICLE_COLOUR"):
        Settings.load()


def test_an_unknown_key_in_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHRONICLE_COLOUR", "red")
    with pytest.raises(SettingsError, match="unknown setting CHRONICLE_COLOUR"):
        Settings.load()


@pytest.mark.parametrize("content", [b"= not toml", b"\xff"])
def test_a_file_that_cannot_be_read_is_named(content: bytes) -> None:
    Path("chronicle.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=r"^[^\n]*chronicle\.toml[^\n]*$"):
        Settings.load()


def test_the_registered_keys_are_the_fields_of_both_entry_points() -> None:
    own = set(Settings.model_fields)
    assert {entry: set(keys) for entry, keys in known_keys().items()} == {
        "index": own,
        "bot": set(BotSettings.model_fields) - own,
    }


@pytest.mark.parametrize("settings", [Settings, BotSettings])
def test_one_file_serves_both_entry_points(settings: type[Settings]) -> None:
    Path("chronicle.toml").write_text('discord_token = "secret"\nwatch = true\nthreads = 2\n', "utf-8")
    assert settings.load().threads == 2


@pytest.mark.parametrize("settings", [Settings, BotSettings])
def test_neither_entry_point_takes_an_unknown_key(settings: type[Settings]) -> None:
    Path(".env").write_text("CHRONICLE_WATCHES=true\n", "utf-8")
    with pytest.raises(SettingsError, match=r"^unknown setting CHRONICLE_WATCHES: known are [^\n]*watch_channel"):
        settings.load()


def test_the_librarys_settings_are_sent_without_the_bots() -> None:
    Path("chronicle.toml").write_text('discord_token = "hush"\ndraft_key = "quiet"\nmodel = "other"\n', "utf-8")
    sent = pickle.loads(pickle.dumps(BotSettings.load().for_library()))  # noqa: S301  pickled just now
    assert type(sent) is Settings
    assert sent.model == "other"
    assert b"hush" not in pickle.dumps(sent)
    assert b"quiet" not in pickle.dumps(sent)


def test_a_key_that_no_header_can_carry_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHRONICLE_DRAFT_KEY", "quiet\nword")
    with pytest.raises(SettingsError, match=r"^CHRONICLE_DRAFT_KEY: [^\n]*$") as caught:
        Settings.load()
    assert "quiet" not in str(caught.value)
