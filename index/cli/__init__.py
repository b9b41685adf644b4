"""The command line: what can be typed, and what goes wrong as one line and an exit code."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from index.cli.terminal import PROGRAM, discard_output, prepare, put, say
from index.errors import ChronicleError, QuestionError
from index.settings import Settings

if TYPE_CHECKING:
    from index.cli.session import Place

_DONE, _FAILED, _MISUSED, _INTERRUPTED = 0, 1, 2, 130
_MOST = 50  # items of a ranked list

_Run = Callable[[argparse.Namespace], int | None]


class UsageError(Exception):
    """The command line cannot be understood."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help")

    def print_help(self, file: object = None) -> None:  # noqa: ARG002  argparse would drop an error in silence
        put(self.format_help().rstrip())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; give 0 when it is done, 1 when it could not, 2 when it was asked wrongly."""
    try:
        prepare()
        _log_warnings()
        parsed = _parser().parse_args(arguments)
        code: int | None = parsed.run(parsed)
        sys.stdout.flush()
    except (UsageError, QuestionError) as error:
        say(str(error))
        return _MISUSED
    except ChronicleError as error:
        say(str(error))
        return _FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:  # whoever read has read enough, as `head` does
        discard_output()
        return _DONE
    except OSError as error:
        say(f"{error.filename or 'standard output'}: {error.strerror or error}")
        discard_output()
        return _FAILED
    return code or _DONE


def _log_warnings() -> None:
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)  # here too: bm25s sets its own logger to DEBUG
    logging.basicConfig(format=f"{PROGRAM}: %(message)s", handlers=[handler])


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m index",
        description="Ask the documents: verbatim quotes with citations.",
        epilog="Settings: CHRONICLE_DOCUMENTS, CHRONICLE_STORE, CHRONICLE_MODEL and others; README.md lists them.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: _Run, summary: str, *shared: str) -> argparse.ArgumentParser:
        added = commands.add_parser(
            name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.", allow_abbrev=False
        )
        added.set_defaults(run=run)
        for flag in shared:
            added.add_argument(flag, **_SHARED[flag])
        return added

    command("build", _build, "index what changed in the documents", "--documents", "--store", "--json")
    ask = command("ask", _ask, "answer a question with verbatim quotes", "--documents", "--store", "--json")
    ask.add_argument(
        "question", nargs="*", metavar="QUESTION", help="none: a prompt; -, with --json: one a line of stdin"
    )
    ask.add_argument("--top", type=_top, default=3, metavar="K", help=f"how many quotes at most, 1 to {_MOST} (3)")
    ask.add_argument("--prompt", action="store_true", help="answer (by default a starter question), then prompt")
    command("info", _info, "say what the index holds", "--store", "--json")
    verify = command(
        "verify", _verify, "check the index from its files to its answers", "--documents", "--store", "--json"
    )
    verify.add_argument("--repair", action="store_true", help="build anew what is damaged")
    rollback = command("rollback", _rollback, "go back to an earlier version of the index", "--store")
    rollback.add_argument("version", nargs="?", metavar="VERSION", help="which one (the one before the current)")
    evaluate = command("evaluate", _evaluate, "measure the answers", "--documents", "--store", "--json")
    evaluate.add_argument("--questions", type=_path, nargs="+", metavar="FILE", help=_QUESTIONS)
    evaluate.add_argument("--bench", type=_path, metavar="DIR", help="public question sets to measure on as well")
    evaluate.add_argument("--no-baseline", action="store_true", help="leave out the plain baseline")
    evaluate.add_argument("--report", type=_path, metavar="FOLDER", help=_REPORT)
    calibrate = command(
        "calibrate",
        _calibrate,
        "fit the confidence to questions whose answers are known",
        "--documents",
        "--store",
    )
    calibrate.add_argument("--questions", type=_path, metavar="FILE", help=_QUESTIONS)
    calibrate.add_argument("--bench", type=_path, metavar="DIR", help="public question sets to fit to as well")
    return parser


# Each command imports what it needs when it runs: `--help` and `info` must stay quick.


def _build(arguments: argparse.Namespace) -> None:
    from index.cli.maintenance import run_build

    run_build(_place(arguments), as_json=arguments.json)


def _ask(arguments: argparse.Namespace) -> None:
    from index.cli import ask as asking

    question, place = " ".join(arguments.question), _place(arguments)
    if arguments.json and (arguments.prompt or not arguments.question):
        raise UsageError("--json needs a question, or - to read one a line of standard input, and no prompt")
    if question == asking.STDIN:
        if not arguments.json:
            raise UsageError("questions from standard input (-) need --json")
        asking.ask_lines(place, top=arguments.top)
    elif arguments.prompt:
        asking.ask_on(question if arguments.question else None, place, top=arguments.top)
    elif arguments.question:
        asking.ask_one(question, place, top=arguments.top, as_json=arguments.json)
    else:
        asking.ask_at_prompt(place, top=arguments.top)


def _info(arguments: argparse.Namespace) -> None:
    from index.cli.maintenance import run_info

    run_info(_place(arguments), as_json=arguments.json)


def _verify(arguments: argparse.Namespace) -> None:
    from index.cli.maintenance import run_verify

    run_verify(_place(arguments), repair=arguments.repair, as_json=arguments.json)


def _rollback(arguments: argparse.Namespace) -> None:
    from index.cli.maintenance import run_rollback

    run_rollback(_place(arguments), version=arguments.version)


def _evaluate(arguments: argparse.Namespace) -> None:
    from index.cli.evaluate import Wanted, run_evaluate

    wanted = Wanted(arguments.questions, arguments.bench, not arguments.no_baseline, arguments.report)
    run_evaluate(_place(arguments), wanted, as_json=arguments.json)


def _calibrate(arguments: argparse.Namespace) -> None:
    from index.cli.evaluate import run_calibrate

    run_calibrate(_place(arguments), questions=arguments.questions, bench=arguments.bench)


def _place(arguments: argparse.Namespace) -> Place:
    from index.cli.session import Place

    documents: Path | None = getattr(arguments, "documents", None)
    return Place.of(Settings.load(), documents=documents, store=arguments.store)


def _top(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _MOST):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {_MOST}")
    return int(text)


def _path(text: str) -> Path:
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("names no path")
    return Path(text)


_QUESTIONS = "questions with their evidence, one JSON object a line"
_REPORT = "measure ablations and script variants as well, and write tables, numbers and plots into FOLDER"
_SHARED: Mapping[str, Mapping[str, Any]] = {
    "--documents": {"type": _path, "metavar": "DIR", "help": "the documents (CHRONICLE_DOCUMENTS, or documents)"},
    "--store": {"type": _path, "metavar": "DIR", "help": "the index (CHRONICLE_STORE, or .index)"},
    "--json": {"action": "store_true", "help": "print JSON, one object a line"},
}
