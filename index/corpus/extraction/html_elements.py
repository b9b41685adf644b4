"""What the elements of HTML and their attributes mean to a reader."""

from __future__ import annotations

import re
from collections.abc import Mapping

HEADING_LEVELS: Mapping[str, int] = {f"h{level}": level for level in range(1, 7)}
# fmt: off
BLOCK_ELEMENTS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "form", "head", "header",
    "hr", "html", "legend", "li", "main", "menu", "ol", "optgroup", "p", "pre", "search",
    "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}) | set(HEADING_LEVELS)
# fmt: on

# Elements whose content nobody reads, and what they are called in the build's report.
_LEFT_OUT: Mapping[str, str] = {
    "script": "scripts",
    "style": "styles",
    "template": "templates",
    "noscript": "fallbacks for scripts",
    "nav": "navigation menus",
    "footer": "footers",
    "svg": "images",
    "canvas": "images",
    "audio": "media",
    "video": "media",
    "iframe": "embedded pages",
    "object": "embedded objects",
    "button": "form controls",
    "select": "form controls",
    "textarea": "form controls",
    "datalist": "form controls",
    "annotation": "sources of formulas",
    "annotation-xml": "sources of formulas",
    "rt": "readings over characters",
    "rp": "readings over characters",
}
_ROLES: Mapping[str, str] = {"navigation": "navigation menus", "contentinfo": "footers"}
_LINE_NUMBERS = frozenset({"linenos", "lineno", "linenodiv"})  # classes of Pygments, Sphinx and Rouge
_UNSEEN_CLASSES = frozenset(
    {"sr-only", "visually-hidden", "screen-reader-text"}
)  # by which common style sheets hide
PERMALINKS = frozenset({"¶", "#", "§", "🔗"})  # what links to a heading itself are labelled
_MOST_ROWS = re.compile(r"[1-9]\d{0,2}")  # that a cell reaches over
_INVISIBLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.IGNORECASE)
_SAYS_NOTHING = re.compile(
    r"|image|img|icon|logo|photo|picture|圖片?|图片?|.*\.(?:png|jpe?g|gif|svg|webp|bmp)", re.IGNORECASE
)


def left_out(name: str, attributes: Mapping[str, str]) -> str:
    """Return what the element is called in the build's report where no reader sees it, else an empty string."""
    called = _LEFT_OUT.get(name, "")
    if name == "dialog" and "open" not in attributes:
        return "hidden elements"
    if called or not attributes:
        return called
    hidden = attributes.get("hidden", "until-found")
    is_hidden = (
        hidden != "until-found"
        or attributes.get("aria-hidden") == "true"
        or _INVISIBLE.search(attributes.get("style", "")) is not None
    )
    classes = attributes.get("class", "").split()
    if not _LINE_NUMBERS.isdisjoint(classes):
        return "line numbers"
    is_hidden = is_hidden or not _UNSEEN_CLASSES.isdisjoint(classes)
    return "hidden elements" if is_hidden else _ROLES.get(attributes.get("role", ""), "")


def says_nothing(words: str) -> bool:
    """Return whether the alternative text of an image tells a reader nothing."""
    return _SAYS_NOTHING.fullmatch(words) is not None


def is_footnote(attributes: Mapping[str, str]) -> bool:
    """Return whether the element is a footnote."""
    return bool(attributes) and "footnote" in (
        attributes.get("epub:type"),
        attributes.get("role", "").removeprefix("doc-"),
    )


def spanned_rows(attributes: Mapping[str, str]) -> int:
    """Return over how many rows a cell reaches."""
    rows = attributes.get("rowspan") or "1"
    return int(rows) if _MOST_ROWS.fullmatch(rows) else 1


def is_address(address: str) -> bool:
    """Return whether a link leads to another page."""
    return bool(address) and not address.lower().startswith(("#", "javascript:", "data:"))
