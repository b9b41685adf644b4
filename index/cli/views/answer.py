"""Lay out an answer as text for a terminal: the answering sentences, citations and reading aids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from index.answering.quoting.excerpts import excerpt
from index.cli.messages import CONFIDENCE_BOUNDS, TERMINAL_MESSAGES
from index.cli.views.line_breaking import wrap
from index.cli.views.quote import context_text, view_quote
from index.locales import Messages, messages_in
from index.text.sanitize import visible
from index.types import AidKind, Answer, Language, Outcome, Quote, ReadingAid, Span

# Every quoted line stands behind a bar, a broad one where it is highlighted, so that it shows without colour. A
# highlighted sentence therefore has lines of its own.
_BAR, _HIGHLIGHT_BAR, _NEAREST_BAR = "│", "▌", "┊"
_MARGIN = "  "
# About a screen; the others are behind `--full`.
_MOST_ITEMS = 4

_QUESTION = Style(bold=True)
_DECLINED = Style(bold=True, color="yellow")
_HIGHLIGHT = Style(bold=True, color="green")
_CODE = Style(color="cyan")
_FAINT = Style(dim=True)
_CITATION = Style(italic=True)
_PLAIN = Style.null()

_TIE = "\u00a0"  # no line of a citation begins with its separator, none ends inside its line numbers
_SEPARATOR = f"{_TIE}· "


def answer_text(answer: Answer, *, width: int, language: Language, raw: bool = False, full: bool = False) -> Text:
    """Return the layout of `answer` for a reader of `language`; no line is wider than `width` columns.

    It shows the answering sentences of the best passage, or of each that answers; with `full` every
    quote as a whole passage, and with `raw` these as the exact text of the documents, markup included.
    """
    return Text("\n").join(_AnswerView(width, language, raw=raw, full=full or raw).lines(answer))


def question_text(question: str, *, width: int) -> Text:
    """Return the layout of the question above its answer."""
    shown = visible(question)
    return Text("\n").join(Text(_joined(shown, line), _QUESTION) for line in wrap(shown, width=width))


def citation(quote: Quote, *, number: int, language: Language, whole: bool = False, is_also: bool = False) -> str:
    """Return number, short title, section, page or lines, and kind of text of `quote`, for a reader of `language`.

    What tells the document apart follows its title if titles repeat; the file's path if it has no title of its own.
    The lines are those of the excerpt, or with `whole` of the passage. What says the same has no section.
    """
    messages = messages_in(language)
    shown = [Span(quote.start, quote.end)] if whole else excerpt(quote)
    first, last = quote.lines(Span(shown[0].start, shown[-1].end))
    lines = (messages.line if first == last else messages.lines).format(first=first, last=last)
    place = lines if quote.page is None else messages.source_page.format(page=quote.page)
    parts = (
        f"[{number}]{_TIE}{quote.short_title or quote.title}",
        quote.qualifier or (quote.document if _is_untitled(quote) else ""),
        quote.section if quote.section != quote.title and not is_also else None,
        place.replace(" ", _TIE),
        quote.provenance_label.get(language) or quote.provenance.get(language),
    )
    return _SEPARATOR.join(part for part in parts if part)


def _is_untitled(quote: Quote) -> bool:
    """Return whether the title is only the file's name made readable."""
    name = PurePosixPath(quote.document).stem
    return _letters(quote.title) in {"", _letters(name)}


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def _labelled(label: str, text: str, messages: Messages) -> str:
    return messages.labelled.format(label=label, text=text) if text else ""


