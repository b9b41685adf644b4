"""The sections of a document, told apart by place: repeated names are shown with their parents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index import Document

_PATH = " / "
# Discord's limit of a choice's value.
_CHOICE_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its heading, a label that no other section of the document has, and where its first block starts.

    number: its place among the sections, from 0.
    """

    number: int
    title: str
    label: str
    start: int

    @property
    def choice(self) -> str:
        """The value of a choice: the label, or the number where Discord's limit would cut the label."""
        return self.label if len(self.label) <= _CHOICE_LENGTH else f"#{self.number}"


def sections(document: Document) -> tuple[Section, ...]:
    """Return the sections in order, in time linear in the number of blocks."""
    found: dict[tuple[int, tuple[str, ...]], int] = {}
    for block in document.blocks:
        if block.headings:
            found.setdefault((block.section_start, block.headings), block.span.start)
    paths = [headings for _, headings in found]
    labelled = zip(paths, _labels(paths), found.values(), strict=True)
    return tuple(
        Section(number, headings[-1], label, start) for number, (headings, label, start) in enumerate(labelled)
    )


def find_section(found: Sequence[Section], wanted: str) -> Section | None:
    """Return the section whose choice, label or title is `wanted`, else the first that begins with it, else None."""
    key = wanted.strip().casefold()
    if not key:
        return None
    best: dict[int, Section] = {}
    for section in found:
        title = section.title.strip().casefold()
        if key in (section.choice.strip().casefold(), section.label.strip().casefold()):
            return section
        if title == key:
            best.setdefault(0, section)
        elif title.startswith(key):
            best.setdefault(1, section)
    return best.get(0, best.get(1))


def _labels(paths: Sequence[tuple[str, ...]]) -> list[str]:
    """Return the title of each section, with its parents or a number where the same occurs again."""
    titles = Counter(path[-1].casefold() for path in paths)
    labels = [path[-1] if titles[path[-1].casefold()] == 1 else _PATH.join(path) for path in paths]
    seen: Counter[str] = Counter()
    repeated = Counter(labels)
    numbered: list[str] = []
    for label in labels:
        seen[label] += 1
        numbered.append(f"{label} ({seen[label]})" if repeated[label] > 1 else label)
    return numbered
