"""The command line: its contract, its exit codes, and one clear line for whatever goes wrong."""

from __future__ import annotations

import builtins
import hashlib
import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.cells import cell_len

from index import cli
from index.store.store import Store
from index.types import BuildReport
from tests.fakes import FakeEncoder
from tests.index.output import is_one_line, items, rows

ROW_KEYS = [
    *("question", "answered", "outcome", "confidence", "quotes", "nearest", "elapsed_ms", "error", "stale"),
    "version",
]
QUOTE_KEYS = [
    *("document", "title", "section", "start", "end", "start_line", "end_line", "text", "highlights", "score"),
    *("sha256", "language", "provenance", "aid", "terms"),
]

Run = Callable[..., int]


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Remove the caller's settings from the environment."""
    for name in [name for name in os.environ if name.startswith("CHRONICLE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(documents: Path, store: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs the command line in this process with the fake encoder."""
    monkeypatch.setattr("index.encoding.encoder.load_encoder", lambda *_, **__: encoder)
    monkeypatch.setenv("CHRONICLE_STORE", str(store))
    # The folder `documents` is the default one, in the working folder: nobody names it.

    def run(*arguments: str, stdin: bytes | None = None) -> int:
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        return cli.main(arguments)

    return run


# --- ask --json


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
    run("ask", "駱馬", "--json", "--top", top)
    assert len(items(rows(capsys.readouterr().out)[0])) == int(top)


def test_words_without_quotation_marks_are_one_question(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("ask", "--json", "What", "did", "it", "cost?")
    assert rows(capsys.readouterr().out)[0]["question"] == "What did it cost?"


def test_a_question_may_begin_with_a_dash(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ask", "--json", "--", "-5 degrees?") == 0
    assert rows(capsys.readouterr().out)[0]["question"] == "-5 degrees?"


# --- ask --json -


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


# --- the right folder, and stale documents


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


# --- what goes wrong


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["ask", "x", "--top", "0"],
        ["ask", "x", "--top", "51"],
        ["ask", "x", "--top", "three"],
        ["ask", "x", "--top", "٣"],
        ["ask", "x", "--top", "9" * 5000],
        ["ask", "x", "--tops", "3"],
        ["ask", "x", "--store", ""],
        ["ask", "x", "--store", "a\0b"],
        ["ask", ""],
        ["ask", " \u200b\t"],
        ["ask", "x" * 1001],
        ["ask", "", "--json"],
        ["ask", "--json"],
        ["ask", "--json", "--prompt", "x"],
        ["ask", "-"],
        ["ask"],
        ["info", "x"],
    ],
    ids=lambda arguments: " ".join(arguments)[:24] or "none",
)
def test_wrong_usage_is_2_and_one_line(
    arguments: list[str], run: Run, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments, stdin=b"") == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert is_one_line(captured.err)
    assert not store.exists()


def test_a_question_of_the_greatest_length_is_asked(run: Run) -> None:
    assert run("ask", "x" * 1000) == 0


def test_declining_is_no_failure(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "index.answering.engine.read_calibration", lambda: SimpleNamespace(probability=lambda _: 0.1)
    )
    assert run("ask", "What do alpacas eat?") == 0
    assert "The documents don’t answer this." in capsys.readouterr().out


@pytest.mark.parametrize("command", ["info", "verify", "rollback"])
def test_without_a_store_the_remedy_is_named(command: str, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command) == 1
    assert is_one_line(capsys.readouterr().err)


def test_an_unknown_setting_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHRONICLE_STOER", "x")
    assert run("ask", "Who?") == 1
    captured = capsys.readouterr()
    assert is_one_line(captured.err)
    assert "CHRONICLE_STOER" in captured.err


@pytest.mark.parametrize("name", ["manifest.json", "corpus.json", "vectors.faiss"])
@pytest.mark.parametrize("command", [["ask", "Who?"], ["verify"]], ids=["ask", "verify"])
def test_a_damaged_store_is_1_and_names_the_file_and_the_remedy(
    *,
    name: str,
    command: list[str],
    run: Run,
    build: Callable[[], BuildReport],
    store: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (Store(store).path(build().version) / name).write_bytes(b"damage")
    assert run(*command) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert is_one_line(captured.err)
    assert name in captured.err
    assert "python -m index build" in captured.err


def test_a_store_of_another_model_is_refused(
    run: Run, build: Callable[[], BuildReport], encoder: FakeEncoder, capsys: pytest.CaptureFixture[str]
) -> None:
    build()
    encoder.fingerprint = "fake-2"
    assert run("ask", "Who?") == 1
    assert is_one_line(capsys.readouterr().err)


def test_an_interrupt_is_quiet(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("index.encoding.encoder.load_encoder", interrupted)
    assert run("build") == 130
    assert capsys.readouterr().err == ""


def test_an_operating_system_error_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "/some/file")

    monkeypatch.setattr("index.encoding.encoder.load_encoder", full)
    saved = os.dup(1)
    try:
        assert run("build") == 1
    finally:
        os.dup2(saved, 1)
        os.close(saved)
    assert capfd.readouterr().err == "llama-chronicle: /some/file: No space left on device\n"


# --- the card and the prompt


def test_the_answer_fits_80_columns_and_is_plain_into_a_pipe(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("ask", "哪些作者留任？", "--top", "5")
    output = capsys.readouterr().out
    assert "\x1b" not in output
    assert max(map(cell_len, output.splitlines())) <= 80


def test_the_answer_quotes_verbatim(run: Run, documents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("ask", "What was it trained on?", "--top", "1")
    bars = [line.partition(" ")[2] for line in capsys.readouterr().out.splitlines() if line[2:3] in set("│▌┊")]
    quoted = " ".join(line[2:] if line[0] in "│▌┊" else line for line in (bar.lstrip() for bar in bars))
    everything = " ".join(path.read_text("utf-8") for path in sorted(documents.iterdir()))
    assert "".join(quoted.split())
    assert "".join(quoted.split()) in "".join(everything.split())


def typing(monkeypatch: pytest.MonkeyPatch, *typed: str) -> None:
    lines: Iterator[str] = iter(typed)

    def read(_prompt: str) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr(builtins, "input", read)
    monkeypatch.setattr("index.cli.ask.is_interactive", lambda: True)


@pytest.mark.parametrize("ending", [[""], [":q"], []], ids=["empty-line", "quit", "ctrl-d"])
def test_the_prompt_answers_until_it_is_left(
    ending: list[str],
    run: Run,
    encoder: FakeEncoder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    typing(monkeypatch, "What did it cost?", "誰留任？", *ending)
    assert run("ask") == 0
    output = capsys.readouterr().out
    assert "Confidence: " in output
    assert "把握：" in output


def test_the_prompt_survives_a_question_that_cannot_be_asked(
    run: Run, build: Callable[[], BuildReport], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    build()
    typing(monkeypatch, "x" * 1001, "Who?", "")
    assert run("ask") == 0
    captured = capsys.readouterr()
    assert is_one_line(captured.err)
    assert "Confidence: " in captured.out


def test_help_at_the_prompt_shows_a_starter_question(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typing(monkeypatch, ":help", "")
    assert run("ask") == 0
    assert "  What did it cost?" in capsys.readouterr().out


def test_prompt_answers_the_first_starter_without_a_terminal(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ask", "--prompt", stdin=b"") == 0
    assert capsys.readouterr().out.startswith("What did it cost?\n")


def test_prompt_answers_the_given_question_and_goes_on(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typing(monkeypatch, "Who?", "")
    assert run("ask", "--prompt", "--", "誰留任？") == 0
    output = capsys.readouterr().out
    assert output.startswith("誰留任？\n")
    assert output.count("Confidence: ") == 1


# --- build, info, verify, rollback


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
    assert f"version {version} is up to date" in capsys.readouterr().out


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
    assert capsys.readouterr().out.splitlines()[-2:] == [f"versions   {second}", f"           {first} (current)"]


def test_verify_accepts_an_intact_store(
    run: Run, build: Callable[[], BuildReport], capsys: pytest.CaptureFixture[str]
) -> None:
    version = build().version
    assert run("verify") == 0
    assert run("verify", "--json") == 0
    text, found = capsys.readouterr().out.splitlines()
    assert text.startswith(f"version {version} is sound: ")
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
