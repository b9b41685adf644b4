"""Normalization: what is written alike, in either script, is one text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.corpus.loader import read_documents
from index.text.chinese import convert_script, converter, has_han, language_of
from index.text.normalize import normalize
from index.types import Language
from tests.index.texts import HAN

ROOT = Path(__file__).parents[3]
QUESTIONS = [
    json.loads(line)["question"]
    for line in (ROOT / "tests/evaluation/development.jsonl").read_text("utf-8").splitlines()
]
DOCUMENTS = [document.text for document in read_documents(ROOT / "documents").documents]

# All Han characters and the phrases on which OpenCC's conversions have gone wrong.
_TRAPS = [
    "什么",
    "什麼",
    "坏",
    "壞",
    "于",
    "於",
    "后",
    "後",
    "里",
    "裡",
    "裏",
    "乾",
    "干",
    "幹",
    "著",
    "着",
    "臺",
    "台",
    "發",
    "髮",
]
_HAN_TEXT = st.lists(st.one_of(HAN, st.sampled_from(_TRAPS)), max_size=30).map("".join)
_MIXED_TEXT = st.lists(
    st.one_of(HAN, st.sampled_from([*_TRAPS, "Llama 4", " ", "，", "AI", "2025"])), max_size=30
).map("".join)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("什麼", "什么"),
        ("壞", "坏"),
        ("後來", "后来"),
        ("皇后", "皇后"),
        ("裡面", "里面"),
        ("公里", "公里"),
        ("乾淨", "干净"),
        ("干涉", "干涉"),
        ("幹部", "干部"),
        ("著名", "著名"),
        ("看著", "看着"),
        ("看着", "看着"),
        ("軟體", "软件"),
        ("软体", "软件"),
        ("軟件", "软件"),
        ("記憶體", "内存"),
        ("人工智慧", "人工智能"),
        ("網路", "网络"),
        ("資訊", "信息"),
        ("影片", "视频"),
        ("臺灣", "台湾"),
        ("於是", "于是"),
        ("頭髮", "头发"),
        ("發展", "发展"),
        ("麵包", "面包"),
    ],
)
def test_two_ways_of_writing_one_word_are_normalized_alike(one: str, other: str) -> None:
    assert normalize(one) == normalize(other)


@pytest.mark.parametrize("word", ["什么", "坏", "干", "后", "里", "着", "软件", "内存", "于", "发"])
def test_simplified_words_stay_as_they_are(word: str) -> None:
    assert normalize(word) == word


@pytest.mark.parametrize("name", ["s2t", "t2s"])
@given(_HAN_TEXT)
def test_normalization_is_blind_to_the_script_of_any_chinese_text(name: str, text: str) -> None:
    assert normalize(converter(name).convert(text)) == normalize(text)


@pytest.mark.parametrize("name", ["s2t", "t2s"])
@given(_MIXED_TEXT)
def test_normalization_is_blind_to_the_script_of_mixed_text(name: str, text: str) -> None:
    assert normalize(converter(name).convert(text)) == normalize(text)


@pytest.mark.parametrize("name", ["s2t", "t2s"])
def test_normalization_is_blind_to_the_script_of_every_han_character(name: str) -> None:
    every = [chr(number) for number in [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0xF900, 0xFAFF)]]
    assert [one for one in every if normalize(converter(name).convert(one)) != normalize(one)] == []


@pytest.mark.parametrize("name", ["s2t", "t2s"])
def test_normalization_is_blind_to_the_script_of_the_documents(name: str) -> None:
    lines = [line for text in DOCUMENTS for line in [text, *text.splitlines()]]
    assert [line for line in lines if normalize(converter(name).convert(line)) != normalize(line)] == []


@pytest.mark.parametrize("name", ["s2t", "t2s"])
def test_normalization_is_blind_to_the_script_of_every_question(name: str) -> None:
    assert [each for each in QUESTIONS if normalize(converter(name).convert(each)) != normalize(each)] == []


@pytest.mark.parametrize("name", ["s2twp", "tw2sp"])
def test_normalization_is_blind_to_regional_words_in_98_of_100_questions(name: str) -> None:
    same = [normalize(converter(name).convert(each)) == normalize(each) for each in QUESTIONS]
    assert sum(same) >= 0.98 * len(same)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＬＬａｍａ　４", "llama 4"),
        ("ﬁne", "fine"),
        ("①", "1"),
        ("㍿", "株式会社"),
        ("Ａ，Ｂ", "a,b"),
        ("Llama 的 作者", "llama的作者"),
        ("14 位 authors left", "14位authors left"),
        ("two \t\r\n words", "two words"),
        ("  ends  ", "ends"),
        ("ze\u200bro wi\u00addth \ufeffmark", "zero width mark"),
        ("\u202eright\u202c \u2066left\u2069", "right left"),
        ("bell\x07 nul\x00 escape\x1b", "bell nul escape"),
        ("half \ud83d surrogate \udc00", "half surrogate"),
        ("cafe\u0301", "café"),
        ("İ", "i\u0307"),
    ],
)
def test_width_case_space_and_invisible_characters_are_normalized(text: str, expected: str) -> None:
    assert normalize(text) == expected


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\x00", "\ud800", "\u3000\n", "\ufeff"])
def test_what_does_not_show_is_normalized_to_nothing(text: str) -> None:
    assert normalize(text) == ""


@given(st.text())
def test_any_text_folds_to_one_that_utf8_can_hold(text: str) -> None:
    assert normalize(text).encode("utf-8").decode("utf-8") == normalize(text)


@given(st.text(st.characters(codec="utf-8")))
def test_folded_text_has_single_spaces_and_none_at_its_ends(text: str) -> None:
    assert " ".join(normalize(text).split()) == normalize(text)


@given(st.text(st.characters(codec="ascii"), max_size=60))
def test_folding_ascii_twice_changes_nothing_more(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@given(st.lists(HAN, max_size=1).map("".join))
def test_folding_a_chinese_character_twice_changes_nothing_more(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How many left?", "en"),
        ("", "en"),
        ("2025 🦙", "en"),
        ("Llama團隊還剩多少人？", "zh-Hant"),
        ("Llama团队还剩多少人？", "zh-Hans"),
        ("人工", None),
        ("\ud800什么", "zh-Hans"),
    ],
)
def test_the_language_of_a_text_is_told(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_no_question_is_told_in_the_other_script() -> None:
    rows = [
        json.loads(line) for line in (ROOT / "tests/evaluation/development.jsonl").read_text("utf-8").splitlines()
    ]
    scripts = {"zh-Hant", "zh-Hans"}
    assert [row["question"] for row in rows if {row["language"], language_of(row["question"])} == scripts] == []


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("软件开发", "zh-Hant", "軟件開發"),
        ("軟體開發", "zh-Hans", "软体开发"),
        ("头发在哪里", "zh-Hant", "頭髮在哪裡"),
        ("什麼", "zh-Hans", "什么"),
        ("坏", "zh-Hans", "坏"),
    ],
)
def test_text_is_rewritten_in_the_other_script_word_for_word(text: str, language: Language, expected: str) -> None:
    assert convert_script(text, language) == expected


@pytest.mark.parametrize(("number", "language"), [(0, "zh-Hant"), (1, "zh-Hans")])
def test_a_document_in_its_own_script_is_not_rewritten(number: int, language: Language) -> None:
    assert convert_script(DOCUMENTS[number], language) == DOCUMENTS[number]


@given(st.text(st.characters(codec="utf-8")))
def test_english_is_never_rewritten(text: str) -> None:
    assert convert_script(text, "en") == text


@given(_HAN_TEXT)
def test_a_rewritten_text_folds_like_its_other_script(text: str) -> None:
    rewritten = convert_script(text, "zh-Hans")
    assert normalize(converter("s2t").convert(rewritten)) == normalize(rewritten)


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans", "en"])
def test_half_a_surrogate_is_no_crash_for_a_rewriting(language: Language) -> None:
    assert convert_script("\ud800人", language)[1:] == "人"


@pytest.mark.parametrize(
    ("text", "holds"), [("a", False), ("駱", True), ("𠀀", True), ("，。", False), ("カ", False)]
)
def test_only_chinese_characters_count_as_chinese(text: str, holds: bool) -> None:
    assert has_han(text) == holds