class _AnswerView:
    """Lays out the lines of one answer."""

    def __init__(self, width: int, language: Language, *, raw: bool, full: bool) -> None:
        self._width = width
        self._language = language
        self._raw = raw
        self._full = full
        self._messages = messages_in(language)

    def lines(self, answer: Answer) -> Iterator[Text]:
        found = answer.quotes or answer.nearest
        shown = found if self._full else (answer.items or found[:1])[:_MOST_ITEMS]
        yield from self._outcome(answer)
        number = 1
        for quote in shown:
            yield from self._quote(quote, number=number, is_answer=answer.outcome is not Outcome.DECLINED)
            yield Text()
            number += 1 + len(quote.also)
        yield from self._paragraph(self._footer(answer, more=len(answer.quotes) - len(shown)), style=_FAINT)

    def _outcome(self, answer: Answer) -> Iterator[Text]:
        """Yield what was searched for if it is not what was asked, and what is said of an uncertain answer."""
        if answer.searched_for is not None:
            searched = self._messages.searched_for.format(question=visible(answer.searched_for))
            yield from self._paragraph(searched, style=_FAINT)
            yield Text()
        if answer.outcome is Outcome.UNSURE:
            yield from self._paragraph(self._messages.unsure, style=_DECLINED)
            yield Text()
        elif answer.outcome is Outcome.DECLINED:
            yield from self._paragraph(self._messages.declined, style=_DECLINED)
            if answer.nearest:
                yield from self._paragraph(self._messages.nearest, style=_FAINT)
            yield Text()

    def _quote(self, quote: Quote, *, number: int, is_answer: bool) -> Iterator[Text]:
        yield from self._translation(quote, style=_QUESTION if is_answer else _PLAIN)
        bar = _BAR if is_answer else _NEAREST_BAR
        for part in quote.context:
            text = context_text(part, quote, raw=self._raw)
            yield from self._paragraph(text, lead=f"{_MARGIN}{bar} ", style=_FAINT)
        view = view_quote(quote, image=self._messages.image, raw=self._raw, whole=self._full)
        cuts = view.edges if is_answer else ()
        for line in wrap(view.shown, width=self._width - len(_MARGIN) - 2, cuts=cuts):
            highlighted = is_answer and bool(line) and view.highlights[line[0]] > 0
            code = bool(line) and all(view.code[position] for position in line)
            style = _HIGHLIGHT if highlighted else _CODE if code else _PLAIN
            mark = _HIGHLIGHT_BAR if highlighted else bar
            yield Text.assemble(_MARGIN, (f"{mark} ", style), (_joined(view.shown, line), style))
        yield from self._beneath(quote, number=number)

    def _translation(self, quote: Quote, *, style: Style) -> Iterator[Text]:
        """Yield the translation, and beneath it that nobody has checked it."""
        if quote.aid is not None and quote.aid.kind is AidKind.TRANSLATION and quote.aid.text:
            text = quote.aid.paragraphs if self._full and quote.aid.paragraphs else quote.aid.text
            yield from self._paragraph(text, lead=_MARGIN, style=style)
            yield from self._paragraph(self._aid_label(quote.aid), lead=_MARGIN, style=_FAINT)

    def _beneath(self, quote: Quote, *, number: int) -> Iterator[Text]:
        cited = [
            citation(each, number=number + at, language=self._language, whole=self._full, is_also=at > 0)
            for at, each in enumerate((quote, *quote.also))
        ]
        first, others = cited[0], self._messages.term_separator.join(cited[1:])
        line = self._messages.cited_also.format(first=first, others=others) if others else first
        yield from self._paragraph(line, lead=_MARGIN, style=_CITATION)
        yield from self._paragraph(self._restatement(quote), lead=_MARGIN, style=_FAINT)
        yield from self._paragraph(self._terms(quote), lead=_MARGIN, style=_FAINT)

    def _restatement(self, quote: Quote) -> str:
        """Return the labelled restatement of `quote`; empty without one."""
        if quote.aid is None or quote.aid.kind is not AidKind.RESTATEMENT:
            return ""
        text = quote.aid.paragraphs if self._full and quote.aid.paragraphs else quote.aid.text
        return _labelled(self._aid_label(quote.aid), text, self._messages)

    def _aid_label(self, aid: ReadingAid) -> str:
        """Return what `aid` is, whether it was checked, and which model drafted it where that is known."""
        messages = self._messages
        label = messages.aid_label(aid)
        return messages.drafted.format(label=label, model=aid.drafted_by) if aid.drafted_by else label

    def _terms(self, quote: Quote) -> str:
        """Return the terms that the reader writes differently; empty without any, and beside a translation."""
        if quote.aid is not None and quote.aid.kind is AidKind.TRANSLATION:
            return ""
        pairs = [
            self._messages.term_pair.format(written=term.written, localized=term.localized) for term in quote.terms
        ]
        return _labelled(self._messages.terminology, self._messages.term_separator.join(pairs), self._messages)

    def _footer(self, answer: Answer, *, more: int) -> str:
        messages = TERMINAL_MESSAGES[self._language]
        words = zip(messages.confidence_words, CONFIDENCE_BOUNDS, strict=True)
        footer = messages.footer.format(
            confidence=next(word for word, bound in words if answer.confidence >= bound),
            percent=round(answer.confidence * 100),
            milliseconds=round(answer.elapsed_ms),
        )
        return footer + messages.more.format(count=more) if more > 0 else footer

    def _paragraph(self, text: str, *, lead: str = "", style: Style) -> Iterator[Text]:
        shown = visible(text)
        for line in wrap(shown, width=self._width - cell_len(lead)) if shown else ():
            yield Text.assemble((lead, _FAINT), (_joined(shown, line), style))


def _joined(shown: Sequence[str], line: range) -> str:
    return "".join(shown[line.start : line.stop]).rstrip()
