"""Cards and lines for the operator: the status, a rebuild's progress and its result."""

from __future__ import annotations

from datetime import datetime

import discord
from discord import ui

from bot.locales import Messages
from bot.rendering.custom_id import CancelRebuild
from bot.rendering.layout import NEUTRAL, TEXT_UNITS, ButtonSpec, Layout, line, row
from bot.rendering.markdown import inline, units
from bot.types import BuildProgress, QueryStatistics
from index import BuildReport, StoreInfo

_FIELD_UNITS = 200


_VERSIONS = 10


def status_layout(
    info: StoreInfo, statistics: QueryStatistics, *, since: datetime | None, watching: str, messages: Messages
) -> Layout:
    """Show the index that answers, and how it has been answering."""
    model = inline(info.model, limit=_FIELD_UNITS)
    running = (
        messages.status_loading
        if since is None
        else messages.status_running.format(since=discord.utils.format_dt(since, "f"))
    )
    about_index = [
        f"### {messages.status_title}",
        messages.status_version.format(version=inline(info.version, limit=_FIELD_UNITS)),
        messages.status_documents.format(documents=len(info.documents), passages=f"{info.passages:,}"),
        messages.status_model.format(model=model),
        messages.status_built.format(built=_moment(info.built_at)),
        running,
        messages.status_versions.format(versions=_versions(info, messages)),
        watching,
    ]
    about_answers = [
        messages.status_answers.format(
            today=statistics.today, average=f"{statistics.average:.1f}", declined=statistics.declined
        ),
        messages.status_times.format(median=f"{statistics.median_ms:.0f}", high=f"{statistics.high_ms:.0f}"),
        messages.status_liked.format(helpful=statistics.helpful, unhelpful=statistics.unhelpful),
    ]
    items = [ui.TextDisplay("\n".join(about_index)), line(), ui.TextDisplay("\n".join(about_answers))]
    return Layout(items, colour=NEUTRAL)


def progress_layout(progress: BuildProgress | None, *, seconds: float, build: int, messages: Messages) -> Layout:
    """Say how far a rebuild is, with a button to cancel it."""
    told = messages.stage_load
    if progress is not None:
        told = _stages(messages).get(progress.stage, inline(progress.stage, limit=_FIELD_UNITS))
        if progress.total > 1:
            told += f" {progress.done:,}/{progress.total:,}"
    text = messages.rebuild_progress.format(stage=told, seconds=f"{seconds:.0f}")
    cancel = ButtonSpec(messages.cancel, CancelRebuild(build), emoji="⏹️")
    return Layout([ui.TextDisplay(f"{messages.rebuild_started}\n-# {text}"), row([cancel])], colour=NEUTRAL)


def _stages(messages: Messages) -> dict[str, str]:
    """Give the words for the stages that the library names."""
    return {
        "read": messages.stage_read,
        "encode": messages.stage_encode,
        "questions": messages.stage_questions,
        "index": messages.stage_index,
        "write": messages.stage_write,
        "check": messages.stage_check,
    }


def _versions(info: StoreInfo, messages: Messages) -> str:
    """List the versions, newest first, the current one in bold."""
    names = [(name, inline(name, limit=_FIELD_UNITS)) for name in info.versions[:_VERSIONS]]
    marked = [
        f"**{messages.current_version.format(version=shown)}**" if name == info.version else shown
        for name, shown in names
    ]
    return "".join(f"\n-# {entry}" for entry in marked)


def rebuilt_text(report: BuildReport, messages: Messages) -> str:
    """Say what a rebuild changed and left out."""
    version = inline(report.version, limit=_FIELD_UNITS)
    summary = messages.rebuild_unchanged.format(version=version)
    if report.built:
        summary = messages.rebuild_done.format(
            version=version,
            documents=report.documents,
            passages=f"{report.passages:,}",
            added=f"{sum(change.passages_added for change in report.changes):,}",
            removed=f"{sum(change.passages_removed for change in report.changes):,}",
            seconds=f"{report.seconds:.1f}",
        )
    labels = {"added": messages.added, "changed": messages.changed, "removed": messages.removed}
    details = [line for why, line in _whys(messages).items() if why in report.reason]
    details += [
        f"{labels[change.kind]}: {inline(change.name, limit=_FIELD_UNITS)} "
        f"(+{change.passages_added} −{change.passages_removed})"
        for change in report.changes
    ]
    details += [
        f"{messages.rebuild_skipped}: {inline(skipped.name, limit=_FIELD_UNITS)} — "
        f"{inline(skipped.reason, limit=_FIELD_UNITS)}"
        for skipped in report.skipped
    ]
    text = summary
    for detail in details:
        if units(text) + units(detail) + 6 > TEXT_UNITS:
            return text
        text += f"\n-# {detail}"
    return text


def _whys(messages: Messages) -> dict[str, str]:
    """Give the lines for the library's reasons to build all anew."""
    return {
        "another model": messages.rebuild_other_model,
        "rules": messages.rebuild_other_rules,
        "OpenCC": messages.rebuild_other_rules,
        "was damaged": messages.rebuild_not_whole,
    }


def _moment(written: str) -> str:
    """Show a moment in the reader's own time zone; what is no moment is shown as it is."""
    try:
        return discord.utils.format_dt(datetime.fromisoformat(written), "f")
    except ValueError:
        return inline(written, limit=_FIELD_UNITS)
