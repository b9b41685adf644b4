"""The bytes of a text format → its text and the encoding they are in."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from index.corpus.parsing.blocks import ParseError

# The endianness is named, since the decoders of these names keep the byte-order mark in the text.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_LEGACY = ("cp1252", "big5", "cp950", "big5hkscs", "gb18030", "cp932", "cp949")
# What people declare → the superset that they mean (https://encoding.spec.whatwg.org/#names-and-labels).
_SUPERSETS: Mapping[str, str] = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_HIGH_BYTES = bytes(range(0x80, 0x100))
_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")  # as some programs wrongly write in UTF-8
_DECLARABLE = re.compile(r"cp\d+|iso8859-\d+|koi8-[rut]|big5(hkscs)?|gb18030|euc_jp|iso2022_jp|mac-\w+")
_SAMPLE = 2**16  # bytes that are judged; a legacy text shows what it is within a hundred
_PLAUSIBLE = 0.5  # mean plausibility of a character; right decodings have 0.8 and more, wrong ones 0.4 and less

# The characters in most use are the first level of each national standard: their ranges of lead and trail bytes.
_COMMON = (
    ("big5", range(0xA4, 0xC7), range(0x40, 0xFF)),
    ("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)),
    ("shift_jis", range(0x88, 0x99), range(0x40, 0xFD)),
)
_HANGUL = ("euc_kr", range(0xB0, 0xC9), range(0xA1, 0xFF))
_EAST_ASIAN_MARKS = frozenset("　、。〃々〈〉《》「」『』【】〔〕‧·…—“”‘’，：；？！（）％～＋．→■●○★")
_CANTONESE = frozenset("佢哋喺嗰啲嘢㗎嚟冇咁咗嘅喇啦唔乜嗎咩嘞囉噉瞓攞搵啱嘥噃嘢嗱冚諗嗌揸")
# Korean and Japanese outrank the Chinese that their bytes also are, which has neither hangul nor kana.
_OWN_SCRIPT = 1.02
_WESTERN = 1.05  # bytes that stand as single letters between ASCII are nothing else, but might be Shift JIS
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_WESTERN_MARKS = frozenset("‘’“”„–—…•€£§©®«»°º·¿¡½™\xa0")
_WESTERN_LETTERS = frozenset("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüœŒŠšŽžŸ")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and its encoding: `text == content.decode(encoding)`, so a byte-order mark is part of the text."""

    text: str
    encoding: str


def decode(content: bytes, *, declared: str | None = None) -> Decoded:
    """Return the text of `content`: in UTF-8 if it is, else as `declared` in the file, else as its bytes suggest.

    Raises ParseError for UTF-8 with damaged bytes, and for bytes that are no likely text in any encoding.
    """
    mark = next((encoding for mark, encoding in _BYTE_ORDER_MARKS if content.startswith(mark)), None)
    first_wrong = -1
    if mark is None and not _looks_wide(content):
        try:
            return Decoded(content.decode("utf-8"), "utf-8")
        except UnicodeDecodeError as error:
            first_wrong = error.start
            is_cut_off = error.reason == "unexpected end of data"  # in a character, after nothing but UTF-8
            if is_cut_off or _is_damaged(content) or _SURROGATE.match(content, first_wrong):
                raise ParseError(f"not UTF-8 (byte {first_wrong}); save it as UTF-8") from error
    for encoding in (mark, _known(declared), _likeliest(content)):
        if encoding is not None:
            try:
                return Decoded(content.decode(encoding), encoding)
            except UnicodeDecodeError:
                continue
    if first_wrong < 0:
        return _last_resort(content)
    raise ParseError(f"not UTF-8 (byte {first_wrong}); save it as UTF-8")


def _last_resort(content: bytes) -> Decoded:
    """Return `content` with a byte-order mark or NULs that turned out to be none of UTF-16's as UTF-8 after all."""
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        raise ParseError(f"not UTF-8 (byte {error.start}); save it as UTF-8") from error


def _looks_wide(content: bytes) -> bool:
    """Return whether every second byte or more of some stretch is zero, as of ASCII in UTF-16 and UTF-32."""
    sample = content[:_SAMPLE]
    return sample.count(0) * 4 >= len(sample) > 0


def _is_damaged(content: bytes) -> bool:
    """Return whether `content` holds at least as many non-ASCII characters in UTF-8 as wrong bytes."""
    right = len(content.decode("utf-8", "ignore"))
    wrong = len(content.decode("utf-8", "surrogateescape")) - right
    return right - len(content.translate(None, _HIGH_BYTES)) >= wrong


def _known(declared: str | None) -> str | None:
    try:
        name = codecs.lookup(declared or "").name
    except (LookupError, ValueError):
        return None
    name = _SUPERSETS.get(name, name)
    return name if _DECLARABLE.fullmatch(name) else None


def _likeliest(content: bytes) -> str | None:
    """Return the encoding in which the first non-ASCII characters are the most plausible."""
    high = next((match.start() for match in re.finditer(rb"[\x80-\xff]", content)), 0)
    start = high & ~3  # where UTF-32 and UTF-16 have a character's first byte as well
    sample = content[start : start + _SAMPLE]
    best, most = None, _PLAUSIBLE
    for encoding in (*_WIDE, *_LEGACY):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(sample)
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        plausibility = _plausibility(text, encoding)
        if plausibility > most:
            best, most = encoding, plausibility
    return best


def _plausibility(text: str, encoding: str) -> float:
    if encoding == "cp1252":
        return _western_plausibility(text)
    if encoding not in _WIDE and "\0" in text:
        return 0.0
    judged = text if encoding in _WIDE else "".join(_NOT_ASCII.findall(text))
    return sum(_weight(character, encoding) for character in judged) / max(1, len(judged))


def _weight(character: str, encoding: str) -> float:
    """Return how usual `character` is: 1 in common use, below 0 where it tells of a wrong decoding."""
    if character in _hangul() or "\u3041" <= character <= "\u30ff":
        return _OWN_SCRIPT
    if " " <= character <= "~" or character in "\t\n\r" or character in _EAST_ASIAN_MARKS:
        return 1.0
    if character in _common() or character in _CANTONESE:
        return 0.0 if encoding == "cp949" else 1.0  # Korean hardly uses them any more
    return -0.3 if "\u4e00" <= character <= "\u9fff" else -1.0


def _western_plausibility(text: str) -> float:
    """Return the share of non-ASCII characters that are letters or marks beside ASCII, as in Western languages."""
    runs = [] if "\0" in text else _NOT_ASCII.findall(text)
    good = sum(len(run) for run in runs if _is_western(run))
    total = sum(len(run) for run in runs)
    return _WESTERN * good / total if total else 0.0


def _is_western(run: str) -> bool:
    marks = sum(character in _WESTERN_MARKS for character in run)
    letters = sum(character in _WESTERN_LETTERS for character in run)
    return marks + letters == len(run) and letters <= 1 and marks <= 2


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(character for standard in _COMMON for character in _level(*standard))


@lru_cache(maxsize=1)
def _hangul() -> frozenset[str]:
    return frozenset(_level(*_HANGUL))


def _level(encoding: str, leads: range, trails: range) -> Iterable[str]:
    codes = (bytes((lead, trail)) for lead in leads for trail in trails)
    return (character for code in codes if (character := code.decode(encoding, "ignore")) and len(character) == 1)
