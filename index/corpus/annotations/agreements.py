"""Facts that several documents state, as `agreements.toml` beside them tells: each by the words that state it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from index.corpus.annotations.sidecars import read_sidecar
from index.corpus.loader import AGREEMENTS
from index.types import Passage, Skipped, Span


@dataclass(frozen=True, slots=True)
class FactLocation:
    """A sentence that states a fact, as number `sentence` of its passage; `is_whole` when that is all it says."""

    passage: int
    sentence: int
    is_whole: bool


Agreement = tuple[FactLocation, ...]


def related_passages(agreements: Sequence[Agreement]) -> dict[int, frozenset[int]]:
    """Give for each passage that states an agreed fact all passages that state one of its facts."""
    found: dict[int, set[int]] = {}
    for agreement in agreements:
        passages = {place.passage for place in agreement}
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
    """Why an agreement does not hold any more."""


def read_agreements(
    content: bytes | None, texts: Mapping[str, str], passages: Sequence[Passage]
) -> tuple[tuple[Agreement, ...], list[Skipped]]:
    """Find the places of `agreements.toml` in the `passages` of the documents, whose `texts` go by their names.

    An agreement of which a place is not found, or is not the only one, is stale: reported and ignored. So is a
    file that cannot be read.
    """
    written, notes = read_sidecar(_Agreements, AGREEMENTS, content)
    found: list[Agreement] = []
    for each in written.agreement:
        try:
            found.append(tuple(_places(each, texts, passages)))
        except _StaleError as why:
            notes.append(Skipped(AGREEMENTS, f"stale: {each.fact!r}: {why}"))
    return tuple(found), notes


def _places(
    agreement: _Agreement, texts: Mapping[str, str], passages: Sequence[Passage]
) -> Iterator[FactLocation]:
    if len({place.document for place in agreement.places}) == 1:
        raise _StaleError("all its places are in one document")
    for place in agreement.places:
        if place.document not in texts:
            raise _StaleError(f"no document {place.document!r} is served")
        yield _place(place, texts[place.document], passages)


def _place(words: _Words, text: str, passages: Sequence[Passage]) -> FactLocation:
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
