"""The command `draft`: annotations by the user's own language model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from index.cli.progress import progress
from index.cli.session import Workspace
from index.cli.terminal import write_error, write_line
from index.cli.views.json_output import to_json
from index.errors import DraftError, SettingsError

if TYPE_CHECKING:
    from index.drafting.drafter import Drafter, DraftReport
    from index.drafting.plan import DraftPlan

_KEPT = "what was drafted is kept: run the command again to go on"


@dataclass(frozen=True, slots=True)
class DraftOptions:
    """What to draft by which model; endpoint and model are those of the settings where they are None."""

    endpoint: str | None
    model: str | None
    only: str | None
    dry_run: bool


def run_draft(workspace: Workspace, options: DraftOptions, *, as_json: bool) -> int:
    """Draft what is missing and print what was kept; return 1 if paragraphs are left for another run.

    Raises DocumentsError, DraftError, SettingsError.
    """
    try:
        from index.drafting.client import DraftClient
        from index.drafting.drafter import Drafter
        from index.drafting.plan import plan_drafts
        from index.drafting.transport import Endpoint
    except ModuleNotFoundError as error:
        if error.name not in {"httpx2", "tomli_w"}:
            raise
        install = "install it with `pip install 'llama-chronicle[draft]'`"
        raise DraftError(f"drafting needs the package {error.name!r}; {install}") from error
    plan = plan_drafts(workspace.documents, only=options.only)
    if options.dry_run:
        write_line(to_json(_plan_row(plan)) if as_json else _plan_line(plan))
        return 0
    settings = workspace.settings
    model = (options.model or settings.draft_model).strip()
    if not model:
        raise SettingsError("no model is named: use --model NAME or set CHRONICLE_DRAFT_MODEL")
    endpoint = Endpoint.of(
        options.endpoint or settings.draft_endpoint,
        model,
        key=settings.draft_key.get_secret_value(),
        timeout_seconds=settings.draft_timeout_seconds,
    )
    if not plan.batches:
        write_line(to_json(_plan_row(plan)) if as_json else _plan_line(plan))
        return 0
    with DraftClient(endpoint) as client:
        report = _run(Drafter(workspace.documents, plan, client, note=write_error))
    for line in [to_json(asdict(report))] if as_json else _report_lines(report):
        write_line(line)
    return int(report.failed > 0)


def _run(drafter: Drafter) -> DraftReport:
    """Run with a progress bar. Raises DraftError, KeyboardInterrupt, each after saying what was done."""
    with progress() as bar:

        def show(report: DraftReport) -> None:
            tokens = report.tokens_read + report.tokens_written
            bar.step("drafting", report.done + report.failed, report.planned, detail=f"{tokens:,} tokens")

        bar.step("drafting", 0, drafter.report().planned)
        try:
            return drafter.run(show)
        except DraftError as error:
            raise DraftError(f"{error}; {_done(drafter.report())}") from error
        except KeyboardInterrupt:
            write_error(f"interrupted: {_done(drafter.report())}")
            raise


def _done(report: DraftReport) -> str:
    if not report.done:
        return "nothing was drafted yet"
    return f"{report.done} of {report.planned} paragraphs were drafted; {_KEPT}"


def _plan_row(plan: DraftPlan) -> dict[str, int]:
    return {
        "paragraphs": plan.paragraphs,
        "requests": len(plan.batches),
        "tokens": plan.tokens,
        "annotated": plan.annotated,
        "too_long": plan.too_long,
    }


def _plan_line(plan: DraftPlan) -> str:
    if not plan.batches:
        line = f"nothing to draft: {plan.annotated} paragraphs are annotated"
    else:
        line = (
            f"{plan.paragraphs} paragraphs to draft in {len(plan.batches)} requests, and up to as many to check "
            f"unanswerable questions: about {plan.tokens:,} tokens; {plan.annotated} paragraphs are annotated"
        )
    return line + (f"; {plan.too_long} are too long" if plan.too_long else "")


def _report_lines(report: DraftReport) -> Iterator[str]:
    yield (
        f"drafted {report.done} of {report.planned} paragraphs: {report.translations} translations, "
        f"{report.restatements} restatements, {report.questions} questions, {report.unanswerable} unanswerable ones"
    )
    if report.dropped:
        yield f"dropped: {'; '.join(f'{count} {why}' for why, count in report.dropped.items())}"
    yield (
        f"{report.requests} requests, {report.tokens_read:,} tokens read and {report.tokens_written:,} written; "
        "no person has checked the drafts; `python -m index build` makes them count"
    )
    if report.failed:
        yield f"{report.failed} paragraphs are left: run the command again"
