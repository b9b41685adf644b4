"""Passages → views: folded texts whose pieces speak for sentences."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from index.fold import fold
from index.glosses import Glosses
from index.passages import cut_passages
from index.types import Document, Gloss, Passage
from index.views import View, make_views
from tests.index.texts import DOCUMENTS, TEXTS, document

GLOSSES = st.builds(Gloss, st.one_of(st.just(""), TEXTS), st.one_of(st.just(""), TEXTS))


def viewed(document: Document, gloss: Gloss | None = None) -> Iterator[tuple[Passage, list[View]]]:
    numbers = range(len(document.paragraphs))
    glosses = Glosses(dict.fromkeys(numbers, gloss) if gloss else {})
    for number, passage in enumerate(cut_passages(document)):
        yield passage, list(make_views(number, passage, document, glosses))


@given(DOCUMENTS, GLOSSES)
def test_a_view_s_pieces_lie_inside_its_text_and_in_order(document: Document, gloss: Gloss) -> None:
    for _, views in viewed(document, gloss):
        for view in views:
            ends = [place for piece in view.pieces for place in (piece.span.start, piece.span.end)]
            assert [0, *ends, len(view.text)] == sorted([0, *ends, len(view.text)])


@given(DOCUMENTS, GLOSSES)
def test_a_piece_names_sentences_of_its_passage(document: Document, gloss: Gloss) -> None:
    for passage, views in viewed(document, gloss):
        for piece in (piece for view in views for piece in view.pieces):
            assert piece.sentences
            assert set(piece.sentences) <= set(range(len(passage.sentences)))


@given(DOCUMENTS)
def test_a_passage_s_own_view_has_a_piece_for_each_sentence(document: Document) -> None:
    for passage, (view, *_) in viewed(document):
        pieces = [(view.text[piece.span.start : piece.span.end], piece.sentences) for piece in view.pieces]
        assert pieces == [
            (fold(document.text[span.start : span.end]), (at,)) for at, span in enumerate(passage.sentences)
        ]


@given(DOCUMENTS)
def test_a_passage_has_one_view_that_is_no_gloss(document: Document) -> None:
    assert all([view.is_gloss for view in views] == [False] for _, views in viewed(document))


def test_a_view_begins_with_title_and_headings() -> None:
    (_, (view,)), *_ = viewed(document("a.md", "# 軟體\n\n## Part\n\nWords."))
    assert view.text == "软件 软件 part\nwords."


def test_a_gloss_with_as_many_sentences_is_matched_one_to_one() -> None:
    (_, views), *_ = viewed(document("a.txt", "One. Two."), Gloss("一。二。", "1st. 2nd."))
    assert [[piece.sentences for piece in view.pieces] for view in views] == [[(0,), (1,)]] * 3


def test_a_gloss_with_another_number_of_sentences_speaks_for_all() -> None:
    (_, views), *_ = viewed(document("a.txt", "One. Two."), Gloss("一。", ""))
    assert [[piece.sentences for piece in view.pieces] for view in views] == [[(0,), (1,)], [(0, 1)]]


def asked(text: str, *questions: tuple[str, ...]) -> list[View]:
    given = document("a.txt", text)
    (passage,) = cut_passages(given)
    return list(make_views(0, passage, given, Glosses(questions={0: questions})))[1:]


def test_questions_are_views_of_the_sentences_that_answer_them_each_language_by_itself() -> None:
    views = asked("One. Two.", ("誰是一？", "Who is one?"), ("Who is two?",))
    assert [(view.text, view.is_chinese, [piece.sentences for piece in view.pieces]) for view in views] == [
        ("谁是一?", True, [(0,)]),
        ("who is one?\nwho is two?", False, [(0,), (1,)]),
    ]


def test_questions_that_are_not_told_apart_speak_for_the_whole_paragraph() -> None:
    (view,) = asked("One. Two.", ("Who?", "Which?"))
    assert [piece.sentences for piece in view.pieces] == [(0, 1), (0, 1)]


def test_a_question_is_with_the_passage_that_its_sentence_is_in() -> None:
    given = document("a.txt", "甲" * 200 + "。" + "乙" * 200 + "。")
    glosses = Glosses(questions={0: (("Who is A?",), ("Who is B?",))})
    found = [
        [view.text for view in make_views(number, passage, given, glosses) if view.is_gloss]
        for number, passage in enumerate(cut_passages(given))
    ]
    assert found == [["who is a?"], ["who is b?"]]


def test_swapped_words_are_restored_in_what_is_matched() -> None:
    given = document("a.txt", "三东谈主离开。")
    (view,) = make_views(0, cut_passages(given)[0], given, Glosses(words={"东谈主": "人"}))
    assert view.text == "三人离开。"


def test_a_title_that_is_only_the_file_s_name_is_in_no_view() -> None:
    (_, (view,)), *_ = viewed(document("report.txt", "Words."))
    assert view.text == "words."
