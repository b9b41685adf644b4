"""The language of a document, by its prose."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from index.text.chinese import HAN, has_han, is_simplified, language_of, script_differences
from index.types import DocumentLanguage

SAMPLE = 4_000  # code points that are judged
_SCRIPT_SAMPLE = 800  # code points of which the script is judged; one in ten tells
# So many suffice where that many characters or more tell, and four in five the same: 763 of 778 documents.
_SHORT_SCRIPT_SAMPLE = 160
_DECISIVE = 8
_CODE_SPAN = re.compile(r"`[^`\n]{1,200}`")
_ASCII_RUN = re.compile(r"[!-~]{2,}")  # a single character is no word
_IDENTIFIER = re.compile(r"[_\\/@]|[a-z][A-Z]|\w[.(]\w")  # in an address, a path or a name of code
# Classes of characters, each with the next: the last is what written Cantonese has and standard Chinese hardly ever.
_SCRIPTS = (
    re.compile("[A-Za-z\u00c0-\u024f]+"),  # Latin
    re.compile(f"[{HAN}]+"),
    re.compile("[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]+"),  # kana
    re.compile("[\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e]+"),  # hangul
    re.compile("[佢哋喺嗰啲嘢㗎嚟冇咁咗嘅喇唔咩嘞囉噉瞓攞搵啱嘥噃嗱冚諗揸]+"),
)
_PAST_SCRIPTS = 0x40000  # the first code point after all of them
_LATIN_WORD = re.compile("[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f'’-]*")

_HAN_PER_WORD = 1.5  # characters that say as much as one Latin word
_LEAST_HANGUL = 0.3  # of the East Asian characters of a Korean text; mixed script has at least half
_LEAST_KANA = 0.1  # of the East Asian characters of a Japanese text; the densest headlines have about a fifth
_MOST_CONTRARY = 2  # characters of the other script, which names and quotes have in short texts
_FEW_HAN = (
    40  # characters, which in Japanese and Cantonese may be without kana and particles: titles, lists of names
)
# The primary subtag of a declared language (BCP 47), with the script or region where it is Chinese.
_DECLARED: tuple[tuple[re.Pattern[str], DocumentLanguage], ...] = (
    (re.compile(r"yue|zh[-_]yue", re.IGNORECASE), "yue"),
    (re.compile(r"zh[-_](?:[a-z]+[-_])*(?:hant|tw|hk|mo)", re.IGNORECASE), "zh-Hant"),
    (re.compile(r"zh[-_](?:[a-z]+[-_])*(?:hans|cn|sg|my)", re.IGNORECASE), "zh-Hans"),
    (re.compile(r"ja\b", re.IGNORECASE), "ja"),
)
_LEAST_CANTONESE = 0.02  # of the Han characters of a Cantonese text; it has about a tenth, standard Chinese 0.0005


def document_language(prose: str, *, declared: str = "") -> DocumentLanguage:
    """Return the language that most of `prose` is in; code spans, addresses and identifiers do not count.

    declared: what the document says of its language, which decides between the languages written in Chinese
    characters where those tell too little. Without it Chinese that reads the same in both scripts is Simplified; what
    has no East Asian majority is English.
    """
    sample = prose[:SAMPLE]
    counted = _counted(sample)
    named = _named(declared) or counted
    if named == counted or counted not in ("zh-Hans", "zh-Hant"):
        return counted
    if named in ("ja", "yue"):
        return named if _counts(sample)[1] <= _FEW_HAN else counted
    traditional, simplified = script_differences(sample[:_SCRIPT_SAMPLE])
    contrary = traditional - simplified if named == "zh-Hans" else simplified - traditional
    return named if contrary <= _MOST_CONTRARY else counted


def _named(declared: str) -> DocumentLanguage | None:
    if not declared:
        return None
    return next((language for pattern, language in _DECLARED if pattern.match(declared)), None)


def _counted(sample: str) -> DocumentLanguage:
    if sample.isascii():
        return "en"
    if "`" in sample:
        sample = _CODE_SPAN.sub(" ", sample)
    latin, han, kana, hangul, cantonese = _counts(sample)
    east_asian = han + kana + hangul
    if not east_asian or _has_more_words(sample, latin, east_asian / _HAN_PER_WORD):
        return "en"
    if hangul >= _LEAST_HANGUL * east_asian:
        return "ko"
    if kana >= _LEAST_KANA * east_asian:
        return "ja"
    if cantonese >= max(2, _LEAST_CANTONESE * han):
        return "yue"
    return _script(sample)


def _script(sample: str) -> DocumentLanguage:
    short, long = sample[:_SHORT_SCRIPT_SAMPLE], sample[:_SCRIPT_SAMPLE]
    if not is_simplified(short):
        away_from_simplified, away_from_traditional = script_differences(short)
        fewer, more = sorted((away_from_simplified, away_from_traditional))
        if more >= _DECISIVE and 4 * fewer <= more:
            return "zh-Hant" if more == away_from_simplified else "zh-Hans"
    is_plain = has_han(long) and is_simplified(long)  # cheaper than to compare both scripts
    return "zh-Hans" if is_plain else language_of(long) or "zh-Hans"


def _has_more_words(sample: str, letters: int, most: float) -> bool:
    """Return whether `sample`, which has so many Latin `letters`, has more than `most` Latin words."""
    return letters > most and _words(sample) > most and _words(_ASCII_RUN.sub(_word, sample)) > most


def _counts(text: str) -> tuple[int, int, int, int, int]:
    """Return how many characters are Latin, Chinese, kana, hangul, and of the Chinese ones Cantonese."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    scripts = _script_numbers()[np.minimum(points, _PAST_SCRIPTS)]
    _, latin, han, kana, hangul, cantonese = np.bincount(scripts, minlength=len(_SCRIPTS) + 1).tolist()
    return latin, han + cantonese, kana, hangul, cantonese


@cache
def _script_numbers() -> NDArray[np.uint8]:
    """Return the script of each code point, from 1 in the order of `_SCRIPTS`; 0 for any other."""
    characters = np.arange(_PAST_SCRIPTS, dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")
    numbers = np.zeros(_PAST_SCRIPTS + 1, np.uint8)
    for number, script in enumerate(_SCRIPTS, start=1):
        for run in script.finditer(characters):
            numbers[run.start() : run.end()] = number
    return numbers


def _words(text: str) -> int:
    return len(_LATIN_WORD.findall(text))


def _word(run: re.Match[str]) -> str:
    return " " if _IDENTIFIER.search(run[0]) else run[0]
