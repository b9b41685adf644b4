"""One passage by itself: in its context, and in the other Chinese script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from discord import ui

from bot.locales import Messages, messages_in
from bot.rendering.block_quote import CUT, cost, fitting, sentences, window
from bot.rendering.citation import cite
from bot.rendering.custom_id import ReadPage, ShowConverted, SwapScript, document_tag
from bot.rendering.layout import NEUTRAL, TEXT_UNITS, ButtonSpec, Item, Layout, button_row, separator
from bot.rendering.markdown import units
from bot.rendering.pagination import NUMBER_UNITS, Page, numbered, page_of
from index import Block, Document, Language, Span, convert_script, quote_at

_NEIGHBOUR_UNITS = 600


@dataclass(frozen=True, slots=True)
class Viewer:
    """The reader's language, the `version_tag` of the current index, and a note to show first."""

    language: Language
    version_tag: str
    note: str = ""


def context_layout(document: Document, span: Span, *, pages: Sequence[Page], viewer: Viewer) -> Layout:
    """Return the passage at `span` between its neighbouring paragraphs, with line numbers."""
    messages = messages_in(viewer.language)
    cited = cite(quote_at(document, span), messages=messages, language=viewer.language)
    heading = f"### {messages.context}\n-# {cited}" + _noted(viewer)
    before, after = around(document, span)
    room = TEXT_UNITS - units(heading) - units(before) - units(after)
    parts = [part for part in (before, passage(document, span, limit=room), after) if part.strip()]
    tag = document_tag(document.name, document.sha256)
    buttons = [ButtonSpec(messages.read_on, ReadPage(tag, page_of(pages, span.start)), emoji="📄")]
    if document.language != "en":
        action = ShowConverted(0, tag, span.start, span.end, viewer.version_tag)
        buttons.append(ButtonSpec(other_script_label(document.language, messages), action, emoji="🔁"))
    items: list[Item] = [ui.TextDisplay(heading), separator(), *(ui.TextDisplay(part) for part in parts)]
    return Layout([*items, button_row(buttons)], colour=NEUTRAL)


def script_layout(document: Document, span: Span, *, converted: bool, viewer: Viewer) -> Layout:
    """Return the passage at `span` converted to the other Chinese script and labelled so, or as it is written."""
    messages = messages_in(viewer.language)
    quote = quote_at(document, span)
    target: Language = "zh-Hans" if document.language == "zh-Hant" else "zh-Hant"
    text = convert_script(quote.text, target) if converted else quote.text
    warning = messages.converted_to_simplified if target == "zh-Hans" else messages.converted_to_traditional
    heading = (f"⚠️ **{warning}**" if converted else f"**{messages.original_title}**") + _noted(viewer)
    cited = f"-# {cite(quote, messages=messages, language=viewer.language)}"
    shown, _ = fitting(text, [], limit=TEXT_UNITS - units(heading) - units(cited) - 2)
    label = messages.original if converted else other_script_label(document.language, messages)
    action = SwapScript(int(not converted), document_tag(document.name, document.sha256), span.start, span.end)
    parts: list[Item] = [ui.TextDisplay(part) for part in (heading, shown, cited)]
    return Layout([*parts, button_row([ButtonSpec(label, action, emoji="🔁")])], colour=NEUTRAL)


def other_script_label(language: Language, messages: Messages) -> str:
    """Return the label of the button that converts Chinese text written in `language`."""
    return messages.to_simplified if language == "zh-Hant" else messages.to_traditional


def around(document: Document, span: Span) -> tuple[str, str]:
    """Return what stands before `span` and after it: the rest of its paragraph, and the next paragraph."""
    own = [block for block in document.blocks if block.span.overlaps(span)]
    before = [block for block in document.blocks if block.span.end <= span.start][-1:]
    after = [block for block in document.blocks if block.span.start >= span.end][:1]
    head = [Span(own[0].span.start, span.start)] if own and own[0].span.start < span.start else []
    tail = [Span(span.end, own[-1].span.end)] if own and own[-1].span.end > span.end else []
    return (
        "\n".join(_shortened(document, part, keep_end=True) for part in [*_spans(before), *head]),
        "\n".join(_shortened(document, part, keep_end=False) for part in [*tail, *_spans(after)]),
    )


def passage(document: Document, span: Span, *, limit: int) -> str:
    """Return the passage at `span` as a block quote with the number of every line, within `limit` units."""
    text = document.slice(span)
    shown = _quoted(document, span)
    if units(shown) <= limit:
        return shown
    kept = window(text, [], limit=limit - NUMBER_UNITS * (text.count("\n") + 1) - len(CUT) - 3)
    return f"{_quoted(document, Span(span.start, span.start + kept.end))}\n> {CUT}"


def _quoted(document: Document, span: Span) -> str:
    return "\n".join(f"> {line}" for line in numbered(document, span).split("\n"))


def _spans(blocks: Sequence[Block]) -> list[Span]:
    return [block.span for block in blocks]


def _shortened(document: Document, span: Span, *, keep_end: bool) -> str:
    """Return a neighbour whole, or its sentences nearest to the passage with a mark for the others."""
    text = document.slice(span)
    kept: list[Span] = []
    spent = 0
    for part in reversed(sentences(text)) if keep_end else sentences(text):
        spent += cost(part.of(text)) + NUMBER_UNITS
        if spent > _NEIGHBOUR_UNITS:
            break
        kept.append(part)
    if not kept:
        return CUT
    start, end = min(part.start for part in kept), max(part.end for part in kept)
    shown = numbered(document, Span(start, end).shift(span.start))
    before = f"{CUT}\n" if start > 0 else ""
    after = f"\n{CUT}" if end < len(text) else ""
    return before + shown + after


def _noted(viewer: Viewer) -> str:
    return f"\n-# {viewer.note}" if viewer.note else ""
