"""The documents: the list of sources, and one document page by page."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import ui

from bot.locales import Messages, messages_in
from bot.rendering.citation import lines, title
from bot.rendering.custom_id import Download, JumpToSection, ReadPage, TurnPage, document_tag, encode_action
from bot.rendering.layout import NEUTRAL, ButtonSpec, Item, Layout, button_row, separator
from bot.rendering.markdown import inline, plain, units
from bot.rendering.pagination import Page, page_text
from bot.rendering.sections import sections
from index import Document, Language, Library, Reference

# Discord's limits of a select menu.
_OPTIONS = 25
_OPTION_UNITS = 100

# A list of six documents takes at most 2600 units, which leaves room for the references.
_LISTED = 6
_REFERENCES_UNITS = 1200
_NAME_UNITS = 160


def sources_layout(library: Library, *, language: Language) -> Layout:
    """Return the list of documents with their provenance and length, and the sources that one of them cites."""
    messages = messages_in(language)
    if not library.documents:
        return Layout([ui.TextDisplay(messages.no_documents)], colour=NEUTRAL)
    items: list[Item] = [ui.TextDisplay(f"### {messages.sources_title}")]
    for document in library.documents[:_LISTED]:
        action = ReadPage(document_tag(document.name, document.sha256), 0)
        button = ButtonSpec(messages.read, action, emoji="📄").button()
        items.append(ui.Section(_facts(document, messages, language), accessory=button))
    if len(library.documents) > _LISTED:
        count = len(library.documents) - _LISTED
        items.append(ui.TextDisplay(messages.further_documents.format(count=count)))
    citing = next((document for document in library.documents if document.references), None)
    if citing is not None:
        items += [separator(), ui.TextDisplay(_references(citing, messages, limit=_REFERENCES_UNITS))]
    return Layout(items, colour=NEUTRAL)


def page_layout(document: Document, pages: Sequence[Page], *, number: int, language: Language) -> Layout:
    """Return page `number` of a document, counted from 0, with buttons to turn it and a menu of its sections."""
    messages = messages_in(language)
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
        items += _section_menu(tag, pages, messages)
    return Layout([*items, button_row(buttons)], colour=NEUTRAL)


def _turn_buttons(tag: str, number: int, count: int, messages: Messages) -> list[ButtonSpec]:
    back = TurnPage(0, tag, max(0, number - 1))
    forward = TurnPage(1, tag, min(count - 1, number + 1))
    return [
        ButtonSpec(messages.previous, back, emoji="◀️", disabled=number == 0),
        ButtonSpec(messages.next, forward, emoji="▶️", disabled=number == count - 1),
    ]


def _section_menu(tag: str, pages: Sequence[Page], messages: Messages) -> list[Item]:
    offered = sections(pages)[:_OPTIONS]
    if len(offered) < 2:
        return []
    options = [
        discord.SelectOption(label=plain(section.label, limit=_OPTION_UNITS), value=str(number))
        for number, section in enumerate(offered)
    ]
    menu: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=encode_action(JumpToSection(tag)), placeholder=messages.jump, options=options
    )
    return [ui.ActionRow(menu)]


def _facts(document: Document, messages: Messages, language: Language) -> str:
    facts = messages.document_facts.format(
        language=messages.language_name(document.language),
        characters=f"{len(document.text):,}",
        lines=f"{len(document.text.splitlines()):,}",
    )
    provenance = document.provenance.get(language, "")
    note = f"\n-# {inline(provenance, limit=_NAME_UNITS)}" if provenance.strip() else ""
    return f"**{title(document.title, document.qualifier, messages=messages)}**\n-# {facts}{note}"


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
