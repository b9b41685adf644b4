"""Normalized text → the terms that BM25 counts: character pairs for Chinese, words and numbers for the rest."""

from __future__ import annotations

import re

from index.text.chinese import HAN

VERSION = 1  # raise it when the terms of any text change

_RUN = re.compile(rf"([{HAN}]+)|([^\W\d_{HAN}]+)|(\d+(?:[.,]\d+)*)")


def terms(normalized: str) -> list[str]:
    """Return the terms of normalized text in order: pairs of neighbouring Han characters, words, numbers.

    Pairs need no dictionary, so a name that no segmenter knows is still found.
    """
    found: list[str] = []
    for han, word, number in _RUN.findall(normalized):
        if han:
            found += [han[at : at + 2] for at in range(len(han) - 1)] or [han]
        else:
            found.append(word or number)
    return found
