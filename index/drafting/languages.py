"""Which languages a document's annotations are written in, and whether a text is in one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from index.text.chinese import HAN
from index.types import DocumentLanguage

_HAN = re.compile(f"[{HAN}]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]")
_HANGUL = re.compile("[\uac00-\ud7a3\u1100-\u11ff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")

_FEW = 0.1  # of the letters: names, and what is quoted
_CHINESE = 0.2  # of the letters of a Chinese text at least: Latin names are long
_MOST = 0.5

_NAMES: Final[dict[DocumentLanguage, str]] = {
    "zh-Hant": "Traditional Chinese (Taiwan usage)",
    "zh-Hans": "Simplified Chinese",
    "yue": "Cantonese",
    "ja": "Japanese",
    "ko": "Korean",
    "en": "English",
}


@dataclass(frozen=True, slots=True)
class Languages:
    """The languages of the annotations of a document: its own, that of the translation, those of the questions."""

    own: DocumentLanguage
    translation: DocumentLanguage
    questions: tuple[DocumentLanguage, ...]

    @classmethod
    def of(cls, own: DocumentLanguage) -> Languages:
        """Return them for a document's own language: readers ask in Chinese and English."""
        translation: DocumentLanguage = "zh-Hant" if own == "en" else "en"
        chinese: DocumentLanguage = own if own in ("zh-Hans", "yue") else "zh-Hant"
        return cls(own, translation, tuple(dict.fromkeys((own, chinese, "en"))))


def language_name(language: DocumentLanguage) -> str:
    """Return the English name of a language, for a prompt."""
    return _NAMES[language]


def is_written_in(text: str, language: DocumentLanguage) -> bool:
    """Return whether the letters of `text` are those of `language`.

    Either script of Chinese will do, since readers are shown their own. Languages in Latin letters are not told apart:
    `en` stands for them all.
    """
    letters = max(1, sum(character.isalpha() for character in text))
    han, kana, hangul = (len(script.findall(text)) / letters for script in (_HAN, _KANA, _HANGUL))
    match language:
        case "en":
            return han + kana + hangul <= _FEW and len(_LATIN.findall(text)) >= _MOST * letters
        case "ja":
            return kana >= _FEW
        case "ko":
            return hangul >= _CHINESE
        case _:
            return han >= _CHINESE and kana + hangul <= _FEW
