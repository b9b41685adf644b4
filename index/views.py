"""Passage → views: the folded texts it is found by, each piece tied to the sentences it speaks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.fold import fold
from index.glosses import Glosses
from index.passages import split_sentences
from index.scripts import has_han, is_chinese
from index.types import Document, Paragraph, Passage, Span


@dataclass(frozen=True, slots=True)
class Piece:
    """A range of a view's text and the numbers of the passage's sentences that it speaks for."""

    span: Span
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A folded text by which passage number `passage` can be found.

    The passage's own words (`is_gloss` false), a gloss of them, or questions that they answer (doc2query:
    Nogueira et al. 2019, here written beforehand). Words and Chinese gloss begin with the title and headings;
    a title that is only the file's name says little, and renaming the file would cost every passage: left out.
    """

    passage: int
    text: str
    pieces: tuple[Piece, ...]
    is_gloss: bool
    is_chinese: bool


def make_views(number: int, passage: Passage, document: Document, glosses: Glosses) -> Iterator[View]:
    """Give the views of one passage: its own words, then what its glosses have, each language by itself."""
    above = (document.title, *passage.headings) if document.is_titled else passage.headings
    context = " ".join(fold(glosses.restore(heading)) for heading in above)
    sentences = [fold(glosses.restore(document.text[span.start : span.end])) for span in passage.sentences]
    yield _joined(number, context, [(text, (at,)) for at, text in enumerate(sentences)], is_gloss=False)
    inside = [
        (_sentences_of(document.paragraphs[at], passage.sentences), gloss)
        for at, gloss in glosses.by_paragraph.items()
        if _overlap(document.paragraphs[at].span, passage.span)
    ]
    plain = [text for at, gloss in inside for text in _pieces(gloss.plain, at)]
    english = [text for at, gloss in inside for text in _pieces(gloss.en, at)]
    if plain:
        yield _joined(number, context, plain, is_gloss=True)
    if english:
        yield _joined(number, "", english, is_gloss=True)
    questions = list(_questions(passage, document, glosses))
    for chinese in (True, False):
        asked = [(text, sentences) for text, sentences in questions if has_han(text) == chinese]
        if asked:
            yield _joined(number, "", asked, is_gloss=True)


def _questions(passage: Passage, document: Document, glosses: Glosses) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Give the folded questions that a passage answers, each with the sentences that it is answered by."""
    for at, questions in glosses.questions.items():
        paragraph = document.paragraphs[at]
        if not _overlap(paragraph.span, passage.span):
            continue
        spans = list(split_sentences(document.text, paragraph.span))
        told_apart = len(spans) == len(questions)
        for number, of_sentence in enumerate(questions):
            span = spans[number] if told_apart else paragraph.span
            sentences = tuple(at for at, each in enumerate(passage.sentences) if _overlap(each, span))
            yield from ((fold(question), sentences) for question in of_sentence if sentences)


def _pieces(gloss: str, sentences: tuple[int, ...]) -> list[tuple[str, tuple[int, ...]]]:
    """Fold a gloss sentence by sentence; one that has as many as its paragraph is matched one to one."""
    spans = list(split_sentences(gloss, Span(0, len(gloss))))
    texts = [fold(gloss[span.start : span.end]) for span in spans]
    if len(texts) == len(sentences):
        return [(text, (at,)) for text, at in zip(texts, sentences, strict=True)]
    return [(text, sentences) for text in texts]


def _joined(number: int, context: str, texts: Sequence[tuple[str, tuple[int, ...]]], *, is_gloss: bool) -> View:
    whole = context
    pieces: list[Piece] = []
    for text, sentences in texts:
        whole += "\n" if whole else ""
        pieces.append(Piece(Span(len(whole), len(whole) + len(text)), sentences))
        whole += text
    chinese = is_chinese("".join(text for text, _ in texts))
    return View(number, whole, tuple(pieces), is_gloss=is_gloss, is_chinese=chinese)


def _sentences_of(paragraph: Paragraph, sentences: Sequence[Span]) -> tuple[int, ...]:
    return tuple(at for at, span in enumerate(sentences) if _overlap(span, paragraph.span))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
