"""The paragraphs of the documents as a reader sees them, and those of them that have no annotation yet."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from index.corpus.annotations.paragraphs import paragraph_hash
from index.corpus.representations import rendered_sentences
from index.text.chinese import has_han
from index.text.markup import plain, render
from index.text.sentences import split_sentences
from index.types import Block, BlockKind, Document, DocumentLanguage

_ID_LENGTH = 8  # hex digits of the hash: enough to tell the few paragraphs of a request apart
_LEAST_WEIGHT = 24  # below it a paragraph says too little for a question of its own
_LONGEST = 6_000  # code points; a longer one is no paragraph that a model could restate as one
_EAST_ASIAN_WEIGHT = 3  # a Chinese character says about as much as three Latin letters
_FIRST_EAST_ASIAN = "\u1100"

# Code speaks for itself, and a heading is context.
_MARKED = frozenset({BlockKind.LIST_ITEM, BlockKind.FOOTNOTE})
# A bullet, a box, a number or a label: nothing that a translation has to have.
_MARKER = re.compile(
    r"\A\s*(?:[•☐☑☒*+-]\s+|(?:\d{1,9}|#|[A-Za-z])[.)]\s+|[(（]?\d{1,3}[)）、．]\s*|\[\w{1,20}\]\s+)+"
)
_KINDS = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.TABLE_ROW, BlockKind.FOOTNOTE})


@dataclass(frozen=True, slots=True)
class SourceParagraph:
    """A paragraph as a reader of the rendered document sees it, with where it stands.

    context: title, headings and a table's header row. hash: its `paragraph_hash`.
    """

    document: str
    hash: str
    language: DocumentLanguage
    context: tuple[str, ...]
    sentences: tuple[str, ...]

    @property
    def id(self) -> str:
        """The name that the language model knows it by."""
        return self.hash[:_ID_LENGTH]

    @property
    def text(self) -> str:
        """All of its sentences."""
        return ("" if has_han(self.sentences[0][-1:]) else " ").join(self.sentences)


@dataclass(frozen=True, slots=True)
class OpenParagraphs:
    """The paragraphs of one document that have no annotation yet, each once.

    annotated: how many have one. too_long: how many are too long to be drafted.
    """

    document: str
    paragraphs: tuple[SourceParagraph, ...]
    annotated: int
    too_long: int


def open_paragraphs(document: Document, annotated: Collection[str]) -> OpenParagraphs:
    """Return the paragraphs of `document` whose hashes are not among those `annotated`."""
    by_hash = {paragraph.hash: paragraph for paragraph in source_paragraphs(document)}
    missing = [each for each in by_hash.values() if each.hash not in annotated]
    short = tuple(each for each in missing if len(each.text) <= _LONGEST)
    return OpenParagraphs(document.name, short, len(by_hash) - len(missing), len(missing) - len(short))


def source_paragraphs(document: Document) -> Iterator[SourceParagraph]:
    """Yield the paragraphs of `document` that say enough to be annotated, in order."""
    title = (document.title,) if document.is_titled else ()
    for block in document.blocks:
        if block.kind in _KINDS:
            paragraph = _paragraph(document, block, title)
            if text_weight(paragraph.sentences) >= _LEAST_WEIGHT:
                yield paragraph


def text_weight(texts: Iterable[str]) -> int:
    """Return how much texts say, in Latin letters: a Chinese character counts as three."""
    return sum(
        _EAST_ASIAN_WEIGHT if character >= _FIRST_EAST_ASIAN else 1
        for text in texts
        for character in text
        if character.isalnum()
    )


def _paragraph(document: Document, block: Block, title: tuple[str, ...]) -> SourceParagraph:
    header = block.header and plain(render(document.slice(block.header), document.markup)).strip()
    spans = split_sentences(document.text, block.span)
    sentences = rendered_sentences(document, block.span, spans)
    if block.kind in _MARKED:
        sentences[0] = _MARKER.sub("", sentences[0], count=1)
    return SourceParagraph(
        document=document.name,
        hash=paragraph_hash(document.slice(block.span)),
        language=document.language,
        context=tuple(dict.fromkeys((*title, *block.headings, *((header,) if header else ())))),
        sentences=tuple(sentences),
    )
