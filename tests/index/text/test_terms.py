"""Text → terms and literals for BM25."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.chinese import converter
from index.text.normalize import normalize
from index.text.terms import literals, terms


@pytest.mark.parametrize(
    ("normalized", "expected"),
    [
        ("", []),
        ("，。!?", []),
        ("人", ["人"]),
        ("三个人", ["三个", "个人"]),
        ("llama的作者", ["llama", "的作", "作者"]),
        ("gpt-3.5和4", ["gpt", "3.5", "和", "4"]),
        ("1,000,000美元", ["1,000,000", "美元"]),
        ("2025年5月", ["2025", "年", "5", "月"]),
        ("snake_case", ["snake", "case"]),
        ("café שלום мир", ["café", "שלום", "мир"]),
        ("模型🦙发布", ["模型", "发布"]),
        ("𠀀𠀁", ["𠀀𠀁"]),
    ],
)
def test_text_is_cut_into_pairs_words_and_numbers(normalized: str, expected: list[str]) -> None:
    assert terms(normalized) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [("deleting webhooks", "delete a webhook"), ("studies", "study"), ("running", "runs"), ("authors", "author")],
)
def test_forms_of_one_english_word_are_one_term(one: str, other: str) -> None:
    assert set(terms(one)) <= set(terms(other))


@pytest.mark.parametrize(("one", "other"), [("universe", "unicorn"), ("2.7.1", "2.7.10"), ("meta", "met")])
def test_different_words_and_numbers_are_different_terms(one: str, other: str) -> None:
    assert terms(one) != terms(other)


@given(st.text())
def test_no_term_is_empty_or_holds_white_space(text: str) -> None:
    assert all(term and not any(map(str.isspace, term)) for term in [*terms(text), *literals(text)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("plain words, and a well-known one.", []),
        ("It ended. The U.K", ["U.K", "u.k"]),
        ("Llama 4 在 2023 年发布", []),
        ("What does -P do, and -p?", ["-P", "-p"]),
        ("run it with --dry-run", ["--dry-run"]),
        ("-5 degrees, a - b, foo-bar", []),
        ("C++ or C# or F#, not C", ["C++", "C#", "F#"]),
        ("Ｃ＋＋很难", ["C++"]),
        ("在.NET和.env里", [".NET", ".net", ".env"]),
        ("call snake_case", ["snake_case"]),
        ("set CHRONICLE_MODEL", ["CHRONICLE_MODEL", "chronicle_model"]),
        ("error E0308", ["E0308", "e0308"]),
        ("0x80070057 and CVE-2024-1234", ["0x80070057", "CVE-2024-1234", "cve-2024-1234"]),
        ("v2.7.1", ["v2.7.1"]),
        ("~1.2.3 or ^1.2.3", ["~", "^"]),
        ("HEAD~2 and HEAD^", ["~", "^"]),
        ("what is `~`?", ["~"]),
        ("5~10 天，好喔~ 你好～", []),
        ("edit /etc/hosts", ["/etc/hosts"]),
        ("import discord.py", ["discord.py"]),
        ("std::vector", ["std::vector"]),
        ("on guildMemberAdd", ["guildMemberAdd", "guild", "member", "add"]),
        ("OpenAI and YouTube", []),
    ],
)
def test_names_and_signs_count_as_they_are_written(text: str, expected: list[str]) -> None:
    assert literals(text) == expected


def test_parts_of_a_name_are_terms_too() -> None:
    assert {"chronicl", "model"} <= set(terms(normalize("CHRONICLE_MODEL")))


@given(st.text(st.sampled_from("作者還剩幾位離開公司後裡乾著什麼软体aB1-_.~^+# "), max_size=30))
def test_terms_and_literals_are_blind_to_the_script(text: str) -> None:
    for name in ("s2t", "t2s"):
        converted = converter(name).convert(text)
        assert terms(normalize(converted)) == terms(normalize(text))
        assert literals(converted) == literals(text)


@pytest.mark.parametrize("unit", ["a", "a.", "a_", "-", "--a", "~", "^", "./", "A", "aB", "::", "+#"])
def test_a_hundred_thousand_odd_characters_are_no_trouble(unit: str) -> None:
    assert literals(unit * 100_000) is not None
