"""The events of pulldown-cmark, with offsets in code points."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from pyromark import Markdown, Options
from pyromark.event import BrokenLink

_OPTIONS = (
    Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_HEADING_ATTRIBUTES
)
# Which ends a line in CommonMark, though not everywhere in the parser.
_LONE_RETURN = re.compile(r"\r(?!\n)")
_SURROGATE = re.compile("[\ud800-\udfff]")
# With definition lists on, any line that starts with a colon ends a paragraph.
_DEFINITION = re.compile(r"^[ >]{0,8}:[ \t]+\S", re.MULTILINE)


class Event(NamedTuple):
    """An event of the parser.

    kind: Start, End, Text, Code, Html, InlineHtml, SoftBreak, HardBreak, Rule, FootnoteReference, TaskListMarker.
    value: the tag of Start and End, otherwise the text. detail: of a start, the address of a link or an image, the
    level of a heading, the info string of a code block, the first number of a list. start, end: code points.
    """

    kind: str
    value: str
    detail: str
    start: int
    end: int


def markdown_events(text: str, *, merge_text: bool, links: bool = False) -> Iterator[Event]:
    """Parse `text` as CommonMark with tables, footnotes and task lists.

    merge_text: one Text event for adjacent texts; otherwise each is verbatim or one decoded entity or escape.
    links: read `[text][label]` as a link where no definition is in the text.
    """
    parser = _PARSERS[links, _DEFINITION.search(text) is not None]
    if "\r" in text:
        text = _LONE_RETURN.sub("\n", text)
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        text = _SURROGATE.sub("\ufffd", text)
        encoded = text.encode()
    raw = parser.events_with_range(text, merge_text=merge_text)
    if len(encoded) == len(text):
        for event, span in raw:
            yield _event(event, span["start"], span["end"])
        return
    is_first = (np.frombuffer(encoded, np.uint8) & 0xC0) != 0x80
    points = [0, *np.cumsum(is_first, dtype=np.int64).tolist()]
    # A code point's number is how many start before its first byte.
    for event, span in raw:
        yield _event(event, points[span["start"]], points[span["end"]])


def _event(event: Any, start: int, end: int) -> Event:  # noqa: ANN401 - a union of thirty shapes
    if event.__class__ is str:
        return Event(event, "", "", start, end)
    ((kind, value),) = event.items()
    if value.__class__ is str:
        return Event(kind, value, "", start, end)
    if value.__class__ is not dict:
        return Event(kind, str(value), "", start, end)
    ((tag, data),) = value.items()
    return Event(kind, tag, _detail(tag, data) if kind == "Start" else "", start, end)


def _detail(tag: str, data: Any) -> str:  # noqa: ANN401
    match tag:
        case "Link" | "Image":
            return str(data["dest_url"])
        case "Heading":
            return str(data["level"][1])
        case "CodeBlock":
            return str(data["Fenced"]) if isinstance(data, dict) else ""
        case _:
            return "" if data is None else str(data)


def _resolve(link: BrokenLink) -> tuple[str, str] | None:
    """Resolve what is written with a label; `[x]` alone may as well be text."""
    return None if str(link["link_type"]).startswith("Shortcut") else ("", "")


def _parser(*, links: bool, definitions: bool) -> Markdown:
    options = _OPTIONS | (Options.ENABLE_DEFINITION_LIST if definitions else Options(0))
    return Markdown(options=options, broken_link_callback=_resolve if links else None)


_PARSERS = {
    (links, definitions): _parser(links=links, definitions=definitions)
    for links in (False, True)
    for definitions in (False, True)
}
