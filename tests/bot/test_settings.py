"""Settings: read from the environment, `.env` and TOML; refused with their name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.settings import BotSettings
from index import SettingsError
from index.settings import PREFIX

EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Run in an empty folder, without any setting."""
    for name in list(os.environ):
        if name.startswith(PREFIX) or name == "DISCORD_TOKEN":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_example_file_loads_and_names_every_setting(clean: Path) -> None:
    example = EXAMPLE.read_text("utf-8")
    (clean / ".env").write_text(example, "utf-8")
    settings = BotSettings.load()

    assert settings.model_dump() == BotSettings().model_dump()
    for name in BotSettings.model_fields:
        assert ("DISCORD_TOKEN" if name == "discord_token" else PREFIX + name.upper()) in example


def test_the_example_files_commented_values_are_the_defaults(clean: Path) -> None:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    values = [line.removeprefix("#") for line in lines if line.startswith(f"#{PREFIX}")]
    (clean / ".env").write_text("\n".join(values), "utf-8")

    assert BotSettings.load().model_dump() == BotSettings().model_dump()


def test_the_environment_goes_before_the_file(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (clean / ".env").write_text("CHRONICLE_QUEUE_LIMIT=5\nDISCORD_TOKEN=from-file\n", "utf-8")
    monkeypatch.setenv("CHRONICLE_QUEUE_LIMIT", "6")
    settings = BotSettings.load()

    assert settings.queue_limit == 6
    assert settings.token() == "from-file"


def test_toml_is_read(clean: Path) -> None:
    (clean / "chronicle.toml").write_text("admin_guilds = [12, 34]\nlog_questions = true\n", "utf-8")
    settings = BotSettings.load()

    assert settings.admin_guilds == (12, 34)
    assert settings.log_questions


@pytest.mark.parametrize("value", ["12,34", " 12 , 34 ", "12,34,"])
def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("CHRONICLE_ADMIN_GUILDS", value)

    assert BotSettings.load().admin_guilds == (12, 34)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHRONICLE_QUEUE_LIMIT", "0"),
        ("CHRONICLE_QUEUE_LIMIT", "many"),
        ("CHRONICLE_ANSWER_TIMEOUT_SECONDS", "0"),
        ("CHRONICLE_COOLDOWN_SECONDS", "-1"),
        ("CHRONICLE_ADMIN_GUILDS", "12,x"),
        ("CHRONICLE_ASK_CHANNELS", "-4"),
        ("CHRONICLE_DEMO_PORT", "70000"),
        ("CHRONICLE_LOG_QUESTIONS", "perhaps"),
        ("CHRONICLE_QUEUE_LIMITS", "5"),
        ("CHRONICLE_TOKEN", "x"),
        ("CHRONICLE_METRICS", "9100"),
        ("CHRONICLE_METRICS", "127.0.0.1"),
        ("CHRONICLE_METRICS", "127.0.0.1:99999"),
        ("CHRONICLE_METRICS", "http://127.0.0.1:9100"),
        ("CHRONICLE_METRICS", "127.0.0.1:9100/metrics"),
        ("CHRONICLE_SHARDS", "-1"),
        ("CHRONICLE_SHARDS", "many"),
        ("CHRONICLE_PROXY", "socks5://127.0.0.1:1080"),
        ("CHRONICLE_PROXY", "http://"),
        ("CHRONICLE_PROXY", "http://proxy:99999"),
    ],
)
def test_unknown_and_out_of_range_settings_are_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=rf"{name}\b"):
        BotSettings.load()


@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_token_is_named(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    if value is not None:
        monkeypatch.setenv("DISCORD_TOKEN", value)
    with pytest.raises(SettingsError, match="DISCORD_TOKEN"):
        BotSettings.load().token()


def test_the_token_is_not_in_the_settings_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "very.secret.token")

    assert "very.secret" not in repr(BotSettings.load())
