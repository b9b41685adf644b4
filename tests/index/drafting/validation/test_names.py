"""What counts as a name in a drafted text, and where it may come from."""

from __future__ import annotations

import pytest
from hypothesis import given

from index.drafting.validation.names import KnownWords, Support, names_within, unsupported_names
from index.types import Term
from tests.index.texts import TEXTS

ENGLISH = Support(
    ("The llama lab of Meta released Llama 3 and a 70B model at example.org.",), frozenset({"people"})
)
CHINESE = Support(("Meta的团队在2023年发布了Llama。",), is_foreign=True)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Who is Musk?", "Musk"),
        ("Musk founded it.", "Musk"),
        ("It ran. Musk left.", "Musk"),
        ("It was called “Grok”.", "Grok"),
        ("See evil.com now", "evil.com"),
        ("mail me@evil.com", "me@evil.com"),
        ("it uses DeepMind", "DeepMind"),
        ("an xAI model", "xAI"),
        ("the NASA model", "NASA"),
        ("call os_system", "os_system"),
        ("模型由Musk发布", "Musk"),
        ("Ｍｕｓｋ", "Musk"),
        ("the gpt4 model", "gpt4"),
        ("a Ferrari-like lab", "Ferrari"),
        ("Маск ушёл", "Маск"),
    ],
)
def test_a_name_that_is_nowhere_is_found(text: str, name: str) -> None:
    assert name in unsupported_names(text, ENGLISH)


@pytest.mark.parametrize(
    "text",
    [
        "What did Meta release?",
        "META released it",
        "Meta's lab, Meta-owned",
        "the Llama3 model",
        "Llamas of Meta",
        "a 70B model, the 2nd of the 1990s, e.g. this",
        "People left.",
        "The lab, which I like",
        "example.org",
        "in May",
    ],
)
def test_a_name_of_the_texts_and_what_is_no_name_is_not(text: str) -> None:
    assert unsupported_names(text, ENGLISH) == ()


@pytest.mark.parametrize(
    ("text", "is_found"), [("Researchers left.", False), ("Elon Musk left.", True), ("It is Musk.", True)]
)
def test_of_a_text_without_capitals_the_first_word_tells_nothing_by_itself(text: str, is_found: bool) -> None:
    assert bool(unsupported_names(text, CHINESE)) is is_found


def test_a_name_within_one_sentence_is_a_name_at_the_start_of_another() -> None:
    suspects = frozenset(names_within("Who is Musk?"))
    assert unsupported_names("Musk left.", CHINESE, suspects=suspects) == ("Musk",)


def test_the_glossary_names_things_in_other_letters() -> None:
    known = KnownWords.of([], (Term("祖克柏", "扎克伯格", "Zuckerberg"), Term("微軟", "微软", "Microsoft")))
    assert set(known.other_forms(["扎克伯格说"])) >= {"Zuckerberg"}
    assert "Microsoft" not in set(known.other_forms(["扎克伯格说"]))


@given(TEXTS)
def test_every_text_supports_its_own_names(text: str) -> None:
    assert unsupported_names(text, Support((text,))) == ()
