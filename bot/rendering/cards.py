"""The layouts that are not answers: context, converted quotes, documents, pages, help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord
from discord import ui

from bot.locales import Messages, messages_in
from bot.rendering.block_quote import fitting
from bot.rendering.citation import cite, lines, quote_of, title
from bot.rendering.custom_id import (
    Download,
    JumpToSection,
    ReadPage,
    ShowConverted,
    SwapScript,
    TurnPage,
    document_tag,
    encode_action,
)
from bot.rendering.layout import NEUTRAL, TEXT_UNITS, ButtonSpec, Item, Layout, line, notice, row
from bot.rendering.markdown import inline, is_blank, plain, units
from bot.rendering.pagination import Page, around, page_of, passage, sections, show
from index import Document, Language, Library, Reference, Span, convert_script

_MENU = 25
_OPTION = 100
_LISTED = 6
# Six documents take at most 2600 units.
_REFERENCES_UNITS = 1200
_NAME_UNITS = 160
_ABOUT_UNITS = 400


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: their language, the version_tag of the index, and what has to be said of it first."""

    language: Language
    version_tag: str
    note: str = ""


def context_layout(document: Document, span: Span, *, pages: Sequence[Page], viewer: Viewer) -> Layout:
    """Show the passage between its neighbouring paragraphs, with the numbers of their lines."""
    messages = messages_in(viewer.language)
    quote = quote_of(document, span)
    before, after = around(document, span)
    head = f"### {messages.context_title}\n-# {cite(quote, messages=messages, language=viewer.language)}" + _noted(
        viewer
    )
    room = TEXT_UNITS - units(head) - units(before) - units(after)
    parts = [part for part in (before, passage(document, span, limit=room), after) if part.strip()]
    sha = document_tag(document.name, document.sha256)
    keys = [ButtonSpec(messages.read_from_here, ReadPage(sha, page_of(pages, span.start)), emoji="📄")]
    if document.language != "en":
        action = ShowConverted(0, sha, span.start, span.end, viewer.version_tag)
        keys.append(ButtonSpec(_other_script(document.language, messages), action, emoji="🔁"))
    items: list[Item] = [ui.TextDisplay(head), line(), *(ui.TextDisplay(part) for part in parts), row(keys)]
    return Layout(items, colour=NEUTRAL)


def script_layout(document: Document, span: Span, *, converted: bool, viewer: Viewer) -> Layout:
    """Show the passage in the other Chinese script, marked as such, or as it is written."""
    messages = messages_in(viewer.language)
    quote = quote_of(document, span)
    target: Language = "zh-Hans" if document.language == "zh-Hant" else "zh-Hant"
    text = convert_script(quote.text, target) if converted else quote.text
    told = messages.converted_to_simplified if target == "zh-Hans" else messages.converted_to_traditional
    head = (f"⚠️ **{told}**" if converted else f"**{messages.original_title}**") + _noted(viewer)
    below = f"-# {cite(quote, messages=messages, language=viewer.language)}"
    shown, _ = fitting(text, [], limit=TEXT_UNITS - units(head) - units(below) - 2)
    label = messages.original if converted else _other_script(document.language, messages)
    action = SwapScript(int(not converted), document_tag(document.name, document.sha256), span.start, span.end)
    parts: list[Item] = [ui.TextDisplay(part) for part in (head, shown, below)]
    return Layout([*parts, row([ButtonSpec(label, action, emoji="🔁")])], colour=NEUTRAL)


def sources_layout(library: Library, *, language: Language) -> Layout:
    """List the documents with their provenance and length, and the sources they name."""
    messages = messages_in(language)
    if not library.documents:
        return Layout([ui.TextDisplay(messages.no_documents)], colour=NEUTRAL)
    items: list[Item] = [ui.TextDisplay(f"### {messages.sources_title}")]
    for document in library.documents[:_LISTED]:
        key = ButtonSpec(messages.read, ReadPage(document_tag(document.name, document.sha256), 0), emoji="📄")
        items.append(ui.Section(_facts(document, messages, language), accessory=key.button()))
    if len(library.documents) > _LISTED:
        count = len(library.documents) - _LISTED
        items.append(ui.TextDisplay(messages.further_documents.format(count=count)))
    named = next((document for document in library.documents if document.references), None)
    if named is not None:
        items += [line(), ui.TextDisplay(_references(named, messages, limit=_REFERENCES_UNITS))]
    return Layout(items, colour=NEUTRAL)


