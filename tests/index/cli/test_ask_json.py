"""`ask --json`: one object a question, and which folder answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index.store.store import Store
from index.types import BuildReport
from tests.index.cli.conftest import Run
from tests.index.output import is_one_line, items, rows

ROW_KEYS = [
    *("question", "answered", "outcome", "confidence", "quotes", "nearest", "elapsed_ms", "error", "stale"),
    *("version", "searched_for", "front_desk"),
]
QUOTE_KEYS = [
    *("document", "title", "section", "start", "end", "start_line", "end_line", "text", "highlights", "score"),
    *("confidence", "sha256", "language", "provenance", "aid", "terms"),
]


def test_a_row_has_the_keys_of_the_contract(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ask", "What did it cost?", "--json") == 0
    (row,) = rows(capsys.readouterr().out)
    assert list(row) == ROW_KEYS
    assert all(list(quote) == QUOTE_KEYS for quote in items(row))
    assert bool(row["quotes"]) == row["answered"] != bool(row["nearest"])


def test_a_quote_resolves_in_the_file(run: Run, documents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("ask", "哪些作者留任？", "--json", "--top", "50")
    for quote in items(rows(capsys.readouterr().out)[0]):
        raw = (documents / quote["document"]).read_bytes()
        text = raw.decode("utf-8")
        assert text[quote["start"] : quote["end"]] == quote["text"]
        assert hashlib.sha256(raw).hexdigest() == quote["sha256"]
        assert text[: quote["start"]].count("\n") + 1 == quote["start_line"]
        assert text[: quote["end"]].count("\n") + 1 == quote["end_line"]
        assert all(quote["start"] <= start < end <= quote["end"] for start, end in quote["highlights"])


@pytest.mark.parametrize("top", ["1", "2"])
def test_top_limits_the_list(top: str, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("ask", "xyzzy", "--json", "--top", top)  # not answered: no passage is left out as unlikely
    assert len(items(rows(capsys.readouterr().out)[0])) == int(top)


def test_an_answer_leaves_out_passages_that_are_unlikely_to_answer(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    run("ask", "駱馬", "--json", "--top", "50")
    (row,) = rows(capsys.readouterr().out)
    assert row["answered"]
    assert 1 <= len(row["quotes"]) < 4
    assert [each["confidence"] for each in row["quotes"]] == sorted(
        (each["confidence"] for each in row["quotes"]), reverse=True
    )


def test_words_without_quotation_marks_are_one_question(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("ask", "--json", "What", "did", "it", "cost?")
    assert rows(capsys.readouterr().out)[0]["question"] == "What did it cost?"


def test_a_question_may_begin_with_a_dash(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ask", "--json", "--", "-5 degrees?") == 0
    assert rows(capsys.readouterr().out)[0]["question"] == "-5 degrees?"


def test_each_line_gives_one_row_in_order(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    questions = ["What did it cost?", "", "誰留任？", "x" * 1001, "   ", "🦙"]
    assert run("ask", "--json", "-", stdin="".join(f"{each}\n" for each in questions).encode()) == 0
    found = rows(capsys.readouterr().out)
    assert [row["question"] for row in found] == questions
    assert [bool(row["error"]) for row in found] == [False, True, False, True, True, False]
    assert all(list(row) == ROW_KEYS for row in found)


def test_a_question_that_cannot_be_asked_is_not_answered(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("ask", "--json", "-", stdin=b"\n")
    (row,) = rows(capsys.readouterr().out)
    assert (row["answered"], row["confidence"], items(row)) == (False, 0, [])
    assert row["error"] == "the question is empty"


@pytest.mark.parametrize(
    ("stdin", "questions"),
    [
        (b"", []),
        (b"one\ntwo", ["one", "two"]),
        (b"one\r\n", ["one\r"]),
        ("a\x0bb\x0cc\x1cd\x85e\u2028f\n".encode(), ["a\x0bb\x0cc\x1cd\x85e\u2028f"]),
        (b"\x00\x1b[31m\n", ["\x00\x1b[31m"]),
        (b"\xff\xfe caf\xe9\n", ["\ufffd\ufffd caf\ufffd"]),
        (b"\xed\xa0\xbd?\n", ["\ufffd\ufffd\ufffd?"]),
        ("\ufeffwho?\n".encode(), ["\ufeffwho?"]),
    ],
    ids=[
        "nothing",
        "no-last-line-feed",
        "carriage-return",
        "other-breaks",
        "controls",
        "latin-1",
        "surrogate",
        "bom",
    ],
)
def test_only_a_line_feed_ends_a_question_and_no_byte_is_a_crash(
    stdin: bytes, questions: list[str], run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("ask", "--json", "-", stdin=stdin) == 0
    assert [row["question"] for row in rows(capsys.readouterr().out)] == questions


@pytest.mark.parametrize("question", ["\ud83d?", "a\udcff", "\udc80"])
def test_half_a_character_in_a_question_leaves_valid_utf_8(
    question: str, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    run("ask", "--json", question + " who")
    output = capsys.readouterr().out
    assert "\\ud" not in output
    assert "\ufffd" in json.loads(output.encode("utf-8"))["question"]


def test_nothing_is_said_while_the_documents_are_unchanged(
    run: Run, build: Callable[[], BuildReport], capsys: pytest.CaptureFixture[str]
) -> None:
    build()
    run("ask", "--json", "Who?")
    captured = capsys.readouterr()
    assert captured.err == ""
    assert rows(captured.out)[0]["stale"] is False


def test_the_first_question_builds_and_says_so_on_standard_error(
    run: Run, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("ask", "--json", "Who?") == 0
    captured = capsys.readouterr()
    assert "building it from documents" in captured.err
    assert len(rows(captured.out)) == 1
    assert Store(store).current() == rows(captured.out)[0]["version"]


def test_changed_documents_are_reported_once_and_in_each_row(
    run: Run, build: Callable[[], BuildReport], documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build()
    (documents / "alpaca.txt").write_text("Other words altogether.", "utf-8")
    assert run("ask", "--json", "-", stdin=b"What did it cost?\nWho?\n") == 0
    captured = capsys.readouterr()
    found = rows(captured.out)
    assert [row["stale"] for row in found] == [True, True]
    assert is_one_line(captured.err)
    assert "python -m index build" in captured.err
    assert not any("Other words" in quote["text"] for quote in items(found[0]))


def test_a_store_answers_when_its_documents_are_gone(
    run: Run, build: Callable[[], BuildReport], documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build()
    documents.rename(documents.with_name("elsewhere"))
    assert run("ask", "--json", "Who?") == 0
    assert rows(capsys.readouterr().out)[0]["stale"] is True


def test_the_stores_own_folder_may_be_named(run: Run, build: Callable[[], BuildReport], documents: Path) -> None:
    build()
    assert run("ask", "Who?", "--documents", f"{documents}/../documents") == 0


@pytest.mark.parametrize("by", ["flag", "environment", "dotenv", "toml"])
@pytest.mark.parametrize(("folder", "built"), [("missing", True), ("missing", False), ("another", True)])
def test_a_named_folder_that_is_not_the_stores_is_refused(
    *,
    by: str,
    folder: str,
    built: bool,
    run: Run,
    build: Callable[[], BuildReport],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "another").mkdir()
    if built:
        build()
    if by == "environment":
        monkeypatch.setenv("CHRONICLE_DOCUMENTS", folder)
    elif by == "dotenv":
        Path(".env").write_text(f"CHRONICLE_DOCUMENTS={folder}\n", "utf-8")
    elif by == "toml":
        Path("chronicle.toml").write_text(f'documents = "{folder}"\n', "utf-8")
    assert run("ask", "Who?", *(["--documents", folder] if by == "flag" else [])) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert is_one_line(captured.err)
    assert f"python -m index build --documents {folder}" in captured.err
