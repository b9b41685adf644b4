"""The query log: counts, quotes by hash, and nothing about who asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import ForgottenError, StaleError
from bot.services.document_catalog import DocumentCatalog
from bot.services.query_log import QueryLog, QueryRecord
from bot.services.quote_serialization import dump_quotes, load_quotes
from index import AidKind, LocalizedTerm, ReadingAid
from tests.bot.world import library, quotes_of

RECORD = QueryRecord("en", answered=True, confidence=0.9, elapsed_ms=50.0, version="1", question=None, quotes=())


@pytest.fixture
async def query_log(tmp_path: Path) -> AsyncIterator[QueryLog]:
    query_log = QueryLog(tmp_path / "not" / "there" / "yet")
    yield query_log
    await query_log.close()


async def test_statistics_of_nothing_are_zero(query_log: QueryLog) -> None:
    found = await query_log.statistics()

    assert (found.today, found.average, found.median_ms, found.high_ms) == (0, 0, 0, 0)


async def test_median_and_95th_percentile(query_log: QueryLog) -> None:
    for number in range(100):
        await query_log.add(replace(RECORD, elapsed_ms=float(number), answered=number % 10 > 0))
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


def test_quotes_are_loaded_as_they_were_logged() -> None:
    quotes = quotes_of(library())

    assert load_quotes(dump_quotes(quotes), DocumentCatalog(library()).tagged) == quotes


def test_quotes_are_logged_without_their_text() -> None:
    assert "核心" not in dump_quotes(quotes_of(library()))


def test_a_changed_document_is_not_quoted_anew() -> None:
    with pytest.raises(StaleError):
        load_quotes(dump_quotes(quotes_of(library())), DocumentCatalog(library(extra="x")).tagged)


@pytest.mark.parametrize("written", ["", '[["a"]]', '[{"a":1}]'])
def test_a_damaged_record_is_forgotten(written: str) -> None:
    with pytest.raises(ForgottenError):
        load_quotes(written, DocumentCatalog(library()).tagged)


def test_translations_and_terms_are_logged_with_their_quotes() -> None:
    first, *others = quotes_of(library())
    aid = ReadingAid(AidKind.TRANSLATION, "Only three of the 14 authors remain.", drafted_by="small")
    quotes = (replace(first, aid=aid, terms=(LocalizedTerm("團隊", "team"),)), *others)

    assert load_quotes(dump_quotes(quotes), DocumentCatalog(library()).tagged) == quotes
