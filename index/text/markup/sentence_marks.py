"""Marks within a sentence that a reader does not see, for which no sentence is cut in two."""

from __future__ import annotations

import re

from index.types import Span

# What stands around the link that an expression yields, as in {{'[label]({})'.format(site)}}.
_AROUND_LINK = re.compile(r"\{\{-?[ \t]*[\"']|[\"'][^{}\r\n]{0,300}\}\}")
# Tags that only format the words around them, or set one cell or definition off from the next; the options of a chunk
# or a directive.
_FORMATTING = re.compile(
    r"(?:</?(?:a|abbr|acronym|b|bdi|bdo|big|br|cite|code|data|dd|del|dfn|dt|em|font|i|ins|kbd|label|mark|nobr|q|rp|rt"
    r"|ruby|s|samp|small|span|strike|strong|sub|sup|td|th|time|tt|u|var|wbr)(?:\s[^<>]{0,2000})?/?>\s*)+|(?:#\|[^\r\n]*\s*)+"
    r"|(?:[ \t>]*:[\w-]{1,40}:(?:[ \t][^\r\n]*)?(?:\r\n?|\n|\Z))+\s*",
    re.IGNORECASE,
)
# A tag of a component, a shortcode, an expression or attribute list, a link or image without text, a name of an icon.
_MARKS = re.compile(
    r"(?:</?[A-Za-z][^<>\r\n]{0,300}>|\{\{(?!/\*)(?:[^{}\r\n]|\{\}){1,300}\}\}|\{%[^{}\r\n]{1,300}%\}"
    r"|\{(?!/?\*|::|#\s)[^{}\r\n]{1,300}\}"
    r"|!?\[\]\([^()\s]{0,300}\)|!\[\[[^\[\]\r\n]{1,300}\]\]|:[a-z]+-[a-z0-9-]{1,60}:|[ \t])+"
)
_HIDES_TEXT = re.compile(r"data:|\{[{%<]*-?\s*(?:end|/)?\s*comment\b", re.IGNORECASE)
_LONGEST = 400  # code points of such marks
_LINE_END = re.compile(r"[\r\n]")
_SENTENCE_ENDS = frozenset(".!?。！？…:：;；|")


def is_sentence_mark(text: str, hidden: Span, block: Span) -> bool:
    """Return whether `hidden`, which no reader of `block` sees, only marks the sentence that it stands in.

    Tags that format do so everywhere. Other marks do where words of the sentence stand before and after them on the
    line. Comments, hidden elements and embedded data are no such marks.
    """
    start, end = hidden.start, hidden.end
    if _HIDES_TEXT.search(text, start, end) is not None:
        return False
    if _FORMATTING.fullmatch(text, start, end) is not None or _AROUND_LINK.fullmatch(text, start, end) is not None:
        return True
    if end - start > _LONGEST or _MARKS.fullmatch(text, start, end) is None:
        return False
    before = _LINE_END.split(text[max(block.start, start - _LONGEST) : start])[-1].strip(" \t>")
    after = _LINE_END.split(text[end : min(block.end, end + _LONGEST)])[0].strip(" \t")
    return bool(before and after) and before[-1] not in _SENTENCE_ENDS
