"""A list holds what the engine ranks first, with what a reader is told of it, and says which of it answers."""

from __future__ import annotations

import numpy as np
import pytest

from index.retrieval.ranking_config import DEFAULT_RANKING
from index.retrieval.reading.scores import WIDTH, column
from index.training import reading_lists
from index.training.examples import Example, TrainingCorpus
from index.training.reading_lists import ReadCorpus, mine_lists
from tests.fakes import FakeEncoder, encode
from tests.index.training.conftest import corpus_of

TOPICS = ("bread", "rivers", "music", "trains", "stars", "chess")
TEXTS = tuple(f"note {number} on {TOPICS[number % 6]}" for number in range(60))
ASKED = tuple(Example(f"what does note {number} say on {TOPICS[number % 6]}", (number,)) for number in range(60))
UNANSWERED = ("what is the weather on the moon", "who has won at chess")
CORPUS = TrainingCorpus("corpus", corpus_of(*TEXTS), ASKED, UNANSWERED)


@pytest.fixture(scope="module")
def mined() -> ReadCorpus:
    return mine_lists(CORPUS, FakeEncoder(), seed=1)


def test_every_question_has_a_list_of_the_first_passages(mined: ReadCorpus) -> None:
    assert (mined.name, len(mined.lists)) == ("corpus", 62)
    for each in mined.lists:
        assert len(each.passages) == len(set(each.passages)) == DEFAULT_RANKING.reranked
        assert each.scores.shape == (len(each.passages), WIDTH)
        assert each.answers.shape == (len(each.passages),)
        whole = each.scores[:, column("whole")]
        assert whole[0] > whole[1:].mean()  # the engine's first first


def test_the_passage_that_answers_is_marked_and_no_other(mined: ReadCorpus) -> None:
    answered = [each for each in mined.lists if each.is_answered]
    assert len(answered) == len(ASKED)
    marked = [
        [at for at, answers in zip(each.passages, each.answers, strict=True) if answers] for each in answered
    ]
    assert sorted(at for passages in marked for at in passages) == list(range(60))
    assert {len(passages) for passages in marked} == {1}
    asked = {len(encode(example.question).ids) for example in ASKED}
    assert {len(each.asked) for each in answered} == asked


def test_a_question_without_an_answer_is_a_list_that_says_so(mined: ReadCorpus) -> None:
    lists = [each for each in mined.lists if not each.is_answered]
    assert len(lists) == len(UNANSWERED)
    assert not any(each.answers.any() for each in lists)


def test_an_answer_that_is_not_among_the_first_leaves_a_list_without_one() -> None:
    corpus = TrainingCorpus("corpus", CORPUS.corpus, (Example("note 7 on rivers", (0,)),))
    [found] = mine_lists(corpus, FakeEncoder(), seed=1).lists
    assert found.is_answered
    assert 0 not in found.passages
    assert not found.answers.any()


def test_a_copy_of_the_answer_answers_as_well() -> None:
    said = "The tower by the old harbour is exactly 324 metres high, says the plaque."
    others = [f"Nothing about the gardens of house {number}." for number in range(8)]
    for answer in (0, 1):  # the engine shows one of them
        example = Example("how high is the tower by the old harbour", (answer,))
        [found] = mine_lists(
            TrainingCorpus("copies", corpus_of(said, said, *others), (example,)), FakeEncoder(), seed=1
        ).lists
        assert found.answers.tolist() == [True] + [False] * (len(found.passages) - 1)
        assert len({0, 1} & set(found.passages)) == 1


def test_the_vectors_are_those_of_the_question_and_of_every_passage_in_half_precision(mined: ReadCorpus) -> None:
    assert set(mined.tokens) == {at for each in mined.lists for at in each.passages}
    for at, passage in mined.tokens.items():
        assert passage.vectors.shape == encode(TEXTS[at]).tokens.shape
        assert passage.headings == 0
        assert passage.vectors.dtype == np.float16
    for each in mined.lists:
        assert each.asked.dtype == np.float16
        assert len(each.asked) == len(each.weights)
        assert each.weights.sum() == pytest.approx(1)
        first = mined.tokens[each.passages[0]].vectors.astype(np.float32)
        late = each.weights @ (each.asked.astype(np.float32) @ first.T).max(axis=1)
        assert each.scores[0, column("whole")] == pytest.approx(late, abs=0.01)


def drawn(seed: int) -> list[tuple[int, ...]]:
    return [each.passages for each in mine_lists(CORPUS, FakeEncoder(), seed=seed).lists]


def test_of_many_questions_some_are_drawn_the_same_with_the_same_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reading_lists._MOST == 300
    monkeypatch.setattr(reading_lists, "_MOST", 20)
    assert [len(drawn(seed)) for seed in (1, 2)] == [20, 20]
    assert drawn(1) == drawn(1) != drawn(2)


def test_texts_are_encoded_some_at_a_time_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_lists, "_STEP", 7)
    encoder = FakeEncoder()
    mine_lists(CORPUS, encoder, seed=1)
    assert encoder.passages == list(CORPUS.texts)


def test_a_corpus_without_questions_has_no_lists() -> None:
    found = mine_lists(TrainingCorpus("none", CORPUS.corpus, ()), FakeEncoder(), seed=1)
    assert (found.lists, found.tokens) == ((), {})
