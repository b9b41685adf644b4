"""Reading aids beside a quote, labelled as no quote: a translation or restatement, and the reader's terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.locales import Messages
from bot.rendering.pages.pagination import Page, numbered
from bot.rendering.text.block_quote import CUT
from bot.rendering.text.markdown import escape_inside, inline, is_blank, units
from index import AidKind, Document, Quote, ReadingAid, split_sentences

_TERM_UNITS = 60
_MODEL_UNITS = 60
# Of a page's reading aids; they are longer than the page, and a message holds a heading and buttons too.
_PART_UNITS = 2800
# The line feed, the marks of bold and of small print.
_MARK_UNITS = 12


def is_translated(quote: Quote) -> bool:
    """Return whether `quote` has a translation, which is shown before it."""
    return quote.aid is not None and quote.aid.kind is AidKind.TRANSLATION and not is_blank(quote.aid.text)


def translation_lines(quote: Quote, *, messages: Messages, limit: int, bold: bool) -> str:
    """Return the translation of `quote` and beneath it what it is, within `limit` units; empty without one."""
    if quote.aid is None or not is_translated(quote):
        return ""
    label = f"\n{translation_label(quote, messages=messages)}"
    text = shortened(escaped(quote.aid.text), limit=limit - units(label) - _MARK_UNITS)
    return (f"**{text}**" if bold else text) + label if text else ""


def translation_label(quote: Quote, *, messages: Messages) -> str:
    """Return what the translation of `quote` is, in small print; empty without one."""
    return f"-# {_label(quote.aid, messages)}" if quote.aid is not None and is_translated(quote) else ""


def restatement_line(quote: Quote, *, messages: Messages) -> str:
    """Return the restatement of `quote`, labelled; empty without one."""
    if quote.aid is None or quote.aid.kind is not AidKind.RESTATEMENT or is_blank(quote.aid.text):
        return ""
    return messages.labelled.format(label=f"*{_label(quote.aid, messages)}*", text=escaped(quote.aid.text))


def paragraphs_line(aid: ReadingAid, *, messages: Messages) -> str:
    """Return the reading aid of the whole paragraphs, labelled; empty where it shows nothing."""
    text = aid.paragraphs or aid.text
    if is_blank(text):
        return ""
    return messages.labelled.format(label=f"*{_label(aid, messages)}*", text=escaped(text))


def terms_line(quote: Quote, *, messages: Messages) -> str:
    """Return the terms that the reader writes differently, in small print; empty beside a translation."""
    pairs = [
        messages.term_pair.format(
            written=inline(term.written, limit=_TERM_UNITS), localized=inline(term.localized, limit=_TERM_UNITS)
        )
        for term in quote.terms
    ]
    if not pairs or is_translated(quote):
        return ""
    return "-# " + messages.labelled.format(label=messages.terminology, text=messages.term_separator.join(pairs))


def page_aids(
    document: Document, page: Page, aids: Mapping[int, ReadingAid], *, messages: Messages
) -> tuple[str, ...]:
    """Return the reading aids of a page in parts that a message holds, each below what they are; none without any.

    aids: by block number. A block without one stands in the document's own words, as a block quote.
    """
    on_page = {number: aids[number] for number in block_numbers(document, page) if number in aids}
    if not on_page:
        return ()
    texts: dict[str, None] = {}
    for block in page.blocks:
        (number,) = block_numbers(document, Page((block,)))
        if number in on_page:
            first, last = document.lines(document.blocks[number].span)
            label = f"`{first}`" if first == last else f"`{first}–{last}`"
            texts[shortened(f"{label} {escaped(on_page[number].text)}", limit=_PART_UNITS)] = None
        else:
            rows = numbered(document, block.span, messages=messages)
            texts["\n".join(f"> {row}" for row in rows)] = None
    label = "; ".join(dict.fromkeys(_label(aid, messages) for aid in on_page.values()))
    return tuple(f"-# {label}\n{part}" for part in _packed(filter(None, texts)))


def block_numbers(document: Document, page: Page) -> tuple[int, ...]:
    """Return the numbers of the blocks on a page, in order."""
    return tuple(dict.fromkeys(document.block_after(each.span.start) for each in page.blocks))


def _packed(texts: Iterable[str]) -> Iterator[str]:
    """Yield the texts, as many together as fit into a part."""
    part = ""
    for text in texts:
        ends_quote = part.rpartition("\n")[2].startswith("> ") and not text.startswith("> ")
        gap = "\n\n" if ends_quote else "\n"
        joined = f"{part}{gap}{text}" if part else text
        if part and units(joined) > _PART_UNITS:
            yield part
            joined = text
        part = joined
    if part:
        yield part


def shortened(aid: str, *, limit: int) -> str:
    """Return `aid` within `limit` units: whole, its first sentences and a mark, or nothing."""
    if units(aid) < limit:
        return aid
    room = limit - units(CUT) - 2
    end = 0
    for sentence in split_sentences(aid):
        if units(aid[: sentence.end]) > room:
            break
        end = sentence.end
    return f"{aid[:end].rstrip()} {CUT}" if end else ""


def _label(aid: ReadingAid, messages: Messages) -> str:
    """Return what `aid` is, whether it was checked, and which model drafted it where that is known."""
    label = messages.aid_label(aid)
    if is_blank(aid.drafted_by):
        return label
    return messages.drafted.format(label=label, model=inline(aid.drafted_by, limit=_MODEL_UNITS))


def escaped(text: str) -> str:
    """Return an aid on one line, as Markdown that shows exactly its text."""
    return escape_inside(" ".join(text.split()))
