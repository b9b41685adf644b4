"""A slice of a document as a reader of the rendered document sees it, with where each part of it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.text.markup.mail import mail_runs
from index.text.markup.rendering.markdown_runs import markdown_runs
from index.text.markup.rendering.rst_runs import rst_runs
from index.text.markup.rendering.runs import Run, RunKind
from index.types import Markup, Span

__all__ = ["Run", "RunKind", "plain", "render"]

# The fences of a code block, of which a slice may have either.
_OPENING = re.compile(r"[ \t>]*(?:`{3,}|~{3,})[ \t]*\{?\.?(?P<language>[\w+#-]*)[^\r\n]*(?:\r\n?|\n|\Z)")
_CLOSING = re.compile(r"(?:\A|\r\n?|\n)[ \t>]*(?:`{3,}|~{3,})\s*\Z")


def render(text: str, markup: Markup) -> tuple[Run, ...]:
    """Return the runs that a reader of `text`, a slice of a document, sees.

    A pure function that never raises; its time is linear in the length of `text`.
    """
    match markup:
        case Markup.MARKDOWN | Markup.MDX:
            return markdown_runs(text, mdx=markup is Markup.MDX)
        case Markup.RST:
            return rst_runs(text)
        case Markup.PLAIN:
            return (Run(Span(0, len(text)), text),) if text else ()
        case Markup.MAIL:
            return mail_runs(text)
        case Markup.CODE:
            return _code_runs(text)


def _code_runs(text: str) -> tuple[Run, ...]:
    """Return the lines of code without a fence at either end."""
    opening = _OPENING.match(text)
    start = opening.end() if opening else 0
    closing = _CLOSING.search(text, max(0, start - 1))
    end = closing.start() if closing else len(text)
    if start >= end:
        return ()
    language = opening["language"] if opening else ""
    return (Run(Span(start, end), text[start:end], RunKind.CODE_BLOCK, language),)


def plain(runs: Iterable[Run]) -> str:
    """Return the text of `runs`, for matching."""
    return "".join(run.text for run in runs)
