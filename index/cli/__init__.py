"""Parse the command line, run one command, and turn errors into one line and an exit code."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from index.cli.terminal import PROGRAM, HarmlessFormatter, discard_output, prepare, write_error, write_line
from index.errors import ChronicleError, QuestionError
from index.settings import Settings
from index.types import parse_store_location

if TYPE_CHECKING:
    from index.cli.session import Workspace

_DONE, _FAILED, _MISUSED, _INTERRUPTED = 0, 1, 2, 130
_TOP_LIMIT = 50  # items of a ranked list

_Run = Callable[[argparse.Namespace], int | None]


class UsageError(Exception):
    """The command line cannot be understood."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help")

    def print_help(self, file: object = None) -> None:  # noqa: ARG002  argparse swallows write errors
        write_line(self.format_help().rstrip())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 if it is done, 1 if it failed, 2 for wrong usage."""
    try:
        prepare()
        _log_warnings()
        parsed = _parser().parse_args(arguments)
        code: int | None = parsed.run(parsed)
        sys.stdout.flush()
    except (UsageError, QuestionError) as error:
        write_error(str(error))
        return _MISUSED
    except ChronicleError as error:
        write_error(str(error))
        return _FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:  # the reader has closed the pipe, as `head` does
        discard_output()
        return _DONE
    except OSError as error:
        write_error(f"{error.filename or 'standard output'}: {error.strerror or error}")
        discard_output()
        return _FAILED
    return code or _DONE


def _log_warnings() -> None:
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)  # here too: bm25s sets its own logger to DEBUG
    handler.setFormatter(HarmlessFormatter(f"{PROGRAM}: %(message)s"))
    logging.basicConfig(handlers=[handler])


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

    build = command("build", _build, "index what changed in the documents", "--documents", "--store", "--json")
    build.add_argument("--dry-run", action="store_true", help="show what would be indexed; write nothing")
    ask = command("ask", _ask, "answer a question with verbatim quotes", "--documents", "--store", "--json")
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
    command("info", _info, "show what the index holds", "--store", "--json")
    verify = command(
        "verify", _verify, "check the index from its files to its answers", "--documents", "--store", "--json"
    )
    verify.add_argument("--repair", action="store_true", help="rebuild what is damaged")
    rollback = command("rollback", _rollback, "go back to an earlier version of the index", "--store")
    rollback.add_argument(
        "version", nargs="?", metavar="VERSION", help="which one (default: the one before the current)"
    )
    draft = command("draft", _draft, "draft annotations by your own language model", "--documents", "--json")
    draft.add_argument("--endpoint", metavar="URL", help="an OpenAI-compatible address (CHRONICLE_DRAFT_ENDPOINT)")
    draft.add_argument("--model", metavar="NAME", help="the model's name there (CHRONICLE_DRAFT_MODEL)")
    draft.add_argument("--only", metavar="FILE", help="one document, by its path in the documents folder")
    draft.add_argument("--dry-run", action="store_true", help="show what would be asked; send nothing")
    evaluate = command("evaluate", _evaluate, "measure the answers", "--documents", "--store", "--json")
    evaluate.add_argument("--questions", type=_path, nargs="+", metavar="FILE", help=_QUESTIONS)
    evaluate.add_argument(
        "--bench", type=_path, metavar="DIR", help="folder of public datasets to measure as well"
    )
    evaluate.add_argument("--no-baseline", action="store_true", help="leave out the baselines and the arms alone")
    evaluate.add_argument("--report", type=_path, metavar="FOLDER", help=_REPORT)
    calibrate = command(
        "calibrate",
        _calibrate,
        "fit the confidence to questions whose answers are known",
        "--documents",
        "--store",
    )
    calibrate.add_argument("--questions", type=_path, metavar="FILE", help=_QUESTIONS)
    calibrate.add_argument(
        "--bench",
        type=_path,
        nargs="+",
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
    train = commands.add_parser("train", help=_TRAIN, description=f"{_TRAIN.capitalize()}.", allow_abbrev=False)
    train.set_defaults(run=_train)
    train.add_argument("--data", type=_path, required=True, metavar="DIR", help="folder of training corpora")
    train.add_argument("--output", type=_path, required=True, metavar="FILE", help="where the adapter is written")
    train.add_argument("--steps", type=int, metavar="N", help="how many (default: as the shipped adapter)")
    train.add_argument("--threads", type=int, default=1, metavar="N", help="on the CPU (1)")
    train.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    return parser


# Each command imports what it needs when it runs: `--help` and `info` must stay quick.


def _build(arguments: argparse.Namespace) -> None:
    from index.cli.maintenance import run_build, run_dry_build

    run = run_dry_build if arguments.dry_run else run_build
    run(_workspace(arguments), as_json=arguments.json)


def _ask(arguments: argparse.Namespace) -> None:
    from index.cli.ask import STDIN, AskOptions, ask_at_prompt, ask_lines, ask_one, ask_then_prompt

    question, workspace = " ".join(arguments.question), _workspace(arguments)
    options = AskOptions(top=arguments.top, raw=arguments.source, full=arguments.full, previous=arguments.previous)
    if arguments.json and (arguments.prompt or not arguments.question):
        raise UsageError("--json needs a question, or - to read one a line of standard input, and no prompt")
    if question == STDIN:
        if not arguments.json:
            raise UsageError("questions from standard input (-) need --json")
        ask_lines(workspace, options)
    elif arguments.prompt:
        ask_then_prompt(question if arguments.question else None, workspace, options)
    elif arguments.question:
        ask_one(question, workspace, options, as_json=arguments.json)
    else:
        ask_at_prompt(workspace, options)


def _info(arguments: argparse.Namespace) -> None:
    from index.cli.maintenance import run_info

    run_info(_workspace(arguments), as_json=arguments.json)


def _verify(arguments: argparse.Namespace) -> None:
    from index.cli.maintenance import run_verify

    run_verify(_workspace(arguments), repair=arguments.repair, as_json=arguments.json)


def _rollback(arguments: argparse.Namespace) -> None:
    from index.cli.maintenance import run_rollback

    run_rollback(_workspace(arguments), version=arguments.version)


def _draft(arguments: argparse.Namespace) -> int:
    from index.cli.draft import DraftOptions, run_draft

    options = DraftOptions(
        endpoint=arguments.endpoint, model=arguments.model, only=arguments.only, dry_run=arguments.dry_run
    )
    return run_draft(_workspace(arguments), options, as_json=arguments.json)


def _evaluate(arguments: argparse.Namespace) -> None:
    from index.cli.evaluate import EvaluationOptions, run_evaluate

    options = EvaluationOptions(
        questions=arguments.questions,
        bench=arguments.bench,
        baseline=not arguments.no_baseline,
        report=arguments.report,
    )
    run_evaluate(_workspace(arguments), options, as_json=arguments.json)


def _calibrate(arguments: argparse.Namespace) -> None:
    from index.cli.calibrate import CalibrationOptions, run_calibrate

    options = CalibrationOptions(
        questions=arguments.questions, bench=arguments.bench, output=arguments.output, plot=arguments.plot
    )
    run_calibrate(_workspace(arguments), options)


def _train(arguments: argparse.Namespace) -> None:
    from index.cli.train import TrainOptions, run_train

    run_train(
        TrainOptions(
            data=arguments.data,
            output=arguments.output,
            steps=arguments.steps,
            threads=arguments.threads,
            resume=arguments.resume,
        )
    )


def _workspace(arguments: argparse.Namespace) -> Workspace:
    from index.cli.session import Workspace

    settings, named = Settings.load(), getattr(arguments, "store", None)
    store = None if named is None else parse_store_location(named, token=settings.store_token.get_secret_value())
    documents: Path | None = getattr(arguments, "documents", None)
    return Workspace.of(settings, documents=documents, store=store)


def _top(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _TOP_LIMIT):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {_TOP_LIMIT}")
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


_TRAIN = "tune the bundled encoder on questions whose passages are known"
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
