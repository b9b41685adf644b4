"""The command line, the log, the command sync: what happens around the bot."""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import aiohttp
import discord
import pytest

from bot.__main__ import main
from bot.client import ChronicleBot, intents
from bot.log import OneLineFilter
from tests.bot.world import until

TOKEN = "MTIz.secret.token"  # noqa: S105 -- a stand-in


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setattr("bot.log.set_up_logging", lambda *_args, **_options: None)


def fail_login(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    async def login(*_args: object) -> None:
        raise error

    monkeypatch.setattr(discord.http.HTTPClient, "static_login", login)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (discord.LoginFailure("Improper token has been passed."), "DISCORD_TOKEN"),
        (discord.PrivilegedIntentsRequired(shard_id=None), "intents"),
        (aiohttp.ClientConnectionError(f"https://discord.com {TOKEN}"), "cannot be reached"),
        (OSError("no network"), "cannot be reached"),
    ],
)
def test_a_start_that_fails_is_one_clear_line_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, line: str
) -> None:
    fail_login(monkeypatch, error)

    assert main([]) == 1
    printed = capsys.readouterr().err
    assert line in printed
    assert printed.count("\n") == 1
    assert TOKEN not in printed


def test_a_missing_token_is_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DISCORD_TOKEN")

    assert main(["run"]) == 1
    assert "DISCORD_TOKEN is missing" in capsys.readouterr().err


def test_an_unknown_setting_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHRONICLE_COOLDOWN", "3")

    assert main([]) == 1
    assert "CHRONICLE_COOLDOWN" in capsys.readouterr().err


def test_wrong_usage_is_exit_code_2() -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["fly"])

    assert stopped.value.code == 2


def test_the_module_entry_point_runs(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-m", "bot"], capture_output=True, text=True, cwd=tmp_path, env=environment, check=False
    )

    assert done.returncode == 1
    assert "DISCORD_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr


def test_sigterm_ends_the_bot_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[str] = []

    async def start(self: ChronicleBot, _token: str) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await until(lambda: bool(closed))

    async def close(_self: ChronicleBot) -> None:
        closed.append("closed")

    monkeypatch.setattr(ChronicleBot, "start", start)
    monkeypatch.setattr(ChronicleBot, "close", close)

    assert main([]) == 0
    assert closed


def test_no_intent_is_privileged() -> None:
    wanted = intents()

    assert not wanted.message_content
    assert not wanted.members
    assert not wanted.presences


def log_line(message: str, *args: object, error: BaseException | None = None, tracebacks: bool = False) -> str:
    information = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, message, args, information)
    OneLineFilter(TOKEN, tracebacks=tracebacks).filter(record)
    return logging.Formatter().format(record)


def test_a_log_record_is_one_line_even_with_an_exception() -> None:
    try:
        raise ValueError("first\nsecond")
    except ValueError as error:
        line = log_line("it %s", "broke", error=error)

    assert "\n" not in line
    assert line.startswith("it broke: ValueError: first second")


def test_tracebacks_are_kept_for_debugging() -> None:
    assert "\n" in log_line("it broke", error=ValueError("x"), tracebacks=True)


@pytest.mark.parametrize(
    "text",
    [
        f"token {TOKEN} leaked",
        "POST https://discord.com/api/v10/webhooks/123/aW50ZXJhY3Rpb24/messages/@original",
        "POST https://discord.com/api/v10/interactions/123/aW50ZXJhY3Rpb24/callback",
        f"407, url='http://aW50:{TOKEN}@proxy.example:3128'",
    ],
)
def test_tokens_are_never_logged(text: str) -> None:
    line = log_line(text)

    assert "[token]" in line or "//[credentials]@proxy" in line
    assert "aW50" not in line
    assert TOKEN not in line


@pytest.mark.parametrize("tracebacks", [False, True])
def test_a_log_record_holds_nothing_that_a_terminal_obeys_and_no_token(tracebacks: bool) -> None:
    try:
        raise ValueError(f"\x1b]0;owned\x07 {TOKEN} \x9b31m")
    except ValueError as error:
        text = log_line("%s", "name \x1b[2J\x9d.md", error=error, tracebacks=tracebacks)

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
    assert TOKEN not in text
    assert "owned" in text
