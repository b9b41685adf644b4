"""The leaves of a Markdown document while it is read, and what makes one navigation."""

from __future__ import annotations

import re

from index.types import BlockKind, Reference, Span

# What stands between the links of a breadcrumb trail, a pager or a table of contents.
_SEPARATORS = re.compile(
    r"(?:[\s|·•/\\>»\u203a«\u2039←→↑↓⟵⟶⬅➡\u2014–\-<.,:;()\[\]（）、，：｜*#\ufe0f]"
    r"|previous|prev|next|back|home|up|top|to|the|table|of|contents|index"
    r"|上一|下一|[頁页章篇節节課课]|返回|回到?|目錄|目录|首頁|首页|頂部|顶部)*",
    re.IGNORECASE,
)
# Letters and digits with which none of those words begins, in any case, begin other text.
_FIRST_LETTERS = frozenset("pnbhutociPNBHUTOCI\u0130\u0131上下頁页章篇節节課课返回目首頂顶")
_PAGER = re.compile(
    r"\W*(?:(?:previous|prev|next|back|home|up|top)\b|上一|下一|返回|回到|目錄|目录|首頁|首页)|[←→«»\u2039\u203a]",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
# Chunks of Quarto and R Markdown whose code is not shown.
UNSEEN_CHUNK = re.compile(
    r"[`~]{3,}[ \t]*\{[^}\r\n]*\b(?:echo|include)[ \t]*=[ \t]*F(?:ALSE)?\b"
    r"|[`~]{3,}[ \t]*\{[^\r\n]*(?:[\r\n]+[ \t]*#\|[^\r\n]*)*?[\r\n]+[ \t]*#\|[ \t]*(?:echo|include):[ \t]*false",
    re.IGNORECASE,
)
BADGE = re.compile(
    r"//(?:[\w-]+\.)*(?:shields\.io|badgen\.net|badge\.fury\.io|travis-ci\.\w+|circleci\.com|codecov\.io|coveralls\.io"
    r"|appveyor\.com|goreportcard\.com|readthedocs\.org/projects/[^/]+/badge|zenodo\.org/badge|mybinder\.org/badge)"
    r"|/badge\.svg|/workflows/[^/]+/badge",
    re.IGNORECASE,
)


class Leaf:
    """A block while it is read.

    content: where its text starts, after the marks of its containers. shown: what a reader sees of it, known last.
    What few leaves have stands in the class: a megabyte has 7,000, and `dataclass` makes one in three times the time.
    """

    level: int = 0
    title: list[str] | None = None
    links: list[tuple[str, str]] | None = None  # label and address
    header: Leaf | None = None
    has_prose: bool = False
    is_left_out: bool = False
    shown: Span | None = None

    def __init__(self, start: int, content: int, end: int, kind: BlockKind) -> None:
        self.start = start
        self.content = content
        self.end = end
        self.kind = kind

    def add_text(self, text: str) -> None:
        """Take text outside links."""
        if not self.has_prose:
            first = text[:1]
            is_other = first.isalnum() and first not in _FIRST_LETTERS
            self.has_prose = is_other or _SEPARATORS.fullmatch(text, 0, 200) is None

    def add_title(self, text: str) -> None:
        """Take text of a heading."""
        if self.title is None:
            self.title = []
        self.title.append(text)

    def add_link(self, label: str, address: str) -> None:
        """Take a link."""
        if self.links is None:
            self.links = []
        self.links.append((label, address))

    @property
    def references(self) -> tuple[Reference, ...]:
        """The links."""
        return tuple(Reference(title=label or address, url=address) for label, address in self.links or ())

    @property
    def is_navigation(self) -> bool:
        """Whether the leaf consists of links within the folder."""
        return not self.has_prose and self.links is not None and not self._leads_away()

    @property
    def is_pager(self) -> bool:
        """Whether the leaf, outside a list, consists of links that lead on, back or elsewhere."""
        if self.has_prose or self.links is None:
            return False
        return (len(self.links) > 1 and not self._leads_away()) or all(
            _PAGER.match(label) or (label == address and not _ADDRESS.match(address))
            for label, address in self.links
        )

    def _leads_away(self) -> bool:
        return any(_ADDRESS.match(address) for _, address in self.links or ())
