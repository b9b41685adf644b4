"""Text → its sentences, as exact spans: Chinese, English and both mixed, in linear time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.text.abbreviations import (
    ABBREVIATIONS,
    ACRONYM,
    EXCLAIMED,
    LABELLED,
    NUMBERED,
    STARTERS,
    ends_after_abbreviation,
)
from index.text.chinese import HAN
from index.types import Span

_OPENING = "([\"“‘'*_"
_CLOSING = "”’\"'」』）)】》〉\\]*_~"
_LIST_MARKER = (
    r"\||>(?![> \t]*[a-z])"  # a quoted line, unless it goes on with a sentence
    r"|[-+*•‣◦▪·]\s|\#{1,6}\s|\d{1,3}[.)]\s|\d{1,3}[、）．]|[(（]\d{1,3}[)）]|[A-Za-z]\)\s|(?:[a-z]|[IVX]{2,4})\.\s"
    r"|[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|[①-⑳]|\[\^[^\]\n]{1,30}\]:"
)

# Where a sentence may end: at end marks with the quotation marks and brackets that close after them, and at the
# end of a line before an empty line or a list item, a table row or a heading. A colon or semicolon never ends one,
# nor a full stop before a letter or digit. The pattern begins with one class of characters, which the search skips to.
_CANDIDATE = re.compile(
    r"[。！？｡．!?.…\n](?<!\.(?=[0-9A-Za-z]))(?:"
    rf"(?<=\n)(?=[^\S\n]*(?:{_LIST_MARKER}|\n|$))|(?<!\n)[。！？｡．!?.…]*(?P<closing>[{_CLOSING}]*))"
)
_QUESTION = re.compile(rf"[?？][{_CLOSING}\s]*$")
_CHINESE_ENDS = frozenset("。！？｡")
_CONTINUES = frozenset(",，、；;：:")
_BRACKETS = {"）": "（", ")": "(", "】": "【", "]": "["}

_LINK = re.compile(r"\[[^\[\]]{0,500}\]\([^()\s]{0,2000}(?:\s\"[^\"\n]{0,200}\")?\)")
_TITLE = re.compile(r"《[^《》\n]{1,80}》")
_TAG = re.compile(r"</?[A-Za-z][\w:.-]{0,60}(?:\s[^<>\n]{0,500})?/?>|\{\{[^{}\n]{1,300}\}\}")
_UNBROKEN_MARK = re.compile(r"[`~\]》>}]")  # each of them has one
_BACKTICKS = re.compile(r"`+|~{3,}")

_WORD_BEFORE = re.compile(r"[A-Za-z\d](?:[\w.'’-]*\w)?$")
_PREVIOUS_WORD = re.compile(r"([A-Za-z]+)\s+$")
_ONLY_WORD = re.compile(r"([^\W\d_]{3,8})\s*")
_MARKER = re.compile(r"\d+|[IVXLC]+")
_NEXT_WORD = re.compile(rf"\s*[“‘\"'(（「『【\[*_]*(?P<word>[A-Za-z][\w'’]*|\d+|[{HAN}])?(?P<stop>\.)?")
_HAN = re.compile(rf"[{HAN}]")
_NEARBY = 40  # code points in which the words beside a full stop are looked for
_CLOSE_BY = 200  # code points in which another full stop shows that ． is none


def is_question(sentence: str) -> bool:
    """Return whether a sentence ends with a question mark, quotation marks and mark-up aside."""
    return _QUESTION.search(sentence, max(0, len(sentence) - _NEARBY)) is not None


def split_sentences(text: str, span: Span | None = None) -> list[Span]:
    """Return the sentences of `text`, or of `span` in it; between them is only white space.

    None ends inside a code span, a code block, a link, an image, a tag, a shortcode or a title in 《》.
    """
    span = Span(0, len(text)) if span is None else span
    end = span.end
    start = span.start
    while start < end and text[start].isspace():
        start += 1
    sentences: list[Span] = []
    unbroken: Iterator[Span] | None = None
    inside: Span | None = None
    for match in _CANDIDATE.finditer(text, start, end):
        if unbroken is None:  # only a block that has a candidate is searched for what may not be broken
            has_marks = _UNBROKEN_MARK.search(text, span.start, end) is not None
            unbroken = iter(unbroken_spans(text, span) if has_marks else ())
            inside = next(unbroken, None)
        at, stop = match.span()
        while inside is not None and inside.end <= at:
            inside = next(unbroken, None)
        if at <= start or (inside is not None and inside.start <= at):
            continue
        if text[at] == "\n":
            sentences.append(Span(start, stop).trim(text))
        elif _is_plain_end(text, at, stop, start, end) or _ends(text, match, start, end):
            sentences.append(Span(start, stop))
        else:
            continue
        start = stop
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        sentences.append(Span(start, end).trim(text))
    return sentences


def unbroken_spans(text: str, span: Span) -> list[Span]:
    """Return what is never broken in `span`: code, links, images, tags, shortcodes and titles, in order."""
    start, end = span.start, span.end
    found: list[Span] = []
    if text.find("`", start, end) >= 0 or text.find("~~~", start, end) >= 0:
        found += _code(text, span)
    if text.find("](", start, end) >= 0:
        for link in _LINK.finditer(text, start, end):
            is_image = link.start() > start and text[link.start() - 1] == "!"
            found.append(Span(link.start() - is_image, link.end()))
    if text.find("<", start, end) >= 0 or text.find("{{", start, end) >= 0:
        found += [Span(*tag.span()) for tag in _TAG.finditer(text, start, end)]
    if text.find("》", start, end) >= 0:
        found += [Span(*title.span()) for title in _TITLE.finditer(text, start, end)]
    return sorted(found, key=lambda each: each.start)


def _code(text: str, span: Span) -> list[Span]:
    """Return what stands between two equal runs of backticks, as CommonMark reads them."""
    runs = [match.span() for match in _BACKTICKS.finditer(text, span.start, span.end)]
    marks = [text[start:end] for start, end in runs]
    following: dict[str, int] = {}
    closing: list[int | None] = []
    for number in range(len(runs) - 1, -1, -1):
        closing.append(following.get(marks[number]))
        following[marks[number]] = number
    closing.reverse()
    found: list[Span] = []
    number = 0
    while number < len(runs):
        close = closing[number]
        if close is not None:
            found.append(Span(runs[number][0], runs[close][1]))
            number = close
        number += 1
    return found


def _is_plain_end(text: str, at: int, stop: int, start: int, end: int) -> bool:
    """Return whether one mark ends the sentence by its looks, as nine in ten do; `_ends` has all rules."""
    if stop - at > 1:
        return False
    if text[at] == "。":
        return stop == end or text[stop] not in _CONTINUES
    if text[at] != "." or (stop < end and not text[stop].isspace()) or text[at - 1].isspace():
        return False
    word = text[max(start, at - _NEARBY) : at].rsplit(None, 1)[-1]
    return len(word) > 1 and word.isascii() and word.isalpha() and word.islower() and word not in ABBREVIATIONS


def _ends(text: str, match: re.Match[str], start: int, end: int) -> bool:
    """Return whether end marks end the sentence that begins at `start`; `end` is where the text to split ends."""
    at, stop = match.span()
    after = text[stop] if stop < end else " "
    if after in _CONTINUES:
        return False
    marks = text[at : match.start("closing")]
    if not _CHINESE_ENDS.isdisjoint(marks):
        return not _bracket_goes_on(text, start, stop, after)
    if marks == "．":
        return _wide_stop_ends(text, match, end, after)
    before = text[at - 1]
    between_han = False
    if before.isspace():
        return False
    if not after.isspace():
        between_han = _HAN.match(after) is not None and _HAN.match(before) is not None
        closes = stop > at + len(marks) or marks[0] in "!?"
        if not between_han and not (closes and _HAN.match(after)):
            return False
    return _western_mark_ends(text, match, start, end, between_han=between_han)


def _bracket_goes_on(text: str, start: int, stop: int, after: str) -> bool:
    """Return whether a bracket that was opened inside the sentence closes, and the sentence goes on behind it."""
    opening = _BRACKETS.get(text[stop - 1])
    return opening is not None and not after.isspace() and text[start] != opening


def _wide_stop_ends(text: str, match: re.Match[str], end: int, after: str) -> bool:
    """Return whether `．` is a full stop: no decimal point, nor the dot in a name where `。` is the stop."""
    if after.isspace() or match["closing"]:
        return True
    before = text[match.start() - 1]
    if (before.isascii() and before.isalnum()) or after.isdigit():
        return False
    following = text[match.end() : min(match.end() + _CLOSE_BY, end)]
    return "。" not in following.partition("\n")[0]


def _western_mark_ends(text: str, match: re.Match[str], start: int, end: int, *, between_han: bool) -> bool:
    at, stop = match.span()
    closing = match["closing"]
    marks = text[at : stop - len(closing)]
    at -= text[at - 1] == "\\"  # which escapes the mark
    before = _last_word(text, start, at)
    if marks == "." and len(before) > 1 and before.islower() and before.isalpha() and before not in ABBREVIATIONS:
        return True  # no rule for what follows applies to such a word
    following = _NEXT_WORD.match(text, stop, min(end, stop + _NEARBY))
    word = (following["word"] or "") if following else ""
    if marks == ".":
        initial = bool(following and following["stop"])
        return _full_stop_ends(text, Span(start, at), before, word, initial=initial)
    if "…" in marks or ".." in marks:
        return stop == end or not (word[:1].islower() or between_han)
    if marks == "!" and before.lower() in EXCLAIMED:
        return word[:1].isupper()
    quoted = bool(closing.strip("*_~"))  # "Stop!" he said
    return not (quoted and word[:1].islower())


def _full_stop_ends(text: str, sentence: Span, before: str, word: str, *, initial: bool) -> bool:
    """Return whether the full stop after `sentence` ends it.

    It stands between the words `before` and `word`, the latter an `initial` or not.
    """
    start, at = sentence.start, sentence.end
    if not before or not word:
        return text[start:at] != "#"  # the marker of a list item that is numbered by itself
    first = at - len(before)
    begins = first == start or text[first - 1] in _CONTINUES
    if begins and (len(before) == 1 or _MARKER.fullmatch(before) or ACRONYM.fullmatch(before)):
        return False  # the marker of a list item, or an initial
    if before[-1].isdigit():
        only = _ONLY_WORD.fullmatch(text, start, first)
        if only and only[1].lower() in NUMBERED:
            return False
    starts = word[:1].isupper() and word.lower() in STARTERS and not initial
    ends = ends_after_abbreviation(before, word, starts=starts)
    if ends is not None:
        return ends
    if len(before) == 1 and before.isalpha():
        return not initial and (starts or bool(_HAN.match(word)) or _is_label(text, start, at, word))
    return not word[:1].islower() or not (before[-1].isdigit() or before.isupper())


def _is_label(text: str, start: int, at: int, word: str) -> bool:
    """Return whether the letter before the full stop names one of several (vitamin C) or is the word I."""
    previous = _PREVIOUS_WORD.search(text, max(start, at - _NEARBY), at - 1)
    if previous is None or word[:1].islower():
        return False
    return previous[1].lower() in LABELLED or (text[at - 1] == "I" and previous[1].islower())


def _last_word(text: str, start: int, end: int) -> str:
    nearby = text[max(start, end - _NEARBY) : end]
    last = nearby.rsplit(None, 1)[-1].lstrip(_OPENING) if nearby else ""
    if last.isascii() and last.isalnum():
        return last
    if not (last[-1:].isalnum() or last[-1:] == "_"):
        return ""
    found = _WORD_BEFORE.search(last)
    return found[0] if found else ""
