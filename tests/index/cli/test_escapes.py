"""Nothing that a document, a catalog or a name holds reaches the terminal as something that it obeys."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import pytest

from index.cli.terminal import HarmlessFormatter
from index.cli.views.json_output import to_json
from tests.index.cli.conftest import Run
from tests.index.cli.test_prompt import typing

# Escape, C1's own introducers of commands, a bell and a change of direction.
OBEYED = "\x1b]0;owned\x07\x9b31m\x9d8;;\u202e"
FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]")
ESCAPED = json.dumps(OBEYED)[1:-1]  # TOML's escapes are JSON's

CATALOG = f"""\
[starters]
en = ["What did it {ESCAPED} cost?"]

[[document]]
file = "alpaca.txt"
title = "The {ESCAPED} paper"
short_title = "a {ESCAPED} title"
provenance_label = "a {ESCAPED} label"
language = "en"
skip = ["not {ESCAPED} there"]
provenance = {{ en = "a {ESCAPED} note" }}

[[document]]
file = "no {ESCAPED} such.txt"
"""


@pytest.fixture
def _hostile(documents: Path) -> None:
    """Write what a terminal obeys wherever a person who adds a document may."""
    (documents / "catalog.toml").write_text(CATALOG, "utf-8")
    for name in ("alpaca.txt", "llama.md"):
        text = (documents / name).read_text("utf-8")
        (documents / name).write_text(text.replace("。", f"{OBEYED}。").replace(". ", f"{OBEYED}. "), "utf-8")
    (documents / f"wool {OBEYED}.md").write_text(
        f"# W {OBEYED}\n\n## S {OBEYED}\n\nWool {OBEYED} is warm.\n", "utf-8"
    )
    (documents / f"odd {OBEYED}.doc").write_bytes(b"")


@pytest.mark.usefixtures("_hostile")
@pytest.mark.parametrize(
    "command",
    [
        ("build",),
        ("build", "--dry-run"),
        ("build", "--json"),
        ("info",),
        ("info", "--json"),
        ("verify",),
        ("ask", "Is wool warm?", "--top", "5"),
        ("ask", "Is wool warm?", "--full", "--source", "--top", "5"),
        ("ask", f"Is wool {OBEYED} warm?"),
        ("ask", "Is wool warm?", "--json", "--top", "5"),
        ("ask",),
    ],
    ids=" ".join,
)
def test_no_command_passes_on_what_a_terminal_obeys(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    if command == ("ask",):
        typing(monkeypatch, ":help", "Is wool warm?", ":full", ":source", "")
    assert run("build") == 0
    run(*command)
    captured = capsys.readouterr()
    assert FORBIDDEN.findall(captured.out + captured.err) == []
    assert "owned" in captured.out + captured.err


def test_json_says_exactly_what_it_does_not_show() -> None:
    assert json.loads(to_json({"text": OBEYED})) == {"text": OBEYED}


def test_a_warning_that_is_logged_is_one_line_that_a_terminal_does_not_obey() -> None:
    record = logging.LogRecord("x", logging.WARNING, __file__, 1, "%s", (f"a\n{OBEYED}",), None)
    line = HarmlessFormatter("%(message)s").format(record)
    assert (FORBIDDEN.findall(line), "\n" in line) == ([], False)
