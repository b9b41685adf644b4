"""The words of the design as values: documents, passages, encodings, hits, quotes, answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Language: TypeAlias = Literal["zh-Hant", "zh-Hans", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-Hant", "zh-Hans", "en")

Vector: TypeAlias = NDArray[np.float32]


class Markup(StrEnum):
    """How a text is written, which decides how a slice of it is rendered."""

    MARKDOWN = "markdown"
    RST = "rst"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points, absolute in its document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One block of a document, with the headings it stands under, outermost first."""

    span: Span
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A source that a document names, as a link."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Document:
    """One decoded file; `text` is `bytes.decode("utf-8")` and nothing else.

    `is_titled` is false where `title` is only the file's name.
    """

    name: str
    title: str
    language: Language
    text: str
    sha256: str
    paragraphs: tuple[Paragraph, ...]
    provenance: Mapping[Language, str] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()
    is_titled: bool = True

    def lines(self, span: Span) -> tuple[int, int]:
        """Give the first and last line of `span`, counting line feeds from 1."""
        last = max(span.start, span.end - 1)
        return self.text.count("\n", 0, span.start) + 1, self.text.count("\n", 0, last) + 1


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was left out of the index, or a note on one that was not."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Library:
    """What `documents/` holds: the documents, what was left out, the questions to start with, what it is about."""

    documents: tuple[Document, ...]
    skipped: tuple[Skipped, ...] = ()
    starters: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)
    about: Mapping[Language, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole consecutive paragraphs of one section: what is retrieved, quoted and cited."""

    document: str
    span: Span
    headings: tuple[str, ...]
    sentences: tuple[Span, ...]

    @property
    def section(self) -> str | None:
        """The nearest heading."""
        return self.headings[-1] if self.headings else None


@dataclass(frozen=True, slots=True)
class ParagraphAnnotation:
    """A reading aid for one paragraph, never a quote: a plain Chinese restatement, an English translation."""

    restatement: str
    translation: str


@dataclass(frozen=True, slots=True)
class Term:
    """A name in three languages, how else it is written, and how it is often misspelt.

    `exact` are those of its forms that are right only as written, capitals included.
    """

    hant: str
    hans: str
    en: str
    misspellings: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    kind: str = "term"


@dataclass(frozen=True, slots=True)
class Name:
    """A name as a text writes it, and the reader's own way to write it."""

    written: str
    own: str


@dataclass(frozen=True, slots=True)
class Encoding:
    """What one forward pass says of one text.

    pooled: (dimensions,) unit vector of the whole text.
    tokens: (tokens, dimensions) unit vectors, without the prompt's and the special tokens.
    ids: (tokens,) the vocabulary's numbers.
    offsets: (tokens, 2) each token's range in the encoded text.
    """

    pooled: Vector
    tokens: Vector
    ids: NDArray[np.int32]
    offsets: NDArray[np.int32]


class Encoder(Protocol):
    """Turns normalized text into vectors; `fingerprint` changes whenever they would."""

    @property
    def fingerprint(self) -> str:
        """Name the weights and how they are used."""

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions; in order."""

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages; in order."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score for one question; `sentences` scores its sentences in order."""

    passage: int
    score: float
    sentences: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim passage with highlighted sentences and a citation.

    `text == document[start:end]` of the stored version; highlights are absolute and lie inside it.
    `annotation` is no quote but a reading aid for its highlighted paragraphs; `also` holds quotes of other
    documents that say the same; `terms` are those of the glossary that may stand in its text or its annotation.
    """

    document: str
    title: str
    language: Language
    provenance: Mapping[Language, str]
    section: str | None
    start: int
    end: int
    start_line: int
    end_line: int
    text: str
    highlights: tuple[Span, ...]
    score: float
    sha256: str
    annotation: ParagraphAnnotation | None = None
    also: tuple[Quote, ...] = ()
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its quotes, or with none and the nearest passages.

    `confidence` is the probability that the first passage answers; `version` names the store's
    version that was asked; `elapsed_ms` is the whole answer with the model warm.
    """

    question: str
    answered: bool
    confidence: float
    quotes: tuple[Quote, ...]
    nearest: tuple[Quote, ...]
    elapsed_ms: float
    version: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a build did to one document: its passages before and after."""

    name: str
    kind: Literal["added", "changed", "removed"]
    passages_added: int
    passages_removed: int


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build changed, left out and cost. `version` is the current one afterwards."""

    version: str
    built: bool
    changes: tuple[Change, ...]
    skipped: tuple[Skipped, ...]
    documents: int
    passages: int
    encoded: int
    reason: str
    seconds: float


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """What a store's manifest says, without loading the model."""

    version: str
    built_at: str
    model: str
    documents_folder: str
    documents: Mapping[str, str]
    passages: int
    versions: tuple[str, ...]
