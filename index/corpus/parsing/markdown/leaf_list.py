"""The leaves of a Markdown document in order, the last of which may be open."""

from __future__ import annotations

from index.corpus.parsing.markdown.leaves import Leaf
from index.types import BlockKind


class LeafList:
    """Collects leaves.

    text: the document. end: where its text starts, then where the last closed leaf ends.
    """

    def __init__(self, text: str, end: int) -> None:
        self._text = text
        self._has_returns = "\r" in text
        self._continued: Leaf | None = None
        self.end = end
        self.leaves: list[Leaf] = []
        self.current: Leaf | None = None
        self._title: Leaf | None = None  # of the container in which new leaves stand
        self._containers: list[tuple[int, Leaf | None]] = []  # how deep each stands, and the title around it

    def open(self, start: int, end: int, kind: BlockKind) -> Leaf:
        """Return the leaf that is open now: a new one, with the marks before it on its line, or the one to continue."""
        leaf = self._continued
        if leaf is not None:
            self._continued = None
            leaf.end = end
        else:
            first = self.end
            line = self._text.rfind("\n", first, start)
            if self._has_returns:
                line = max(line, self._text.rfind("\r", first, start))
            leaf = Leaf(first if line < first else line + 1, start, end, kind)
            if self._title is not None:
                leaf.header = self._title
            self.leaves.append(leaf)
        self.current = leaf
        return leaf

    def close(self) -> None:
        """Close the leaf that is open."""
        leaf = self.current
        if leaf is not None:
            self.end = max(self.end, leaf.end)
            self.current = None

    def extend(self, start: int, end: int, kind: BlockKind) -> Leaf:
        """Return the leaf that is open, extended to `end`; a new one where none is."""
        leaf = self.current
        if leaf is None:
            return self.open(start, end, kind)
        leaf.end = max(leaf.end, end)
        return leaf

    def continue_last(self, start: int) -> None:
        """Join what begins at `start` to the last leaf if only white space is between them."""
        last = self.leaves[-1] if self.leaves else None
        is_next = last is not None and not self._text[last.end : start].strip()
        self._continued = last if is_next else None

    def continue_none(self) -> None:
        """Begin a leaf of its own with what follows."""
        self._continued = None

    def enter_container(self, depth: int) -> None:
        """Begin an indented container, which may have a title."""
        self._containers.append((depth, self._title))

    def name_container(self, title: Leaf, depth: int) -> None:
        """Take the title of the container that stands `depth` deep; another's title leads no leaves."""
        if self._containers and self._containers[-1][0] == depth:
            self._title = title

    def leave_container(self, depth: int) -> None:
        """End the container that stands `depth` deep, if there is one."""
        if self._containers and self._containers[-1][0] == depth:
            self._title = self._containers.pop()[1]
