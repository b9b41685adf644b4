"""The leaves of a Markdown document while it is read, and what makes one navigation."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.types import BlockKind, Reference

# What the text that stands in a container is, by the parser's tag.
CONTAINERS = {
    "Item": BlockKind.LIST_ITEM,
    "BlockQuote": BlockKind.PARAGRAPH,
    "FootnoteDefinition": BlockKind.FOOTNOTE,
    "DefinitionListTitle": BlockKind.LIST_ITEM,
    "DefinitionListDefinition": BlockKind.LIST_ITEM,
}
# What stands between the links of a breadcrumb trail, a pager or a table of contents.
_SEPARATORS = re.compile(
    r"(?:[\s|·•/\\>»\u203a«\u2039←→↑↓⟵⟶⬅➡\u2014–\-<.,:;()\[\]（）、，：｜*#\ufe0f]"
    r"|previous|prev|next|back|home|up|top|to|the|table|of|contents|index"
    r"|上一|下一|[頁页章篇節节課课]|返回|回到?|目錄|目录|首頁|首页|頂部|顶部)*",
    re.IGNORECASE,
)
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


@dataclass(slots=True)
class Leaf:
    """A block while it is read. `content` is where its text starts, after the marks of its containers."""

    start: int
    content: int
    end: int
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    title: list[str] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    header: Leaf | None = None
    has_prose: bool = False
    local_links: int = 0
    pagers: int = 0
    other_links: int = 0
    is_left_out: bool = False

    def add_text(self, text: str) -> None:
        """Take text outside links."""
        if not self.has_prose and _SEPARATORS.fullmatch(text, 0, 200) is None:
            self.has_prose = True

    def add_link(self, label: str, address: str) -> None:
        """Take a link."""
        self.references.append(Reference(title=label or address, url=address))
        if _ADDRESS.match(address):
            self.other_links += 1
        else:
            self.local_links += 1
        self.pagers += _PAGER.match(label) is not None

    @property
    def is_navigation(self) -> bool:
        """Whether the leaf consists of links within the folder."""
        return not self.has_prose and self.local_links > 0 and not self.other_links

    @property
    def is_pager(self) -> bool:
        """Whether the leaf, outside a list, consists of links that lead on, back or elsewhere."""
        return not self.has_prose and (
            (self.is_navigation and self.local_links > 1)
            or (self.pagers > 0 and self.pagers == self.local_links + self.other_links)
        )
