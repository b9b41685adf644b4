"""The value types that all packages share: documents, passages, encodings, hits, quotes, answers, builds."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Language: TypeAlias = Literal["zh-Hant", "zh-Hans", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-Hant", "zh-Hans", "en")

Vector: TypeAlias = NDArray[np.float32]


class BlockKind(StrEnum):
    """What a block is to a reader of the rendered document."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    TABLE_ROW = "table row"
    CODE = "code"
    FOOTNOTE = "footnote"


class Markup(StrEnum):
    """How a text is written, which decides how a slice of it is rendered."""

    MARKDOWN = "markdown"
    RST = "rst"
    PLAIN = "plain"


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    UNSURE = "unsure"
    DECLINED = "declined"


class BuildStage(StrEnum):
    """The stages of a build, in order."""

    READ = "read"
    ENCODE = "encode"
    QUESTIONS = "questions"
    INDEX = "index"
    WRITE = "write"
    CHECK = "check"


class BuildReason(StrEnum):
    """Why a build wrote a new version, or did not."""

    FIRST_BUILD = "first build"
    DAMAGED = "the current version was damaged or from another program version"
    OTHER_MODEL = "another model"
    OTHER_NORMALIZATION = "other normalization rules"
    OTHER_PASSAGES = "other passage rules"
    OTHER_OPENCC = "another version of OpenCC"
    OTHER_FOLDER = "another documents folder"
    DOCUMENTS_CHANGED = "documents changed"
    NOTHING_CHANGED = "nothing changed"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points, absolute in its document's text. An empty one is false."""

    start: int
    end: int

    def __len__(self) -> int:
        return max(0, self.end - self.start)

    def contains(self, other: Span) -> bool:
        """Return whether `other` lies inside."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Return whether the two have a code point in common."""
        return self.start < other.end and other.start < self.end

    def intersection(self, other: Span) -> Span:
        """Return what the two have in common; empty, at the later start, when nothing."""
        start = max(self.start, other.start)
        return Span(start, max(start, min(self.end, other.end)))

    def shift(self, by: int) -> Span:
        """Return the span moved by `by` code points."""
        return Span(self.start + by, self.end + by)

    def of(self, text: str) -> str:
        """Return this slice of `text`."""
        return text[self.start : self.end]

    def trim(self, text: str) -> Span:
        """Return the span without the white space of `text` at its ends; empty when there is nothing else."""
        piece = self.of(text)
        start = self.start + len(piece) - len(piece.lstrip())
        return Span(start, max(start, self.start + len(piece.rstrip())))


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a document that can be quoted.

    headings: the titles it stands under, outermost first. header: the header row of a table row's table.
    section_start: the offset of its nearest heading, which tells sections of one name apart; -1 without a heading.
    """

    span: Span
    headings: tuple[str, ...]
    kind: BlockKind = BlockKind.PARAGRAPH
    header: Span | None = None
    section_start: int = -1


@dataclass(frozen=True, slots=True)
class Reference:
    """A source that a document names, as a link."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Document:
    """One file's decoded or extracted text, and its blocks.

    is_titled: false where `title` is only made from the file's name. qualifier: what tells the document apart from
    another of the same title; empty where none has it. pages: the offset at which each page starts.
    """

    name: str
    title: str
    language: Language
    text: str
    sha256: str
    blocks: tuple[Block, ...]
    provenance: Mapping[Language, str] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()
    is_titled: bool = True
    qualifier: str = ""
    markup: Markup = Markup.PLAIN
    pages: tuple[int, ...] = ()
    encoding: str = "utf-8"

    def slice(self, span: Span) -> str:
        """Return the characters of `span`."""
        return span.of(self.text)

    def lines(self, span: Span) -> tuple[int, int]:
        """Return the first and last line of `span`; lines end at line feeds and count from 1."""
        starts = _line_starts(self.text)
        return bisect_right(starts, span.start), bisect_right(starts, max(span.start, span.end - 1))

    def page(self, span: Span) -> int | None:
        """Return the number of the page on which `span` starts, from 1; None in a format without pages."""
        return max(1, bisect_right(self.pages, span.start)) if self.pages else None


@lru_cache(maxsize=64)
def _line_starts(text: str) -> array[int]:
    return array("Q", [0, *(match.end() for match in re.finditer("\n", text))])


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was left out of the index, or a note on one that was not."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Library:
    """What the documents folder holds: documents, what was left out, starter questions, what it is about."""

    documents: tuple[Document, ...]
    skipped: tuple[Skipped, ...] = ()
    starters: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)
    about: Mapping[Language, str] = field(default_factory=dict)
    _by_name: dict[str, Document] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {document.name: document for document in self.documents})

    def document(self, name: str) -> Document:
        """Return the document of that name. Raises KeyError."""
        return self._by_name[name]


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive blocks of one section: what is retrieved, quoted and cited.

    context: further spans that are matched and shown with it, such as the header row of its table. page: the page on
    which it starts, from 1; None in a format without pages.
    """

    document: str
    span: Span
    headings: tuple[str, ...]
    sentences: tuple[Span, ...]
    context: tuple[Span, ...] = ()
    page: int | None = None

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
class Query:
    """A question and the language of its reader; without a language the answer has no reading aids."""

    text: str
    language: Language | None = None


class AidKind(StrEnum):
    """What a reading aid is."""

    TRANSLATION = "translation"
    RESTATEMENT = "restatement"


@dataclass(frozen=True, slots=True)
class ReadingAid:
    """A translation or plain restatement of a quote's highlighted paragraphs; never a quote itself."""

    kind: AidKind
    text: str


@dataclass(frozen=True, slots=True)
class LocalizedTerm:
    """A glossary term as a quote writes it, and as its reader does."""

    written: str
    localized: str


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
class Excerpt:
    """A verbatim range of a document: `text == document[span.start:span.end]`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim passage with highlighted sentences and a citation.

    `text == document[start:end]` of the stored version; highlights are absolute and lie inside it. also: quotes of
    other documents that say the same. aid, terms: for the reader's language. qualifier: what tells its document apart
    from another of the same title. context: what is shown with it, such as the header row of a table. page: the page
    on which it starts. headings: the titles it stands under, outermost first.
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
    also: tuple[Quote, ...] = ()
    aid: ReadingAid | None = None
    terms: tuple[LocalizedTerm, ...] = ()
    qualifier: str = ""
    context: tuple[Excerpt, ...] = ()
    page: int | None = None
    markup: Markup = Markup.PLAIN
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its quotes, or with none and the nearest passages.

    confidence: the probability that the first passage answers. version: the index version that was asked.
    elapsed_ms: the whole answer with the model warm.
    """

    question: str
    outcome: Outcome
    confidence: float
    quotes: tuple[Quote, ...]
    nearest: tuple[Quote, ...]
    elapsed_ms: float
    version: str

    @property
    def answered(self) -> bool:
        """Whether the quotes answer the question."""
        return self.outcome is Outcome.ANSWERED


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
