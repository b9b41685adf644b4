"""Passages → representations: normalized texts whose segments speak for sentences."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from index.corpus.annotations.paragraphs import DocumentAnnotations
from index.corpus.chunking import cut_passages
from index.corpus.representations import Representation, make_representations
from index.text.normalize import normalize
from index.types import Block, BlockKind, Document, Markup, ParagraphAnnotation, Passage, Span
from tests.index.texts import DOCUMENTS, TEXTS, document

ANNOTATIONS = st.builds(ParagraphAnnotation, st.one_of(st.just(""), TEXTS), st.one_of(st.just(""), TEXTS))


def represented(
    document: Document, annotation: ParagraphAnnotation | None = None
) -> Iterator[tuple[Passage, list[Representation]]]:
    numbers = range(len(document.blocks))
    annotations = DocumentAnnotations(dict.fromkeys(numbers, annotation) if annotation else {})
    for number, passage in enumerate(cut_passages(document)):
        yield passage, list(make_representations(number, passage, document, annotations))


@given(DOCUMENTS, ANNOTATIONS)
def test_a_representation_s_segments_lie_inside_its_text_and_in_order(
    document: Document, annotation: ParagraphAnnotation
) -> None:
    for _, representations in represented(document, annotation):
        for representation in representations:
            ends = [
                place for segment in representation.segments for place in (segment.span.start, segment.span.end)
            ]
            assert [0, *ends, len(representation.text)] == sorted([0, *ends, len(representation.text)])


@given(DOCUMENTS, ANNOTATIONS)
def test_a_segment_names_sentences_of_its_passage(document: Document, annotation: ParagraphAnnotation) -> None:
    for passage, representations in represented(document, annotation):
        for segment in (segment for representation in representations for segment in representation.segments):
            assert segment.sentences
            assert set(segment.sentences) <= set(range(len(passage.sentences)))


@given(TEXTS)
def test_a_passage_s_own_representation_has_a_segment_for_each_sentence(text: str) -> None:
    given_document = document("a.txt", text)
    for passage, (representation, *_) in represented(given_document):
        segments = [
            (segment.span.of(representation.text), segment.sentences) for segment in representation.segments
        ]
        expected = [normalize(given_document.slice(span)) for span in passage.sentences]
        assert segments == [(words, (at,)) for at, words in enumerate(expected)]


@given(DOCUMENTS)
def test_the_segments_of_a_markdown_passage_are_its_sentences_in_order(document: Document) -> None:
    for passage, (representation, *_) in represented(document):
        assert [segment.sentences for segment in representation.segments] == [
            (at,) for at in range(len(passage.sentences))
        ]


def test_own_words_are_matched_as_they_are_rendered() -> None:
    text = "See **the** [guide](https://example.org/x) and `a*b*c`. Then ![a cat](cat.png).\n\n- one\n"
    (_, (representation,)), *_ = represented(document("a.md", text))
    words = [segment.span.of(representation.text) for segment in representation.segments]
    assert words[0] == "see the guide and a*b*c."
    assert "cat.png" not in representation.text
    assert "**" not in representation.text


def test_a_row_is_matched_with_its_header() -> None:
    text = "| plan | rent |\n|---|---|\n| one | 100 |"
    header, row = Span(0, 15), Span(26, 39)
    table = Document(
        "a.md", "Plans", "en", text, "", (Block(row, (), BlockKind.TABLE_ROW, header),), markup=Markup.MARKDOWN
    )
    ((_, (representation,)),) = represented(table)
    assert representation.text == "plans plan | rent\none | 100"


def test_long_headings_leave_room_for_the_passage_s_own_words() -> None:
    text = "".join(f"{'#' * level} {'long ' * 60}{level}\n\n" for level in range(1, 7)) + "Words."
    *_, (_, (representation,)) = represented(document("a.md", text))
    assert representation.text.endswith("\nwords.")
    assert len(representation.text) < 260


def test_a_long_header_row_leaves_room_for_the_row_s_own_words() -> None:
    rows = f"| {'wide ' * 200}|\n|---|\n| words |"
    header, row = Span(0, rows.index("\n")), Span(rows.index("| words"), len(rows))
    table = Document(
        "a.md",
        "T" * 90,
        "en",
        rows,
        "",
        (Block(row, ("H" * 99,), BlockKind.TABLE_ROW, header),),
        markup=Markup.MARKDOWN,
    )
    ((_, (representation,)),) = represented(table)
    assert representation.text.endswith("\nwords")
    assert len(representation.text) < 260


@given(DOCUMENTS)
def test_a_passage_has_one_representation_that_is_no_annotation(document: Document) -> None:
    assert all(
        [representation.is_annotation for representation in representations] == [False]
        for _, representations in represented(document)
    )


def test_a_representation_begins_with_title_and_headings() -> None:
    (_, (representation,)), *_ = represented(document("a.md", "# 軟體\n\n## Part\n\nWords."))
    assert representation.text == "软件 软件 part\nwords."


def test_an_annotation_with_as_many_sentences_is_matched_one_to_one() -> None:
    (_, representations), *_ = represented(
        document("a.txt", "One. Two."), ParagraphAnnotation("一。二。", "1st. 2nd.")
    )
    assert [[segment.sentences for segment in representation.segments] for representation in representations] == [
        [(0,), (1,)]
    ] * 3


def test_an_annotation_with_another_number_of_sentences_speaks_for_all() -> None:
    (_, representations), *_ = represented(document("a.txt", "One. Two."), ParagraphAnnotation("一。", ""))
    assert [[segment.sentences for segment in representation.segments] for representation in representations] == [
        [(0,), (1,)],
        [(0, 1)],
    ]


def asked(text: str, *questions: tuple[str, ...]) -> list[Representation]:
    given = document("a.txt", text)
    (passage,) = cut_passages(given)
    return list(make_representations(0, passage, given, DocumentAnnotations(questions={0: questions})))[1:]


def test_questions_are_representations_of_the_sentences_that_answer_them_each_language_by_itself() -> None:
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


def test_a_title_that_is_only_the_file_s_name_is_in_no_representation() -> None:
    (_, (representation,)), *_ = represented(document("report.txt", "Words."))
    assert representation.text == "words."
