"""The corpus: all that an index version knows besides its vectors."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.corpus.annotations.agreements import Agreement
from index.corpus.representations import Representation
from index.types import Library, ParagraphAnnotation, Passage, Term


@dataclass(frozen=True, slots=True)
class Corpus:
    """What one version knows besides its vectors.

    hashes: each passage's `paragraph_hash`; annotations: what of them a reader may be shown; terms: the glossary;
    answered: by document, normalized questions that its annotations say it answers; unanswerable: normalized questions that the
    documents do not answer; agreements: where documents state the same; reworded: the documents whose words
    were swapped by a machine.
    """

    library: Library
    passages: tuple[Passage, ...]
    hashes: tuple[str, ...]
    representations: tuple[Representation, ...]
    annotations: dict[str, dict[int, ParagraphAnnotation]]
    terms: tuple[Term, ...] = ()
    answered: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unanswerable: tuple[str, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    reworded: tuple[str, ...] = ()