def page_layout(document: Document, pages: Sequence[Page], *, number: int, language: Language) -> Layout:
    """Show one page of a document, with buttons to turn it and a menu of its sections."""
    messages = messages_in(language)
    sha = document_tag(document.name, document.sha256)
    keys = [ButtonSpec(messages.download, Download(sha), emoji="💾")]
    items: list[Item] = [ui.TextDisplay(f"### {title(document.title, messages=messages)}")]
    if pages:
        number = min(number, len(pages) - 1)
        first, last = document.lines(pages[number].span)
        place = messages.page.format(
            page=number + 1, pages=len(pages), lines=lines(first, last, messages=messages)
        )
        items += [
            line(),
            ui.TextDisplay(show(document, pages[number].pieces)),
            line(),
            ui.TextDisplay(f"-# {place}"),
        ]
        keys = [*_turns(sha, number, len(pages), messages), *keys]
        items += _section_menu(sha, pages, messages)
    return Layout([*items, row(keys)], colour=NEUTRAL)


def help_layout(*, keeps_questions: bool, about: str, language: Language) -> Layout:
    """Say what the bot does, with documents about `about`, and what it stores."""
    messages = messages_in(language)
    told = messages.help.format(about=_about(about, messages))
    privacy = messages.privacy_kept if keeps_questions else messages.privacy_not_kept
    return Layout([ui.TextDisplay(told), line(), ui.TextDisplay(privacy)], colour=NEUTRAL)


def greeting_layout(*, about: str, language: Language) -> Layout:
    """Greet a person who has not asked anything."""
    messages = messages_in(language)
    return notice(messages.ask_me.format(about=_about(about, messages)))


def _turns(sha: str, number: int, count: int, messages: Messages) -> list[ButtonSpec]:
    back = TurnPage(0, sha, max(0, number - 1))
    onward = TurnPage(1, sha, min(count - 1, number + 1))
    return [
        ButtonSpec(messages.previous, back, emoji="◀️", disabled=number == 0),
        ButtonSpec(messages.next, onward, emoji="▶️", disabled=number == count - 1),
    ]


def _section_menu(sha: str, pages: Sequence[Page], messages: Messages) -> list[Item]:
    names = list(sections(pages))[:_MENU]
    if len(names) < 2:
        return []
    options = [
        discord.SelectOption(label=plain(name, limit=_OPTION), value=str(place))
        for place, name in enumerate(names)
    ]
    menu: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=encode_action(JumpToSection(sha)), placeholder=messages.jump, options=options
    )
    return [ui.ActionRow(menu)]


def _facts(document: Document, messages: Messages, language: Language) -> str:
    names = {"zh-Hant": messages.traditional, "zh-Hans": messages.simplified, "en": messages.english}
    facts = messages.document_facts.format(
        language=names[document.language],
        characters=f"{len(document.text):,}",
        lines=f"{len(document.text.splitlines()):,}",
    )
    provenance = document.provenance.get(language, "")
    told = f"\n-# {inline(provenance, limit=_NAME_UNITS)}" if provenance.strip() else ""
    return f"**{title(document.title, messages=messages)}**\n-# {facts}{told}"


def _references(document: Document, messages: Messages, *, limit: int) -> str:
    head = f"**{messages.references}** — {title(document.title, messages=messages)}"
    shown = [head]
    for number, reference in enumerate(document.references, start=1):
        entry = f"{number}\\. {_link(reference)}"
        if units("\n".join([*shown, entry])) > limit:
            break
        shown.append(entry)
    return "\n".join(shown)


def _link(reference: Reference) -> str:
    """Link a source's title, without a preview; an address that is none is left out."""
    name = inline(reference.title, limit=_NAME_UNITS)
    address = reference.url.strip()
    if not address.startswith(("https://", "http://")) or set(address) & set('<> \n\t"\\'):
        return name
    return f"[{name}](<{address.replace(')', '%29').replace('(', '%28')}>)"


def _about(about: str, messages: Messages) -> str:
    """Give the line that says what the documents are about, where they say so."""
    return "" if is_blank(about) else messages.about.format(about=inline(about, limit=_ABOUT_UNITS)) + "\n"


def _other_script(language: Language, messages: Messages) -> str:
    return messages.to_simplified if language == "zh-Hant" else messages.to_traditional


def _noted(viewer: Viewer) -> str:
    return f"\n-# {viewer.note}" if viewer.note else ""
