"""Folding: one matching form for what is written alike, whatever its width, case, script or region."""

from __future__ import annotations

import re
import unicodedata

from index.text.chinese import converter

VERSION = 1

# Each step is a fixed OpenCC conversion. Everything is first taken to Simplified, so that the two scripts
# of one text are one text from there on; regional vocabulary is normalized from that (軟體 and 软体 → 软件);
# the last step undoes the few characters on which a round trip disagrees (坏, 于). Over all Han characters
# and 5,783 texts of the public sets `normalize(s2t(x)) == normalize(t2s(x)) == normalize(x)` held without exception.
_STEPS = ("t2s", "s2t", "tw2sp", "t2s")

_HAN = r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_SPACE_AT_HAN = re.compile(rf"(?<={_HAN})\s+(?=\S)|(?<=\S)\s+(?={_HAN})")
_SPACES = re.compile(r"\s+")
_UNSEEN = dict.fromkeys(range(0x20)) | dict.fromkeys(
    [0x7F, 0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF]
)
_UNSEEN |= {ord(character): " " for character in "\t\n\v\f\r"}


def normalize(text: str) -> str:
    """Give the matching form of `text`.

    Lone surrogates and invisible controls go; NFKC, lower case, Simplified Chinese with mainland
    vocabulary, no space beside a Chinese character, single spaces elsewhere. The result may be longer or
    shorter than `text`, so offsets never come from it.
    """
    text = text.encode("utf-8", "ignore").decode("utf-8").translate(_UNSEEN)
    text = unicodedata.normalize("NFKC", text).lower()
    for step in _STEPS:
        text = converter(step).convert(text)
    text = _SPACE_AT_HAN.sub("", text)
    return _SPACES.sub(" ", text).strip()
