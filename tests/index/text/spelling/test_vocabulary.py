"""Which words a corpus does not have, and which of its words they misspell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.spelling.vocabulary import Vocabulary

TEXTS = (
    "guillaume lample and timothée lacroix left openai",
    "guillaume founded mistral; the training of behemoth",
)
WORDS = [word for text in TEXTS for word in text.replace(";", "").split()]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.of(TEXTS)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("gillaume", "guillaume"),
        ("behemouth", "behemoth"),
        ("opneai", "openai"),
        ("lampel", "lample"),
        ("mistrel", "mistral"),
        ("timothee", "timothée"),
    ],
)
def test_one_edit_is_repaired(vocabulary: Vocabulary, written: str, meant: str) -> None:
    assert vocabulary.meant(written, pieces=3) == meant


@pytest.mark.parametrize("written", ["gilaumme", "trailing", "ample", "xguillaume", "paris", "left"])
def test_a_word_of_two_pieces_that_is_further_away_or_has_another_letter_stays(
    vocabulary: Vocabulary, written: str
) -> None:
    meant = vocabulary.meant(written, pieces=2)
    assert meant is None or meant == written


def test_a_word_that_the_encoder_knows_whole_stays_but_for_its_accent(vocabulary: Vocabulary) -> None:
    assert vocabulary.meant("behemouth", pieces=1) is None
    assert vocabulary.meant("timothee", pieces=1) == "timothée"


@given(st.sampled_from(WORDS))
def test_no_word_of_the_corpus_is_unknown(vocabulary: Vocabulary, word: str) -> None:
    assert list(vocabulary.unknown(f"who is {word}?")) == []


def test_another_inflection_is_known_and_other_long_words_are_not(vocabulary: Vocabulary) -> None:
    assert [match[0] for match in vocabulary.unknown("谁trained behemoths at gogle hq")] == ["gogle"]


@given(st.text(max_size=12), st.integers(0, 4))
def test_any_text_is_unknown_or_not_and_what_it_means_is_in_the_corpus(
    vocabulary: Vocabulary, text: str, pieces: int
) -> None:
    for match in vocabulary.unknown(text):
        assert vocabulary.meant(match[0], pieces=pieces) in {None, *WORDS}
