"""The JSON that models write, with what they write around it, and what they write instead."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from index.drafting.replies import (
    ANSWERED_SCHEMA,
    DRAFTS_SCHEMA,
    DraftedParagraph,
    UnusableReplyError,
    parse_answered,
    parse_drafts,
)
from tests.index.texts import TEXTS

ONE = json.dumps({"paragraphs": [{"id": "a", "translation": "One.", "colour": "red"}]})


@pytest.mark.parametrize("around", ["{}", "```json\n{}\n```", "Here it is: {} Enjoy!", "<think>{{oh}}</think>{}"])
def test_what_stands_around_the_object_is_passed_over(around: str) -> None:
    content = around.replace("{{oh}}", "{oh}").replace("{}", ONE)
    assert parse_drafts(content).paragraphs == (DraftedParagraph(id="a", translation="One."),)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "no JSON"),
        ("I cannot help with that.", "no JSON"),
        (ONE[:-3], "broken or cut off"),
        ("{" * 100_000 + "}", "broken or cut off"),
        ('{"paragraphs": 3}', "another form"),
        ('{"answer": []}', "another form"),
    ],
)
def test_a_reply_without_the_object_is_unusable(content: str, why: str) -> None:
    with pytest.raises(UnusableReplyError, match=why):
        parse_drafts(content)


@pytest.mark.parametrize(
    "paragraph",
    [
        3,
        None,
        {},
        {"id": 3},
        {"id": "b", "translation": ["x"]},
        {"id": "b", "translation": "x" * 50_000},
        {"id": "b", "questions": ["Who?"]},
        {"id": "b", "questions": [{"sentence": "one", "question": "Who?"}]},
        {"id": "b", "unanswerable": ["Who?"] * 1000},
    ],
)
def test_a_paragraph_of_another_form_is_left_out_and_the_others_hold(paragraph: Any) -> None:
    parsed = parse_drafts(json.dumps({"paragraphs": [paragraph, {"id": "a"}]}))
    assert ([each.id for each in parsed.paragraphs], parsed.malformed) == (["a"], 1)


def test_the_answered_questions_are_numbers() -> None:
    assert parse_answered('{"answered": [1, 3, 3]}') == {1, 3}


@given(TEXTS)
def test_any_other_text_is_unusable(text: str) -> None:
    with pytest.raises(UnusableReplyError):
        parse_drafts(text)


def test_the_schema_asks_for_what_is_read() -> None:
    properties = DRAFTS_SCHEMA["properties"]["paragraphs"]["items"]["properties"]
    assert set(properties) == set(DraftedParagraph.model_fields)
    assert ANSWERED_SCHEMA["required"] == ["answered"]
