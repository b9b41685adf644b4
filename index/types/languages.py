"""The languages of readers and documents."""

from __future__ import annotations

from typing import Literal, TypeAlias

Language: TypeAlias = Literal["zh-Hant", "zh-Hans", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-Hant", "zh-Hans", "en")

# Documents also come in Cantonese, Japanese and Korean; readers are spoken to in the three languages above.
DocumentLanguage: TypeAlias = Literal["zh-Hant", "zh-Hans", "en", "yue", "ja", "ko"]
