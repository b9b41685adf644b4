"""The catalog: titles, languages, provenance and exclusions that the files themselves do not state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import DocumentsError
from index.text.toml import TomlError, parse_toml
from index.types import LANGUAGES, DocumentLanguage, Language, Skipped

CATALOG = "catalog.toml"


class Entry(BaseModel):
    """One file's entry.

    short_title: the title as a citation has it. provenance: what kind of text it is; provenance_label: the same in a
    word. skip: texts of it that are never indexed. references: the heading of its list of sources. index: false for
    a file that is no document.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    title: str | None = None
    short_title: str | None = None
    language: DocumentLanguage | None = None
    provenance: dict[Language, str] = Field(default_factory=dict)
    provenance_label: dict[Language, str] = Field(default_factory=dict)
    skip: tuple[str, ...] = ()
    references: str | None = None
    index: bool = True


@dataclass(frozen=True, slots=True)
class Catalog:
    """The entries by file name; `broken` names files whose entry cannot be used, with the reason.

    `notes` are on what else is ignored.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    starters: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)
    about: Mapping[Language, str] = field(default_factory=dict)
    broken: tuple[Skipped, ...] = ()
    notes: tuple[Skipped, ...] = ()


def read_catalog(path: Path, content: bytes | None) -> Catalog:
    """Return the catalog in `content`, empty without a file (None). `path` is for messages.

    Raises DocumentsError when it cannot be read, since what must be skipped would be indexed without it. A wrong
    entry costs only its own document.
    """
    if content is None:
        return Catalog()
    try:
        data = parse_toml(content)
    except TomlError as error:
        raise DocumentsError(f"{path} cannot be read: {error}; correct it, then build again") from error
    unknown = sorted(set(data) - {"about", "starters", "document"})
    if unknown:
        raise DocumentsError(f"{path}: unknown key {unknown[0]!r}; known are 'about', 'starters' and 'document'")
    return _checked(data, path)


def _checked(data: Mapping[str, Any], path: Path) -> Catalog:
    entries: dict[str, Entry] = {}
    broken: list[Skipped] = []
    rows = data.get("document", [])
    starters, about = data.get("starters", {}), data.get("about", {})
    if not isinstance(rows, list) or not isinstance(starters, dict):
        raise DocumentsError(f"{path}: 'document' must be [[document]] tables and 'starters' a table of lists")
    if not isinstance(about, dict):
        raise DocumentsError(f"{path}: 'about' must be a table of texts")
    for row in rows:
        name = row.get("file", CATALOG) if isinstance(row, dict) else CATALOG
        try:
            entry = Entry.model_validate(row)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            broken.append(Skipped(str(name), f"{CATALOG}: {where}: {first['msg']}"))
        else:
            if entry.file in entries:
                broken.append(Skipped(entry.file, f"{CATALOG} names it twice; keep one entry"))
            entries[entry.file] = entry
    notes = [*_unknown_languages("starters", starters), *_unknown_languages("about", about)]
    return Catalog(entries, _starters(starters, path), _about(about, path), tuple(broken), tuple(notes))


def _starters(table: Mapping[str, Any], path: Path) -> dict[Language, tuple[str, ...]]:
    found: dict[Language, tuple[str, ...]] = {}
    for language in LANGUAGES:
        questions = table.get(language, [])
        if not isinstance(questions, list) or not all(isinstance(question, str) for question in questions):
            raise DocumentsError(f"{path}: starters.{language} must be a list of questions")
        found[language] = tuple(questions)
    return found


def _about(table: Mapping[str, Any], path: Path) -> dict[Language, str]:
    found: dict[Language, str] = {}
    for language in LANGUAGES:
        text = table.get(language, "")
        if not isinstance(text, str):
            raise DocumentsError(f"{path}: about.{language} must be a text")
        if text.strip():
            found[language] = text.strip()
    return found


def _unknown_languages(key: str, table: Mapping[str, Any]) -> list[Skipped]:
    known = ", ".join(LANGUAGES)
    return [
        Skipped(CATALOG, f"{key}: {language!r} is no language that is spoken here ({known}); ignored")
        for language in sorted(table.keys() - set(LANGUAGES))
    ]
