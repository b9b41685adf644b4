"""The messages that the front desk learns from: those it replies to, and questions that it leaves alone."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.answering.confidence.unrelated_questions import unrelated_questions
from index.text.query import normalize_question
from index.types import FrontDeskIntent

_FILES = ("en.toml", "zh_hant.toml", "zh_hans.toml")
_OTHER = "other"


@dataclass(frozen=True, slots=True)
class Example:
    """A normalized message; `intent` is None for what is asked of documents or of nobody."""

    text: str
    intent: FrontDeskIntent | None


@cache
def front_desk_examples() -> tuple[Example, ...]:
    """Return each message once, in every language; the unrelated questions are among those to leave alone."""
    intents = {normalize_question(text): intent for text, intent in _written()}
    unrelated = dict.fromkeys(map(normalize_question, unrelated_questions()))
    return tuple(Example(text, intent) for text, intent in (unrelated | intents).items())


@cache
def examples_fingerprint() -> str:
    """Return what changes whenever an example does."""
    written = "".join(path.read_text("utf-8") for path in _paths())
    return hashlib.sha256(repr((written, unrelated_questions())).encode()).hexdigest()


def _written() -> Iterator[tuple[str, FrontDeskIntent | None]]:
    """Yield each message of the files, as it is written there."""
    for path in _paths():
        table = tomllib.loads(path.read_text("utf-8"))
        for group, texts in table.items():
            intent = None if group == _OTHER else FrontDeskIntent(group)
            yield from ((text, intent) for text in texts)


def _paths() -> Iterator[Path]:
    return (Path(__file__).with_name(name) for name in _FILES)
