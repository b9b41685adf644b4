"""What CommonMark leaves to dialects and a reader of the rendered document does not see, as spans.

Shortcodes, attribute lists, comments, marks of editors and of page generators.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.text.markup.containers import IN_ADDRESS, has_mark, hidden_containers
from index.text.markup.myst import comments as myst_comments
from index.text.markup.myst import directive_options
from index.text.markup.spans import containing, merge_spans
from index.types import Span

# {{'[label]({}/path)'.format(site)}}, as in MyST and Jinja.
_LINK_EXPRESSION = re.compile(
    r"\{\{-?[ \t]*(?P<quote>[\"'])(?P<link>\[[^\[\]\r\n]{1,200}\]\([^()\r\n]{0,300}\))(?P=quote)"
)
_FORMULA = re.compile(r"\$\$(?<![^\s>]\$\$)(?:(?!\$\$|\n[ \t]*\r?\n).){1,5000}\$\$", re.DOTALL)

_ATTRIBUTE = r"(?:[#.][\w:.-]+|[\w-]+=(?:\"[^\"\r\n]{0,200}\"|'[^'\r\n]{0,200}'|[^\s{}\"']{1,200}))"
_ATTRIBUTES = rf"[ ]?{_ATTRIBUTE}(?:[ ]+{_ATTRIBUTE}){{0,20}}[ ]?\}}"
_PROPERTY = (
    r"(?:id:: [0-9a-f]{8}-[0-9a-f-]{27}|(?:collapsed|heading):: (?:true|false|[1-6])|(?:created-at|updated-at):: \d+"
    r"|(?:background-color|logseq\.[\w.-]{1,60}):: [^\r\n]{1,100})[ \t]*"
)
_ANY_CASE = re.MULTILINE | re.IGNORECASE
# What they are counted as, how they start and end, and the most characters between.
_DELIMITED: tuple[tuple[str, str, str, int], ...] = (
    ("comments", "{{/*", "*/}}", 20_000),
    ("comments", "{::comment}", "{:/", 20_000),
    ("comments", "\n%%\n", "\n%%", 20_000),
    ("comments", "\n%% ", "%%", 20_000),
    ("shortcodes", "{{<", ">}}", 2_000),
    ("shortcodes", "{{%", "%}}", 2_000),
    ("shortcodes", "{%", "%}", 1_000),
    ("shortcodes", "{# ", "#}", 300),
    ("", "{:", "}", 300),
)
# What stands between them is a comment, or assigned to a variable.
_COMMENT_TAG = re.compile(
    r"\{(?:%-?|\{[<%])\s*(?P<end>end|/\s*)?(?:comment|capture\b[^{}\r\n]{0,100}?)\s*(?:-?%|[>%]\})\}",
    re.IGNORECASE,
)
# Each with a substring without which it cannot match. A pattern starts with a literal, which is what makes it fast;
# where it has a group, the group is the mark.
_MARKS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("%%", "comments", re.compile(r"%%(?:(?=[^\s%])|(?<!\S%%)(?=[ \t]+[^\s%]))[^%\r\n]{1,2000}%%")),
    ("{{", "shortcodes", re.compile(r"\{\{(?![<%/])(?:[^{}\r\n]|\{\}){1,300}\}\}")),
    (
        "{",
        "",
        re.compile(
            rf"\{{(?:(?<=[)\]`*>]\{{){_ATTRIBUTES}|(?<=_\{{)(?=[.#:]){_ATTRIBUTES}"
            rf"|(?<=\s\{{){_ATTRIBUTES}(?=[ \t]*$)|(?<![^\r\n]\{{){_ATTRIBUTES})",
            re.MULTILINE,
        ),
    ),
    (
        "@[code",
        "imports",
        re.compile(r"@\[code(?<![^\r\n]@\[code)[^\[\]\r\n]{0,60}\]\([^()\r\n]{1,300}\)[ \t]*$", re.MULTILINE),
    ),
    # The name of a block in Obsidian, at the end of its line.
    ("^", "", re.compile(r"\^(?<=\s\^)(?:[A-Za-z][\w-]{3,60}|[\da-z]{6})[ \t]*$", re.MULTILINE)),
    ("![[", "images", re.compile(r"!\[\[[^\[\]\r\n]{1,300}\]\]")),
    ("*[", "", re.compile(r"\*\[(?<![^\r\n]\*\[)[^\[\]\r\n]{1,100}\]:[^\r\n]*$", re.MULTILINE)),
    ("--8<--", "", re.compile(r"--8<--[^\r\n]*$", re.MULTILINE)),
    ("<<< ", "", re.compile(r"<<< (?<![^\r\n]<<< )[@./~][^\r\n]*$", re.MULTILINE)),
    (":material-", "icons", re.compile(r":material-[a-z0-9-]{1,60}:")),
    (":fontawesome-", "icons", re.compile(r":fontawesome-[a-z0-9-]{1,60}:")),
    (":octicons-", "icons", re.compile(r":octicons-[a-z0-9-]{1,60}:")),
    (
        "{:toc",
        "",
        re.compile(r"[-*+](?<![^\r\n][-*+])[ \t]+[^\r\n]{0,60}\r?\n[ \t]*\{:toc\b[^}\r\n]{0,60}\}", re.IGNORECASE),
    ),
    ("[!", "", re.compile(r">[ \t]*(\[![a-z][a-z_-]{0,30}\][+-]?)", _ANY_CASE)),
    ("[", "", re.compile(r"\[(?<![^\s]\[)\[?_?toc_?\]\]?[ \t]*$", _ANY_CASE)),
    (
        "import",
        "imports",
        re.compile(
            r"import(?<![^\r\n]import)[ \t]+(?:[^\r\n;]{1,300}[ \t]from[ \t]+)?[\"'][^\"'\r\n]{1,300}[\"'];?[ \t]*$",
            re.MULTILINE,
        ),
    ),
    (")=", "", re.compile(r"\((?<![^\r\n]\()[\w:.-]{1,100}\)=[ \t]*$", re.MULTILINE)),
    ("+++", "", re.compile(r"\+\+\+(?<![^\r\n]\+\+\+)[ \t]*\{[^\r\n]*\}[ \t]*$", re.MULTILINE)),
    (
        "}`",
        "",
        re.compile(
            r"\{(?:ref|doc|numref|term|download|abbr|kbd|menuselection|guilabel|file|command|program|option|envvar|pep"
            r"|rfc|eq|cite(?::\w+)?|math|any|py:\w+|class|func|meth|mod|attr|obj)\}(?=`)"
        ),
    ),
    # What Logseq writes below a block for itself.
    (
        "::",
        "properties",
        re.compile(
            rf"^[ \t]*(?:[-*+][ \t]+)?({_PROPERTY}(?:\r?\n[ \t]*{_PROPERTY})*)$",
            re.MULTILINE,
        ),
    ),
    (":{", "", directive_options(":")),
    ("`{", "", directive_options("`")),
    ("~{", "", directive_options("~")),
    ("#|", "", re.compile(r"#\|(?<!\S#\|)[^\r\n]*(?:\r\n?|\n|\Z)")),
)
_IN_CODE = frozenset({"#|", "`{", "~{"})
# The punctuation of all of them. Most texts have little of it, and a single character is looked for fast.
_PUNCTUATION = frozenset(
    character
    for mark in (*(needed for needed, _, _ in _MARKS), *(opening for _, opening, _, _ in _DELIMITED))
    for character in mark
    if not character.isalnum()
)
_COMMENT_AT_START = re.compile(r"(?:^|[\r\n])(?:[ \t]{0,3}>?){0,8}(?:[-*+]|\d{1,9}[.)])?[ \t]*\Z")


def unseen_marks(text: str, code: Sequence[Span]) -> Iterator[tuple[str, Span]]:
    """Yield the marks of dialects outside code, with what they are counted as, empty if not.

    code: the code of the text, in order and disjoint.
    """
    has_braces = "{" in text
    literal = merge_spans([*code, *_literal(text)]) if has_braces else code
    absent = frozenset(character for character in _PUNCTUATION if character not in text)
    for needed, kind, pattern in _MARKS:
        if not absent.isdisjoint(needed) or needed not in text:
            continue
        is_in_code = needed in _IN_CODE
        for found in pattern.finditer(text):
            if (containing(code if is_in_code else literal, found.start()) is not None) == is_in_code:
                span = Span(*found.span(1 if pattern.groups else 0))
                yield from ((kind, part) for part in _around_link(text, span))
    for kind, opening, closing, longest in _DELIMITED:
        if absent.isdisjoint(opening) and opening in text:
            yield from ((kind, span) for span in _delimited(text, literal, (opening, closing), longest))
    if has_braces:
        yield from (("comments", span) for span in _comment_tags(text, code))
    if "%" in text:
        yield from (("comments", span) for span in myst_comments(text) if containing(code, span.start) is None)
    if has_mark(text, ":::"):
        yield from (("hidden containers", span) for span in hidden_containers(text, literal))
    yield from (("comments", span) for span in comments(text, code))


def _around_link(text: str, mark: Span) -> Iterator[Span]:
    """Yield `mark`, but of an expression that yields a link in quotation marks only what stands around the link."""
    link = _LINK_EXPRESSION.match(text, mark.start, mark.end)
    if link is None:
        yield mark
    else:
        yield Span(mark.start, link.start("link"))
        yield Span(link.end("link"), mark.end)


def _literal(text: str) -> Iterator[Span]:
    """Yield formulas, and the addresses of links that hold templates: what looks like a mark there is none."""
    if has_mark(text, "$$"):
        yield from (Span(*formula.span()) for formula in _FORMULA.finditer(text))
    if "](" in text:
        yield from (Span(*found.span("address")) for found in IN_ADDRESS.finditer(text))


def _delimited(text: str, code: Sequence[Span], marks: tuple[str, str], longest: int) -> Iterator[Span]:
    opening, closing = marks
    start = text.find(opening)
    while start >= 0:
        position = start + len(opening)
        if containing(code, start) is None:
            end = text.find(closing, position, position + longest)
            if end < 0 and position + longest >= len(text):
                return
            if end >= 0:
                position = end + len(closing)
                yield Span(start, position)
        start = text.find(opening, position)


def _comment_tags(text: str, code: Sequence[Span]) -> Iterator[Span]:
    """Yield what stands between the comment tags of Liquid and Hugo, with the tags."""
    start: int | None = None
    for tag in _COMMENT_TAG.finditer(text):
        if containing(code, tag.start()) is not None:
            continue
        if tag["end"] is None:
            start = tag.start() if start is None else start
        elif start is not None:
            yield Span(start, tag.end())
            start = None


def comments(text: str, code: Sequence[Span]) -> Iterator[Span]:
    """Yield HTML comments outside code, also where blank lines would end them in CommonMark.

    An unclosed one runs to the end where it starts a line, as in a browser; within a line it is text.
    """
    start = text.find("<!--") if "<" in text else -1
    while start >= 0:
        end = start + 4
        if containing(code, start) is None and text[start - 1 : start] != "\\":
            closing = text.find("-->", end)
            if closing >= 0:
                end = closing + 3
                yield Span(start, end)
            elif _COMMENT_AT_START.search(text, max(0, start - 100), start):
                yield Span(start, len(text))
                return
        start = text.find("<!--", end)
