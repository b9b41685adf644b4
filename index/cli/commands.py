"""What each command does with its arguments.

Each imports what it needs when it runs: `--help` and `info` must stay quick.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from index.settings import Settings
from index.types import parse_store_location

if TYPE_CHECKING:
    from index.cli.session import Workspace


class UsageError(Exception):
    """The command line cannot be understood."""


def build(arguments: argparse.Namespace) -> None:
    """Bring the index up to date, or show what would be indexed."""
    from index.cli.maintenance import run_build, run_dry_build

    run = run_dry_build if arguments.dry_run else run_build
    run(_workspace(arguments), as_json=arguments.json)


def ask(arguments: argparse.Namespace) -> None:
    """Answer a question, the questions of standard input, or those of a prompt. Raises UsageError."""
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


def info(arguments: argparse.Namespace) -> None:
    """Show what the index holds."""
    from index.cli.maintenance import run_info

    run_info(_workspace(arguments), as_json=arguments.json)


def verify(arguments: argparse.Namespace) -> None:
    """Check the index."""
    from index.cli.maintenance import run_verify

    run_verify(_workspace(arguments), repair=arguments.repair, as_json=arguments.json)


def rollback(arguments: argparse.Namespace) -> None:
    """Go back to an earlier version of the index."""
    from index.cli.maintenance import run_rollback

    run_rollback(_workspace(arguments), version=arguments.version)


def draft(arguments: argparse.Namespace) -> int:
    """Draft annotations; return the exit code."""
    from index.cli.draft import DraftOptions, run_draft

    options = DraftOptions(
        endpoint=arguments.endpoint, model=arguments.model, only=arguments.only, dry_run=arguments.dry_run
    )
    return run_draft(_workspace(arguments), options, as_json=arguments.json)


def evaluate(arguments: argparse.Namespace) -> None:
    """Measure the answers."""
    from index.cli.quality.evaluate import EvaluationOptions, run_evaluate

    options = EvaluationOptions(
        questions=arguments.questions,
        bench=arguments.bench,
        baseline=not arguments.no_baseline,
        report=arguments.report,
    )
    run_evaluate(_workspace(arguments), options, as_json=arguments.json)


def calibrate(arguments: argparse.Namespace) -> None:
    """Fit the confidence."""
    from index.cli.quality.calibrate import CalibrationOptions, run_calibrate

    options = CalibrationOptions(
        questions=arguments.questions, bench=arguments.bench, output=arguments.output, plot=arguments.plot
    )
    run_calibrate(_workspace(arguments), options)


def train(arguments: argparse.Namespace) -> None:
    """Tune the bundled encoder, or train the reader."""
    from index.cli.quality.train import TrainOptions, run_train, run_train_reader

    options = TrainOptions(
        data=arguments.data,
        output=arguments.output,
        steps=arguments.steps,
        threads=arguments.threads,
        resume=arguments.resume,
    )
    (run_train_reader if arguments.model == "reader" else run_train)(options)


def _workspace(arguments: argparse.Namespace) -> Workspace:
    from index.cli.session import Workspace

    settings, named = Settings.load(), getattr(arguments, "store", None)
    store = None if named is None else parse_store_location(named, token=settings.store_token.get_secret_value())
    documents: Path | None = getattr(arguments, "documents", None)
    return Workspace.of(settings, documents=documents, store=store)
