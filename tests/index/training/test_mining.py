"""A negative is near the question and does not answer it."""

from __future__ import annotations

from index.training.examples import Example, TrainingCorpus
from index.training.mining import mine
from tests.fakes import FakeEncoder
from tests.index.training.conftest import corpus_of

TOPICS = ("bread", "rivers", "music", "trains", "stars", "chess")
TEXTS = tuple(f"note {number} on {TOPICS[number % 6]}" for number in range(60))
CORPUS = TrainingCorpus(
    "corpus",
    corpus_of(*TEXTS),
    tuple(
        Example(f"{TOPICS[number % 6]} as in note {number}", (number, (number + 1) % 60)) for number in range(60)
    ),
)

ONE = TrainingCorpus(
    "one",
    corpus_of(
        "bread is baked",
        *(f"bread {number}" for number in range(8)),
        *(f"rivers {number}" for number in range(30)),
    ),
    (Example("bread", (0,)),),
)


def test_a_negative_is_never_an_answer_and_an_answer_always_is() -> None:
    triplets = list(mine(CORPUS, FakeEncoder(), negatives=3, seed=1))
    answers = {example.question: {TEXTS[number] for number in example.answers} for example in CORPUS.examples}
    assert len(triplets) == 3 * 60
    assert all(each.answer in answers[each.question] for each in triplets)
    assert not any(each.negative in answers[each.question] for each in triplets)


def test_negatives_are_mostly_on_the_topic_of_the_question() -> None:
    triplets = list(mine(CORPUS, FakeEncoder(), negatives=1, seed=1))
    same = sum(each.question.split()[0] in each.negative.split() for each in triplets)
    assert same > 20  # chance is 9: a sixth of 59


def test_a_copy_of_an_answer_is_no_negative() -> None:
    texts = ("note on bread", "note on bread", "note on rivers")
    corpus = TrainingCorpus("corpus", corpus_of(*texts), (Example("bread", (0,)),))
    assert [each.negative for each in mine(corpus, FakeEncoder(), negatives=2, seed=1)] == ["note on rivers"]


def test_negatives_are_drawn_from_the_hardest() -> None:
    negatives = {each.negative for seed in range(9) for each in mine(ONE, FakeEncoder(), negatives=8, seed=seed)}
    assert len(negatives) == 8
    assert all("bread" in negative for negative in negatives)


def test_the_same_seed_draws_the_same_triplets_and_another_draws_others() -> None:
    first, second, third = (list(mine(CORPUS, FakeEncoder(), negatives=2, seed=seed)) for seed in (1, 1, 2))
    assert first == second
    assert first != third


def test_a_corpus_of_answers_alone_yields_nothing() -> None:
    corpus = TrainingCorpus("corpus", corpus_of("one text"), (Example("which text", (0,)),))
    assert list(mine(corpus, FakeEncoder(), negatives=2, seed=1)) == []
