"""The record: counts, quotes by hash, and nothing about who asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import ForgottenError, StaleError
from bot.feedback import Feedback, Record
from bot.recall import recall, remember
from tests.bot.world import library, quotes_of

RECORD = Record("en", answered=True, confidence=0.9, elapsed_ms=50.0, version="1", question=None, quotes="[]")


@pytest.fixture
async def feedback(tmp_path: Path) -> AsyncIterator[Feedback]:
    feedback = Feedback(tmp_path / "not" / "there" / "yet")
    yield feedback
    await feedback.close()


async def test_statistics_of_nothing_are_zero(feedback: Feedback) -> None:
    found = await feedback.statistics()

    assert (found.today, found.average, found.median_ms, found.high_ms) == (0, 0, 0, 0)


async def test_median_and_95th_percentile(feedback: Feedback) -> None:
    for number in range(100):
        await feedback.add(replace(RECORD, elapsed_ms=float(number), answered=number % 10 > 0))
    found = await feedback.statistics()

    assert found.today == 100
    assert found.declined == 10
    assert found.median_ms == 49.5
    assert found.high_ms == 95


async def test_what_is_recorded_outlasts_a_restart(feedback: Feedback) -> None:
    number = await feedback.add(replace(RECORD, quotes="[1]"))
    await feedback.close()

    assert (await feedback.find(number)).quotes == "[1]"


async def test_an_unknown_answer_is_forgotten(feedback: Feedback) -> None:
    with pytest.raises(ForgottenError):
        await feedback.find(99)


def test_quotes_are_recalled_as_they_were() -> None:
    quotes = quotes_of(library())

    assert recall(remember(quotes), library()) == quotes


def test_quotes_are_remembered_without_their_text() -> None:
    assert "核心" not in remember(quotes_of(library()))


def test_a_changed_document_is_not_quoted_anew() -> None:
    with pytest.raises(StaleError):
        recall(remember(quotes_of(library())), library(extra="x"))


@pytest.mark.parametrize("written", ["", '[["a"]]', '[{"a":1}]'])
def test_a_damaged_record_is_forgotten(written: str) -> None:
    with pytest.raises(ForgottenError):
        recall(written, library())
