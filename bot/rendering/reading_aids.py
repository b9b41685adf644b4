"""Reading aids beneath a quote, marked as no quote: a translation or plain restatement, and the reader's names."""

from __future__ import annotations

from bot.locales import Messages
from bot.rendering.block_quote import CUT, sentences
from bot.rendering.markdown import escape_inside, inline, is_blank, units
from index import AidKind, Quote, convert_script

_NAME_UNITS = 60

# OpenCC reads its dictionaries, for a tenth of a second each, at the first conversion: now, not in the event loop.
convert_script("国", "zh-Hant")
convert_script("國", "zh-Hans")


def aid_for(quote: Quote, *, messages: Messages) -> str:
    """Return the reading aid of `quote`, labelled and escaped; empty without one."""
    if quote.aid is None or is_blank(quote.aid.text):
        return ""
    labels = {AidKind.TRANSLATION: messages.translation, AidKind.RESTATEMENT: messages.restatement}
    return labels[quote.aid.kind] + escape_inside(" ".join(quote.aid.text.split()))


def names_line(quote: Quote, *, messages: Messages) -> str:
    """Return the terms that the reader writes differently, in small print; empty where there are none."""
    pairs = [
        messages.name.format(
            written=inline(term.written, limit=_NAME_UNITS), own=inline(term.localized, limit=_NAME_UNITS)
        )
        for term in quote.terms
    ]
    return messages.names.format(names=messages.names_joint.join(pairs)) if pairs else ""


def shortened(aid: str, *, limit: int) -> str:
    """Give `aid` within `limit` units: whole, or its first sentences with a mark, or nothing."""
    if units(aid) < limit:
        return aid
    room = limit - units(CUT) - 2
    end = 0
    for part in sentences(aid):
        if units(aid[: part.end]) > room:
            break
        end = part.end
    return f"{aid[:end].rstrip()} {CUT}" if end else ""
