"""What the other parts of a Word document say of its text: styles, lists, link addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from index.corpus.extraction.archive import Archive

_STYLES = "word/styles.xml"
_NUMBERING = "word/numbering.xml"
_LINKS = "word/_rels/document.xml.rels"
_UNNUMBERED = frozenset({"bullet", "none", ""})
_MOST_ANCESTORS = 20  # styles that a style is based on


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style. level: of a heading, else 0. numbering: the list that its paragraphs are items of."""

    name: str
    level: int = 0
    numbering: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the other parts of the file say: styles, whether lists are numbered by (list, depth), link addresses."""

    styles: Mapping[str, Style]
    numbered: Mapping[tuple[str, str], bool]
    links: Mapping[str, str]


def read_parts(archive: Archive) -> Parts:
    """Return what the parts of `archive` say; those that are missing say nothing. Raises ParseError."""
    return Parts(_styles(archive), _numbered(archive), _links(archive))


def heading_level(outline: str) -> int:
    """Return the level of a heading by its outline level, which counts from 0; 9 is body text."""
    return int(outline) + 1 if outline in tuple("012345678") else 0


def _styles(archive: Archive) -> dict[str, Style]:
    if _STYLES not in archive:
        return {}
    elements = {_value(element, "styleId"): element for element in archive.tree(_STYLES).iter("{*}style")}
    return {identifier: _style(identifier, elements) for identifier in elements}


def _style(identifier: str, elements: Mapping[str, Any]) -> Style:
    """Return a style, whose level and numbering may be those of the style it is based on."""
    element = elements[identifier]
    name = _child(element, "name").lower()
    level, numbering = 0, ""
    for _ in range(_MOST_ANCESTORS):
        level = level or heading_level(_child(element, "outlineLvl"))
        numbering = numbering or _child(element, "numId")
        following = elements.get(_child(element, "basedOn"))
        if following is None or following is element:
            break
        element = following
    if name.startswith("heading ") and name[8:] in tuple("123456789"):
        level = int(name[8:])
    return Style(name, 1 if name == "title" else level, numbering)


def _numbered(archive: Archive) -> dict[tuple[str, str], bool]:
    """Return whether the items of a list at a depth have numbers, by list and depth."""
    if _NUMBERING not in archive:
        return {}
    root = archive.tree(_NUMBERING)
    kinds = {
        (_value(abstract, "abstractNumId"), _value(level, "ilvl")): _child(level, "numFmt") not in _UNNUMBERED
        for abstract in root.iter("{*}abstractNum")
        for level in abstract.iter("{*}lvl")
    }
    lists = {_value(each, "numId"): _child(each, "abstractNumId") for each in root.iter("{*}num")}
    depths = {depth for _, depth in kinds}
    return {(number, depth): kinds.get((lists[number], depth), False) for number in lists for depth in depths}


def _links(archive: Archive) -> dict[str, str]:
    if _LINKS not in archive:
        return {}
    relations = archive.tree(_LINKS).iter("{*}Relationship")
    return {
        each.get("Id", ""): each.get("Target", "") for each in relations if each.get("TargetMode") == "External"
    }


def _child(element: Any, name: str) -> str:  # noqa: ANN401
    """Return what the descendant called `name` has as its value."""
    return next((_value(each, "val") for each in element.iter(f"{{*}}{name}")), "")


def _value(element: Any, name: str) -> str:  # noqa: ANN401
    """Return an attribute in the element's own namespace."""
    return str(element.get(f"{{{element.tag[1:].partition('}')[0]}}}{name}", ""))
