"""Whether a question goes on from the one before it, by its function words."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.text.chinese import HAN
from index.text.normalize import normalize

_WORD = re.compile(rf"[{HAN}]+|[^\W{HAN}]+")
_HAN_RUN = re.compile(rf"[{HAN}]+")


@dataclass(frozen=True, slots=True)
class _Words:
    """Patterns of one language's words, on normalized text; `nothing` matches a run of words that name no topic."""

    pointing: re.Pattern[str]
    opening: re.Pattern[str]
    nothing: re.Pattern[str]


def points_back(question: str) -> bool:
    """Return whether `question` has a word that only an earlier question explains, such as 'they' or 'and'."""
    normalized = normalize(question)
    return any(words.opening.match(normalized) or words.pointing.search(normalized) for words in _words())


def names_no_topic(question: str) -> bool:
    """Return whether `question` consists of function words alone, as 'and why?': without another it asks nothing."""
    words = _WORD.findall(normalize(question))
    english, chinese = _words()
    return bool(words) and all(
        (chinese if _HAN_RUN.fullmatch(word) else english).nothing.fullmatch(word) for word in words
    )


@cache
def _words() -> tuple[_Words, _Words]:
    """Return the words of English and of Chinese, which are not separated by spaces."""
    tables = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    english, chinese = tables["en"], tables["zh"]
    return (
        _Words(
            pointing=re.compile(rf"\b(?:{_any(english['pointing'])})\b"),
            opening=re.compile(rf"(?:{_any(english['opening'])})\b"),
            nothing=re.compile(_any([*english["function"], *english["pointing"]])),
        ),
        _Words(
            pointing=re.compile(_any(chinese["pointing"])),
            opening=re.compile(_any(chinese["opening"])),
            nothing=re.compile(rf"(?:{_any([*chinese['function'], *chinese['pointing']])})+"),
        ),
    )


def _any(words: list[str]) -> str:
    """Return a pattern of any of `words`, the longest first."""
    return "|".join(map(re.escape, sorted(set(words), key=len, reverse=True)))
