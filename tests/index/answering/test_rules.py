"""The rules of a version: a change of any constant that shapes what is stored makes older versions foreign."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest

from index.answering.rules import current_rules
from index.retrieval import ranking_config

SHAPING = [
    ("index.text.normalize", "_STEPS"),
    ("index.corpus.cutting", "LONGEST_PASSAGE"),
    ("index.corpus.representations", "_LONGEST_CONTEXT"),
    ("index.corpus.representations", "_LONGEST_HEADING"),
    ("index.text.terms", "_LITERAL"),
    ("index.text.terms", "_FEWEST_HUMPS"),
    ("index.encoding.centering", "ENGLISH_PROBES"),
    ("index.encoding.centering", "CHINESE_PROBES"),
    ("index.answering.confidence.answerability", "_KERNEL_WIDTH"),
    ("index.answering.confidence.answerability", "_RIDGE"),
    ("index.answering.confidence.answerability", "_MAX_QUESTIONS"),
]


def changed(value: Any) -> Any:
    """Return a value that differs little from `value`, at its end."""
    if isinstance(value, re.Pattern):
        return re.compile(value.pattern + "|$", value.flags)
    return (*value, "one more") if isinstance(value, tuple) else value + type(value)(1)


@pytest.mark.parametrize(("module", "name"), SHAPING)
def test_another_value_of_a_constant_that_shapes_what_is_stored_is_another_rule(
    module: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = current_rules("model")
    monkeypatch.setattr(import_module(module), name, changed(getattr(import_module(module), name)))
    assert current_rules("model") != before


@pytest.mark.parametrize("weight", ["centering", "bm25_weight"])
def test_another_weight_is_another_rule_since_the_background_is_scored_with_it(
    weight: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = current_rules("model")
    ranking = replace(ranking_config.DEFAULT_RANKING, **{weight: 0.123})  # type: ignore[arg-type]
    monkeypatch.setattr(ranking_config, "DEFAULT_RANKING", ranking)
    assert current_rules("model") != before


def test_the_rules_are_the_same_in_every_run() -> None:
    assert current_rules("model") == current_rules("model")
