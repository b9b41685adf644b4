"""Numbers are the same by value, whatever the language writes."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.drafting.validation.numbers import Certainty, numbers, unsupported_numbers
from tests.index.texts import TEXTS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2023年5月", "in May 2023"),
        ("6.4亿美元", "640 million dollars"),
        ("6.4 億美元", "US$640 million"),
        ("60亿", "6 billion"),
        ("1.4兆个词元", "1.4 trillion tokens"),
        ("３０００萬", "thirty million"),
        ("十四位作者", "14 authors"),
        ("十四位作者", "fourteen authors"),
        ("二〇二三年", "2023"),
        ("一千二百人", "1,200 people"),
        ("两百五十万", "two and a half, or 2.5 million"),
        ("三百零五", "three hundred and five"),
        ("七成", "70%"),
        ("3成", "30 percent"),
        ("第三名", "third place"),
        ("70B", "70 billion"),
        ("70B", "a 70B model"),
        ("twenty-one", "21"),
        ("①", "1"),
        ("٤٢", "42"),
        ("05", "5"),
        ("version 2.3.1", "2.3.1版"),
    ],
)
def test_the_same_number_in_other_words_is_supported(one: str, other: str) -> None:
    assert unsupported_numbers(one, [other]) == ()
    assert {value for number in numbers(one) for value in number.values} & {
        value for number in numbers(other) for value in number.values
    }


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("640 dollars", "6.4亿美元"),
        ("6.4 billion", "6.4亿"),
        ("14.5", "14"),
        ("２０２４年", "2023年"),
        ("二〇二四年", "2023年"),
        ("fifteen authors", "十四位作者"),
        ("三位作者", "四位作者"),
        ("in April 2023", "2023年5月"),
        ("in May", "2023年6月"),
        ("2.3.2", "2.3.1"),
        ("9" * 5000, "9"),
        ("三" * 5000, "三"),
        ("1" + "兆" * 2000, "1"),
    ],
)
def test_another_number_is_not(text: str, source: str) -> None:
    assert unsupported_numbers(text, [source])


@pytest.mark.parametrize(
    "text", ["一个模型", "one of them", "十分重要", "万一失败", "May I ask?", "it may march on", "first of all"]
)
def test_words_that_are_hardly_numbers_need_no_support(text: str) -> None:
    assert unsupported_numbers(text, ["nothing"]) == ()


def test_only_sure_numbers_must_be_kept_in_a_translation() -> None:
    assert unsupported_numbers("两家公司", ["both companies"], certainty=Certainty.SURE) == ()
    assert unsupported_numbers("2023年", ["a year"], certainty=Certainty.SURE)


def test_two_chinese_digits_may_be_either_or_both() -> None:
    (number,) = numbers("三四个")
    assert {Fraction(3), Fraction(4)} <= number.values


@given(TEXTS)
def test_every_text_supports_its_own_numbers(text: str) -> None:
    assert unsupported_numbers(text, [text], certainty=Certainty.VAGUE) == ()


@given(st.text("0123456789.,零一二三十百千万亿兆 ", max_size=200))
def test_any_run_of_numerals_is_read(text: str) -> None:
    assert all(number.values for number in numbers(text))
