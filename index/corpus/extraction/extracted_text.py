"""An extracted text that grows by whole blocks, so that every block's span is exact."""

from __future__ import annotations

from collections import Counter

from index.corpus.parsing.blocks import BlockKind, Markup, ParsedBlock, ParsedFile, ParseError
from index.types import Reference, Span

_LARGEST_TEXT = 64 * 2**20  # code points; more is no document that someone reads
_CLOSE = frozenset({(BlockKind.LIST_ITEM, BlockKind.LIST_ITEM), (BlockKind.TABLE_ROW, BlockKind.TABLE_ROW)})


class ExtractedText:
    """Collects blocks, page starts, and how many things of which kind have no text."""

    def __init__(self) -> None:
        self.left_out: Counter[str] = Counter()
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[ParsedBlock] = []
        self._pages: list[int] = []
        self._is_group_ended = False

    def add(
        self,
        text: str,
        kind: BlockKind = BlockKind.PARAGRAPH,
        *,
        level: int = 0,
        header: Span | None = None,
        references: tuple[Reference, ...] = (),
    ) -> Span | None:
        """Append `text` without the white space at its ends as a block; return its span, None where nothing is left.

        level: of a heading, from 1. Raises ParseError when the whole text becomes too large.
        """
        stripped = text.strip()
        if not stripped:
            return None
        indentation = "" if kind is not BlockKind.CODE else _indentation(text)
        separator = self._separator(kind) + indentation
        start = self._length + len(separator)
        span = Span(start, start + len(stripped))
        if span.end > _LARGEST_TEXT:
            raise ParseError(f"its text is larger than {_LARGEST_TEXT // 2**20} million characters; split it")
        self._is_group_ended = False
        self._parts += (separator, stripped)
        self._length = span.end
        title = " ".join(stripped.split()) if level else ""
        self._blocks.append(ParsedBlock(span, kind, level, title, header=header, references=references))
        return span

    def __len__(self) -> int:
        """Return the number of blocks."""
        return len(self._blocks)

    def withdraw(self, first: int) -> None:
        """Take the blocks from number `first` on back: their text stays, and is not for readers."""
        del self._blocks[first:]

    def end_group(self) -> None:
        """Set the next block off from the last one, as where a table follows another."""
        self._is_group_ended = True

    def start_page(self) -> None:
        """Begin a page where the next block begins."""
        self._pages.append(self._length + 2 if self._length else 0)

    def parsed(self, title: str | None = None, *, encoding: str = "utf-8", language: str = "") -> ParsedFile:
        """Return what was collected, with what the file says of itself."""
        text = "".join(self._parts)
        return ParsedFile(
            text=text,
            blocks=tuple(self._blocks),
            markup=Markup.PLAIN,
            title=title or None,
            pages=tuple(min(page, len(text)) for page in self._pages),
            left_out=dict(+self.left_out),
            encoding=encoding,
            language=language,
        )

    def _separator(self, kind: BlockKind) -> str:
        if not self._length:
            return ""
        is_close = (
            bool(self._blocks)
            and not self._is_group_ended
            and (self._blocks[-1].kind, kind) in _CLOSE
            and self._pages[-1:] != [self._length + 2]
        )
        return "\n" if is_close else "\n\n"


def _indentation(text: str) -> str:
    """Return the white space before the first character of `text` on its line."""
    start = len(text) - len(text.lstrip())
    return text[text.rfind("\n", 0, start) + 1 : start]
