"""Lay out an answer as text for a terminal: the quotes rendered, with citations and reading aids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from index.cli.line_breaking import wrap
from index.cli.messages import CONFIDENCE_BOUNDS, TERMINAL_MESSAGES
from index.cli.quote_view import context_text, view_quote
from index.locales import Messages, messages_in
from index.text.sanitize import visible
from index.types import AidKind, Answer, Language, Outcome, Quote

# Every quoted line stands behind a bar, a broad one where it is highlighted, so that it shows without colour. A
# highlighted sentence therefore has lines of its own.
_BAR, _HIGHLIGHT_BAR, _NEAREST_BAR = "│", "▌", "┊"
_INDENT = 2

_QUESTION = Style(bold=True)
_DECLINED = Style(bold=True, color="yellow")
_HIGHLIGHT = Style(bold=True, color="green")
_CODE = Style(color="cyan")
_FAINT = Style(dim=True)
_CITATION = Style(italic=True)
_PLAIN = Style.null()

_TIE = "\u00a0"  # no line of a citation begins with its separator, none ends inside its line numbers
_SEPARATOR = f"{_TIE}· "


def answer_text(answer: Answer, *, width: int, language: Language, raw: bool = False) -> Text:
    """Return the layout of `answer` for a reader of `language`; no line is wider than `width` columns.

    With `raw` the quotes are the exact text of the documents, markup included.
    """
    return Text("\n").join(_AnswerView(width, language, raw=raw).lines(answer))


def question_text(question: str, *, width: int) -> Text:
    """Return the layout of the question above its answer."""
    shown = visible(question)
    return Text("\n").join(Text(_joined(shown, line), _QUESTION) for line in wrap(shown, width=width))


def citation(quote: Quote, *, language: Language) -> str:
    """Return title, section, page or lines, and provenance of `quote`, for a reader of `language`.

    What tells the document apart follows its title if titles repeat; the file's path if it has no title of its own.
    """
    messages = messages_in(language)
    parts = (
        messages.title.format(title=quote.title),
        quote.qualifier or (quote.document if _is_untitled(quote) else ""),
        quote.section if quote.section != quote.title else None,
        _location(quote, messages).replace(" ", _TIE),
        quote.provenance.get(language),
    )
    return _SEPARATOR.join(part for part in parts if part)


def _is_untitled(quote: Quote) -> bool:
    """Return whether the title is only the file's name made readable."""
    name = PurePosixPath(quote.document).stem
    return _letters(quote.title) in {"", _letters(name)}


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def _location(quote: Quote, messages: Messages) -> str:
    if quote.page is not None:
        return messages.source_page.format(page=quote.page)
    pattern = messages.line if quote.start_line == quote.end_line else messages.lines
    return pattern.format(first=quote.start_line, last=quote.end_line)


def _labelled(label: str, text: str, messages: Messages) -> str:
    return messages.labelled.format(label=label, text=text) if text else ""


class _AnswerView:
    """Lays out the lines of one answer."""

    def __init__(self, width: int, language: Language, *, raw: bool) -> None:
        self._width = width
        self._language = language
        self._raw = raw
        self._messages = messages_in(language)

    def lines(self, answer: Answer) -> Iterator[Text]:
        yield from self._outcome(answer)
        for number, quote in enumerate(answer.quotes, start=1):
            yield from self._quote(quote, number=str(number), bar=_BAR)
            yield Text()
        is_unsure = answer.outcome is Outcome.UNSURE
        for quote in answer.nearest[:1] if is_unsure else answer.nearest:
            yield from self._quote(quote, number="", bar=_BAR if is_unsure else _NEAREST_BAR)
            yield Text()
        yield from self._paragraph(self._footer(answer), style=_FAINT)

    def _outcome(self, answer: Answer) -> Iterator[Text]:
        """Yield what stands above the passages when they are not certain to answer."""
        if answer.answered:
            return
        is_unsure = answer.outcome is Outcome.UNSURE
        yield from self._paragraph(
            self._messages.unsure if is_unsure else self._messages.declined, style=_DECLINED
        )
        if answer.nearest and not is_unsure:
            yield from self._paragraph(self._messages.nearest, style=_FAINT)
        yield Text()

    def _quote(self, quote: Quote, *, number: str, bar: str) -> Iterator[Text]:
        margin = max(_INDENT, len(number) + 1)
        first, following = number.ljust(margin), " " * margin
        for excerpt in quote.context:
            text = context_text(excerpt, quote, raw=self._raw)
            yield from self._paragraph(text, lead=f"{following}{bar} ", style=_FAINT)
        view = view_quote(quote, raw=self._raw)
        is_answer = bar == _BAR
        for at, line in enumerate(
            wrap(view.shown, width=self._width - margin - 2, cuts=view.edges if is_answer else ())
        ):
            highlighted = is_answer and bool(line) and view.highlights[line[0]] > 0
            code = bool(line) and all(view.code[position] for position in line)
            style = _HIGHLIGHT if highlighted else _CODE if code else _PLAIN
            lead = first if at == 0 else following
            yield Text.assemble(
                (lead, _QUESTION),
                (f"{_HIGHLIGHT_BAR if highlighted else bar} ", style),
                (_joined(view.shown, line), style),
            )
        yield from self._beneath(quote, margin=margin)

    def _beneath(self, quote: Quote, *, margin: int) -> Iterator[Text]:
        lead = " " * margin
        cited = citation(quote, language=self._language)
        yield from self._paragraph(cited, lead=lead, style=_CITATION)
        yield from self._paragraph(self._aid(quote), lead=lead, style=_FAINT)
        yield from self._paragraph(self._terms(quote), lead=lead, style=_FAINT)
        for other in quote.also:
            cited = _labelled(self._messages.also, citation(other, language=self._language), self._messages)
            yield from self._paragraph(cited, lead=lead, style=_CITATION)

    def _aid(self, quote: Quote) -> str:
        """Return the labelled reading aid of `quote`; empty without one."""
        if quote.aid is None:
            return ""
        labels = {AidKind.TRANSLATION: self._messages.translation, AidKind.RESTATEMENT: self._messages.restatement}
        label = labels[quote.aid.kind]
        if quote.aid.drafted_by:
            label = self._messages.drafted.format(label=label, model=quote.aid.drafted_by)
        return _labelled(label, quote.aid.text, self._messages)

    def _terms(self, quote: Quote) -> str:
        """Return the terms that the reader writes differently; empty where there are none."""
        pairs = [
            self._messages.term_pair.format(written=term.written, localized=term.localized) for term in quote.terms
        ]
        return _labelled(self._messages.terminology, self._messages.term_separator.join(pairs), self._messages)

    def _footer(self, answer: Answer) -> str:
        messages = TERMINAL_MESSAGES[self._language]
        words = zip(messages.confidence_words, CONFIDENCE_BOUNDS, strict=True)
        return messages.footer.format(
            confidence=next(word for word, bound in words if answer.confidence >= bound),
            percent=round(answer.confidence * 100),
            milliseconds=round(answer.elapsed_ms),
        )

    def _paragraph(self, text: str, *, lead: str = "", style: Style) -> Iterator[Text]:
        shown = visible(text)
        for line in wrap(shown, width=self._width - cell_len(lead)) if shown else ():
            yield Text.assemble((lead, _FAINT), (_joined(shown, line), style))


def _joined(shown: Sequence[str], line: range) -> str:
    return "".join(shown[line.start : line.stop]).rstrip()
