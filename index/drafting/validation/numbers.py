"""The numbers of a text by their value, however they are written: digits, Chinese numerals, English words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction


def _words(text: str) -> list[str]:
    return text.split()


_MULTIPLIERS = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SUFFIXES = {"k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "t": 10**12}  # of a size: 70B
_SMALL = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = dict(zip(_words("twenty thirty forty fifty sixty seventy eighty ninety"), range(20, 100, 10), strict=True))
_ORDINALS = _words("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth")
_MONTHS = _words("January February March April May June July August September October November December")
_UNITS = {word: value for value, word in enumerate(_SMALL)} | _TENS
_HAN_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {
    "\u3007": 0,
    "两": 2,
    "兩": 2,
}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN_GROUPS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}
_HAN_MULTIPLIERS = {"成": 10, "割": 10} | _HAN_UNITS | _HAN_GROUPS
_HAN = "".join([*_HAN_DIGITS, *_HAN_UNITS, *_HAN_GROUPS])

_WORDS = "|".join([*_UNITS, *_MULTIPLIERS])
_NUMBER = re.compile(
    rf"(?P<digits>\d+(?:[.,]\d+)*)"
    rf"(?:(?P<times>(?:[\s-]?(?:{'|'.join(_MULTIPLIERS)})\b|[成割十百千]|\s?[万萬亿億兆])+)"
    rf"|(?P<suffix>(?:bn|mn|[kmbt])(?![a-z\d])))?"
    rf"|(?P<han>[{_HAN}]+)(?P<share>[成割]?)"
    rf"|(?P<words>\b(?:{_WORDS})\b(?:(?:[\s-]|\sand\s)(?:{_WORDS})\b)*)"
    rf"|(?P<ordinal>\b(?:{'|'.join(_ORDINALS)})\b)"
    rf"|(?P<month>\b(?:{'|'.join(f'{month[:3]}(?:{month[3:]})?' for month in _MONTHS)})\b)",
    re.IGNORECASE,
)
_WORD = re.compile(rf"\b(?:{_WORDS})\b")
_MULTIPLIER = re.compile("|".join([*_MULTIPLIERS, *_HAN_MULTIPLIERS]))
_LONGEST = 40  # digits; beyond it a number is compared as it is written


def is_month(word: str) -> bool:
    """Return whether a word is the English name of a month, which is a number here and not a name."""
    return any(word.capitalize() in {month, month[:3]} for month in _MONTHS)


class Certainty(IntEnum):
    """How surely what was found is meant as a number: a Chinese 一 or an English `one` hardly ever is."""

    VAGUE = 0
    LIKELY = 1
    SURE = 2


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text, with the values that it may stand for."""

    values: frozenset[Fraction | str]
    certainty: Certainty


def numbers(text: str) -> Iterator[Number]:
    """Yield the numbers of `text` in order, whatever their width or script."""
    for match in _NUMBER.finditer(unicodedata.normalize("NFKC", text)):
        if match["digits"]:
            yield Number(frozenset(_digit_values(match)), Certainty.SURE)
        elif match["han"]:
            yield _han_number(match["han"], 10 if match["share"] else 1)
        elif match["words"]:
            value = _word_value(_WORD.findall(match["words"].lower()))
            certainty = Certainty.VAGUE if value <= 1 else Certainty.LIKELY
            yield Number(frozenset({Fraction(value)}), certainty)
        elif match["ordinal"]:
            value = _ORDINALS.index(match["ordinal"].lower()) + 1
            yield Number(frozenset({Fraction(value)}), Certainty.VAGUE)
        else:
            yield from _month(match)


def unsupported_numbers(
    text: str, sources: Iterable[str], *, certainty: Certainty = Certainty.LIKELY
) -> tuple[Number, ...]:
    """Return the numbers of `text`, at least so certain, of which no reading is a number of `sources`."""
    known = {value for source in sources for number in numbers(source) for value in number.values}
    return tuple(each for each in numbers(text) if each.certainty >= certainty and known.isdisjoint(each.values))


def _digit_values(match: re.Match[str]) -> Iterator[Fraction | str]:
    written = match["digits"]
    decimal = re.sub(r",(?=\d{3}(?!\d))", "", written).replace(",", ".")
    if len(written) > _LONGEST or decimal.count(".") > 1:
        yield written
        return
    value = Fraction(decimal)
    if match["times"]:
        for multiplier in _MULTIPLIER.findall(match["times"].lower()):
            value *= _MULTIPLIERS.get(multiplier) or _HAN_MULTIPLIERS[multiplier]
    elif match["suffix"]:
        yield value * _SUFFIXES[match["suffix"].lower()]
    yield value


def _han_number(written: str, share: int) -> Number:
    if len(written) > _LONGEST:
        return Number(frozenset({written}), Certainty.SURE)
    if all(digit in _HAN_DIGITS for digit in written):
        digits = [_HAN_DIGITS[digit] for digit in written]
        whole = int("".join(map(str, digits))) * share
        values = (
            {Fraction(whole), *map(Fraction, digits)} if len(digits) == 2 else {Fraction(whole)}
        )  # 三四: 3 or 4
        if len(digits) > 1:
            return Number(frozenset(values), Certainty.SURE if len(digits) > 2 else Certainty.LIKELY)
        return Number(frozenset(values), Certainty.LIKELY if whole > 1 else Certainty.VAGUE)
    if written[0] in _HAN_GROUPS or (written[0] in _HAN_UNITS and len(written) == 1):  # 万一, 十分
        return Number(frozenset({Fraction(_han_value(written) * share)}), Certainty.VAGUE)
    return Number(frozenset({Fraction(_han_value(written) * share)}), Certainty.SURE)


def _han_value(written: str) -> int:
    """Return the value of a numeral with units, such as 一千二百万."""
    total = group = digit = 0
    for character in written:
        if character in _HAN_DIGITS:
            digit = _HAN_DIGITS[character]
        elif character in _HAN_UNITS:
            group += (digit or 1) * _HAN_UNITS[character]
            digit = 0
        else:
            total = (total + group + digit or 1) * _HAN_GROUPS[character]
            group = digit = 0
    return total + group + digit


def _word_value(words: list[str]) -> int:
    """Return the value of English number words, such as two hundred and fifty thousand."""
    total = group = 0
    for word in words:
        if word in _UNITS:
            group += _UNITS[word]
        elif word == "hundred":
            group = (group or 1) * 100
        else:
            total += (group or 1) * _MULTIPLIERS[word]
            group = 0
    return total + group


def _month(match: re.Match[str]) -> Iterator[Number]:
    """Yield the number of a month; what is not capitalised, as the verb may, is none."""
    written = match["month"]
    if written[0].isupper():
        number = next(at for at, month in enumerate(_MONTHS, start=1) if month[:3] == written[:3].capitalize())
        before = match.string[: match.start()].rstrip()[
            -1:
        ]  # May or March at the start of a sentence may be a verb
        is_inside = before.isalnum() or before == ","
        yield Number(frozenset({Fraction(number)}), Certainty.LIKELY if is_inside else Certainty.VAGUE)
