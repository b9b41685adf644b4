"""A list holds what the engine ranks first: at most one passage that answers, and none that says the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import ChronicleError
from index.training.examples import Example, TrainingCorpus
from index.training.reading_lists import ReadingList, load_lists, mine_lists, write_lists
from tests.fakes import FakeEncoder
from tests.index.training.conftest import corpus_of

TOPICS = ("bread", "rivers", "music", "trains", "stars", "chess")
TEXTS = tuple(f"note {number} on {TOPICS[number % 6]}" for number in range(60))
ASKED = tuple(Example(f"what does note {number} say on {TOPICS[number % 6]}", (number,)) for number in range(60))
CORPUS = TrainingCorpus("corpus", corpus_of(*TEXTS), ASKED, ("what is the weather on the moon",))
ANSWERS = {example.question: TEXTS[example.answers[0]] for example in ASKED}


def mined(corpus: TrainingCorpus = CORPUS, *, seed: int = 1) -> list[ReadingList]:
    return list(mine_lists(corpus, FakeEncoder(), passages=4, seed=seed))


def test_of_a_question_with_its_passage_exactly_that_one_answers() -> None:
    lists = [each for each in mined() if any(each.labels)]
    assert len(lists) > 35
    for each in lists:
        assert each.passages[0] == ANSWERS[each.question]
        assert each.labels == (1, 0, 0, 0)


def test_a_question_without_an_answer_and_some_whose_passage_was_taken_out_have_wrong_ones_alone() -> None:
    lists = [each for each in mined() if not any(each.labels)]
    assert CORPUS.unanswered[0] in {each.question for each in lists}
    assert 3 < len(lists) < 25  # a fifth of 60, and one
    assert all(len(each.passages) == 4 for each in lists)


def test_no_wrong_passage_is_the_answer() -> None:
    for each in mined():
        wrong = [text for text, label in zip(each.passages, each.labels, strict=True) if not label]
        assert ANSWERS.get(each.question) not in wrong
        assert len(set(each.passages)) == len(each.passages)


def test_a_copy_of_the_answer_is_not_wrong() -> None:
    said = "The tower by the old harbour is exactly 324 metres high, says the plaque."
    others = [f"Nothing about the gardens of house {number}." for number in range(8)]
    corpus = TrainingCorpus(
        "copies", corpus_of(said, said, *others), (Example("how high is the tower by the old harbour", (0,)),)
    )
    for seed in range(6):
        for each in mined(corpus, seed=seed):
            wrong = [text for text, label in zip(each.passages, each.labels, strict=True) if not label]
            assert not any("324" in text for text in wrong)


def test_wrong_passages_are_mostly_on_the_topic_of_the_question() -> None:
    wrong = [(each.question, text) for each in mined() for text in each.passages[1:]]
    same = sum(question.split()[-1] == text.split()[-1] for question, text in wrong)
    assert same > 0.4 * len(wrong)  # chance is a sixth


def test_the_same_seed_draws_the_same_lists_and_another_draws_others() -> None:
    assert mined(seed=1) == mined(seed=1) != mined(seed=2)


def test_lists_survive_being_written(tmp_path: Path) -> None:
    lists = [ReadingList("哪一段\n說了？", ("一", "二\u2028三"), (0, 1)), ReadingList("which", ("one",), (0,))]
    write_lists(tmp_path / "lists.jsonl", lists)
    assert load_lists(tmp_path / "lists.jsonl") == lists


@pytest.mark.parametrize(
    "content", ["{", '{"question": "a"}', "[]", '{"question": "a", "passages": 1, "labels": 2}']
)
def test_damaged_lists_are_one_line(tmp_path: Path, content: str) -> None:
    (tmp_path / "lists.jsonl").write_text(content, "utf-8")
    with pytest.raises(ChronicleError, match="delete its folder, and run without --resume"):
        load_lists(tmp_path / "lists.jsonl")
