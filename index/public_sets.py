"""Public question sets as documents and questions.

A set is a folder with `corpus.jsonl` (id, title, text, lang) and `queries.jsonl` (text, lang, relevant,
answerable): XQuAD (google-deepmind/xquad), DRCD (DRCKnowledgeTeam/DRCD), STARD (oneal2000/STARD). A row of
the corpus is one document.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import DocumentsError
from index.evaluate import Question
from index.types import Document, Language, Library, Paragraph, Span

_LANGUAGES: dict[str, Language] = {"en": "en", "zh-Hant": "zh-Hant"}


@dataclass(frozen=True, slots=True)
class PublicSet:
    """One set: its name, its corpus and its questions."""

    name: str
    library: Library
    questions: tuple[Question, ...]


def read_public_sets(folder: Path) -> list[PublicSet]:
    """Read every set below `folder`. Raises DocumentsError when there is none, or one is no such set."""
    found = sorted(path.parent for path in folder.glob("*/queries.jsonl"))
    if not found:
        raise DocumentsError(f"no question set in {folder}: each is a folder with corpus.jsonl and queries.jsonl")
    return [_read(path) for path in found]


def _read(folder: Path) -> PublicSet:
    try:
        documents = tuple(_document(row) for row in _rows(folder / "corpus.jsonl"))
        questions = tuple(_question(row) for row in _rows(folder / "queries.jsonl"))
    except (OSError, UnicodeDecodeError, ValueError, KeyError) as error:
        raise DocumentsError(f"{folder} is no question set: {error}") from error
    return PublicSet(folder.name, Library(documents), questions)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _document(row: dict[str, Any]) -> Document:
    text: str = row["text"]
    lines = [Span(*line.span()) for line in re.finditer(r"[^\n]*\S[^\n]*", text)]
    return Document(
        name=row["id"],
        title=row["title"],
        language=_LANGUAGES.get(row["lang"], "zh-Hans"),
        text=text,
        sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        paragraphs=tuple(Paragraph(line, ()) for line in lines),
    )


def _question(row: dict[str, Any]) -> Question:
    relevant = tuple(row["relevant"]) if row.get("answerable", True) else ()
    return Question(row["text"], row["lang"], "public", "-".join(row["relevant"]) or row["id"], relevant=relevant)
