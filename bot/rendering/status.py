"""What admins see: the status, and the progress and result of a rebuild."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import discord
from discord import ui

from bot.locales import Messages
from bot.rendering.custom_id import CancelRebuild
from bot.rendering.layout import NEUTRAL, TEXT_UNITS, ButtonSpec, Layout, bold_label, button_row, separator
from bot.rendering.text.markdown import inline, units
from bot.types import BuildProgress, QueryStatistics
from index import BuildReason, BuildReport, BuildStage, SkippedKind, StoreInfo, version_label

_FIELD_UNITS = 200
_VERSIONS = 10
# A line's marks and the number of those that are left out.
_COUNT_UNITS = 20


def status_layout(
    info: StoreInfo,
    statistics: QueryStatistics | None,
    *,
    since: datetime | None,
    watching: str,
    messages: Messages,
) -> Layout:
    """Return which index answers since when, and statistics of its answers.

    since: None while it loads. statistics: None where they cannot be read.
    """
    label = version_label(info.version, info.versions)
    running = messages.status_loading if since is None else discord.utils.format_dt(since, "f")
    documents = messages.status_documents_counts.format(
        documents=len(info.documents), passages=f"{info.passages:,}"
    )
    index_facts = [
        (messages.status_index, messages.status_index_version.format(version=_inline(label))),
        (messages.status_documents, documents),
        (messages.status_model, _inline(info.model)),
        (messages.status_built, _moment(info.built_at)),
        (messages.status_running, running),
        (messages.status_versions, _versions(info, messages)),
        (messages.status_watch, watching),
    ]
    heading = f"### {messages.status_title}\n"
    items = [
        ui.TextDisplay(heading + _facts(index_facts, messages)),
        separator(),
        ui.TextDisplay(_facts(_query_facts(statistics, messages), messages)),
    ]
    return Layout(items, colour=NEUTRAL)


def _query_facts(statistics: QueryStatistics | None, messages: Messages) -> list[tuple[str, str]]:
    if statistics is None:
        return [(messages.status_records, messages.status_no_records)]
    queries = messages.status_query_counts.format(
        today=statistics.today, average=f"{statistics.average:.1f}", declined=statistics.declined
    )
    times = messages.status_time_percentiles.format(
        median=f"{statistics.median_ms:.0f}", high=f"{statistics.high_ms:.0f}"
    )
    votes = messages.status_vote_counts.format(helpful=statistics.helpful, unhelpful=statistics.unhelpful)
    return [
        (messages.status_queries, queries),
        (messages.status_times, times),
        (messages.status_votes, votes),
    ]


def progress_layout(progress: BuildProgress | None, *, seconds: float, build: int, messages: Messages) -> Layout:
    """Return the progress of the rebuild numbered `build`, with a button to cancel it."""
    stage = messages.stage_load
    if progress is not None:
        stage = _stage(progress.stage, messages)
        if progress.total > 1:
            stage += f" {progress.done:,}/{progress.total:,}"
    text = messages.rebuild_progress.format(stage=stage, seconds=f"{seconds:.0f}")
    return running_layout(f"{messages.rebuild_started}\n-# {text}", build=build, messages=messages)


def running_layout(text: str, *, build: int, messages: Messages) -> Layout:
    """Return `text` about the rebuild numbered `build`, with a button to cancel it."""
    cancel = ButtonSpec(messages.cancel, CancelRebuild(build), emoji="⏹️")
    return Layout([ui.TextDisplay(text), button_row([cancel])], colour=NEUTRAL)


def rebuilt_text(report: BuildReport, messages: Messages) -> str:
    """Return what a rebuild left out, warned of and changed; what does not fit into a message is counted."""
    text = _summary(report, messages)
    details = _details(report, messages)
    room = TEXT_UNITS - units(messages.rebuild_more) - _COUNT_UNITS
    for number, detail in enumerate(details):
        line = f"\n-# {detail}"
        if units(text) + units(line) > room:
            return f"{text}\n-# {messages.rebuild_more.format(count=f'{len(details) - number:,}')}"
        text += line
    return text


def _summary(report: BuildReport, messages: Messages) -> str:
    version = _inline(report.version)
    if not report.built:
        return messages.rebuild_unchanged.format(version=version)
    return messages.rebuild_done.format(
        version=version,
        documents=report.documents,
        passages=f"{report.passages:,}",
        added=f"{sum(change.passages_added for change in report.changes):,}",
        removed=f"{sum(change.passages_removed for change in report.changes):,}",
        seconds=f"{report.seconds:.1f}",
    )


def _details(report: BuildReport, messages: Messages) -> list[str]:
    """Return one line per fact, the most important first: reasons, counts, documents left out, warnings, changes."""
    changes = {"added": messages.added, "changed": messages.changed, "removed": messages.removed}
    notes = [note for note in report.skipped if note.kind is not SkippedKind.OTHER_FILE]
    labels = {SkippedKind.DOCUMENT: messages.rebuild_skipped, SkippedKind.NOTE: messages.rebuild_warning}
    left_out = messages.term_separator.join(_counted(kind, n, messages) for kind, n in report.left_out.items())
    return [
        *dict.fromkeys(filter(None, (_reason(reason, messages) for reason in report.reasons))),
        *([messages.labelled.format(label=messages.rebuild_left_out, text=left_out)] if left_out else ()),
        *(
            messages.labelled.format(
                label=labels[note.kind], text=f"{_inline(note.name)} — {_inline(note.reason)}"
            )
            for note in sorted(notes, key=lambda note: note.kind is SkippedKind.NOTE)
        ),
        *(
            messages.labelled.format(
                label=changes[change.kind],
                text=f"{_inline(change.name)} (+{change.passages_added} −{change.passages_removed})",
            )
            for change in report.changes
        ),
    ]


def _counted(kind: str, count: int, messages: Messages) -> str:
    """Return the number of things of one kind that were left out, in words."""
    template = messages.left_out_kinds.get(kind, messages.left_out_other)
    return template.format(count=f"{count:,}", kind=_inline(kind))


def _stage(stage: BuildStage, messages: Messages) -> str:
    return {
        BuildStage.READ: messages.stage_read,
        BuildStage.ENCODE: messages.stage_encode,
        BuildStage.QUESTIONS: messages.stage_questions,
        BuildStage.INDEX: messages.stage_index,
        BuildStage.WRITE: messages.stage_write,
        BuildStage.CHECK: messages.stage_check,
    }[stage]


def _reason(reason: BuildReason, messages: Messages) -> str:
    """Return why everything was built anew, empty if only what changed was."""
    match reason:
        case BuildReason.OTHER_MODEL:
            return messages.rebuild_other_model
        case (
            BuildReason.OTHER_NORMALIZATION
            | BuildReason.OTHER_PASSAGES
            | BuildReason.OTHER_RETRIEVAL
            | BuildReason.OTHER_OPENCC
        ):
            return messages.rebuild_other_rules
        case BuildReason.DAMAGED:
            return messages.rebuild_damaged
        case _:
            return ""


def _facts(facts: Sequence[tuple[str, str]], messages: Messages) -> str:
    return "\n".join(bold_label(label, text, messages=messages) for label, text in facts)


def _versions(info: StoreInfo, messages: Messages) -> str:
    """Return the versions, newest first and one a line, with the current one in bold."""
    names = [(name, _inline(version_label(name, info.versions))) for name in info.versions[:_VERSIONS]]
    marked = [
        f"**{messages.current_version.format(version=shown)}**" if name == info.version else shown
        for name, shown in names
    ]
    return "".join(f"\n-# {entry}" for entry in marked)


def _moment(written: str) -> str:
    """Return an ISO 8601 moment in the reader's own time zone, any other text as it is."""
    try:
        return discord.utils.format_dt(datetime.fromisoformat(written), "f")
    except ValueError:
        return _inline(written)


def _inline(text: str) -> str:
    return inline(text, limit=_FIELD_UNITS)
