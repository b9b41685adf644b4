"""The events of pulldown-cmark, with offsets in code points."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
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
_DEFINITION = re.compile(r"\n[ >]{0,8}:[ \t]+\S")


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
    events, points = raw_events(text, merge_text=merge_text, links=links)
    new = tuple.__new__  # three times as fast as the class
    for event, span in events:
        start, end = points[span["start"]], points[span["end"]]
        if isinstance(event, str):
            yield new(Event, (event, "", "", start, end))
            continue
        kind, value = event.popitem()  # one
        detail = ""
        if value.__class__ is dict:
            value, data = value.popitem()
            if kind == "Start":
                detail = _detail(value, data)
        elif value.__class__ is not str:
            value = str(value)
        yield new(Event, (kind, value, detail, start, end))


def raw_events(
    text: str, *, merge_text: bool, links: bool = False
) -> tuple[Iterator[tuple[Any, Any]], Sequence[int]]:
    """Return the events as the parser has them, with the bytes they span, and the code point at each byte.

    An event is a string, or a dictionary of its kind and its value, which may be a dictionary of a tag and its data.
    For those who pass over most events; all else is as in `markdown_events`.
    """
    parser = _PARSERS[links, _DEFINITION.search("\n" + text) is not None]
    if "\r" in text:
        text = _LONE_RETURN.sub("\n", text)
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        text = _SURROGATE.sub("\ufffd", text)
        encoded = text.encode()
    return parser.events_with_range(text, merge_text=merge_text), _code_points(encoded, len(text))


def is_plain(text: str, start: int, end: int) -> bool:
    """Return whether a range of `text` has no link, image, code or HTML, by the marks that each of them has."""
    return text.find("[", start, end) < 0 and text.find("<", start, end) < 0 and text.find("`", start, end) < 0


def pass_over(events: Iterator[tuple[Any, Any]], last: Mapping[str, str]) -> None:
    """Take `events`, which are as `raw_events` returns them, up to `last`, which is one of them."""
    for event, _ in events:
        if event == last:
            return


def _code_points(encoded: bytes, length: int) -> Sequence[int]:
    """Return which code point starts at each byte of UTF-8."""
    if len(encoded) == length:
        return range(length + 1)
    is_first = (np.frombuffer(encoded, np.uint8) & 0xC0) != 0x80
    points = np.zeros(len(encoded) + 1, np.intc)
    np.add.accumulate(is_first, dtype=np.intc, out=points[1:])
    return array("i", points.tobytes())


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
