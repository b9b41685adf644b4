"""Word documents (DOCX) → the text a reader sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from index.corpus.extraction.archive import Archive, parse_xml
from index.corpus.extraction.docx_blocks import DocxBlocks, Parts, Style, heading_level
from index.corpus.extraction.extracted_text import ExtractedText
from index.corpus.parsing.blocks import ParsedFile, ParseError

_DOCUMENT = "word/document.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_STYLES = "word/styles.xml"
_NUMBERING = "word/numbering.xml"
_LINKS = "word/_rels/document.xml.rels"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # how Word keeps a file with a password, and its format before 2007
_UNNUMBERED = frozenset({"bullet", "none", ""})
_MOST_ANCESTORS = 20  # styles that a style is based on


def parse(content: bytes) -> ParsedFile:
    """Return the text of a Word document. Raises ParseError."""
    if content.startswith(_OLE):
        raise ParseError("encrypted, or in the format before 2007; save it as .docx without a password")
    archive = Archive(content)
    parts = Parts(_styles(archive), _numbered(archive), _links(archive))
    text = ExtractedText()
    body = DocxBlocks(text, parts)
    parse_xml(archive.source(_DOCUMENT), body)
    for name in _NOTES:
        if name in archive:
            parse_xml(archive.source(name), DocxBlocks(text, parts, body.notes))
    return text.parsed(body.title)


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
