"""Convert answers to the JSON of the command line: one object a line, valid UTF-8."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Any

from index.types import Answer, Outcome, Quote

_UNPAIRED_SURROGATE = re.compile(r"[\ud800-\udfff]")  # UTF-8 cannot encode it
# What a terminal obeys, or takes for the end of a line, and json.dumps leaves as it is.
_OBEYED = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def to_json(value: object) -> str:
    """Return `value` as JSON on one line that is safe to show; an unpaired surrogate becomes U+FFFD."""
    line = _UNPAIRED_SURROGATE.sub("\ufffd", json.dumps(value, ensure_ascii=False))
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def answer_row(answer: Answer, *, stale: bool) -> dict[str, Any]:
    """Return the object of an answer; stale: whether the documents changed since its version was built."""
    return {
        "question": answer.question,
        "answered": answer.answered,
        "outcome": answer.outcome.value,
        "confidence": round(answer.confidence, 4),
        "quotes": [_quote(quote) for quote in answer.quotes],
        "nearest": [_quote(quote) for quote in answer.nearest],
        "elapsed_ms": round(answer.elapsed_ms, 2),
        "error": None,
        "stale": stale,
        "version": answer.version,
        "searched_for": answer.searched_for,
        "front_desk": answer.front_desk,
    }


def error_row(question: str, error: str, *, stale: bool, version: str) -> dict[str, Any]:
    """Return the object of a question that cannot be asked, with the reason."""
    refused = Answer(
        question, Outcome.DECLINED, confidence=0.0, quotes=(), nearest=(), elapsed_ms=0.0, version=version
    )
    return answer_row(refused, stale=stale) | {"error": error}


def _quote(quote: Quote) -> dict[str, Any]:
    written = {
        "document": quote.document,
        "title": quote.title,
        "section": quote.section,
        "start": quote.start,
        "end": quote.end,
        "start_line": quote.start_line,
        "end_line": quote.end_line,
        "text": quote.text,
        "highlights": [[span.start, span.end] for span in quote.highlights],
        "score": round(quote.score, 6),
        "confidence": round(quote.confidence, 4),
        "sha256": quote.sha256,
        "language": quote.language,
        "provenance": dict(quote.provenance),
        "aid": asdict(quote.aid) if quote.aid else None,
        "terms": [asdict(term) for term in quote.terms],
    }
    if quote.also:
        written["also"] = [_quote(other) for other in quote.also]
    if quote.context:
        written["context"] = [
            {"start": each.span.start, "end": each.span.end, "text": each.text} for each in quote.context
        ]
    if quote.page is not None:
        written["page"] = quote.page
    return written
