"""What Discord would refuse, or act on, in a layout's payload."""

from __future__ import annotations

import re
from typing import Any

from simcord.components import validate_message_state, walk_components

from bot.rendering.layout import Layout
from bot.rendering.markdown import units

_COMPONENTS_V2 = 1 << 15
# What acts when it stands unescaped: mentions, timestamps, emoji, links, masked links, spoilers, fences.
_ACTIVE = re.compile(r"(?<!\\)(?:<@|<#|<t:|</|<a?:|@everyone|@here|https?://|\|\||```|\[[^\]]*\]\()")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def components_of(layout: Layout) -> list[dict[str, Any]]:
    """Give the layout's payload."""
    components: list[dict[str, Any]] = layout.to_components()  # type: ignore[no-untyped-call]
    return components


def contents(layout: Layout) -> list[str]:
    """Give the layout's messages."""
    return [item["content"] for item in walk_components(components_of(layout)) if item.get("type") == 10]


def check(layout: Layout, *, links: bool = False) -> None:
    """Fail when Discord would refuse the layout, or something in it could act."""
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
        text.encode("utf-8")
        if not links:
            found = _ACTIVE.search(text.replace("\\\\", ""))
            assert found is None, found
