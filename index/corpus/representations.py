"""Passage → representations: the normalized texts by which it is found."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.corpus.annotations.paragraphs import DocumentAnnotations
from index.text.chinese import has_han, is_chinese
from index.text.markup import Run, plain, render
from index.text.normalize import normalize
from index.text.sentences import split_sentences
from index.types import Document, Passage, Span

# Code points of title, headings and header rows in front of the passage's own words, and of a title or heading. The
# model reads 512 tokens, and a passage may take 300 of them.
_LONGEST_CONTEXT = 240
_LONGEST_HEADING = 100

VERSION = 4  # raise it when the representations of any passage change


@dataclass(frozen=True, slots=True)
class Segment:
    """A range of a representation's text and the numbers of the passage's sentences that it speaks for."""

    span: Span
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Representation:
    """A normalized text by which passage number `passage` can be found.

    The passage's own words as they are rendered (`is_annotation` false), an annotation of them, or questions that
    they answer (doc2query: Nogueira et al. 2019; here written beforehand). Own words and Chinese annotations begin
    with the title, the headings and a table's header row. A title that is only the file's name is left out: it says
    little, and renaming the file would encode every passage anew.
    """

    passage: int
    text: str
    segments: tuple[Segment, ...]
    is_annotation: bool
    is_chinese: bool

    @property
    def own_words(self) -> str:
        """The text without the title and headings above it."""
        return self.text[self.segments[0].span.start :] if self.segments else self.text


@dataclass(frozen=True, slots=True)
class _Text:
    """A normalized text and the numbers of the sentences that it speaks for."""

    text: str
    sentences: tuple[int, ...]


def make_representations(
    number: int, passage: Passage, document: Document, annotations: DocumentAnnotations
) -> Iterator[Representation]:
    """Yield the representations of one passage: its own words, then those of its annotations by language."""
    context = _context(passage, document, annotations)
    own = [
        _Text(normalize(annotations.restore(text)), (at,))
        for at, text in enumerate(rendered_sentences(document, passage.span, passage.sentences))
    ]
    yield _joined(number, context, own, is_annotation=False)
    inside = [
        (annotations.by_paragraph[at], _sentences_in(document.blocks[at].span, passage))
        for at in _blocks_in(passage, document)
        if at in annotations.by_paragraph
    ]
    restatements = [text for of, sentences in inside for text in _segments(of.restatement, sentences)]
    translations = [text for of, sentences in inside for text in _segments(of.translation, sentences)]
    questions = list(_questions(passage, document, annotations))
    chinese = [question for question in questions if has_han(question.text)]
    others = [question for question in questions if not has_han(question.text)]
    for above, texts in ((context, restatements), ("", translations), ("", chinese), ("", others)):
        if texts:
            yield _joined(number, above, texts, is_annotation=True)


def _context(passage: Passage, document: Document, annotations: DocumentAnnotations) -> str:
    """Return title, headings and header rows, normalized; the outermost headings are left out where they are long."""
    headings = list(passage.headings)
    title = [document.title] if document.is_titled else []
    while len(headings) > 1 and sum(len(each[:_LONGEST_HEADING]) for each in title + headings) > _LONGEST_CONTEXT:
        headings.pop(0)
    above = [each[:_LONGEST_HEADING] for each in title + headings]
    for span in passage.context:
        room = max(0, _LONGEST_CONTEXT - sum(map(len, above)))
        above.append(plain(render(document.slice(span)[:_LONGEST_CONTEXT], document.markup))[:room])
    return " ".join(normalize(annotations.restore(each)) for each in above if each)


def rendered_sentences(document: Document, whole: Span, sentences: Iterable[Span]) -> list[str]:
    """Return what a reader sees of each of the sentences of the span `whole`."""
    runs = [run for run in render(document.slice(whole), document.markup) if run.text]
    texts: list[str] = []
    first = 0
    for sentence in sentences:
        span = sentence.shift(-whole.start)
        while first < len(runs) and runs[first].source.end <= span.start:
            first += 1
        texts.append("".join(_rendered_part(runs, first, span)).strip())
    return texts


def _rendered_part(runs: Sequence[Run], first: int, span: Span) -> Iterator[str]:
    """Yield what `span` has of the runs from `first` on; what is one unit belongs to where it begins."""
    for at in range(first, len(runs)):
        run = runs[at]
        if run.source.start >= span.end:
            break
        if len(run.text) == len(run.source):
            yield span.intersection(run.source).shift(-run.source.start).of(run.text)
        elif run.source.start >= span.start:
            yield run.text


def _blocks_in(passage: Passage, document: Document) -> Iterator[int]:
    """Yield the numbers of the blocks that the sentences of `passage` are in."""
    blocks = document.blocks
    for at in range(bisect_left(blocks, passage.span.start, key=lambda block: block.span.end), len(blocks)):
        if blocks[at].span.start >= passage.span.end:
            break
        if _sentences_in(blocks[at].span, passage):
            yield at


def _sentences_in(span: Span, passage: Passage) -> tuple[int, ...]:
    return tuple(at for at, sentence in enumerate(passage.sentences) if sentence.overlaps(span))


def _questions(passage: Passage, document: Document, annotations: DocumentAnnotations) -> Iterator[_Text]:
    """Yield the normalized questions that a passage answers, each with the sentences that answer it."""
    for at in _blocks_in(passage, document):
        questions = annotations.questions.get(at, ())
        block = document.blocks[at].span
        spans = split_sentences(document.text, block) if questions else []
        for number, of_sentence in enumerate(questions):
            span = spans[number] if len(spans) == len(questions) else block
            sentences = _sentences_in(span, passage)
            yield from (_Text(normalize(question), sentences) for question in of_sentence if sentences)


def _segments(annotation: str, sentences: tuple[int, ...]) -> list[_Text]:
    """Return the normalized sentences of an annotation: one for each of `sentences`, or each for all of them."""
    texts = [normalize(span.of(annotation)) for span in split_sentences(annotation)]
    if len(texts) == len(sentences):
        return [_Text(text, (at,)) for text, at in zip(texts, sentences, strict=True)]
    return [_Text(text, sentences) for text in texts]


def _joined(number: int, context: str, texts: Iterable[_Text], *, is_annotation: bool) -> Representation:
    texts = tuple(texts)
    whole = context
    segments: list[Segment] = []
    for each in texts:
        whole += "\n" if whole else ""
        segments.append(Segment(Span(len(whole), len(whole) + len(each.text)), each.sentences))
        whole += each.text
    chinese = is_chinese("".join(each.text for each in texts))
    return Representation(number, whole, tuple(segments), is_annotation=is_annotation, is_chinese=chinese)
