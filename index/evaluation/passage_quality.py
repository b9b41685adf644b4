"""Measure how well documents are cut into passages and shown, by rules that are independent of the index.

Markdown is parsed by markdown-it-py without any extension but tables. The index's own parser is not used.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import accumulate

from markdown_it import MarkdownIt
from markdown_it.token import Token

_FRONT_MATTER = re.compile(
    r"\A\ufeff?(?:---\r?\n(.*?)^---|\+\+\+\r?\n(.*?)^\+\+\+)[ \t]*$", re.DOTALL | re.MULTILINE
)
_TITLE = re.compile(r"^title[ \t]*[:=][ \t]*(.+?)[ \t]*$", re.MULTILINE)
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'，。；、（）「」]+[^\s<>()\[\]\"'，。；、（）「」.,;:!?]")
_FENCE = re.compile(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)
_CODE_SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
_MARKUP = re.compile(
    r"<!--.*?-->|</?[a-zA-Z][^>\n]*>|!\[[^\]\n]*\]\([^)\n]*\)|\]\([^)\n]*\)|\{[#:.%<{][^}\n]*\}|&#?\w+;", re.DOTALL
)
_WORDS = re.compile(r"[^\W\d_]{2,}")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_FEWEST_WORDS, _FEWEST_HAN = 3, 4

# A link, an image, a heading, emphasis, a tag or comment, an attribute list, a shortcode, an admonition, a fence, a
# table row, an entity, a footnote, a block quote, a code span.
_RAW_SYNTAX = re.compile(
    r"\]\(|\]\[|!\[|^[ ]{0,3}#{1,6}[ ]|\*\*|(?<!\w)__(?=\w)|</?[a-zA-Z][^>\n]*>|<!--|\{[#:.][^}\n]*\}|\{\{[<%]|"
    r"^[ \t]*(?::::|!!!|\?\?\?)|\[![A-Z]+\]|^[ \t]*(?:```|~~~)|^[ \t]*\|.*\|[ \t]*$|^[ \t]*\|?[ \t:]*-{3,}[-:| \t]*$|"
    r"&(?:[a-z]+|#\d+);|\[\^[^\]]+\]|^[ \t]*>[ ]|`",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class CutDocument:
    """One document as the index has it: (start, end) of each passage in `text`, and how each passage is shown.

    shown: the text that a reader sees, without code and images.
    """

    text: str
    title: str
    passages: tuple[tuple[int, int], ...]
    shown: tuple[str, ...]
    is_markdown: bool = True


@dataclass(frozen=True, slots=True)
class PassageQuality:
    """Counts over the passages and blocks of some documents; each share is `x` of `x_of`."""

    passages: int = 0
    without_prose: int = 0
    raw_syntax: int = 0
    torn_code: int = 0
    code_blocks: int = 0
    torn_items: int = 0
    list_items: int = 0
    torn_rows: int = 0
    table_rows: int = 0
    torn_addresses: int = 0
    addresses: int = 0
    titles_right: int = 0
    titles: int = 0

    def __add__(self, other: PassageQuality) -> PassageQuality:
        return PassageQuality(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


def measure_quality(documents: Iterable[CutDocument]) -> PassageQuality:
    """Return the counts over `documents`."""
    return sum(map(_quality_of, documents), start=PassageQuality())


def shows_raw_syntax(shown: str) -> bool:
    """Return whether the text that a reader sees still holds markup."""
    return bool(_RAW_SYNTAX.search(shown))


def has_prose(text: str) -> bool:
    """Return whether a slice holds words once its markup, code, images and addresses are removed."""
    bare = _ADDRESS.sub(" ", _MARKUP.sub(" ", _CODE_SPAN.sub(" ", _FENCE.sub(" ", text))))
    return len(_WORDS.findall(bare)) >= _FEWEST_WORDS or len(_HAN.findall(bare)) >= _FEWEST_HAN


def _quality_of(document: CutDocument) -> PassageQuality:
    units = _Units(document.text)
    cut = document.passages
    wanted = units.title() if document.is_markdown else None
    blocks = {kind: list(units.spans(kind)) if document.is_markdown else [] for kind in ("code", "item", "row")}
    addresses = [match.span() for match in _ADDRESS.finditer(document.text)]
    return PassageQuality(
        passages=len(cut),
        without_prose=sum(not has_prose(document.text[start:end]) for start, end in cut),
        raw_syntax=sum(map(shows_raw_syntax, document.shown)),
        torn_code=_torn(document.text, blocks["code"], cut),
        code_blocks=len(blocks["code"]),
        torn_items=_torn(document.text, blocks["item"], cut),
        list_items=len(blocks["item"]),
        torn_rows=_torn(document.text, blocks["row"], cut),
        table_rows=len(blocks["row"]),
        torn_addresses=_torn(document.text, addresses, cut),
        addresses=len(addresses),
        titles_right=int(wanted is not None and _bare(document.title) == _bare(wanted)),
        titles=int(wanted is not None),
    )


def _torn(text: str, units: Sequence[tuple[int, int]], passages: Sequence[tuple[int, int]]) -> int:
    """Count the units inside which a passage starts or ends, with words of the unit on both sides."""
    edges = sorted({edge for passage in passages for edge in passage})
    return sum(
        any(
            _has_words(text[start:edge]) and _has_words(text[edge:end])
            for edge in edges[bisect_right(edges, start) : bisect_right(edges, end - 1)]
        )
        for start, end in units
    )


def _has_words(text: str) -> bool:
    return bool(re.search(r"[^\W_]", _MARKUP.sub(" ", text)))


class _Units:
    """The blocks of a Markdown document that no passage should tear."""

    def __init__(self, text: str) -> None:
        self._text = text
        front = _FRONT_MATTER.match(text)
        self._front = (front[1] or front[2]) if front else ""
        self._body = front.end() if front else 0
        lines = _LINE.findall(text[self._body :])
        self._starts = list(accumulate(map(len, lines), initial=self._body))
        parser = MarkdownIt("commonmark").enable("table")
        self._tokens = parser.parse("".join(line.rstrip("\r\n") + "\n" for line in lines))

    def title(self) -> str | None:
        """Return the title that the document gives itself; None without one."""
        if found := _TITLE.search(self._front):
            return found[1].strip("\"'")
        for token, inline in zip(self._tokens, self._tokens[1:], strict=False):
            if token.type == "heading_open":
                return inline.content
        return None

    def spans(self, kind: str) -> Iterator[tuple[int, int]]:
        """Yield the span of each code block's body, each list item's own text, or each table row."""
        item_depth = 0
        for token in self._tokens:
            if token.type == "list_item_open":
                item_depth += 1
            elif token.type == "list_item_close":
                item_depth -= 1
            is_wanted = {
                "code": token.type in {"fence", "code_block"},
                "item": token.type == "paragraph_open" and item_depth > 0,
                "row": token.type == "tr_open",
            }[kind]
            if is_wanted and token.map:
                yield from self._span(token)

    def _span(self, token: Token) -> Iterator[tuple[int, int]]:
        first, last = token.map or (0, 0)
        if token.type == "fence":
            first, last = first + 1, last - 1
        start, end = self._starts[first], self._starts[min(last, len(self._starts) - 1)]
        found = self._text[start:end]
        if found.strip():
            yield start + len(found) - len(found.lstrip()), start + len(found.rstrip())


def _bare(title: str) -> str:
    """Return a title for comparison: no markup, one space between words."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", title)
    text = re.sub(r"<[^>]+>|\{[^}]*\}|[*_`#]", "", text)
    return " ".join(unicodedata.normalize("NFKC", text).split())
