"""The messages that the front desk learns from."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from index.answering.front_desk import examples
from index.answering.front_desk.examples import front_desk_examples
from index.corpus.annotations.glossary import read_glossary
from index.text.query import normalize_question
from index.types import FrontDeskIntent
from tests.conftest import DOCUMENTS, ROOT

FOLDER = Path(examples.__file__).parent
# What people ask a bot whether it is.
ASKED_OF_BOTS = {"openai", "chatgpt", "gpt", "gemini", "claude"}
FILES = ("en.toml", "zh_hant.toml", "zh_hans.toml")


def table(name: str) -> dict[str, list[str]]:
    return tomllib.loads((FOLDER / name).read_text("utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_each_language_has_many_of_every_intent_and_more_that_have_none(name: str) -> None:
    found = table(name)
    assert set(found) == {*FrontDeskIntent, "other"}
    assert min(len(texts) for texts in found.values()) >= 60
    assert len(found["other"]) >= 300


def test_no_message_has_two_meanings() -> None:
    groups: dict[str, set[str]] = {}
    for name in FILES:
        for group, texts in table(name).items():
            for text in texts:
                groups.setdefault(normalize_question(text), set()).add(group)
    assert {text: found for text, found in groups.items() if len(found) > 1} == {}


def test_each_message_comes_once() -> None:
    texts = [each.text for each in front_desk_examples()]
    assert len(set(texts)) == len(texts)


def test_nothing_is_about_the_documents_of_the_project() -> None:
    terms, _ = read_glossary((DOCUMENTS / "glossary.toml").read_bytes())
    names = {normalize_question(term.en) for term in terms if term.kind in {"person", "company", "model"}}
    texts = " ".join(each.text for each in front_desk_examples())
    found = re.findall(rf"(?<![a-z])(?:{'|'.join(map(re.escape, names))})(?![a-z])", texts)
    assert set(found) <= ASKED_OF_BOTS


def test_no_question_of_the_evaluation_is_learnt() -> None:
    lines = (ROOT / "tests/evaluation/development.jsonl").read_text("utf-8").splitlines()
    held_out = {normalize_question(json.loads(line)["question"]) for line in lines}
    assert held_out & {each.text for each in front_desk_examples()} == set()
