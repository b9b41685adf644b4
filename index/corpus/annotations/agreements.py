"""Facts that several documents state: `agreements.toml` lists the words of each document that state it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from index.corpus.annotations.sidecars import AGREEMENTS, read_sidecar
from index.types import Library, Passage, Skipped, Span


@dataclass(frozen=True, slots=True)
class FactLocation:
    """A sentence that states a fact: number `sentence` of its passage; `is_whole` when it states nothing else."""

    passage: int
    sentence: int
    is_whole: bool


Agreement = tuple[FactLocation, ...]


def related_passages(agreements: Sequence[Agreement]) -> dict[int, frozenset[int]]:
    """Return for each passage that states an agreed fact all passages that state one of its facts."""
    found: dict[int, set[int]] = {}
    for agreement in agreements:
        passages = {location.passage for location in agreement}
        for passage in passages:
            found.setdefault(passage, set()).update(passages)
    return {passage: frozenset(those) for passage, those in found.items()}


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    document: str
    text: Annotated[str, Field(min_length=1)]


class _Agreement(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    fact: str
    places: Annotated[tuple[_Words, ...], Field(min_length=2)]


class _Agreements(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    agreement: tuple[_Agreement, ...] = ()


class _StaleError(Exception):
    """The agreement does not fit the documents; the message says why."""


def read_agreements(
    content: bytes | None, library: Library, passages: Sequence[Passage]
) -> tuple[tuple[Agreement, ...], list[Skipped]]:
    """Return where the facts of `agreements.toml` stand in the `passages` of `library`, and notes.

    An agreement whose words are not found, or found twice, is stale: reported and ignored. So is a file that cannot
    be read.
    """
    texts = {document.name: document.text for document in library.documents}
    written, notes = read_sidecar(_Agreements, AGREEMENTS, content)
    found: list[Agreement] = []
    for each in written.agreement:
        try:
            found.append(tuple(_locations(each, texts, passages)))
        except _StaleError as why:
            notes.append(Skipped(AGREEMENTS, f"stale: {each.fact!r}: {why}"))
    return tuple(found), notes


def _locations(
    agreement: _Agreement, texts: Mapping[str, str], passages: Sequence[Passage]
) -> Iterator[FactLocation]:
    if len({words.document for words in agreement.places}) == 1:
        raise _StaleError("all its places are in one document")
    for words in agreement.places:
        if words.document not in texts:
            raise _StaleError(f"no document {words.document!r} is served")
        yield _locate(words, texts[words.document], passages)


def _locate(words: _Words, text: str, passages: Sequence[Passage]) -> FactLocation:
    start = text.find(words.text)
    end = start + len(words.text)
    if start < 0:
        raise _StaleError(f"{words.text!r} is not in {words.document}")
    if text.find(words.text, start + 1) >= 0:
        raise _StaleError(f"{words.text!r} is in {words.document} more than once")
    for number, passage in enumerate(passages):
        if passage.document == words.document:
            for at, span in enumerate(passage.sentences):
                if span.contains(Span(start, end)):
                    return FactLocation(number, at, is_whole=span == Span(start, end))
    raise _StaleError(f"{words.text!r} is not within one sentence that {words.document} is quoted by")
