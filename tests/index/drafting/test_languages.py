"""In which languages annotations are written, and telling whether a text is in one."""

from __future__ import annotations

import pytest

from index.drafting.languages import Languages, is_written_in, language_name
from index.types import DocumentLanguage

TEXTS: dict[str, set[DocumentLanguage]] = {
    "Who founded it?": {"en"},
    "誰創立了Mistral AI？": {"zh-Hant", "zh-Hans", "yue"},
    "谁创立了它？": {"zh-Hant", "zh-Hans", "yue"},
    "誰がそれを作りましたか？": {"ja"},
    "누가 만들었습니까?": {"ko"},
    "Кто это сделал?": set(),
    "من صنعه؟": set(),
    "Tongyi Qianwen (通义千问) is a large family of models by Alibaba": {"en"},
    "2023": set(),
    "": set(),
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_in_the_languages_of_its_letters(text: str) -> None:
    every: tuple[DocumentLanguage, ...] = ("zh-Hant", "zh-Hans", "yue", "ja", "ko", "en")
    assert {language for language in every if is_written_in(text, language)} == TEXTS[text]


@pytest.mark.parametrize(
    ("own", "translation", "questions"),
    [
        ("en", "zh-Hant", ("en", "zh-Hant")),
        ("zh-Hans", "en", ("zh-Hans", "en")),
        ("zh-Hant", "en", ("zh-Hant", "en")),
        ("ja", "en", ("ja", "zh-Hant", "en")),
    ],
)
def test_readers_who_ask_in_chinese_and_in_english_are_both_served(
    own: DocumentLanguage, translation: DocumentLanguage, questions: tuple[DocumentLanguage, ...]
) -> None:
    assert Languages.of(own) == Languages(own, translation, questions)
    assert language_name(own)
