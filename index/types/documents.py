"""Documents, their blocks and passages, and what is written beside them."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from index.types.languages import DocumentLanguage, Language
from index.types.spans import Span


class BlockKind(StrEnum):
    """What a block is to a reader of the rendered document."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    TABLE_ROW = "table row"
    CODE = "code"
    FOOTNOTE = "footnote"


class Markup(StrEnum):
    """How a text is written, which decides how a slice of it is rendered.

    MAIL is plain text in which mails are quoted, CODE a part of a code block.
    """

    MARKDOWN = "markdown"
    MDX = "mdx"
    RST = "rst"
    PLAIN = "plain"
    MAIL = "mail"
    CODE = "code"


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

    source: the text, or what reads it from a store, which raises StoreError if that is damaged. is_titled: false where
    `title` is only made from the file's name. short_title: the title as a citation has it. qualifier: what tells the
    document apart from another of the same title; empty where none has it. provenance: what kind of text it is, by the
    reader's language; provenance_label: the same in a word. pages: the offset at which each page starts. block_ends:
    where each block ends, if a store has that ready; blocks are then found without reading them.
    """

    name: str
    title: str
    language: DocumentLanguage
    source: str | Callable[[], str]
    sha256: str
    blocks: Sequence[Block]
    provenance: Mapping[Language, str] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()
    is_titled: bool = True
    qualifier: str = ""
    markup: Markup = Markup.PLAIN
    pages: tuple[int, ...] = ()
    encoding: str = "utf-8"
    short_title: str = ""
    provenance_label: Mapping[Language, str] = field(default_factory=dict)
    block_ends: Sequence[int] = field(default=(), repr=False, compare=False)

    @property
    def text(self) -> str:
        """The whole text."""
        return self.source if isinstance(self.source, str) else self.source()

    def slice(self, span: Span) -> str:
        """Return the characters of `span`."""
        return span.of(self.text)

    def lines(self, span: Span) -> tuple[int, int]:
        """Return the first and last line of `span`, from 1; lines end at line feeds, else at returns."""
        starts = _line_starts(_Same(self.text))
        return bisect_right(starts, span.start), bisect_right(starts, max(span.start, span.end - 1))

    def block_after(self, offset: int) -> int:
        """Return the number of the first block that ends behind `offset`; that of all blocks if none does."""
        if len(self.block_ends):
            return bisect_right(self.block_ends, offset)
        return bisect_right(self.blocks, offset, key=lambda block: block.span.end)

    def page(self, span: Span) -> int | None:
        """Return the number of the page on which `span` starts, from 1; None in a format without pages."""
        return max(1, bisect_right(self.pages, span.start)) if self.pages else None


class _Same:
    """A text that equals itself alone: comparing two copies of a long one for each passage takes quadratic time."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __hash__(self) -> int:
        return id(self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.text is other.text


@lru_cache(maxsize=64)
def _line_starts(same: _Same) -> array[int]:
    text = same.text
    ends = "\n" if "\n" in text else "\r"  # carriage returns alone end the lines of old Mac files
    return array("Q", [0, *(match.end() for match in re.finditer(ends, text))])


class SkippedKind(StrEnum):
    """What a note on a file is about."""

    OTHER_FILE = "other file"  # in no format of documents
    DOCUMENT = "document"  # left out of the index
    NOTE = "note"  # a warning on a document or sidecar that is served


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was left out of the index, or a note on one that was not."""

    name: str
    reason: str
    kind: SkippedKind = SkippedKind.NOTE


@dataclass(frozen=True, slots=True)
class Library:
    """What the documents folder holds.

    skipped: files that are not served, and notes. starters: questions to begin with. about: what the documents are
    about. left_out: how many things of which kind have no text, such as {"images": 3}. annotations, by document and
    block number, and terms, the glossary: only in a library that a store has read.
    """

    documents: tuple[Document, ...]
    skipped: tuple[Skipped, ...] = ()
    starters: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)
    about: Mapping[Language, str] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    annotations: Mapping[str, Mapping[int, ParagraphAnnotation]] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()
    _numbers: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_numbers", {document.name: at for at, document in enumerate(self.documents)})

    def number(self, name: str) -> int | None:
        """Return the position in `documents` of the document of that name; None if there is none."""
        return self._numbers.get(name)

    def document(self, name: str) -> Document:
        """Return the document of that name. Raises KeyError."""
        return self.documents[self._numbers[name]]


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
    """A reading aid for one paragraph, never a quote.

    restatement: in plain words of its own language. translation: into English; of an English paragraph, into Chinese.
    drafted_by: the language model that wrote both, where no person has checked them. is_checked: whether one has.
    """

    restatement: str
    translation: str
    drafted_by: str = ""
    is_checked: bool = False


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
