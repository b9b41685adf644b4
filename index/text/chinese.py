"""The two Chinese scripts: detection, and conversion by OpenCC."""

from __future__ import annotations

import re
from functools import cache
from operator import ne

from opencc import OpenCC

from index.types import Language

# Every Chinese character, for use inside a character class.
HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN = re.compile(f"[{HAN}]")

_QUOTATIONS: dict[Language, tuple[tuple[re.Pattern[str], str], ...]] = {
    "zh-Hant": ((re.compile("“([^“”]*)”"), "「」"), (re.compile("‘([^‘’]*)’"), "『』")),
    "zh-Hans": ((re.compile("「([^「」]*)」"), "“”"), (re.compile("『([^『』]*)』"), "‘’")),
}

# These convert characters only. `s2twp` and `tw2sp` would also replace words, 核心 by 内核, and what is shown beside a
# quote must keep the quote's words.
_TO_TRADITIONAL = "s2tw"
_TO_SIMPLIFIED = "t2s"


@cache
def converter(name: str) -> OpenCC:
    """Return OpenCC's conversion `name`, loaded once."""
    return OpenCC(name)


def has_han(text: str) -> bool:
    """Return whether `text` holds a Chinese character."""
    return _HAN.search(text) is not None


def is_chinese(text: str) -> bool:
    """Return whether at least a fifth of the letters are Chinese characters: Latin names are long."""
    return 5 * len(_HAN.findall(text)) >= max(1, sum(character.isalpha() for character in text))


def is_simplified(text: str) -> bool:
    """Return whether `text` reads the same in Simplified Chinese."""
    text = _sound(text)
    return bool(converter("t2s").convert(text) == text)


def language_of(text: str) -> Language | None:
    """Return the language of `text`: English without Chinese characters, None where both scripts agree."""
    if not has_han(text):
        return "en"
    away_from_simplified, away_from_traditional = script_differences(text)
    if away_from_simplified == away_from_traditional:
        return None
    return "zh-Hant" if away_from_simplified > away_from_traditional else "zh-Hans"


def script_differences(text: str) -> tuple[int, int]:
    """Return how many characters of `text` are others in Simplified, and how many in Traditional Chinese."""
    text = _sound(text)
    simplified = converter("t2s").convert(text)
    traditional = converter("s2t").convert(simplified)
    return _differing(text, simplified), _differing(text, traditional)


def convert_script(text: str, language: Language) -> str:
    """Return Chinese `text` in the script of `language`, word for word; unchanged for English."""
    if language_of(text) == language:  # `s2tw` would still put 臺 for 台
        return text
    if language == "zh-Hant":
        return str(converter(_TO_TRADITIONAL).convert(_sound(text)))
    if language == "zh-Hans":
        return str(converter(_TO_SIMPLIFIED).convert(_sound(text)))
    return text


def with_quotation_marks(text: str, language: Language) -> str:
    """Return Chinese `text` with the quotation marks of Taiwan, 「」 and 『』, or of the mainland, “” and ‘’.

    Marks without a counterpart stay as they are, an apostrophe is none.
    """
    for pattern, marks in _QUOTATIONS.get(language, ()):
        text = pattern.sub(rf"{marks[0]}\1{marks[1]}", text)
    return text


def _sound(text: str) -> str:
    """Return `text` with a question mark for each lone surrogate, which OpenCC refuses."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _differing(text: str, other: str) -> int:
    return int(sum(map(ne, text, other))) + abs(len(text) - len(other))
