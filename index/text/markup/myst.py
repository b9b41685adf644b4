"""The directives of MyST, rewritten character for character, so that offsets stay, and its comments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.text.markup.containers import fences, replace
from index.text.markup.spans import containing
from index.types import Span

# Directives whose content is Markdown; that of others is code, or of another language.
_PROSE = (
    "admonition|attention|caution|danger|error|hint|important|note|seealso|tip|warning|todo|versionadded|versionchanged"
    "|deprecated|dropdown|tab-set|tab-item|grid|grid-item|grid-item-card|card|margin|sidebar|aside|topic|epigraph"
    "|pull-quote|highlights|container|exercise|solution|definition|theorem|lemma|proof|remark|example"
)
_OTHERS = "code|code-block|code-cell|eval-rst|toctree|tableofcontents|literalinclude|list-table|csv-table|figure"
_OPENING = re.compile(rf"^[ \t>]*(?P<fence>`{{3,}}|~{{3,}})\{{(?:{_PROSE})\}}(?P<title>[^\r\n]*)", re.MULTILINE)
_OPTION = re.compile(r"(?:\r\n?|\n)[ \t>]*:[\w-]{1,40}:[^\r\n]*")
_OPTION_LINE = r"(?:[ \t>]*:[\w-]{1,40}:(?:[ \t][^\r\n]*)?(?:\r\n?|\n|\Z))"
_IS_MYST = re.compile(
    rf"^[ \t>]*(?:`{{3,}}|~{{3,}}|:{{3,}})\{{(?:{_PROSE}|{_OTHERS})\}}|^\([\w:.-]+\)=[ \t]*$", re.MULTILINE
)
_COMMENT = re.compile(r"^%[^\r\n]*$", re.MULTILINE)
_DEEPEST = 5  # directives within one another


def directive_options(fence: str) -> re.Pattern[str]:
    """Return the pattern of a directive fenced by `fence` characters with its options, `:name: value`, as the group."""
    return re.compile(
        rf"{fence}{{3,}}\{{[\w:-]{{1,40}}\}}[^\r\n]*(?:\r\n?|\n)({_OPTION_LINE}+(?:[ \t]*(?:\r\n?|\n))*)"
    )


def with_directives(text: str) -> str:
    """Return `text` without the marks and options of MyST's directives whose content is prose; a title is a heading."""
    for _ in range(_DEEPEST):
        edits = list(_edits(text)) if "{" in text and ("```" in text or "~~~" in text) else []
        if not edits:
            break
        text = replace(text, edits)
    return text


def _edits(text: str) -> Iterator[tuple[int, int, str]]:
    code: list[Span] | None = None
    for opening in _OPENING.finditer(text):
        code = fences(text) if code is None else code
        block = containing(code, opening.start())
        if block is None or block.start != opening.start():
            continue
        start, end = opening.start("fence"), opening.end()
        title = opening["title"]
        new = f"#{title.rjust(end - start - 1)}" if title.strip() else ""
        yield start, end, new.ljust(end - start)
        while (option := _OPTION.match(text, end)) is not None:
            yield end, option.end(), _blank(option[0])
            end = option.end()
        closing = text.rfind(opening["fence"], end, block.end)
        if closing >= 0:
            yield closing, block.end, _blank(text[closing : block.end])


def _blank(text: str) -> str:
    return "".join(character if character in "\r\n>" else " " for character in text)


def comments(text: str) -> Iterator[Span]:
    """Yield the lines that are comments in MyST, if the text is in it; elsewhere a percent sign is text."""
    if "%" in text and _COMMENT.search(text) and _IS_MYST.search(text):
        yield from (Span(*found.span()) for found in _COMMENT.finditer(text))
