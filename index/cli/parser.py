"""The command line's commands and options."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from index.cli import commands
from index.cli.commands import UsageError
from index.cli.terminal import write_line
from index.types import parse_store_location

_TOP_LIMIT = 50  # items of a ranked list

_Run = Callable[[argparse.Namespace], int | None]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help")

    def print_help(self, file: object = None) -> None:  # noqa: ARG002  argparse swallows write errors
        write_line(self.format_help().rstrip())


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; what it parsed has `run`, its command. It raises UsageError."""
    parser = _Parser(
        prog="python -m index",
        description="Ask the documents: verbatim quotes with citations.",
        epilog="Settings: CHRONICLE_DOCUMENTS, CHRONICLE_STORE, CHRONICLE_MODEL and others; README.md lists them.",
        allow_abbrev=False,
    )
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: _Run, summary: str, *shared: str) -> argparse.ArgumentParser:
        added = subparsers.add_parser(
            name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.", allow_abbrev=False
        )
        added.set_defaults(run=run)
        for flag in shared:
            added.add_argument(flag, **_SHARED[flag])
        return added

    build = command(
        "build", commands.build, "index what changed in the documents", "--documents", "--store", "--json"
    )
    build.add_argument("--dry-run", action="store_true", help="show what would be indexed; write nothing")
    ask = command(
        "ask", commands.ask, "answer a question with verbatim quotes", "--documents", "--store", "--json"
    )
    ask.add_argument(
        "question", nargs="*", metavar="QUESTION", help="none: a prompt; -, with --json: one a line of stdin"
    )
    ask.add_argument(
        "--top", type=_top, default=3, metavar="K", help=f"how many quotes at most, 1 to {_TOP_LIMIT} (3)"
    )
    ask.add_argument(
        "--previous", metavar="TEXT", help="the question before, which lends its topic to one that has none"
    )
    ask.add_argument("--full", action="store_true", help="show all K quotes, as whole passages")
    ask.add_argument("--source", action="store_true", help="the same as their exact text, with its markup")
    ask.add_argument("--prompt", action="store_true", help="answer (by default a starter question), then prompt")
    command("info", commands.info, "show what the index holds", "--store", "--json")
    verify = command(
        "verify",
        commands.verify,
        "check the index from its files to its answers",
        "--documents",
        "--store",
        "--json",
    )
    verify.add_argument("--repair", action="store_true", help="rebuild what is damaged")
    rollback = command("rollback", commands.rollback, "go back to an earlier version of the index", "--store")
    rollback.add_argument(
        "version", nargs="?", metavar="VERSION", help="which one (default: the one before the current)"
    )
    draft = command(
        "draft", commands.draft, "draft annotations by your own language model", "--documents", "--json"
    )
    draft.add_argument("--endpoint", metavar="URL", help="an OpenAI-compatible address (CHRONICLE_DRAFT_ENDPOINT)")
    draft.add_argument("--model", metavar="NAME", help="the model's name there (CHRONICLE_DRAFT_MODEL)")
    draft.add_argument("--only", metavar="FILE", help="one document, by its path in the documents folder")
    draft.add_argument("--dry-run", action="store_true", help="show what would be asked; send nothing")
    evaluate = command("evaluate", commands.evaluate, "measure the answers", "--documents", "--store", "--json")
    evaluate.add_argument("--questions", type=_path, nargs="+", metavar="FILE", help=_QUESTIONS)
    evaluate.add_argument(
        "--bench", type=_path, metavar="DIR", help="folder of public datasets to measure as well"
    )
    evaluate.add_argument("--no-baseline", action="store_true", help="leave out the baselines and the arms alone")
    evaluate.add_argument("--report", type=_path, metavar="FOLDER", help=_REPORT)
    calibrate = command(
        "calibrate",
        commands.calibrate,
        "fit the confidence to questions whose answers are known",
        "--documents",
        "--store",
    )
    calibrate.add_argument("--questions", type=_path, metavar="FILE", help=_QUESTIONS)
    calibrate.add_argument(
        "--bench",
        type=_path,
        nargs="+",
        action="extend",
        metavar="DIR",
        default=[],
        help="folders of question sets to fit to as well",
    )
    calibrate.add_argument(
        "--output", type=_path, metavar="FILE", help="where to write the calibration (default: into the store)"
    )
    calibrate.add_argument(
        "--plot", type=_path, metavar="FILE", help="draw how reliable it is for each pair of languages (PNG)"
    )
    train = subparsers.add_parser("train", help=_TRAIN, description=f"{_TRAIN.capitalize()}.", allow_abbrev=False)
    train.set_defaults(run=commands.train)
    train.add_argument("model", nargs="?", choices=("encoder", "reader"), default="encoder", help=_TRAINED)
    train.add_argument("--data", type=_path, required=True, metavar="DIR", help="folder of training corpora")
    train.add_argument(
        "--output",
        type=_path,
        required=True,
        metavar="PATH",
        help="the file to write: the adapter, or the reader's graph",
    )
    train.add_argument(
        "--steps", type=_count, metavar="N", help="how many (encoder 1000, each of the reader's networks 4500)"
    )
    train.add_argument("--threads", type=_count, default=1, metavar="N", help="on the CPU (1)")
    train.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    return parser


def _top(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _TOP_LIMIT):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {_TOP_LIMIT}")
    return int(text)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1")
    return int(text)


def _path(text: str) -> Path:
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("names no path")
    return Path(text)


def _store(text: str) -> str:
    """Return `text` if it names a store; it is parsed again with the settings' key."""
    try:
        parse_store_location(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


_TRAIN = "tune the bundled encoder, or train the reader, on questions whose passages are known"
_TRAINED = "encoder: low-rank changes of the bundled one; reader: what reads the first passages (encoder)"
_QUESTIONS = "questions with their evidence, one JSON object a line"
_REPORT = "measure ablations and script variants as well, and write tables, numbers and plots into FOLDER"
_SHARED: Mapping[str, Mapping[str, Any]] = {
    "--documents": {"type": _path, "metavar": "DIR", "help": "the documents (CHRONICLE_DOCUMENTS, or documents)"},
    "--store": {
        "type": _store,
        "metavar": "DIR",
        "help": "the index, a folder or in Milvus (CHRONICLE_STORE, or .index)",
    },
    "--json": {"action": "store_true", "help": "print JSON, one object a line"},
}
