"""Quotes in the query log: by hash and range, and never from another document."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import ForgottenError, StaleError
from bot.services.document_catalog import DocumentCatalog
from bot.services.quote_serialization import dump_quotes, load_quotes
from index import AidKind, LocalizedTerm, ReadingAid
from tests.bot.world import library, quotes_of


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
