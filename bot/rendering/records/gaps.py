"""What the documents lack: a card for an admin to read, and a table to work on."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from discord import ui

from bot.locales import Messages, messages_in
from bot.rendering.layout import NEUTRAL, TEXT_UNITS, Item, Layout, notice
from bot.rendering.text.markdown import inline, units
from bot.types import Gap, GapReport
from index import Language

_GAPS: Final = 8
_OTHER_WORDINGS: Final = 2
_QUESTION_UNITS: Final = 160
_COLUMNS: Final = (
    "group",
    "question",
    "language",
    "times",
    "declined",
    "unsure",
    "not_helpful",
    "wrong_passage",
    "not_an_answer",
    "other_reason",
    "first_asked",
    "last_asked",
)
# What a spreadsheet takes for a formula, in full width as well: OWASP, 'CSV Injection'.
_FORMULA: Final = re.compile(r"\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")


def gaps_layout(report: GapReport, *, file: str | None, language: Language) -> Layout:
    """Return the most frequent gaps and, if there is one, the attached file of that name with all of them."""
    messages = messages_in(language)
    heading = f"### {messages.gaps_title}\n-# {_summary(report, messages)}"
    if not report.gaps:
        return notice(heading if report.without_text else f"{heading}\n{messages.gaps_none}")
    text, shown = heading, 0
    for gap in report.gaps[:_GAPS]:
        entry = _entry(gap, messages)
        if units(text) + units(entry) > TEXT_UNITS - _QUESTION_UNITS:
            break
        text, shown = text + entry, shown + 1
    if shown < len(report.gaps):
        text += f"\n-# {messages.gaps_more.format(count=f'{len(report.gaps) - shown:,}')}"
    items: list[Item] = [ui.TextDisplay(text)]
    if file is not None:
        items.append(ui.File(f"attachment://{file}"))
    return Layout(items, colour=NEUTRAL)


def gaps_table(report: GapReport) -> bytes:
    """Return every wording of every gap as CSV that spreadsheets open as it is: UTF-8 with a mark, no formula."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for number, gap in enumerate(report.gaps, start=1):
        for each in gap.wordings:
            text = f"'{each.text}" if _FORMULA.match(each.text) else each.text
            counts = (each.times, each.declined, each.unsure, each.unhelpful)
            reasons = (each.wrong_passage, each.no_answer, each.other)
            writer.writerow((number, text, each.language, *counts, *reasons, each.first, each.last))
    return table.getvalue().encode("utf-8-sig")


def _summary(report: GapReport, messages: Messages) -> str:
    """Return the period, how many questions and groups there are, and what is missing from the groups."""
    questions = f"{sum(gap.times for gap in report.gaps):,}"
    facts = [
        messages.gaps_period.format(days=report.days),
        messages.gaps_counts.format(questions=questions, groups=f"{len(report.gaps):,}"),
        *([messages.gaps_not_kept.format(count=f"{report.without_text:,}")] if report.without_text else ()),
    ]
    unavailable = "" if report.by_meaning else f"\n-# {messages.gaps_by_wording}"
    return " · ".join(facts) + unavailable


def _entry(gap: Gap, messages: Messages) -> str:
    """Return how often a gap was asked, its most frequent wording, how that ended, and further wordings."""
    first, *others = gap.wordings
    times = messages.gaps_times.format(count=f"{gap.times:,}")
    lines = [
        f"**{times}** {inline(first.text, limit=_QUESTION_UNITS)}",
        f"-# {' · '.join(_endings(gap, messages))}",
    ]
    if others:
        listed = messages.term_separator.join(
            inline(each.text, limit=_QUESTION_UNITS // 2) for each in others[:_OTHER_WORDINGS]
        )
        if len(others) > _OTHER_WORDINGS:
            listed = messages.and_more.format(listed=listed, count=len(others) - _OTHER_WORDINGS)
        lines.append(f"-# {messages.gaps_also.format(wordings=listed)}")
    return "".join(f"\n{line}" for line in lines)


def _endings(gap: Gap, messages: Messages) -> Iterator[str]:
    counted = {
        "declined": messages.gaps_declined,
        "unsure": messages.gaps_unsure,
        "unhelpful": messages.gaps_unhelpful,
        "wrong_passage": messages.reason_wrong_passage,
        "no_answer": messages.reason_no_answer,
        "other": messages.reason_other,
    }
    for name, label in counted.items():
        count = sum(getattr(wording, name) for wording in gap.wordings)
        if count:
            yield messages.gaps_ending.format(label=label, count=f"{count:,}")
