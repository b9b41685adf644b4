"""What Discord would refuse in the payload of a layout, and what in it would act."""

from __future__ import annotations

import re
from typing import Any

from simcord.components import validate_message_state, walk_components

from bot.rendering.layout import Layout
from bot.rendering.text.markdown import units

_COMPONENTS_V2 = 1 << 15
# What acts when it stands unescaped: mentions, timestamps, emoji, links, masked links, spoilers, fences.
_ACTIVE = re.compile(r"(?<!\\)(?:<@|<#|<t:|</|<a?:|@everyone|@here|https?://|\|\||```|\[[^\]]*\]\()")
_FENCE = re.compile(r"```[\w+.#-]*", re.ASCII)
_OTHER_LINE_BREAK = re.compile("[\r\v\f\x85\u2028\u2029]")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def components_of(layout: Layout) -> list[dict[str, Any]]:
    """Return the payload of a layout."""
    components: list[dict[str, Any]] = layout.to_components()  # type: ignore[no-untyped-call]
    return components


def contents(layout: Layout) -> list[str]:
    """Return the texts of a layout."""
    return [item["content"] for item in walk_components(components_of(layout)) if item.get("type") == 10]


def labels(layout: Layout) -> list[str]:
    """Return the labels of the buttons of a layout."""
    return [item["label"] for item in walk_components(components_of(layout)) if item.get("type") == 2]


def check(layout: Layout, *, links: bool = False) -> None:
    """Fail if Discord would refuse the layout or if something in it could act."""
    components = components_of(layout)
    validate_message_state(
        content="", embeds=[], components=components, flags=_COMPONENTS_V2, attachments=[], poll=None
    )
    every = list(walk_components(components))
    assert len(every) <= 40
    assert sum(units(text) for text in contents(layout)) <= 4000
    for item in every:
        assert units(item.get("label") or "") <= 80 or item["type"] != 2
    for text in contents(layout):
        assert text.strip()
        assert not _DIRECTION.search(text)
        assert not _OTHER_LINE_BREAK.search(text)
        text.encode("utf-8")
        without_code = "\n".join(map(_without_code_spans, outside_fences(text)))
        if not links:
            found = _ACTIVE.search(without_code.replace("\\\\", ""))
            assert found is None, found


def outside_fences(text: str) -> list[str]:
    """Return the lines that stand in no fenced code block; fail when one is not closed where it was opened."""
    outside: list[str] = []
    opened: str | None = None
    for line in text.split("\n"):
        if opened is None:
            mark = "> " if line.startswith("> ") else ""
            if _FENCE.fullmatch(line.removeprefix(mark)):
                opened = mark
            else:
                outside.append(line)
            continue
        assert line.startswith(opened), "the document left the block quote"
        content = line.removeprefix(opened)
        if content == "```":
            opened = None
        else:
            assert "```" not in content, "the document closed the code block"
    assert opened is None, "a code block is not closed"
    return outside


def _without_code_spans(line: str) -> str:
    """Remove inline code as Discord reads it: what stands between as many backticks, unless a backslash precedes."""
    kept: list[str] = []
    position = 0
    while position < len(line):
        if line[position] == "\\":
            kept.append(line[position : position + 2])
            position += 2
        elif line[position] == "`":
            marks = len(line) - position - len(line[position:].lstrip("`"))
            closing = re.compile(rf"(?<!`)`{{{marks}}}(?!`)").search(line, position + marks)
            assert closing is not None, f"a backtick acts in {line!r}"
            position = closing.end()
        else:
            kept.append(line[position])
            position += 1
    return "".join(kept)
