"""The questions whose scores show what an unanswered question looks like in a store."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

VERSION = 2  # raise it when the questions, or what is measured of them, change

_QUESTIONS = Path(__file__).with_suffix(".toml")


@cache
def unrelated_questions() -> tuple[str, ...]:
    """Return questions in English and in Chinese, as many of each."""
    questions = tomllib.loads(_QUESTIONS.read_text("utf-8"))
    return (*questions["english"], *questions["chinese"])
