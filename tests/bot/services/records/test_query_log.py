"""The query log: counts, quotes by hash, and what was not answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import ForgottenError
from bot.services.document_catalog import DocumentCatalog
from bot.services.quote_serialization import load_quotes
from bot.services.records.query_log import QueryLog
from bot.types import Rating
from index import Outcome
from tests.bot.services.records.samples import ALICE, BOB, LONG_AGO, RECORD
from tests.bot.world import library, quotes_of


async def test_statistics_of_nothing_are_zero(query_log: QueryLog) -> None:
    found = await query_log.statistics()

    assert (found.today, found.average, found.median_ms, found.high_ms) == (0, 0, 0, 0)


async def test_median_and_95th_percentile(query_log: QueryLog) -> None:
    for number in range(100):
        outcome = Outcome.ANSWERED if number % 10 else Outcome.DECLINED
        await query_log.add(replace(RECORD, elapsed_ms=float(number), outcome=outcome))
    found = await query_log.statistics()

    assert found.today == 100
    assert found.declined == 10
    assert found.median_ms == 49.5
    assert found.high_ms == 95


async def test_what_is_recorded_outlasts_a_restart(query_log: QueryLog) -> None:
    number = await query_log.add(replace(RECORD, quotes=quotes_of(library())))
    await query_log.close()

    assert load_quotes((await query_log.find(number)).quotes, DocumentCatalog(library()).tagged) == quotes_of(
        library()
    )


async def test_an_unknown_answer_is_forgotten(query_log: QueryLog) -> None:
    with pytest.raises(ForgottenError):
        await query_log.find(99)


async def test_a_second_rating_replaces_the_first(query_log: QueryLog) -> None:
    number = await query_log.add(replace(RECORD, question="How many?"))
    query_log.rate(number, Rating.HELPFUL, person=ALICE)
    for rating in (Rating.UNHELPFUL, Rating.WRONG_PASSAGE, Rating.NO_ANSWER, Rating.NO_ANSWER):
        query_log.rate(number, rating, person=BOB)
    (asked,) = await query_log.unanswered(since=LONG_AGO)
    found = await query_log.statistics()

    assert (found.helpful, found.unhelpful) == (1, 1)
    assert (asked.unhelpful, asked.wrong_passage, asked.no_answer, asked.other) == (1, 0, 1, 0)


async def test_what_was_answered_and_not_rated_down_is_no_gap(query_log: QueryLog) -> None:
    await query_log.add(replace(RECORD, question="answered"))
    await query_log.add(replace(RECORD, question="unsure", outcome=Outcome.UNSURE))
    await query_log.add(replace(RECORD, question="declined", outcome=Outcome.DECLINED))

    found = await query_log.unanswered(since=LONG_AGO)
    assert {(each.text, each.outcome) for each in found} == {
        ("unsure", Outcome.UNSURE),
        ("declined", Outcome.DECLINED),
    }
    assert await query_log.unanswered(since=datetime.now(UTC) + timedelta(minutes=1)) == []
