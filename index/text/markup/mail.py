"""Quoted mails in plain text: the marks before their lines, and who wrote them, are not for readers."""

from __future__ import annotations

import re

from index.text.markup.rendering.runs import Run
from index.text.markup.spans import outside
from index.types import Span

QUOTE_MARK = re.compile(r"^[ \t]*>[> \t]*", re.MULTILINE)
# On Monday, 3 May 2021 at 10:15, Ann Lee <ann@example.org> wrote: in one line or two, and above what she wrote.
_ATTRIBUTION = re.compile(
    r"^(?P<mark>[> \t]{0,40})(?P<lines>(?:On[ \t][^\r\n]{0,200}\r?\n)?[^\r\n]{0,300}"
    r"(?:\b(?:wrote|writes|schrieb|écrit|escribió|escreveu|scritto)|[写寫]道)[ \t\xa0]?[:：])[ \t]*"
    r"(?=\r?\n(?:[> \t]{0,40}\r?\n)?(?P<below>[> \t]{0,40}))",
    re.MULTILINE,
)


def attributions(text: str) -> list[Span]:
    """Return the lines of a plain text that say who wrote the quoted lines below; empty if it quotes no mail."""
    found = _ATTRIBUTION.finditer(text) if ">" in text else ()
    return [Span(*each.span("lines")) for each in found if each["below"].count(">") > each["mark"].count(">")]


def mail_runs(text: str) -> tuple[Run, ...]:
    """Return the runs of a slice of plain text without the marks of quoted lines."""
    marks = [Span(*mark.span()) for mark in QUOTE_MARK.finditer(text)]
    return tuple(Run(part, part.of(text)) for part in outside(marks, Span(0, len(text))))
