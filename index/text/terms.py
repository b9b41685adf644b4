"""Text → the terms that BM25 counts."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from operator import add
from typing import TYPE_CHECKING

from index.text.chinese import HAN

if TYPE_CHECKING:
    from snowballstemmer.english_stemmer import EnglishStemmer

VERSION = 2  # raise it when any text has other terms

_RUN = re.compile(rf"([{HAN}]+)|([^\W\d_{HAN}]+)|(\d+(?:[.,]\d+)*)")

# Options (-p, --stage), languages (C++, C#, F#), dot names (.NET, .env), names joined by . _ / \ : @ or -, and the
# signs ~ and ^ by themselves, before a name or number, or after a name (~/.ssh, ^1.2.0, HEAD~). ASCII only.
_LITERAL = re.compile(
    r"(?<![\w/-])(?P<option>--?[A-Za-z][\w-]*)"
    r"|(?<![\w.])(?P<language>[A-Za-z]{1,3}(?:\+\+|\#))(?![\w#+])"
    r"|(?P<name>(?<![\w.])\.?/?[A-Za-z\d_]+(?:[./\\:@-]{1,3}[A-Za-z\d_]+)*)"
    r"|(?P<sign>(?<=[A-Za-z])[~^](?=[\s\d`'\"),.]|$)|(?<![^\s`'\"(])[~^](?=[\s\w`'\"/).]|$))",
    re.ASCII,
)
_LETTER_AND_DIGIT = re.compile(r"[A-Za-z]-?\d|\d-?[A-Za-z]")
_JOINED = re.compile(r"[_/\\@]|[A-Za-z][.:]{1,2}[A-Za-z]|^\.")
_HUMP = re.compile(r"[A-Z]?[a-z\d]+|[A-Z]+(?![a-z])")
_FEWEST_HUMPS = 3  # guildMemberAdd, but not YouTube


def terms(normalized: str) -> list[str]:
    """Return the terms of normalized text in order: pairs of neighbouring Han characters, word stems, numbers.

    Pairs need no dictionary, so a name that no segmenter knows is still found. English words are stemmed by
    Snowball's English algorithm (Porter2).
    """
    found: list[str] = []
    for han, word, number in _RUN.findall(normalized):
        if han:
            found += map(add, han, han[1:]) if len(han) > 1 else [han]
        else:
            found.append(_stem(word) if word else number)
    return found


def literals(text: str) -> list[str]:
    """Return the names and signs in `text`, which is not normalized, that count as they are written.

    An identifier, error code, version, path or option is returned whole, capitals included, and but for an option
    once more in lower case; of a name in camel case also the parts. `terms` has the parts that other signs join.
    """
    found: list[str] = []
    for match in _LITERAL.finditer(unicodedata.normalize("NFKC", text)):
        literal = match[0]
        if match["name"] is None:
            found.append(literal)
        elif _JOINED.search(literal) or _LETTER_AND_DIGIT.search(literal):
            found += dict.fromkeys([literal, literal.lower()])
        else:
            humps = _HUMP.findall(literal)
            if len(humps) >= _FEWEST_HUMPS and "".join(humps) == literal:
                found += [literal, *(_stem(hump.lower()) for hump in humps)]
    return found


@lru_cache(maxsize=1 << 16)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word)) if word.isascii() else word


@cache
def _stemmer() -> EnglishStemmer:
    from snowballstemmer import stemmer

    return stemmer("english")
