"""The answer card: an answer as text for a terminal, the quotes in the documents' own words."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from index.cli.line_breaking import wrap
from index.cli.messages import CONFIDENCE_BOUNDS, TERMINAL_MESSAGES
from index.locales import Messages, messages_in
from index.text.sanitize import visible
from index.types import AidKind, Answer, Language, Quote

# Every quoted line stands behind a bar, a broad one where it answers: without colour it is what tells. So a
# highlighted sentence has lines of its own; a line break is the only thing ever added to a quote.
_BAR, _ANSWERING_BAR, _NEAREST_BAR = "│", "▌", "┊"
_INDENT = 2

_QUESTION = Style(bold=True)
_DECLINED = Style(bold=True, color="yellow")
_ANSWERING = Style(bold=True, color="green")
_FAINT = Style(dim=True)
_CITATION = Style(italic=True)
_PLAIN = Style.null()

_TIE = "\u00a0"  # no line of a citation begins with its separator, none ends inside its line numbers
_SEPARATOR = f"{_TIE}· "


def card(answer: Answer, *, width: int, language: Language) -> Text:
    """Lay out `answer` for a reader of `language`; no line is wider than `width` columns."""
    return Text("\n").join(_Card(width, language).lines(answer))


def headline(question: str, *, width: int) -> Text:
    """Lay out the question that a card answers."""
    shown = visible(question)
    return Text("\n").join(Text(_joined(shown, line), _QUESTION) for line in wrap(shown, width=width))


def citation(quote: Quote, *, language: Language) -> str:
    """Return title, section, file, lines and provenance of `quote`, for a reader of `language`."""
    messages = messages_in(language)
    pattern = messages.line if quote.start_line == quote.end_line else messages.lines
    parts = (
        messages.title.format(title=quote.title),
        quote.section if quote.section != quote.title else None,
        quote.document,
        pattern.format(first=quote.start_line, last=quote.end_line).replace(" ", _TIE),
        quote.provenance.get(language),
    )
    return _SEPARATOR.join(part for part in parts if part)


def _labelled(label: str, text: str, messages: Messages) -> str:
    return messages.labelled.format(label=label, text=text) if text else ""


class _Card:
    """The lines of one card."""

    def __init__(self, width: int, language: Language) -> None:
        self._width = width
        self._language = language
        self._messages = messages_in(language)

    def lines(self, answer: Answer) -> Iterator[Text]:
        if not answer.answered:
            yield from self._paragraph(self._messages.declined, style=_DECLINED)
            if answer.nearest:
                yield from self._paragraph(self._messages.nearest, style=_FAINT)
            yield Text()
        for number, quote in enumerate(answer.quotes, start=1):
            yield from self._quote(quote, number=str(number))
            yield Text()
        for quote in answer.nearest:
            yield from self._nearest(quote)
            yield Text()
        yield from self._paragraph(self._footer(answer), style=_FAINT)

    def _quote(self, quote: Quote, *, number: str) -> Iterator[Text]:
        margin = max(_INDENT, len(number) + 1)
        shown = visible(quote.text)
        answering = {
            at for span in quote.highlights for at in range(span.start - quote.start, span.end - quote.start)
        }
        edges = [edge - quote.start for span in quote.highlights for edge in (span.start, span.end)]
        for at, line in enumerate(wrap(shown, width=self._width - margin - 2, cuts=edges)):
            style, bar = (_ANSWERING, _ANSWERING_BAR) if line and line[0] in answering else (_PLAIN, _BAR)
            lead = (number if at == 0 else "").ljust(margin)
            yield Text.assemble((lead, _QUESTION), (f"{bar} ", style), (_joined(shown, line), style))
        yield from self._beneath(quote, margin=margin)

    def _nearest(self, quote: Quote) -> Iterator[Text]:
        yield from self._paragraph(quote.text, lead=" " * _INDENT + f"{_NEAREST_BAR} ", style=_PLAIN)
        yield from self._beneath(quote, margin=_INDENT)

    def _beneath(self, quote: Quote, *, margin: int) -> Iterator[Text]:
        lead = " " * margin
        cited = citation(quote, language=self._language)
        yield from self._paragraph(cited, lead=lead, style=_CITATION)
        yield from self._paragraph(self._aid(quote), lead=lead, style=_FAINT)
        yield from self._paragraph(self._names(quote), lead=lead, style=_FAINT)
        for other in quote.also:
            cited = _labelled(self._messages.also, citation(other, language=self._language), self._messages)
            yield from self._paragraph(cited, lead=lead, style=_CITATION)

    def _aid(self, quote: Quote) -> str:
        """Return the labelled reading aid of `quote`; empty without one."""
        if quote.aid is None:
            return ""
        labels = {AidKind.TRANSLATION: self._messages.translation, AidKind.RESTATEMENT: self._messages.restatement}
        return _labelled(labels[quote.aid.kind], quote.aid.text, self._messages)

    def _names(self, quote: Quote) -> str:
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


def _joined(shown: list[str], line: range) -> str:
    return "".join(shown[line.start : line.stop]).rstrip()
