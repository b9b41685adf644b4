"""The read path, over the fake encoder: what is asked is what is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.answering.engine import Index
from index.answering.policy import AnswerPolicy
from index.errors import DocumentsError, QuestionError
from index.indexing.builder import build_store
from index.retrieval.ranking_config import DEFAULT_RANKING
from index.text.chinese import converter
from index.text.normalize import normalize
from index.text.query import MAX_QUESTION_LENGTH
from index.types import Answer, Outcome, Query, Quote
from tests.fakes import FakeEncoder
from tests.index.conftest import MARKDOWN, Build


def quotes_of(answer: Answer) -> tuple[Quote, ...]:
    return answer.quotes or answer.nearest


def said(answer: Answer) -> Answer:
    """Return `answer` without what may differ from one time to the next."""
    return replace(answer, elapsed_ms=0.0)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("十四位作者還剩幾位留任？", "十四位作者之中只剩三位留任"),
        ("十四位作者还剩几位留任？", "十四位作者之中只剩三位留任"),
        ("What was the cost of the alpacas?", "six hundred dollars"),
        ("開源社群興奮嗎", "開源社群非常興奮"),
    ],
)
def test_a_passage_with_the_question_s_words_comes_first(opened: Index, question: str, expected: str) -> None:
    assert expected in quotes_of(opened.ask(question))[0].text


def test_every_quote_is_verbatim(opened: Index) -> None:
    texts = {document.name: document.text for document in opened.library.documents}
    quotes = quotes_of(opened.ask("作者 cost", top=50))
    assert [quote.text for quote in quotes] == [texts[quote.document][quote.start : quote.end] for quote in quotes]


def test_every_quote_has_a_highlight_inside_it(opened: Index) -> None:
    for quote in quotes_of(opened.ask("作者 cost", top=50)):
        assert quote.highlights
        assert all(quote.start <= each.start < each.end <= quote.end for each in quote.highlights)


def test_quotes_come_by_falling_score(opened: Index) -> None:
    scores = [quote.score for quote in quotes_of(opened.ask("作者", top=50))]
    assert scores == sorted(scores, reverse=True)


def test_no_passage_is_quoted_twice(opened: Index) -> None:
    places = [(quote.document, quote.start) for quote in quotes_of(opened.ask("作者", top=50))]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("top", [1, 2, 3])
def test_an_answer_has_at_most_as_many_quotes_as_asked_for(opened: Index, top: int) -> None:
    answer = opened.ask("作者", top=top)
    assert answer.answered
    assert 1 <= len(answer.quotes) <= top


@pytest.mark.parametrize("top", [1, 2, 3])
def test_a_declined_question_has_as_many_nearest_passages_as_asked_for(
    build: Build, store: Path, encoder: FakeEncoder, top: int
) -> None:
    build()
    declining = Index.open(store, encoder, policy=AnswerPolicy(threshold=1.1, unsure_threshold=1.1))
    assert len(declining.ask("作者", top=top).nearest) == top


def test_a_named_document_is_the_only_one_quoted(opened: Index) -> None:
    assert {quote.document for quote in quotes_of(opened.ask("作者", top=50, document="alpaca.txt"))} == {
        "alpaca.txt"
    }


def test_a_document_that_is_not_there_has_no_quotes(opened: Index) -> None:
    answer = opened.ask("作者", document="gone.md")
    assert (answer.answered, quotes_of(answer)) == (False, ())


@pytest.mark.parametrize(("threshold", "answered"), [(0.0, True), (1.1, False)])
def test_the_threshold_decides_between_answer_and_nearest(
    build: Build, store: Path, encoder: FakeEncoder, threshold: float, answered: bool
) -> None:
    build()
    answer = Index.open(store, encoder, policy=AnswerPolicy(threshold)).ask("作者")
    assert (answer.answered, bool(answer.quotes), bool(answer.nearest)) == (answered, answered, not answered)


def test_between_the_thresholds_the_ranked_passages_may_answer(
    build: Build, store: Path, encoder: FakeEncoder
) -> None:
    build()
    policy = AnswerPolicy(threshold=1.1, unsure_threshold=0.0)
    unsure = Index.open(store, encoder, policy=policy).ask("作者")
    declined = Index.open(store, encoder, policy=AnswerPolicy(threshold=1.1)).ask("作者")
    assert (unsure.outcome, unsure.answered, unsure.quotes) == (Outcome.UNSURE, False, ())
    assert unsure.nearest == declined.nearest


def test_what_stands_around_a_question_does_not_keep_it_from_being_answered(
    build: Build, store: Path, encoder: FakeEncoder
) -> None:
    build()
    asked, message = (
        "What was the cost of the alpacas?",
        "dear penguins: What was the cost of the alpacas? zebras!",
    )
    alone, whole = (Index.open(store, encoder).search(each).features for each in (asked, message))
    confidence = Index.open(store, encoder).calibration.calibration.probability
    assert confidence(whole) < confidence(alone)
    opened = Index.open(store, encoder, policy=AnswerPolicy(confidence(alone)))
    answer = opened.ask(message)
    assert (answer.outcome, answer.question, answer.searched_for) == (Outcome.ANSWERED, message, asked)
    assert answer.quotes == opened.ask(asked).quotes


def test_a_message_of_which_no_part_is_answered_stays_as_it_is(
    build: Build, store: Path, encoder: FakeEncoder
) -> None:
    build()
    answer = Index.open(store, encoder, policy=AnswerPolicy(1.1)).ask("dear penguins: 作者? zebras!")
    assert (answer.outcome, answer.searched_for) == (Outcome.DECLINED, None)


def test_an_answer_names_the_question_as_it_was_asked_and_the_version(opened: Index) -> None:
    answer = opened.ask("  作者？ ")
    assert (answer.question, answer.version) == ("  作者？ ", opened.version)


def test_questions_asked_together_are_answered_as_alone(opened: Index) -> None:
    questions = ["作者", "What was the cost?", "開源"]
    assert [said(each) for each in opened.ask_many([Query(each) for each in questions])] == [
        said(opened.ask(each)) for each in questions
    ]


def test_more_questions_than_share_a_forward_pass_are_answered_as_alone(opened: Index) -> None:
    questions = [f"作者 {number}" if number % 3 else "What was the cost?" for number in range(20)]
    assert [said(each) for each in opened.ask_many([Query(each) for each in questions])] == [
        said(opened.ask(each)) for each in questions
    ]


def test_a_question_that_cannot_be_used_is_refused_among_many(opened: Index) -> None:
    with pytest.raises(QuestionError):
        opened.ask_many([Query("作者")] * 12 + [Query("")] + [Query("作者")] * 12)


def test_questions_asked_together_are_encoded_in_one_call(opened: Index, encoder: FakeEncoder) -> None:
    before = len(encoder.questions)
    opened.ask_many([Query("作者"), Query("the cost")])
    assert encoder.questions[before:] == ["作者", "the cost"]


def test_no_questions_have_no_answers(opened: Index) -> None:
    assert opened.ask_many([]) == []


@pytest.mark.parametrize("question", ["", " \n", "\u200b", "\x00\x07", "\ud800", "\u3000"])
def test_an_empty_question_is_refused(opened: Index, question: str) -> None:
    with pytest.raises(QuestionError, match=r"^the question is empty$"):
        opened.ask(question)


def test_the_longest_question_is_answered(opened: Index) -> None:
    assert quotes_of(opened.ask("問" * MAX_QUESTION_LENGTH))


def test_a_longer_question_is_refused_with_both_numbers(opened: Index) -> None:
    with pytest.raises(QuestionError, match=r"^the question has 1001 characters; at most 1000 can be asked$"):
        opened.ask("問" * (MAX_QUESTION_LENGTH + 1))


@given(question=st.text(min_size=1, max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_question_with_something_in_it_is_answered(opened: Index, question: str) -> None:
    if normalize(question):
        assert quotes_of(opened.ask(question))


@given(question=st.text(st.sampled_from("作者還剩幾位離開公司後裡乾著什麼llama 4，"), min_size=1, max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_answer_is_blind_to_the_question_s_script(opened: Index, question: str) -> None:
    if normalize(question):
        answers = [opened.ask(converter(name).convert(question)) for name in ("s2t", "t2s")]
        assert [replace(said(each), question="") for each in answers] == [
            replace(said(opened.ask(question)), question="")
        ] * 2


def test_hits_of_a_search_are_as_many_as_asked_for(opened: Index) -> None:
    assert len(opened.search("作者", top=2).hits) == 2


Fill = Callable[[int], Index]


@pytest.fixture
def filled(documents: Path, store: Path, encoder: FakeEncoder) -> Fill:
    """Return a function that opens an index of that many more documents."""

    def fill(count: int) -> Index:
        for number in range(count):
            (documents / f"filler{number:03}.txt").write_text(f"Filler words about thing{number} here.", "utf-8")
        build_store(documents, store, encoder)
        return Index.open(store, encoder)

    return fill


def test_a_store_too_large_to_be_scored_whole_finds_the_same_first(filled: Fill) -> None:
    index = filled(DEFAULT_RANKING.exhaustive + 20)
    assert "thing123" in quotes_of(index.ask("what about thing123"))[0].text


def test_a_named_document_is_found_in_a_store_too_large_to_be_scored_whole(filled: Fill) -> None:
    index = filled(DEFAULT_RANKING.exhaustive + 20)
    assert quotes_of(index.ask("十四位作者", document="alpaca.txt"))[0].document == "alpaca.txt"


def test_fifty_quotes_are_given_where_there_are_as_many(filled: Fill) -> None:
    assert len(quotes_of(filled(80).ask("filler words", top=50))) == 50


@pytest.mark.parametrize("content", ["人", "x" * 5000, "人🦙", "a\x01\x02", MARKDOWN])
def test_a_library_of_one_odd_document_is_built_and_answers(tmp_path: Path, content: str) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "only.txt").write_text(content, "utf-8")
    build_store(tmp_path / "documents", tmp_path / "store", FakeEncoder())
    assert quotes_of(Index.open(tmp_path / "store", FakeEncoder()).ask("什麼"))


@pytest.mark.parametrize("content", ["\u200b", "\u200b\n\n...", "🦙", "，" * 700, "\x01\x02"])
def test_a_library_without_words_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "only.txt").write_text(content, "utf-8")
    with pytest.raises(DocumentsError, match="no text in it"):
        build_store(tmp_path / "documents", tmp_path / "store", FakeEncoder())


PARKING = "Visitors park behind the east gate. The gate opens at seven in the morning."


@pytest.fixture
def versioned(documents: Path, store: Path, encoder: FakeEncoder) -> Index:
    """Return the index of a folder with five copies of one document, in folders named by version."""
    for number in range(1, 6):
        folder = documents / f"v{number}"
        folder.mkdir()
        (folder / "parking.txt").write_text(PARKING, "utf-8")
    build_store(documents, store, encoder)
    return Index.open(store, encoder)


@pytest.mark.parametrize("top", [1, 3, 50])
def test_copies_are_one_quote_with_the_others_in_also(versioned: Index, top: int) -> None:
    quotes = quotes_of(versioned.ask("Visitors park behind the east gate", top=top))
    assert len(quotes) == len({quote.text for quote in quotes}) <= top
    assert sorted(each.document for each in (quotes[0], *quotes[0].also)) == [
        f"v{number}/parking.txt" for number in range(1, 6)
    ]
    assert all(each.text == PARKING and each.highlights for each in (quotes[0], *quotes[0].also))


def test_copies_do_not_lower_the_confidence(versioned: Index, opened: Index, documents: Path, store: Path) -> None:
    confidence = versioned.ask("Visitors park behind the east gate").confidence
    for number in range(2, 6):
        (documents / f"v{number}" / "parking.txt").unlink()
    build_store(documents, store, FakeEncoder())
    alone = Index.open(store, FakeEncoder()).ask("Visitors park behind the east gate").confidence
    assert confidence == pytest.approx(alone, abs=0.1)
