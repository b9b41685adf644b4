"""Cards and lines for the operator: the status, a rebuild's progress and its result."""

from __future__ import annotations

from datetime import datetime

import discord
from discord import ui

from bot.card import NEUTRAL, TEXT_UNITS, Card, Key, line, row
from bot.escape import inline, units
from bot.feedback import Statistics
from bot.locales import Texts
from bot.presses import CancelRebuild
from bot.protocol import Progress
from index import BuildReport, StoreInfo

_FIELD_UNITS = 200


_VERSIONS = 10


def status_card(
    info: StoreInfo, statistics: Statistics, *, since: datetime | None, watching: str, texts: Texts
) -> Card:
    """Show the index that answers, and how it has been answering."""
    model = inline(info.model, limit=_FIELD_UNITS)
    running = (
        texts.status_loading
        if since is None
        else texts.status_running.format(since=discord.utils.format_dt(since, "f"))
    )
    about_index = [
        f"### {texts.status_title}",
        texts.status_version.format(version=inline(info.version, limit=_FIELD_UNITS)),
        texts.status_documents.format(documents=len(info.documents), passages=f"{info.passages:,}"),
        texts.status_model.format(model=model),
        texts.status_built.format(built=_moment(info.built_at)),
        running,
        texts.status_versions.format(versions=_versions(info, texts)),
        watching,
    ]
    about_answers = [
        texts.status_answers.format(
            today=statistics.today, average=f"{statistics.average:.1f}", declined=statistics.declined
        ),
        texts.status_times.format(median=f"{statistics.median_ms:.0f}", high=f"{statistics.high_ms:.0f}"),
        texts.status_liked.format(helpful=statistics.helpful, unhelpful=statistics.unhelpful),
    ]
    items = [ui.TextDisplay("\n".join(about_index)), line(), ui.TextDisplay("\n".join(about_answers))]
    return Card(items, colour=NEUTRAL)


def progress_card(progress: Progress | None, *, seconds: float, build: int, texts: Texts) -> Card:
    """Say how far a rebuild is, with a button to cancel it."""
    told = texts.stage_load
    if progress is not None:
        told = _stages(texts).get(progress.stage, inline(progress.stage, limit=_FIELD_UNITS))
        if progress.total > 1:
            told += f" {progress.done:,}/{progress.total:,}"
    text = texts.rebuild_progress.format(stage=told, seconds=f"{seconds:.0f}")
    cancel = Key(texts.cancel, CancelRebuild(build), emoji="⏹️")
    return Card([ui.TextDisplay(f"{texts.rebuild_started}\n-# {text}"), row([cancel])], colour=NEUTRAL)


def _stages(texts: Texts) -> dict[str, str]:
    """Give the words for the stages that the library names."""
    return {
        "read": texts.stage_read,
        "encode": texts.stage_encode,
        "questions": texts.stage_questions,
        "index": texts.stage_index,
        "write": texts.stage_write,
        "check": texts.stage_check,
    }


def _versions(info: StoreInfo, texts: Texts) -> str:
    """List the versions, newest first, the current one in bold."""
    names = [(name, inline(name, limit=_FIELD_UNITS)) for name in info.versions[:_VERSIONS]]
    marked = [
        f"**{texts.current_version.format(version=shown)}**" if name == info.version else shown
        for name, shown in names
    ]
    return "".join(f"\n-# {entry}" for entry in marked)


def rebuilt_text(report: BuildReport, texts: Texts) -> str:
    """Say what a rebuild changed and left out."""
    version = inline(report.version, limit=_FIELD_UNITS)
    summary = texts.rebuild_unchanged.format(version=version)
    if report.built:
        summary = texts.rebuild_done.format(
            version=version,
            documents=report.documents,
            passages=f"{report.passages:,}",
            added=f"{sum(change.passages_added for change in report.changes):,}",
            removed=f"{sum(change.passages_removed for change in report.changes):,}",
            seconds=f"{report.seconds:.1f}",
        )
    labels = {"added": texts.added, "changed": texts.changed, "removed": texts.removed}
    details = [line for why, line in _whys(texts).items() if why in report.reason]
    details += [
        f"{labels[change.kind]}: {inline(change.name, limit=_FIELD_UNITS)} "
        f"(+{change.passages_added} −{change.passages_removed})"
        for change in report.changes
    ]
    details += [
        f"{texts.rebuild_skipped}: {inline(skipped.name, limit=_FIELD_UNITS)} — "
        f"{inline(skipped.reason, limit=_FIELD_UNITS)}"
        for skipped in report.skipped
    ]
    text = summary
    for detail in details:
        if units(text) + units(detail) + 6 > TEXT_UNITS:
            return text
        text += f"\n-# {detail}"
    return text


def _whys(texts: Texts) -> dict[str, str]:
    """Give the lines for the library's reasons to build all anew."""
    return {
        "another model": texts.rebuild_other_model,
        "rules": texts.rebuild_other_rules,
        "OpenCC": texts.rebuild_other_rules,
        "was damaged": texts.rebuild_not_whole,
    }


def _moment(written: str) -> str:
    """Show a moment in the reader's own time zone; what is no moment is shown as it is."""
    try:
        return discord.utils.format_dt(datetime.fromisoformat(written), "f")
    except ValueError:
        return inline(written, limit=_FIELD_UNITS)
