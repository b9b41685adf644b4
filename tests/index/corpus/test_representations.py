"""Passages → representations: normalized texts whose segments speak for sentences."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from index.corpus.annotations.paragraphs import DocumentAnnotations
from index.corpus.chunking import cut_passages
from index.corpus.representations import Representation, make_representations
from index.text.normalize import normalize
from index.types import Document, ParagraphAnnotation, Passage
from tests.index.texts import DOCUMENTS, TEXTS, document

GLOSSES = st.builds(ParagraphAnnotation, st.one_of(st.just(""), TEXTS), st.one_of(st.just(""), TEXTS))


def viewed(
    document: Document, annotation: ParagraphAnnotation | None = None
) -> Iterator[tuple[Passage, list[Representation]]]:
    numbers = range(len(document.blocks))
    annotations = DocumentAnnotations(dict.fromkeys(numbers, annotation) if annotation else {})
    for number, passage in enumerate(cut_passages(document)):
        yield passage, list(make_representations(number, passage, document, annotations))


@given(DOCUMENTS, GLOSSES)
def test_a_view_s_pieces_lie_inside_its_text_and_in_order(
    document: Document, annotation: ParagraphAnnotation
) -> None:
    for _, representations in viewed(document, annotation):
        for representation in representations:
            ends = [
                place for segment in representation.segments for place in (segment.span.start, segment.span.end)
            ]
            assert [0, *ends, len(representation.text)] == sorted([0, *ends, len(representation.text)])


@given(DOCUMENTS, GLOSSES)
def test_a_piece_names_sentences_of_its_passage(document: Document, annotation: ParagraphAnnotation) -> None:
    for passage, representations in viewed(document, annotation):
        for segment in (segment for representation in representations for segment in representation.segments):
            assert segment.sentences
            assert set(segment.sentences) <= set(range(len(passage.sentences)))


@given(DOCUMENTS)
def test_a_passage_s_own_view_has_a_piece_for_each_sentence(document: Document) -> None:
    for passage, (representation, *_) in viewed(document):
        segments = [
            (segment.span.of(representation.text), segment.sentences) for segment in representation.segments
        ]
        assert segments == [(normalize(document.slice(span)), (at,)) for at, span in enumerate(passage.sentences)]


@given(DOCUMENTS)
def test_a_passage_has_one_view_that_is_no_gloss(document: Document) -> None:
    assert all(
        [representation.is_annotation for representation in representations] == [False]
        for _, representations in viewed(document)
    )


def test_a_view_begins_with_title_and_headings() -> None:
    (_, (representation,)), *_ = viewed(document("a.md", "# 軟體\n\n## Part\n\nWords."))
    assert representation.text == "软件 软件 part\nwords."


def test_a_gloss_with_as_many_sentences_is_matched_one_to_one() -> None:
    (_, representations), *_ = viewed(document("a.txt", "One. Two."), ParagraphAnnotation("一。二。", "1st. 2nd."))
    assert [[segment.sentences for segment in representation.segments] for representation in representations] == [
        [(0,), (1,)]
    ] * 3


def test_a_gloss_with_another_number_of_sentences_speaks_for_all() -> None:
    (_, representations), *_ = viewed(document("a.txt", "One. Two."), ParagraphAnnotation("一。", ""))
    assert [[segment.sentences for segment in representation.segments] for representation in representations] == [
        [(0,), (1,)],
        [(0, 1)],
    ]


def asked(text: str, *questions: tuple[str, ...]) -> list[Representation]:
    given = document("a.txt", text)
    (passage,) = cut_passages(given)
    return list(make_representations(0, passage, given, DocumentAnnotations(questions={0: questions})))[1:]


def test_questions_are_views_of_the_sentences_that_answer_them_each_language_by_itself() -> None:
    representations = asked("One. Two.", ("誰是一？", "Who is one?"), ("Who is two?",))
    assert [
        (
            representation.text,
            representation.is_chinese,
            [segment.sentences for segment in representation.segments],
        )
        for representation in representations
    ] == [
        ("谁是一?", True, [(0,)]),
        ("who is one?\nwho is two?", False, [(0,), (1,)]),
    ]


def test_questions_that_are_not_told_apart_speak_for_the_whole_paragraph() -> None:
    (representation,) = asked("One. Two.", ("Who?", "Which?"))
    assert [segment.sentences for segment in representation.segments] == [(0, 1), (0, 1)]


def test_a_question_is_with_the_passage_that_its_sentence_is_in() -> None:
    given = document("a.txt", "甲" * 200 + "。" + "乙" * 200 + "。")
    annotations = DocumentAnnotations(questions={0: (("Who is A?",), ("Who is B?",))})
    found = [
        [
            representation.text
            for representation in make_representations(number, passage, given, annotations)
            if representation.is_annotation
        ]
        for number, passage in enumerate(cut_passages(given))
    ]
    assert found == [["who is a?"], ["who is b?"]]


def test_swapped_words_are_restored_in_what_is_matched() -> None:
    given = document("a.txt", "三东谈主离开。")
    (representation,) = make_representations(
        0, cut_passages(given)[0], given, DocumentAnnotations(words={"东谈主": "人"})
    )
    assert representation.text == "三人离开。"


def test_a_title_that_is_only_the_file_s_name_is_in_no_view() -> None:
    (_, (representation,)), *_ = viewed(document("report.txt", "Words."))
    assert representation.text == "words."
