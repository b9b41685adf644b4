"""HTML inside Markdown: its tags, and the elements that a reader does not see."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.types import Span

# A comment, a processing instruction, a declaration or a tag. Bounded, so that unclosed ones cost linear time.
TOKEN = re.compile(
    r"<!--(?:(?!-->).)*(?:-->|\Z)|<\?.{0,2000}?\?>|<!\[CDATA\[|<![A-Za-z][^>]{0,2000}>"
    r"|<(?P<slash>/?)(?P<name>[A-Za-z][\w.:-]{0,63})"
    r"(?P<attributes>(?:[\s/][^<>\"']{0,500}(?:\"[^\"]{0,4000}\"|'[^']{0,4000}')?){0,60})>",
    re.DOTALL,
)
_INVISIBLE = frozenset(
    {
        "script", "style", "template", "noscript", "head", "title", "svg", "iframe", "object",
        "canvas", "audio", "video", "textarea", "select", "datalist",
    }
)  # fmt: skip
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
# A tag that starts or ends one of these also ends the text before it.
BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl", "dt",
        "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
        "html", "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot",
        "thead", "tr", "ul", "caption", "option",
    }
)  # fmt: skip
_HIDDEN = re.compile(
    r"(?:^|[\s\"'/])hidden(?![\w-])(?!\s*=\s*[\"']?until-found)"
    r"|aria-hidden\s*=\s*[\"']?true"
    r"|class\s*=\s*(?:\"[^\"]*|'[^']*)(?<![\w-])(?:sr-only|visually-hidden|screen-reader-text)(?![\w-])"
    r"|style\s*=\s*(?:\"[^\"]*|'[^']*)(?:display\s*:\s*none|visibility\s*:\s*hidden)",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")


@dataclass(slots=True)
class InvisibleElements:
    """Follows the tags of a document and collects the spans of the elements that are not shown."""

    spans: list[Span] = field(default_factory=list)
    scripts: int = 0
    _name: str = ""
    _depth: int = 0
    _start: int = 0

    @property
    def is_open(self) -> bool:
        """Whether the text after the last tag is not shown."""
        return self._depth > 0

    def feed(self, token: re.Match[str], offset: int = 0) -> None:
        """Take the next tag; `offset` is where the searched text starts."""
        name = (token["name"] or "").lower()
        if not name:
            return
        if self._depth:
            if name == self._name and not token["attributes"].rstrip().endswith("/"):
                self._depth += -1 if token["slash"] else 1
                if not self._depth:
                    self.spans.append(Span(self._start, offset + token.end()))
        elif not token["slash"] and is_invisible(token):
            self.scripts += name in {"script", "style"}
            if name in VOID or token["attributes"].rstrip().endswith("/"):
                self.spans.append(Span(offset + token.start(), offset + token.end()))
            else:
                self._name, self._depth, self._start = name, 1, offset + token.start()

    def close(self, end: int) -> None:
        """End what is still open: a browser hides the rest of the page as well."""
        if self._depth:
            self._depth = 0
            self.spans.append(Span(self._start, end))

    def close_paragraph(self, end: int) -> None:
        """End an open element whose end tag may be left out, at the end of its block."""
        if self._depth and self._name in {"p", "li", "dt", "dd", "td", "th", "tr", "option"}:
            self.close(end)


def is_invisible(tag: re.Match[str]) -> bool:
    """Return whether the element that `tag` opens is not shown."""
    return tag["name"].lower() in _INVISIBLE or _HIDDEN.search(tag["attributes"]) is not None


def attribute(tag: re.Match[str], name: str) -> str:
    """Return the value of an attribute, empty without."""
    for found in _ATTRIBUTE.finditer(tag["attributes"] or ""):
        if found[1].lower() == name:
            return found[2] or found[3] or found[4] or ""
    return ""
