"""The glossary beside the documents: names in three languages, and how they are misspelt."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from index.documents import GLOSSARY
from index.fold import fold
from index.names import whole
from index.scripts import has_han
from index.sidecars import read_sidecar
from index.types import Skipped, Term


class _Term(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str = "term"
    hant: str = Field(alias="zh-Hant")
    hans: str = Field(alias="zh-Hans")
    en: str
    aliases: tuple[str, ...] = ()
    misspellings: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()


class _Glossary(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    term: tuple[_Term, ...] = ()


class Spelling:
    """Puts names right that are written as people often write them wrong."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._right: dict[str, str] = {}
        for term in terms:
            for wrong in map(fold, term.misspellings):
                if wrong:
                    self._right[wrong] = fold(term.hans if has_han(wrong) else term.en)
        longest_first = sorted(self._right, key=lambda wrong: (-len(wrong), wrong))
        self._wrong = re.compile("|".join(map(whole, longest_first)) or r"(?!)")

    def correct(self, folded: str) -> str:
        """Put the right name for each misspelt one in a folded question."""
        return self._wrong.sub(lambda match: self._right[match[0]], folded)


def read_glossary(content: bytes | None) -> tuple[tuple[Term, ...], list[Skipped]]:
    """Read `glossary.toml`; one that cannot be read is reported, and the documents are served without."""
    found, notes = read_sidecar(_Glossary, GLOSSARY, content)
    return tuple(map(_term, found.term)), notes


def _term(read: _Term) -> Term:
    return Term(
        hant=read.hant,
        hans=read.hans,
        en=read.en,
        misspellings=read.misspellings,
        aliases=read.aliases,
        exact=read.exact,
        kind=read.kind,
    )
