"""The documents: the list of sources, and one document page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields, replace
from pathlib import PurePosixPath

import discord
from discord import ui

from bot.locales import Messages, messages_in
from bot.rendering.citation import lines, title
from bot.rendering.custom_id import (
    Download,
    JumpToSection,
    Reading,
    ReadPage,
    TurnPage,
    TurnSources,
    document_tag,
    encode_action,
)
from bot.rendering.layout import NEUTRAL, ButtonSpec, Item, Layout, button_row, outcome_mark, separator
from bot.rendering.pages.pagination import Page, PagedDocument, page_text
from bot.rendering.pages.sections import Section
from bot.rendering.reading_aids import page_aids, translation_lines
from bot.rendering.text.markdown import inline, plain, units
from index import AidKind, Document, Language, Library, Outcome, Quote, ReadingAid, Reference, Span

# Discord's limits of a select menu.
_OPTIONS = 25
_OPTION_UNITS = 100

# A list of six documents takes at most 2600 units, which leaves room for the references.
_LISTED = 6
_REFERENCES_UNITS = 1200
_NAME_UNITS = 160
_FACT_UNITS = 20
_SEPARATOR = " · "
# A page takes at most 1600 units and a heading, so this leaves room.
_TRANSLATION_UNITS = 1200
# The last part of a page's reading aids, however many there are.
_LAST = 99


def sources_layout(library: Library, *, page: int = 0, language: Language) -> Layout:
    """Return a page of the list of documents, counted from 0, with where each comes from and the sources of one."""
    messages = messages_in(language)
    if not library.documents:
        return Layout([ui.TextDisplay(messages.no_documents)], colour=NEUTRAL)
    last = (len(library.documents) - 1) // _LISTED
    page = min(page, last)
    listed = library.documents[page * _LISTED : (page + 1) * _LISTED]
    items: list[Item] = [ui.TextDisplay(f"### {messages.sources_title}")]
    for document in listed:
        action = ReadPage(language, document_tag=document_tag(document.name, document.sha256), page=0)
        button = ButtonSpec(messages.read, action, emoji="📄").button()
        items.append(ui.Section(_facts(document, messages, language), accessory=button))
    citing = next((document for document in listed if document.references), None)
    if citing is not None:
        items += [separator(), ui.TextDisplay(_references(citing, messages, limit=_REFERENCES_UNITS))]
    if last > 0:
        items += [separator(), button_row(_list_buttons(page, last, language))]
    return Layout(items, colour=NEUTRAL)


@dataclass(frozen=True, slots=True)
class PageAids:
    """What helps to read a page: the quote of the answer that it was opened from, and aids by block number."""

    quote: Quote | None = None
    by_block: Mapping[int, ReadingAid] = field(default_factory=dict)


def page_layout(paged: PagedDocument, *, number: int, reading: Reading, aids: PageAids | None = None) -> Layout:
    """Return page `number` of a document, counted from 0, with buttons to turn it and a menu of its sections.

    It is shown in the document's own words with what answers in bold and its translation above, or in its reading aids.
    """
    messages = messages_in(reading.language)
    document, pages = paged.document, paged.pages
    tag = document_tag(document.name, document.sha256)
    download = ButtonSpec(messages.download, Download(tag, reading.language), emoji="💾")
    mark = outcome_mark(reading.outcome, messages=messages)
    heading = f"### {title(document.title, document.qualifier, messages=messages)}" + (f"\n{mark}" if mark else "")
    items: list[Item] = [ui.TextDisplay(heading)]
    if not pages:
        return Layout([*items, button_row([download])], colour=NEUTRAL)
    number = min(number, len(pages) - 1)
    page, aids = pages[number], aids or PageAids()
    parts = page_aids(document, page, aids.by_block, messages=messages)
    reading = replace(_plain(reading), aid=min(reading.aid, len(parts)))
    shown = [parts[reading.aid - 1]] if reading.aid else _original(document, page, aids.quote, reading)
    position = messages.page.format(
        page=number + 1, pages=len(pages), lines=lines(*document.lines(page.span), messages=messages)
    )
    if reading.aid and len(parts) > 1:
        position += f" · {reading.aid}/{len(parts)}"
    items += [separator(), *map(ui.TextDisplay, shown), separator(), ui.TextDisplay(f"-# {position}")]
    items += _section_menu(tag, paged.sections, reading)
    place = _Place(tag, number, len(pages), len(parts))
    buttons = [*_turn_buttons(place, reading), *_aid_button(place, aids, reading), download]
    return Layout([*items, button_row(buttons)], colour=NEUTRAL)


@dataclass(frozen=True, slots=True)
class _Place:
    """A page of a document with that tag, of how many, and how many parts its reading aids have."""

    tag: str
    page: int
    pages: int
    parts: int


def _plain(reading: Reading) -> Reading:
    """Return the common part of what carries a reading."""
    return Reading(*(getattr(reading, each.name) for each in fields(Reading)))


def _original(document: Document, page: Page, quote: Quote | None, reading: Reading) -> list[str]:
    """Return the page in the document's own words; below the translation of what answers, where that is on it."""
    messages = messages_in(reading.language)
    is_answer = reading.outcome is not Outcome.DECLINED
    if quote is None or not page.span.overlaps(Span(quote.start, quote.end)):
        return [page_text(document, page, messages=messages)]
    translation = translation_lines(quote, messages=messages, limit=_TRANSLATION_UNITS, bold=is_answer)
    shown = page_text(document, page, messages=messages, highlights=quote.highlights if is_answer else ())
    return [part for part in (translation, shown) if part]


