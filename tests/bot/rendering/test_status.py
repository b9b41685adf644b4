"""The report of a rebuild: grouped, the important first, and within a message."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locales import messages_in
from bot.rendering.layout import TEXT_UNITS
from bot.rendering.status import rebuilt_text
from bot.rendering.text.markdown import units
from index import LANGUAGES, BuildReason, BuildReport, Change, Language, Skipped, SkippedKind

ENGLISH = messages_in("en")
REPORT = BuildReport(
    version="2",
    built=True,
    changes=(Change("new.md", "added", 3, 0),),
    skipped=(
        Skipped("logo.png", "no document", SkippedKind.OTHER_FILE),
        Skipped("notes.md.json", "cannot be read", SkippedKind.NOTE),
        Skipped("broken.pdf", "encrypted", SkippedKind.DOCUMENT),
    ),
    documents=2,
    passages=9,
    encoded=9,
    reasons=(),
    seconds=1.0,
    left_out={"images": 297, "scripts": 12},
)


def test_what_was_left_out_is_counted_by_kind_and_named_where_it_is_a_document() -> None:
    assert rebuilt_text(REPORT, ENGLISH).splitlines()[1:] == [
        "-# Also left out: 297 images; 12 scripts",
        "-# Document left out: broken.pdf — encrypted",
        "-# Warning: notes.md.json — cannot be read",
        "-# Added: new.md (+3 −0)",
    ]


def test_reasons_that_are_told_in_the_same_words_are_told_once() -> None:
    reasons = (BuildReason.OTHER_NORMALIZATION, BuildReason.OTHER_PASSAGES, BuildReason.OTHER_OPENCC)
    lines = rebuilt_text(replace(REPORT, reasons=reasons), ENGLISH).splitlines()
    assert len(lines) == len(set(lines)) == len(rebuilt_text(REPORT, ENGLISH).splitlines()) + 1


@pytest.mark.parametrize(
    ("language", "line"), [("zh-Hant", "297 張圖片、12 個程式檔"), ("zh-Hans", "297 张图片、12 个脚本文件")]
)
def test_the_counts_are_in_the_readers_language(language: Language, line: str) -> None:
    assert line in rebuilt_text(REPORT, messages_in(language))


def test_no_number_of_changes_buries_a_document_that_was_left_out_or_a_warning() -> None:
    changes = tuple(Change(f"page{number}.md", "added", 1, 0) for number in range(500))
    text = rebuilt_text(replace(REPORT, changes=changes), ENGLISH)

    assert "broken.pdf" in text
    assert "notes.md.json" in text
    assert text.splitlines()[-1].startswith("-# … and ")


@given(st.lists(st.text(max_size=300), max_size=60), st.sampled_from(LANGUAGES))
def test_any_report_fits_into_a_message(names: list[str], language: Language) -> None:
    notes = tuple(Skipped(name, name, SkippedKind.DOCUMENT) for name in names)
    report = replace(REPORT, skipped=notes, left_out=dict.fromkeys(names[:20], 3))

    assert units(rebuilt_text(report, messages_in(language))) <= TEXT_UNITS
