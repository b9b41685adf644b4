"""Reading aids beneath a quote, labelled as no quote: a translation or restatement, and the reader's terms."""

from __future__ import annotations

from bot.locales import Messages
from bot.rendering.text.block_quote import CUT
from bot.rendering.text.markdown import escape_inside, inline, is_blank, units
from index import AidKind, Quote, split_sentences

_TERM_UNITS = 60
_MODEL_UNITS = 60


def aid_line(quote: Quote, *, messages: Messages) -> str:
    """Return the reading aid of `quote`, labelled and escaped; empty without one."""
    if quote.aid is None or is_blank(quote.aid.text):
        return ""
    labels = {AidKind.TRANSLATION: messages.translation, AidKind.RESTATEMENT: messages.restatement}
    label = f"*{labels[quote.aid.kind]}*"
    if quote.aid.drafted_by:
        model = inline(quote.aid.drafted_by, limit=_MODEL_UNITS)
        label = messages.drafted.format(label=label, model=model)
    text = escape_inside(" ".join(quote.aid.text.split()))
    return messages.labelled.format(label=label, text=text)


def terms_line(quote: Quote, *, messages: Messages) -> str:
    """Return the terms that the reader writes differently, in small print; empty without any."""
    pairs = [
        messages.term_pair.format(
            written=inline(term.written, limit=_TERM_UNITS), localized=inline(term.localized, limit=_TERM_UNITS)
        )
        for term in quote.terms
    ]
    if not pairs:
        return ""
    return "-# " + messages.labelled.format(label=messages.terminology, text=messages.term_separator.join(pairs))


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
