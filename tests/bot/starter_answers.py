"""What the real model answers to the starter questions of the given documents, as `starter_answers.json` keeps it.

The documents are kept byte for byte, so the ranges hold; reading aids are made anew. `python -m tests.bot.starter_answers
STORE` records them again from a store of the given documents, after the ranking or the confidence has changed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from bot.worker.client import TOP
from index import Answer, Language, Outcome, Quote, Span, quote_at
from index.answering.engine import Index
from index.answering.quoting.items import list_items
from index.answering.quoting.reading_aids import add_reading_aids
from index.corpus.corpus import Corpus, build_corpus
from index.corpus.loader import parse_documents
from index.corpus.sources import read_sources
from index.encoding.encoder import load_encoder
from tests.conftest import DOCUMENTS

RECORDED = Path(__file__).with_name("starter_answers.json")


@dataclass(frozen=True)
class StarterAnswer:
    """An answer and the language of its reader."""

    language: Language
    answer: Answer


@cache
def corpus() -> Corpus:
    """Return the corpus of the given documents."""
    sources = read_sources(DOCUMENTS)
    return build_corpus(parse_documents(DOCUMENTS, sources), sources.sidecars)


@cache
def starter_answers() -> tuple[StarterAnswer, ...]:
    """Return the answers to every starter question in every language."""
    return tuple(_answer(row) for row in json.loads(RECORDED.read_text("utf-8")))


def _answer(row: dict[str, Any]) -> StarterAnswer:
    found = [_quote(each) for each in row["quotes"]]
    quotes, items = (
        add_reading_aids(each, corpus(), language=row["language"], answered=True, question=row["question"])
        for each in (found, list_items(found))
    )
    answer = Answer(row["question"], Outcome.ANSWERED, row["confidence"], quotes, (), elapsed_ms=12.0, version="1")
    return StarterAnswer(row["language"], replace(answer, items=items))


def _quote(row: dict[str, Any]) -> Quote:
    document = corpus().library.document(row["document"])
    highlights = tuple(Span(*mark) for mark in row["highlights"])
    return replace(
        quote_at(document, Span(*row["span"]), highlights=highlights),
        also=tuple(_quote(other) for other in row["also"]),
        confidence=row["confidence"],
        best=Span(*row["best"]) if row.get("best") else None,
    )


def _row(quote: Quote) -> dict[str, Any]:
    return {
        "document": quote.document,
        "span": [quote.start, quote.end],
        "highlights": [[mark.start, mark.end] for mark in quote.highlights],
        "confidence": quote.confidence,
        "best": [quote.best.start, quote.best.end] if quote.best else None,
        "also": [_row(other) for other in quote.also],
    }


def record(store: Path, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with the answers that the real model finds in `store`."""
    opened = Index.open(store, load_encoder("bundled"))
    answers = [(row, opened.ask(row["question"], top=TOP)) for row in rows]
    return [
        {
            "language": row["language"],
            "question": row["question"],
            "confidence": answer.confidence,
            "quotes": [_row(quote) for quote in answer.quotes],
        }
        for row, answer in answers
    ]


if __name__ == "__main__":
    recorded = record(Path(sys.argv[1]), json.loads(RECORDED.read_text("utf-8")))
    RECORDED.write_text(json.dumps(recorded, ensure_ascii=False, indent=1) + "\n", "utf-8")
