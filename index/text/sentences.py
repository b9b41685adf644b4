"""Text → its sentences, as exact spans: Chinese, English and both mixed, in linear time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.text.abbreviations import ACRONYM, EXCLAIMED, LABELLED, NUMBERED, STARTERS, ends_after_abbreviation
from index.text.chinese import HAN
from index.types import Span

_CLOSING = "”’\"'」』）)】》〉\\]*_~"
_LIST_MARKER = (
    r"[|>]|[-+*•‣◦▪·]\s|\#{1,6}\s|\d{1,3}[.)]\s|\d{1,3}[、）．]|[(（]\d{1,3}[)）]|[A-Za-z]\)\s|(?:[a-z]|[IVX]{2,4})\.\s"
    r"|[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|[①-⑳]|\[\^[^\]\n]{1,30}\]:"
)

# Where a sentence may end: at end marks with the quotation marks and brackets that close after them, and at the
# end of a line before an empty line or a list item, a table row or a heading. A colon or semicolon never ends one.
_CANDIDATE = re.compile(
    rf"(?P<marks>[。！？｡．!?.…]+)(?P<closing>[{_CLOSING}]*)|\n(?=[^\S\n]*(?:{_LIST_MARKER}|\n|$))"
)
_CHINESE_END = re.compile(r"[。！？｡]")
_CONTINUES = frozenset(",，、；;：:")
_BRACKETS = {"）": "（", ")": "(", "】": "【", "]": "["}

_LINK = re.compile(r"!?\[[^\[\]\n]{0,500}\]\([^()\s]{0,2000}(?:\s\"[^\"\n]{0,200}\")?\)")
_TITLE = re.compile(r"《[^《》\n]{1,80}》")
_BACKTICKS = re.compile(r"`+|~{3,}")

_WORD_BEFORE = re.compile(r"[A-Za-z\d](?:[\w.'’-]*\w)?$")
_PREVIOUS_WORD = re.compile(r"([A-Za-z]+)\s+$")
_MARKER = re.compile(r"\d+|[IVXLC]+")
_NEXT_WORD = re.compile(rf"\s*[“‘\"'(（「『【\[*_]*(?P<word>[A-Za-z][\w'’]*|\d+|[{HAN}])?(?P<stop>\.)?")
_HAN = re.compile(rf"[{HAN}]")
_NEARBY = 40  # code points in which the words beside a full stop are looked for
_CLOSE_BY = 200  # code points in which another full stop shows that ． is none


def split_sentences(text: str, span: Span | None = None) -> Iterator[Span]:
    """Yield the sentences of `text`, or of `span` in it; between them is only white space.

    None ends inside a code span, a code block, a link, an image or a title in 《》.
    """
    span = Span(0, len(text)) if span is None else span
    start = _skip_space(text, span.start, span.end)
    unbroken = iter(_unbroken(text, span))
    inside = next(unbroken, None)
    for match in _CANDIDATE.finditer(text, span.start, span.end):
        while inside is not None and inside.end <= match.start():
            inside = next(unbroken, None)
        if inside is not None and inside.start <= match.start():
            continue
        if match.start() > start and _ends(text, match, Span(start, span.end)):
            yield Span(start, match.end()).trim(text)
            start = _skip_space(text, match.end(), span.end)
    if start < span.end:
        yield Span(start, span.end).trim(text)


def _skip_space(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


def _unbroken(text: str, span: Span) -> list[Span]:
    """Return code spans, code blocks, links, images and titles, in order."""
    found = _code(text, span)
    for mark, pattern in (("](", _LINK), ("》", _TITLE)):
        if text.find(mark, span.start, span.end) >= 0:
            found += [Span(*match.span()) for match in pattern.finditer(text, span.start, span.end)]
    return sorted(found, key=lambda each: each.start)


def _code(text: str, span: Span) -> list[Span]:
    """Return what stands between two equal runs of backticks, as CommonMark reads them."""
    runs = list(_BACKTICKS.finditer(text, span.start, span.end))
    following: dict[str, int] = {}
    closing: list[int | None] = []
    for number in range(len(runs) - 1, -1, -1):
        closing.append(following.get(runs[number][0]))
        following[runs[number][0]] = number
    closing.reverse()
    found: list[Span] = []
    number = 0
    while number < len(runs):
        close = closing[number]
        if close is not None:
            found.append(Span(runs[number].start(), runs[close].end()))
            number = close
        number += 1
    return found


def _ends(text: str, match: re.Match[str], rest: Span) -> bool:
    """Return whether a candidate ends the sentence that `rest` begins with."""
    marks = match["marks"]
    if marks is None:  # the end of a line
        return True
    after = text[match.end()] if match.end() < rest.end else " "
    if after in _CONTINUES:
        return False
    if _CHINESE_END.search(marks):
        return not _bracket_goes_on(text, match, rest, after)
    if marks == "．":
        return _wide_stop_ends(text, match, rest, after)
    before = text[match.start() - 1]
    between_han = bool(_HAN.match(before) and _HAN.match(after))
    ends_before_han = bool((match["closing"] or marks[0] in "!?") and _HAN.match(after))
    if before.isspace() or not (after.isspace() or between_han or ends_before_han):
        return False
    return _western_mark_ends(text, match, rest, between_han=between_han)


def _bracket_goes_on(text: str, match: re.Match[str], rest: Span, after: str) -> bool:
    """Return whether a bracket that was opened inside the sentence closes, and the sentence goes on behind it."""
    opening = _BRACKETS.get(text[match.end() - 1])
    return opening is not None and not after.isspace() and text[rest.start] != opening


def _wide_stop_ends(text: str, match: re.Match[str], rest: Span, after: str) -> bool:
    """Return whether `．` is a full stop: no decimal point, nor the dot in a name where `。` is the stop."""
    if after.isspace() or match["closing"]:
        return True
    before = text[match.start() - 1]
    if (before.isascii() and before.isalnum()) or after.isdigit():
        return False
    following = text[match.end() : min(match.end() + _CLOSE_BY, rest.end)]
    return "。" not in following.partition("\n")[0]


def _western_mark_ends(text: str, match: re.Match[str], rest: Span, *, between_han: bool) -> bool:
    marks = match["marks"]
    following = _NEXT_WORD.match(text, match.end(), min(rest.end, match.end() + _NEARBY))
    word = (following["word"] or "") if following else ""
    if marks == ".":
        initial = bool(following and following["stop"])
        return _full_stop_ends(text, Span(rest.start, match.start()), word, initial=initial)
    if "…" in marks or ".." in marks:
        return match.end() == rest.end or not (word[:1].islower() or between_han)
    before = _last_word(text, Span(rest.start, match.start())).lower()
    if marks == "!" and before in EXCLAIMED:
        return word[:1].isupper()
    quoted = bool(match["closing"].strip("*_~"))  # "Stop!" he said
    return not (quoted and word[:1].islower())


def _full_stop_ends(text: str, sentence: Span, word: str, *, initial: bool) -> bool:
    """Return whether a full stop between `sentence` and the next `word`, an `initial` or not, ends it."""
    before = _last_word(text, sentence)
    if not before or not word:
        return True
    first = sentence.end - len(before)
    begins = first == sentence.start or text[first - 1] in _CONTINUES
    if begins and (len(before) == 1 or _MARKER.fullmatch(before) or ACRONYM.fullmatch(before)):
        return False  # the marker of a list item, or an initial
    if before[-1].isdigit() and text[sentence.start : first].strip().lower() in NUMBERED:
        return False
    starts = word[:1].isupper() and word.lower() in STARTERS and not initial
    ends = ends_after_abbreviation(before, word, starts=starts)
    if ends is not None:
        return ends
    if len(before) == 1 and before.isalpha():
        return not initial and (starts or bool(_HAN.match(word)) or _is_label(text, sentence, word))
    return not word[:1].islower() or not (before[-1].isdigit() or before.isupper())


def _is_label(text: str, sentence: Span, word: str) -> bool:
    """Return whether the sentence's last letter names one of several (vitamin C) or is the word I."""
    start = max(sentence.start, sentence.end - _NEARBY)
    previous = _PREVIOUS_WORD.search(text, start, sentence.end - 1)
    if previous is None or word[:1].islower():
        return False
    return previous[1].lower() in LABELLED or (text[sentence.end - 1] == "I" and previous[1].islower())


def _last_word(text: str, sentence: Span) -> str:
    found = _WORD_BEFORE.search(text, max(sentence.start, sentence.end - _NEARBY), sentence.end)
    return found[0] if found else ""
