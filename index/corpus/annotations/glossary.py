"""The glossary: names in three languages, and how they are misspelt."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from index.corpus.annotations.sidecars import GLOSSARY, read_sidecar
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


def read_glossary(content: bytes | None) -> tuple[tuple[Term, ...], list[Skipped]]:
    """Return the terms of `glossary.toml`, and notes; none where it is missing or cannot be read."""
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
