"""The front desk with the real model: what it replies to, what it leaves alone, and in which language."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

from index.answering.front_desk.classifier import BUNDLED, FrontDesk
from index.answering.front_desk.examples import front_desk_examples
from index.text.chat.markup import without_chat_markup
from index.text.query import normalize_question
from index.types import Encoder, FrontDeskIntent
from tests.conftest import ROOT

pytestmark = pytest.mark.model

HELD_OUT = tomllib.loads(Path(__file__).with_name("held_out.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def front_desk() -> FrontDesk:
    """Return the bundled front desk."""
    return FrontDesk.load(BUNDLED)


def intents(messages: Sequence[str], front_desk: FrontDesk, encoder: Encoder) -> dict[str, FrontDeskIntent | None]:
    """Return what each message wants."""
    texts = [normalize_question(without_chat_markup(message)) for message in messages]
    encodings = encoder.encode_questions(texts)
    return {message: front_desk.intent(each.pooled) for message, each in zip(messages, encodings, strict=True)}


@pytest.mark.parametrize("language", HELD_OUT)
def test_messages_that_it_was_not_fitted_to_are_recognised(
    language: str, front_desk: FrontDesk, bundled_encoder: Encoder
) -> None:
    expected = {message: intent for intent, messages in HELD_OUT[language].items() for message in messages}
    assert not {normalize_question(message) for message in expected} & {
        each.text for each in front_desk_examples()
    }
    found = intents(list(expected), front_desk, bundled_encoder)
    missed = {message for message, intent in found.items() if intent is None}
    assert len(missed) <= 0.1 * len(expected), missed
    mistaken = {message: intent for message, intent in found.items() if intent not in (None, expected[message])}
    assert len(mistaken) <= 0.1 * len(expected), mistaken


def test_questions_are_left_alone(front_desk: FrontDesk, bundled_encoder: Encoder) -> None:
    lines = (ROOT / "tests/evaluation/development.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    questions = [row["question"] for row in rows if row["kind"] != "not-a-question"]
    found = intents(questions, front_desk, bundled_encoder)
    alarms = {question: intent for question, intent in found.items() if intent is not None}
    assert len(alarms) <= 0.01 * len(questions), alarms
