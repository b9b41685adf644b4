"""The documents: the list of sources, and one document page by page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

import discord
from discord import ui

from bot.locales import Messages, messages_in
from bot.rendering.citation import lines, title
from bot.rendering.custom_id import (
    Download,
    JumpToSection,
    ReadPage,
    TurnPage,
    TurnSources,
    document_tag,
    encode_action,
)
from bot.rendering.layout import NEUTRAL, ButtonSpec, Item, Layout, button_row, separator
from bot.rendering.pagination import PagedDocument, page_text
from bot.rendering.sections import Section
from bot.rendering.text.markdown import inline, plain, units
from index import Document, Language, Library, Reference

# Discord's limits of a select menu.
_OPTIONS = 25
_OPTION_UNITS = 100

# A list of six documents takes at most 2600 units, which leaves room for the references.
_LISTED = 6
_REFERENCES_UNITS = 1200
_NAME_UNITS = 160
_FACT_UNITS = 20
_SEPARATOR = " · "


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
        action = ReadPage(document_tag(document.name, document.sha256), 0)
        button = ButtonSpec(messages.read, action, emoji="📄").button()
        items.append(ui.Section(_facts(document, messages, language), accessory=button))
    citing = next((document for document in listed if document.references), None)
    if citing is not None:
        items += [separator(), ui.TextDisplay(_references(citing, messages, limit=_REFERENCES_UNITS))]
    if last > 0:
        items += [separator(), button_row(_list_buttons(page, last, messages))]
    return Layout(items, colour=NEUTRAL)


def page_layout(paged: PagedDocument, *, number: int, language: Language) -> Layout:
    """Return page `number` of a document, counted from 0, with buttons to turn it and a menu of its sections."""
    messages = messages_in(language)
    document, pages = paged.document, paged.pages
    tag = document_tag(document.name, document.sha256)
    buttons = [ButtonSpec(messages.download, Download(tag), emoji="💾")]
    items: list[Item] = [ui.TextDisplay(f"### {title(document.title, document.qualifier, messages=messages)}")]
    if pages:
        number = min(number, len(pages) - 1)
        first, last = document.lines(pages[number].span)
        position = messages.page.format(
            page=number + 1, pages=len(pages), lines=lines(first, last, messages=messages)
        )
        shown = page_text(document, pages[number], messages=messages)
        items += [separator(), ui.TextDisplay(shown), separator(), ui.TextDisplay(f"-# {position}")]
        buttons = [*_turn_buttons(tag, number, len(pages), messages), *buttons]
        items += _section_menu(tag, paged.sections, messages)
    return Layout([*items, button_row(buttons)], colour=NEUTRAL)


def _list_buttons(page: int, last: int, messages: Messages) -> list[ButtonSpec]:
    back, forward = TurnSources(0, max(0, page - 1)), TurnSources(1, min(last, page + 1))
    return [
        ButtonSpec(messages.previous, back, emoji="◀️", disabled=page == 0),
        ButtonSpec(messages.next, forward, emoji="▶️", disabled=page == last),
    ]


def _turn_buttons(tag: str, number: int, count: int, messages: Messages) -> list[ButtonSpec]:
    back = TurnPage(0, tag, max(0, number - 1))
    forward = TurnPage(1, tag, min(count - 1, number + 1))
    return [
        ButtonSpec(messages.previous, back, emoji="◀️", disabled=number == 0),
        ButtonSpec(messages.next, forward, emoji="▶️", disabled=number == count - 1),
    ]


def _section_menu(tag: str, sections: Sequence[Section], messages: Messages) -> list[Item]:
    offered = sections[:_OPTIONS]
    if len(offered) < 2:
        return []
    options = [
        discord.SelectOption(label=plain(section.label, limit=_OPTION_UNITS), value=str(section.number))
        for section in offered
    ]
    menu: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=encode_action(JumpToSection(tag)), placeholder=messages.jump, options=options
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
