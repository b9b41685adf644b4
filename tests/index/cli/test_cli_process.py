"""The command line as a process: streams, speed, terminals, and the real model on the given documents."""

from __future__ import annotations

import os
import pty
import re
import resource
import select
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from index.cli import main
from index.types import BuildReport
from tests.conftest import DOCUMENTS, ROOT, RealBuild, environment
from tests.index.output import is_one_line, items, rows

PROMPT_SECONDS = 120  # to load the model on a busy machine
QUESTIONS = ("Who founded Mistral AI?", "Mistral AI 是誰創立的？", "Mistral AI 是谁创立的？")
GREEN = "\x1b[1;32m"
CONTROL = r"\x1b\[[0-9;?]*[A-Za-z]"


def process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "index", *arguments],
        **{"capture_output": True, "text": True, "encoding": "utf-8", "cwd": ROOT, "timeout": 250, **options},
        check=False,
    )


@pytest.mark.parametrize(
    "command", [["--help"], *([name, "--help"] for name in ("build", "ask", "info", "evaluate"))]
)
def test_every_command_explains_itself(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("usage: python -m index")


def test_torch_is_not_imported_when_nothing_is_encoded(
    build: Callable[[], BuildReport], store: Path, documents: Path
) -> None:
    build()
    program = (
        "import sys; from contextlib import suppress\n"
        "from index import cli; from index.encoding import encoder; from tests.fakes import FakeEncoder\n"
        "encoder.load_encoder = lambda *_, **__: FakeEncoder()\n"
        "store, documents = ['--store', sys.argv[1]], ['--documents', sys.argv[2]]\n"
        "for arguments in ['--help'], ['info', *store], ['build', *store, *documents]:\n"
        "    with suppress(SystemExit): cli.main(arguments)\n"
        "    imported = {'torch', 'faiss', 'transformers', 'scipy'} & set(sys.modules)\n"
        "    print('imported by', arguments[0], sorted(imported), file=sys.stderr)"
    )
    command = [sys.executable, "-c", program, str(store), str(documents)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    said = [line for line in done.stderr.splitlines() if line.startswith("imported by")]
    assert said == [f"imported by {command} []" for command in ("--help", "info", "build")]


def processor_seconds() -> float:
    """Return the time that all processes started so far have used: unlike the clock's, not others' too."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("command", ["help", "info"])
def test_help_and_info_are_quick(command: str, build: Callable[[], BuildReport], store: Path) -> None:
    build()
    arguments = ["--help"] if command == "help" else ["info", "--store", str(store)]

    def seconds() -> float:
        before = processor_seconds()
        done = process(*arguments)
        assert done.returncode == 0
        assert done.stdout.startswith("usage: python -m index" if command == "help" else "version ")
        return processor_seconds() - before

    assert any(seconds() < 1.5 for _ in range(3))  # importing torch takes 2 s and more


def test_a_closed_pipe_is_no_error(build: Callable[[], BuildReport], store: Path) -> None:
    build()
    reading, writing = os.pipe()
    os.close(reading)
    done = process("info", "--store", str(store), capture_output=False, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("command", ["help", "info"])
def test_a_full_disk_is_one_line(command: str, build: Callable[[], BuildReport], store: Path) -> None:
    build()
    arguments = ["--help"] if command == "help" else ["info", "--store", str(store)]
    with Path("/dev/full").open("w") as full:
        done = process(*arguments, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (1, "llama-chronicle: standard output: No space left on device\n")


@pytest.mark.parametrize("closed", ["<&-", "2>&-", "<&- 2>&-"])
def test_a_closed_stream_is_no_traceback(closed: str, build: Callable[[], BuildReport], store: Path) -> None:
    build()
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$0" -m index info --store "$1" {closed}', sys.executable, str(store)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("version ")


def test_a_closed_standard_output_is_one_line(build: Callable[[], BuildReport], store: Path) -> None:
    build()
    done = subprocess.run(
        ["/bin/sh", "-c", '"$0" -m index info --store "$1" >&-', sys.executable, str(store)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 1
    assert is_one_line(done.stderr)


def test_the_output_is_utf_8_whatever_the_locale(build: Callable[[], BuildReport], store: Path) -> None:
    build()
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = process("info", "--store", str(store / "駱馬"), env=environment)
    assert "駱馬" in done.stderr


# --- as a process, with the real model and the given documents


@pytest.fixture(scope="module")
def real(real_store: Path) -> dict[str, str]:
    """Return the environment in which the command line answers from the given documents."""
    return environment(CHRONICLE_STORE=str(real_store), COLUMNS="80")


@pytest.mark.model
def test_the_real_build_lists_what_it_added(real_build: RealBuild) -> None:
    assert "added    llama-rise-and-fall.md: " in real_build.output


# The row of an empty line is short: it stays in a buffer that is not flushed, where a long one would leave it.
LINES = ["Llama 團隊剩下多少人？", "Llama团队剩下多少人?", "", "\x00\u202e🦙", "x" * 1001]
EARLY = 3


@dataclass(frozen=True, slots=True)
class Transcript:
    """What `ask --json -` wrote: `early` while standard input was open, `late` after it was closed."""

    early: str
    late: str
    error: str
    code: int


@pytest.fixture(scope="module")
def transcript(real: dict[str, str]) -> Transcript:
    """Ask LINES in one process: the first ones each when the row of the one before is there, then the rest."""
    with subprocess.Popen(
        [sys.executable, "-m", "index", "ask", "--json", "-", "--top", "5"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=ROOT,
        env=real,
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        early = ""
        for question in LINES[:EARLY]:
            running.stdin.write(f"{question}\n")
            running.stdin.flush()
            if select.select([running.stdout], [], [], PROMPT_SECONDS)[0]:
                early += running.stdout.readline()
        late, error = running.communicate("\n".join(LINES[EARLY:]), timeout=PROMPT_SECONDS)
    return Transcript(early, late, error, running.returncode)


@pytest.mark.model
def test_the_real_rows_keep_the_contract(transcript: Transcript) -> None:
    assert (transcript.code, transcript.error) == (0, "")
    found = rows(transcript.early + transcript.late)
    assert [row["question"] for row in found] == LINES
    ranked = [[(quote["document"], quote["start"]) for quote in items(row)] for row in found]
    assert ranked[0] == ranked[1]
    assert 1 < len(ranked[0]) <= 5
    for quote in (quote for row in found for quote in items(row)):
        text = (DOCUMENTS / quote["document"]).read_bytes().decode("utf-8")
        assert text[quote["start"] : quote["end"]] == quote["text"]


@pytest.mark.model
def test_rows_are_written_while_standard_input_stays_open(transcript: Transcript) -> None:
    assert [row["question"] for row in rows(transcript.early)] == LINES[:EARLY]


@pytest.mark.model
def test_a_real_answer_in_a_pipe_fits_80_columns_is_plain_and_needs_neither_pytorch_nor_sentence_transformers(
    real: dict[str, str],
) -> None:
    program = (
        "import sys; from index import cli\n"
        "try: sys.exit(cli.main(sys.argv[1:]))\n"
        "finally: print(sorted({'torch', 'transformers', 'sentence_transformers', 'onnx', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "ask", QUESTIONS[0]],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env=real,
        check=False,
    )
    *answer, imported = done.stdout.splitlines()
    assert (done.returncode, imported, done.stderr) == (0, "[]", "")
    assert "\x1b" not in done.stdout
    assert max(map(cell_len, answer)) <= 80
    assert "▌" in done.stdout


@pytest.mark.model
def test_the_real_store_verifies(real: dict[str, str]) -> None:
    done = process("verify", env=real)
    assert (done.returncode, done.stderr) == (0, "")
    assert "is sound" in done.stdout


def on_a_terminal(arguments: list[str], typed: str, environment: dict[str, str]) -> str:
    """Run the command line on a terminal of its own, type into it, and return all that it showed."""
    ours, theirs = pty.openpty()
    shown = b""
    with subprocess.Popen(
        [sys.executable, "-m", "index", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=ROOT,
        env={**environment, "TERM": "xterm-256color", "LC_ALL": "en_US.UTF-8"},
    ) as running:
        os.close(theirs)
        os.write(ours, typed.encode())
        while True:
            try:
                read = os.read(ours, 65536)
            except OSError:  # Linux: the other end is closed
                break
            if not read:
                break
            shown += read
        assert running.wait(PROMPT_SECONDS) == 0
    os.close(ours)
    return shown.decode("utf-8")


@pytest.mark.model
def test_the_prompt_answers_in_colour_on_a_terminal(real: dict[str, str]) -> None:
    shown = on_a_terminal(["ask"], "Who founded Mistral AI?\nWas passierte?\n\n", real)
    assert "Ask in 繁體中文" in shown
    assert shown.count("Confidence: ") == 2
    assert GREEN in shown


@pytest.fixture(scope="module")
def colourless(real: dict[str, str]) -> str:
    """Ask QUESTIONS at the prompt of one process, on a terminal that is to have no colour."""
    return on_a_terminal(["ask"], "\n".join([*QUESTIONS, "", ""]), {**real, "NO_COLOR": "1"})


@pytest.mark.model
def test_no_color_is_honoured_on_a_terminal(colourless: str) -> None:
    assert GREEN not in colourless
    assert "▌" in colourless


@pytest.mark.model
@pytest.mark.parametrize("question", QUESTIONS)
def test_the_real_answer_fits_80_columns(question: str, colourless: str) -> None:
    card = re.sub(CONTROL, "", colourless).split(f"\n? {question}")[1].split("\n? ")[0]
    assert max(map(cell_len, card.splitlines())) <= 80
    assert "▌" in card