def _list_buttons(page: int, last: int, language: Language) -> list[ButtonSpec]:
    messages = messages_in(language)
    back, forward = TurnSources(0, max(0, page - 1), language), TurnSources(1, min(last, page + 1), language)
    return [
        ButtonSpec(messages.previous, back, emoji="◀️", disabled=page == 0),
        ButtonSpec(messages.next, forward, emoji="▶️", disabled=page == last),
    ]


def _turn_buttons(place: _Place, reading: Reading) -> list[ButtonSpec]:
    """Return the buttons for what precedes and what follows: another page, or another part of the page's aids."""
    messages = messages_in(reading.language)
    return [
        _turn_button(messages.previous, "◀️", _before(place, reading), slot=0, place=place),
        _turn_button(messages.next, "▶️", _after(place, reading), slot=1, place=place),
    ]


def _turn_button(label: str, emoji: str, target: tuple[int, Reading], *, slot: int, place: _Place) -> ButtonSpec:
    page, reading = target
    within = min(max(0, page), place.pages - 1)
    action = TurnPage(*astuple(reading), slot=slot, document_tag=place.tag, page=within)
    return ButtonSpec(label, action, emoji=emoji, disabled=page != within)


def _before(place: _Place, reading: Reading) -> tuple[int, Reading]:
    if reading.aid > 1:
        return place.page, replace(reading, aid=reading.aid - 1)
    return place.page - 1, replace(reading, aid=_LAST) if reading.aid else reading


def _after(place: _Place, reading: Reading) -> tuple[int, Reading]:
    if 0 < reading.aid < place.parts:
        return place.page, replace(reading, aid=reading.aid + 1)
    return place.page + 1, replace(reading, aid=1) if reading.aid else reading


def _aid_button(place: _Place, aids: PageAids, reading: Reading) -> list[ButtonSpec]:
    """Return the button that shows the page in its reading aids, or in its own words again."""
    if place.parts == 0:
        return []
    messages = messages_in(reading.language)
    is_translation = any(aid.kind is AidKind.TRANSLATION for aid in aids.by_block.values())
    label = messages.read_translation if is_translation else messages.read_restatement
    other = replace(reading, aid=int(not reading.aid))
    action = TurnPage(*astuple(other), slot=2, document_tag=place.tag, page=place.page)
    return [ButtonSpec(messages.original if reading.aid else label, action, emoji="🌐")]


def _section_menu(tag: str, sections: Sequence[Section], reading: Reading) -> list[Item]:
    offered = sections[:_OPTIONS]
    if len(offered) < 2:
        return []
    options = [
        discord.SelectOption(label=plain(section.label, limit=_OPTION_UNITS), value=str(section.number))
        for section in offered
    ]
    menu: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=encode_action(JumpToSection(*astuple(reading), document_tag=tag)),
        placeholder=messages_in(reading.language).jump,
        options=options,
    )
    return [ui.ActionRow(menu)]


def _facts(document: Document, messages: Messages, language: Language) -> str:
    size = messages.document_facts.format(
        language=messages.language_name(document.language),
        characters=f"{len(document.text):,}",
        lines=f"{_line_count(document.text):,}",
    )
    facts = [size, *_format_facts(document, messages)]
    provenance = document.provenance.get(language, "")
    note = f"\n-# {inline(provenance, limit=_NAME_UNITS)}" if provenance.strip() else ""
    heading = title(document.title, document.qualifier, messages=messages)
    return f"**{heading}**\n-# {_SEPARATOR.join(facts)}{note}"


def _line_count(text: str) -> int:
    return text.count("\n") + (not text.endswith("\n"))


def _format_facts(document: Document, messages: Messages) -> list[str]:
    """Return the file's format, its number of pages, and its encoding where that is not UTF-8."""
    facts = [inline(PurePosixPath(document.name).suffix.removeprefix(".").upper(), limit=_FACT_UNITS)]
    if document.pages:
        facts.append(messages.document_pages.format(pages=f"{len(document.pages):,}"))
    if document.encoding.replace("_", "-").casefold() not in ("utf-8", "utf-8-sig"):
        facts.append(inline(document.encoding, limit=_FACT_UNITS))
    return [fact for fact in facts if fact]


def _references(document: Document, messages: Messages, *, limit: int) -> str:
    shown = [f"**{messages.references}** — {title(document.title, document.qualifier, messages=messages)}"]
    for number, reference in enumerate(document.references, start=1):
        entry = f"{number}\\. {_link(reference)}"
        if units("\n".join([*shown, entry])) > limit:
            break
        shown.append(entry)
    return "\n".join(shown)


def _link(reference: Reference) -> str:
    """Return a link without a preview, or the title alone if the address is not one of the web."""
    name = inline(reference.title, limit=_NAME_UNITS)
    address = reference.url.strip()
    is_link = address.startswith(("https://", "http://")) and address.isprintable()
    if not is_link or set(address) & set('<> "\\'):
        return name
    return f"[{name}](<{address.replace(')', '%29').replace('(', '%28')}>)"
