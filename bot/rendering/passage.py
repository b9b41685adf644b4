"""One passage by itself: in its context, in the other Chinese script, and as its source text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from discord import ui

from bot.locales import Messages, messages_in
from bot.rendering.citation import cite, quote_labels
from bot.rendering.custom_id import (
    DeleteAnswer,
    ReadPage,
    ShowContext,
    ShowConverted,
    ShowSource,
    SwapScript,
    document_tag,
)
from bot.rendering.layout import (
    NEUTRAL,
    TEXT_UNITS,
    ButtonSpec,
    Item,
    Layout,
    bold_label,
    button_row,
    outcome_mark,
    separator,
)
from bot.rendering.pages.pagination import Page, numbered, page_of
from bot.rendering.reading_aids import paragraphs_line, shortened, terms_line
from bot.rendering.text.block_quote import CUT, fit_text, longest, window
from bot.rendering.text.markdown import code_block, units
from bot.rendering.text.rendered_text import LINE_BREAK
from index import (
    BlockKind,
    Document,
    DocumentLanguage,
    Language,
    Outcome,
    Quote,
    Span,
    convert_script,
    quote_at,
    split_sentences,
)

_NEIGHBOUR_UNITS = 600
# Buttons for passages that say the same; one of a row is left to delete the answer.
_ALSO = 4


@dataclass(frozen=True, slots=True)
class Viewer:
    """The reader's language, the `version_tag` of the current index, and a note to show first.

    outcome: what became of the question whose answer showed the passage. record: the number of that answer's record, 0
    without one.
    """

    language: Language
    version_tag: str
    note: str = ""
    outcome: Outcome = Outcome.ANSWERED
    record: int = 0

    def reading_on(self, document: Document, span: Span, *, page: int) -> ReadPage:
        """Return what opens `document` at `page`, as a reader of the passage at `span`."""
        tag = document_tag(document.name, document.sha256)
        return ReadPage(
            self.language, self.outcome, self.record, span.start, span.end, document_tag=tag, page=page
        )


def context_layout(
    quote: Quote, document: Document, *, pages: Sequence[Page], viewer: Viewer, delete: DeleteAnswer | None = None
) -> Layout:
    """Return the passage of `quote` between its neighbouring blocks, with line numbers and its reading aid.

    delete: deletes the answer that showed it, for who may.
    """
    messages = messages_in(viewer.language)
    span = Span(quote.start, quote.end)
    heading = _heading(messages.context, quote, viewer)
    before, after = around(document, span, messages=messages)
    room = TEXT_UNITS - units(heading) - units(before) - units(after)
    is_answer = viewer.outcome is not Outcome.DECLINED
    bold = quote.highlights if is_answer else ()
    quoted = passage(document, span, limit=room, messages=messages, highlights=bold)
    aid = paragraphs_line(quote.aid, messages=messages) if quote.aid else ""
    aid = shortened(aid, limit=room - units(quoted))
    terms = shortened(terms_line(quote, messages=messages), limit=room - units(quoted) - units(aid))
    parts = [part for part in (before, quoted, aid, terms, after) if part.strip()]
    items: list[Item] = [ui.TextDisplay(heading), separator(), *(ui.TextDisplay(part) for part in parts)]
    items.append(button_row(_passage_buttons(document, span, pages, viewer)))
    answer_buttons = [*_other_contexts(quote, viewer), *_delete_button(delete, messages)]
    if answer_buttons:
        items.append(button_row(answer_buttons))
    return Layout(items, colour=NEUTRAL)


def script_layout(document: Document, span: Span, *, converted: bool, viewer: Viewer) -> Layout:
    """Return the passage at `span` converted to the other Chinese script and labelled so, or as it is written."""
    messages = messages_in(viewer.language)
    quote = quote_at(document, span)
    target: Language = "zh-Hans" if document.language == "zh-Hant" else "zh-Hant"
    text = convert_script(quote.text, target) if converted else quote.text
    warning = messages.converted_to_simplified if target == "zh-Hans" else messages.converted_to_traditional
    heading = (f"⚠️ **{warning}**" if converted else f"**{messages.original_title}**") + _marked(viewer)
    cited = f"-# {cite(quote, messages=messages, language=viewer.language)}"
    room = TEXT_UNITS - units(heading) - units(cited) - 2
    shown, _ = fit_text(text, (), markup=quote.markup, limit=room, messages=messages)
    label = messages.original if converted else other_script_label(document.language, messages)
    tag = document_tag(document.name, document.sha256)
    action = SwapScript(int(not converted), tag, span.start, span.end, viewer.language, viewer.outcome)
    parts: list[Item] = [ui.TextDisplay(part) for part in (heading, shown, cited)]
    return Layout([*parts, button_row([ButtonSpec(label, action, emoji="🔁")])], colour=NEUTRAL)


def source_layout(document: Document, span: Span, *, pages: Sequence[Page], viewer: Viewer) -> Layout:
    """Return the characters of `span` as the file has them, with the hash of the file, and a button to read on."""
    messages = messages_in(viewer.language)
    heading = _heading(messages.source_text, quote_at(document, span), viewer)
    checksum = f"-# {bold_label(messages.checksum, f'`{document.sha256}`', messages=messages)}"
    room = TEXT_UNITS - units(heading) - units(checksum) - units(messages.excerpt) - 8
    text = document.slice(span)

    def shown(length: int) -> str:
        return "\n".join(code_block(LINE_BREAK.split(text[:length])))

    length = longest(range(min(len(text), room) + 1), lambda length: units(shown(length)) <= room) or 0
    cut = f"-# {messages.excerpt}\n" if length < len(text) else ""
    parts: list[Item] = [ui.TextDisplay(part) for part in (heading, shown(length), cut + checksum)]
    page = page_of(pages, span.start + length if cut else span.start)
    action = viewer.reading_on(document, span, page=page)
    return Layout([*parts, button_row([ButtonSpec(messages.read_on, action, emoji="📄")])], colour=NEUTRAL)


def _passage_buttons(document: Document, span: Span, pages: Sequence[Page], viewer: Viewer) -> list[ButtonSpec]:
    """Return what can be done with a passage: read on, see its source, its whole code, the other script."""
    messages = messages_in(viewer.language)
    tag = document_tag(document.name, document.sha256)
    seen_by = (viewer.version_tag, viewer.language, viewer.outcome, viewer.record)
    read_on = viewer.reading_on(document, span, page=page_of(pages, span.start))
    buttons = [
        ButtonSpec(messages.read_on, read_on, emoji="📄"),
        ButtonSpec(messages.source_text, ShowSource(0, tag, span.start, span.end, *seen_by), emoji="🧾"),
    ]
    code = code_around(document, span)
    if code is not None:
        whole = ShowSource(1, tag, code.start, code.end, *seen_by)
        buttons.append(ButtonSpec(messages.whole_code, whole, emoji="🧩"))
    if document.language in {"zh-Hant", "zh-Hans"}:
        convert = ShowConverted(0, tag, span.start, span.end, *seen_by)
        buttons.append(ButtonSpec(other_script_label(document.language, messages), convert, emoji="🔁"))
    return buttons


def _other_contexts(quote: Quote, viewer: Viewer) -> list[ButtonSpec]:
    """Return a button for each passage that is cited as saying the same."""
    messages, others = messages_in(viewer.language), quote.also[:_ALSO]
    return [
        ButtonSpec(
            messages.context_also.format(title=label),
            ShowContext(
                slot,
                document_tag(other.document, other.sha256),
                other.start,
                other.end,
                viewer.version_tag,
                viewer.language,
                viewer.outcome,
                record=viewer.record,
                asker=0,
            ),
            emoji="📖",
        )
        for slot, (other, label) in enumerate(zip(others, quote_labels(others, messages=messages), strict=True))
    ]


def _delete_button(delete: DeleteAnswer | None, messages: Messages) -> list[ButtonSpec]:
    return [ButtonSpec(messages.delete, delete, emoji="🗑️")] if delete else []


def code_around(document: Document, span: Span) -> Span | None:
    """Return the code blocks of which `span` is a part; None if it shows them whole, or none."""
    blocks = document.blocks
    first = document.block_after(span.start)
    last = bisect_left(blocks, span.end, key=lambda block: block.span.start)
    code = [block.span for block in blocks[first:last] if block.kind is BlockKind.CODE]
    if not code:
        return None
    whole = Span(min(span.start, code[0].start), max(span.end, code[-1].end))
    return None if whole == span else whole


def other_script_label(language: DocumentLanguage, messages: Messages) -> str:
    """Return the label of the button that converts Chinese text written in `language`."""
    return messages.to_simplified if language == "zh-Hant" else messages.to_traditional


def around(document: Document, span: Span, *, messages: Messages) -> tuple[str, str]:
    """Return what stands before `span` and after it: the rest of its block, and the next block."""
    blocks = document.blocks
    first = document.block_after(span.start)
    last = max(first, bisect_left(blocks, span.end, key=lambda block: block.span.start))
    before = [block.span for block in blocks[max(0, first - 1) : first]]
    after = [block.span for block in blocks[last : last + 1]]
    if first < last:
        before.append(Span(blocks[first].span.start, span.start))
        after.insert(0, Span(span.end, blocks[last - 1].span.end))
    return (
        "\n".join(_neighbour(document, part, keeps_end=True, messages=messages) for part in before if part),
        "\n".join(_neighbour(document, part, keeps_end=False, messages=messages) for part in after if part),
    )


def passage(
    document: Document, span: Span, *, limit: int, messages: Messages, highlights: Sequence[Span] = ()
) -> str:
    """Return the passage at `span` as a block quote with the number of every line, within `limit` units.

    highlights: what is shown in bold, absolute.
    """

    def shown(part: Span) -> str:
        rows = numbered(document, part, messages=messages, highlights=highlights)
        return "\n".join(f"> {row}" for row in rows)

    near = Span(span.start, min(span.end, span.start + TEXT_UNITS))
    whole = shown(near)
    if near == span and units(whole) <= limit:
        return whole or f"> {CUT}"
    room = limit - len(CUT) - 3
    kept = window(document.text, near.start, within=near, fits=lambda part: units(shown(part)) <= room)
    return "\n".join(filter(None, [shown(kept), f"> {CUT}"]))


def _neighbour(document: Document, span: Span, *, keeps_end: bool, messages: Messages) -> str:
    """Return a neighbour whole, or its sentences nearest to the passage with a mark for the others."""

    def shown(start: int, end: int) -> str:
        return "\n".join(numbered(document, Span(start, end), messages=messages))

    if keeps_end:
        near = Span(max(span.start, span.end - _NEIGHBOUR_UNITS), span.end)
        starts = [sentence.start for sentence in split_sentences(document.text, near)][::-1]
        start = longest(starts, lambda offset: units(shown(offset, span.end)) <= _NEIGHBOUR_UNITS)
        cut = [CUT] if start is None or document.text[span.start : start].strip() else []
        return "\n".join([*cut, *([shown(start, span.end)] if start is not None else [])])
    near = Span(span.start, min(span.end, span.start + _NEIGHBOUR_UNITS))
    ends = [sentence.end for sentence in split_sentences(document.text, near)]
    end = longest(ends, lambda offset: units(shown(span.start, offset)) <= _NEIGHBOUR_UNITS)
    cut = [CUT] if end is None or document.text[end : span.end].strip() else []
    return "\n".join([*([shown(span.start, end)] if end is not None else []), *cut])


def _heading(title: str, quote: Quote, viewer: Viewer) -> str:
    cited = cite(quote, messages=messages_in(viewer.language), language=viewer.language)
    return f"### {title}{_marked(viewer)}\n-# {cited}"


def _marked(viewer: Viewer) -> str:
    """Return what the passage is not, and the note."""
    mark = outcome_mark(viewer.outcome, messages=messages_in(viewer.language))
    return (f"\n{mark}" if mark else "") + (f"\n-# {viewer.note}" if viewer.note else "")
