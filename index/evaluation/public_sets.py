"""Public question sets as documents and questions.

A set is a folder with `corpus.jsonl` (id, title, text, lang) and `queries.jsonl` (text, lang, relevant,
answerable): XQuAD (google-deepmind/xquad), DRCD (DRCKnowledgeTeam/DRCD), STARD (oneal2000/STARD). A row of
the corpus is one document.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.errors import DocumentsError
from index.evaluation.metrics import Question
from index.text.chinese import converter
from index.types import Block, Document, Language, Library, Span

_LANGUAGES: dict[str, Language] = {"en": "en", "zh-Hant": "zh-Hant"}
_OTHER: dict[str, Language] = {"zh-Hans": "zh-Hant", "zh-Hant": "zh-Hans"}
_CONVERSIONS = {"zh-Hans": "s2t", "zh-Hant": "t2s"}  # OpenCC's, and the language that each is from


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


def in_other_script(of: PublicSet) -> dict[str, PublicSet]:
    """Give a set with its questions, and with its corpus, in the other Chinese script, where that changes any."""
    questions = tuple(
        replace(each, text=_convert(each.text, each.language), language=_OTHER.get(each.language, each.language))
        for each in of.questions
    )
    documents = tuple(map(_converted, of.library.documents))
    variants = {
        "questions in the other script": replace(of, questions=questions),
        "corpus in the other script": replace(of, library=Library(documents)),
    }
    return {name: changed for name, changed in variants.items() if changed != of}


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
    return _document_of(row["id"], row["title"], row["text"], _LANGUAGES.get(row["lang"], "zh-Hans"))


def _document_of(name: str, title: str, text: str, language: Language) -> Document:
    lines = [Span(*line.span()) for line in re.finditer(r"[^\n]*\S[^\n]*", text)]
    return Document(
        name=name,
        title=title,
        language=language,
        text=text,
        sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        blocks=tuple(Block(line, ()) for line in lines),
    )


def _question(row: dict[str, Any]) -> Question:
    relevant = tuple(row["relevant"]) if row.get("answerable", True) else ()
    return Question(row["text"], row["lang"], "public", "-".join(row["relevant"]) or row["id"], relevant=relevant)


def _converted(document: Document) -> Document:
    title, text = (_convert(each, document.language) for each in (document.title, document.text))
    return _document_of(document.name, title, text, _OTHER.get(document.language, document.language))


def _convert(text: str, language: str) -> str:
    """Write `text` in the other Chinese script, character for character; English stays."""
    return str(converter(_CONVERSIONS[language]).convert(text)) if language in _CONVERSIONS else text
