"""The cards that are not answers: context, converted quotes, documents, pages, help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord
from discord import ui

from bot.card import NEUTRAL, TEXT_UNITS, Card, Item, Key, line, notice, row
from bot.citations import cite, lines, quote_of, title
from bot.escape import inline, is_blank, plain, units
from bot.excerpt import fitting
from bot.locales import Texts, texts_in
from bot.pages import Page, around, page_of, passage, sections, show
from bot.presses import (
    Download,
    JumpToSection,
    ReadPage,
    ShowConverted,
    SwapScript,
    TurnPage,
    custom_id,
    fingerprint,
)
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
    """Who looks: their language, the edition of the index, and what has to be said of it first."""

    language: Language
    edition: str
    note: str = ""


def context_card(document: Document, span: Span, *, pages: Sequence[Page], viewer: Viewer) -> Card:
    """Show the passage between its neighbouring paragraphs, with the numbers of their lines."""
    texts = texts_in(viewer.language)
    quote = quote_of(document, span)
    before, after = around(document, span)
    head = f"### {texts.context_title}\n-# {cite(quote, texts=texts, language=viewer.language)}" + _noted(viewer)
    room = TEXT_UNITS - units(head) - units(before) - units(after)
    parts = [part for part in (before, passage(document, span, limit=room), after) if part.strip()]
    sha = fingerprint(document.name, document.sha256)
    keys = [Key(texts.read_from_here, ReadPage(sha, page_of(pages, span.start)), emoji="📄")]
    if document.language != "en":
        press = ShowConverted(0, sha, span.start, span.end, viewer.edition)
        keys.append(Key(_other_script(document.language, texts), press, emoji="🔁"))
    items: list[Item] = [ui.TextDisplay(head), line(), *(ui.TextDisplay(part) for part in parts), row(keys)]
    return Card(items, colour=NEUTRAL)


def script_card(document: Document, span: Span, *, converted: bool, viewer: Viewer) -> Card:
    """Show the passage in the other Chinese script, marked as such, or as it is written."""
    texts = texts_in(viewer.language)
    quote = quote_of(document, span)
    target: Language = "zh-Hans" if document.language == "zh-Hant" else "zh-Hant"
    text = convert_script(quote.text, target) if converted else quote.text
    told = texts.converted_to_simplified if target == "zh-Hans" else texts.converted_to_traditional
    head = (f"⚠️ **{told}**" if converted else f"**{texts.original_title}**") + _noted(viewer)
    below = f"-# {cite(quote, texts=texts, language=viewer.language)}"
    shown, _ = fitting(text, [], limit=TEXT_UNITS - units(head) - units(below) - 2)
    label = texts.original if converted else _other_script(document.language, texts)
    press = SwapScript(int(not converted), fingerprint(document.name, document.sha256), span.start, span.end)
    parts: list[Item] = [ui.TextDisplay(part) for part in (head, shown, below)]
    return Card([*parts, row([Key(label, press, emoji="🔁")])], colour=NEUTRAL)


def sources_card(library: Library, *, language: Language) -> Card:
    """List the documents with their provenance and length, and the sources they name."""
    texts = texts_in(language)
    if not library.documents:
        return Card([ui.TextDisplay(texts.no_documents)], colour=NEUTRAL)
    items: list[Item] = [ui.TextDisplay(f"### {texts.sources_title}")]
    for document in library.documents[:_LISTED]:
        key = Key(texts.read, ReadPage(fingerprint(document.name, document.sha256), 0), emoji="📄")
        items.append(ui.Section(_facts(document, texts, language), accessory=key.button()))
    if len(library.documents) > _LISTED:
        count = len(library.documents) - _LISTED
        items.append(ui.TextDisplay(texts.further_documents.format(count=count)))
    named = next((document for document in library.documents if document.references), None)
    if named is not None:
        items += [line(), ui.TextDisplay(_references(named, texts, limit=_REFERENCES_UNITS))]
    return Card(items, colour=NEUTRAL)


def page_card(document: Document, pages: Sequence[Page], *, number: int, language: Language) -> Card:
    """Show one page of a document, with buttons to turn it and a menu of its sections."""
    texts = texts_in(language)
    sha = fingerprint(document.name, document.sha256)
    keys = [Key(texts.download, Download(sha), emoji="💾")]
    items: list[Item] = [ui.TextDisplay(f"### {title(document.title, texts=texts)}")]
    if pages:
        number = min(number, len(pages) - 1)
        first, last = document.lines(pages[number].span)
        place = texts.page.format(page=number + 1, pages=len(pages), lines=lines(first, last, texts=texts))
        items += [
            line(),
            ui.TextDisplay(show(document, pages[number].pieces)),
            line(),
            ui.TextDisplay(f"-# {place}"),
        ]
        keys = [*_turns(sha, number, len(pages), texts), *keys]
        items += _section_menu(sha, pages, texts)
    return Card([*items, row(keys)], colour=NEUTRAL)


def help_card(*, keeps_questions: bool, about: str, language: Language) -> Card:
    """Say what the bot does, with documents about `about`, and what it stores."""
    texts = texts_in(language)
    told = texts.help.format(about=_about(about, texts))
    privacy = texts.privacy_kept if keeps_questions else texts.privacy_not_kept
    return Card([ui.TextDisplay(told), line(), ui.TextDisplay(privacy)], colour=NEUTRAL)


def greeting_card(*, about: str, language: Language) -> Card:
    """Greet a person who has not asked anything."""
    texts = texts_in(language)
    return notice(texts.ask_me.format(about=_about(about, texts)))


def _turns(sha: str, number: int, count: int, texts: Texts) -> list[Key]:
    back = TurnPage(0, sha, max(0, number - 1))
    onward = TurnPage(1, sha, min(count - 1, number + 1))
    return [
        Key(texts.previous, back, emoji="◀️", disabled=number == 0),
        Key(texts.next, onward, emoji="▶️", disabled=number == count - 1),
    ]


def _section_menu(sha: str, pages: Sequence[Page], texts: Texts) -> list[Item]:
    names = list(sections(pages))[:_MENU]
    if len(names) < 2:
        return []
    options = [
        discord.SelectOption(label=plain(name, limit=_OPTION), value=str(place))
        for place, name in enumerate(names)
    ]
    menu: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=custom_id(JumpToSection(sha)), placeholder=texts.jump, options=options
    )
    return [ui.ActionRow(menu)]


def _facts(document: Document, texts: Texts, language: Language) -> str:
    names = {"zh-Hant": texts.traditional, "zh-Hans": texts.simplified, "en": texts.english}
    facts = texts.document_facts.format(
        language=names[document.language],
        characters=f"{len(document.text):,}",
        lines=f"{len(document.text.splitlines()):,}",
    )
    provenance = document.provenance.get(language, "")
    told = f"\n-# {inline(provenance, limit=_NAME_UNITS)}" if provenance.strip() else ""
    return f"**{title(document.title, texts=texts)}**\n-# {facts}{told}"


def _references(document: Document, texts: Texts, *, limit: int) -> str:
    head = f"**{texts.references}** — {title(document.title, texts=texts)}"
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


def _about(about: str, texts: Texts) -> str:
    """Give the line that says what the documents are about, where they say so."""
    return "" if is_blank(about) else texts.about.format(about=inline(about, limit=_ABOUT_UNITS)) + "\n"


def _other_script(language: Language, texts: Texts) -> str:
    return texts.to_simplified if language == "zh-Hant" else texts.to_traditional


def _noted(viewer: Viewer) -> str:
    return f"\n-# {viewer.note}" if viewer.note else ""
