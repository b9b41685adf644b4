"""The sections of a document, told apart by place: repeated names are shown with their parents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.rendering.pagination import Page

_PATH = " / "
# Discord's limit of a choice, which may cut a label.
_CHOICE = 100


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its heading, a label that no other section of the document has, and the page it starts on."""

    title: str
    label: str
    page: int

    @property
    def choice(self) -> str:
        """The label as the value of a choice, which Discord limits."""
        return self.label[:_CHOICE].strip()


def sections(pages: Sequence[Page]) -> tuple[Section, ...]:
    """Return the sections in order; pages count from 0."""
    found: dict[tuple[int, tuple[str, ...]], int] = {}
    for number, page in enumerate(pages):
        for piece in page.pieces:
            if piece.headings:
                found.setdefault((piece.section_start, piece.headings), number)
    paths = [headings for _, headings in found]
    labels = _labels(paths)
    return tuple(
        Section(headings[-1], label, page)
        for headings, label, page in zip(paths, labels, found.values(), strict=True)
    )


def find_section(found: Iterable[Section], wanted: str) -> Section | None:
    """Return the section whose label or title is `wanted`, else the first that begins with it; None without one."""
    key = wanted.strip().casefold()
    if not key:
        return None
    candidates = tuple(found)
    exact = [each for each in candidates if each.choice.casefold() == key]
    titled = [each for each in candidates if each.title.casefold() == key]
    begun = [each for each in candidates if each.title.casefold().startswith(key)]
    return next(iter([*exact, *titled, *begun]), None)


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
