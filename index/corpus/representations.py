"""Passage → representations: the normalized texts it is found by, each segment tied to the sentences it speaks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.corpus.annotations.paragraphs import DocumentAnnotations
from index.text.chinese import has_han, is_chinese
from index.text.normalize import normalize
from index.text.sentences import split_sentences
from index.types import Block, Document, Passage, Span

VERSION = 1  # raise it when the representations of any passage change


@dataclass(frozen=True, slots=True)
class Segment:
    """A range of a representation's text and the numbers of the passage's sentences that it speaks for."""

    span: Span
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Representation:
    """A normalized text by which passage number `passage` can be found.

    The passage's own words (`is_annotation` false), a annotation of them, or questions that they answer (doc2query:
    Nogueira et al. 2019, here written beforehand). Words and Chinese annotation begin with the title and headings;
    a title that is only the file's name says little, and renaming the file would cost every passage: left out.
    """

    passage: int
    text: str
    segments: tuple[Segment, ...]
    is_annotation: bool
    is_chinese: bool


def make_representations(
    number: int, passage: Passage, document: Document, annotations: DocumentAnnotations
) -> Iterator[Representation]:
    """Give the representations of one passage: its own words, then what its annotations have, each language by itself."""
    above = (document.title, *passage.headings) if document.is_titled else passage.headings
    context = " ".join(normalize(annotations.restore(heading)) for heading in above)
    sentences = [normalize(annotations.restore(document.slice(span))) for span in passage.sentences]
    yield _joined(number, context, [(text, (at,)) for at, text in enumerate(sentences)], is_annotation=False)
    inside = [
        (_sentences_of(document.blocks[at], passage.sentences), annotation)
        for at, annotation in annotations.by_paragraph.items()
        if document.blocks[at].span.overlaps(passage.span)
    ]
    plain = [text for at, annotation in inside for text in _segments(annotation.restatement, at)]
    english = [text for at, annotation in inside for text in _segments(annotation.translation, at)]
    if plain:
        yield _joined(number, context, plain, is_annotation=True)
    if english:
        yield _joined(number, "", english, is_annotation=True)
    questions = list(_questions(passage, document, annotations))
    for chinese in (True, False):
        asked = [(text, sentences) for text, sentences in questions if has_han(text) == chinese]
        if asked:
            yield _joined(number, "", asked, is_annotation=True)


def _questions(
    passage: Passage, document: Document, annotations: DocumentAnnotations
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Give the normalized questions that a passage answers, each with the sentences that it is answered by."""
    for at, questions in annotations.questions.items():
        paragraph = document.blocks[at]
        if not paragraph.span.overlaps(passage.span):
            continue
        spans = list(split_sentences(document.text, paragraph.span))
        told_apart = len(spans) == len(questions)
        for number, of_sentence in enumerate(questions):
            span = spans[number] if told_apart else paragraph.span
            sentences = tuple(at for at, each in enumerate(passage.sentences) if each.overlaps(span))
            yield from ((normalize(question), sentences) for question in of_sentence if sentences)


def _segments(annotation: str, sentences: tuple[int, ...]) -> list[tuple[str, tuple[int, ...]]]:
    """Fold a annotation sentence by sentence; one that has as many as its paragraph is matched one to one."""
    spans = list(split_sentences(annotation))
    texts = [normalize(span.of(annotation)) for span in spans]
    if len(texts) == len(sentences):
        return [(text, (at,)) for text, at in zip(texts, sentences, strict=True)]
    return [(text, sentences) for text in texts]


def _joined(
    number: int, context: str, texts: Sequence[tuple[str, tuple[int, ...]]], *, is_annotation: bool
) -> Representation:
    whole = context
    segments: list[Segment] = []
    for text, sentences in texts:
        whole += "\n" if whole else ""
        segments.append(Segment(Span(len(whole), len(whole) + len(text)), sentences))
        whole += text
    chinese = is_chinese("".join(text for text, _ in texts))
    return Representation(number, whole, tuple(segments), is_annotation=is_annotation, is_chinese=chinese)


def _sentences_of(paragraph: Block, sentences: Sequence[Span]) -> tuple[int, ...]:
    return tuple(at for at, span in enumerate(sentences) if span.overlaps(paragraph.span))
