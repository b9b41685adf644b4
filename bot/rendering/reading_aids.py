"""Reading aids beneath a quote, marked as no quote: a translation or plain restatement, and the reader's names."""

from __future__ import annotations

from bot.locales import Messages
from bot.rendering.block_quote import CUT, sentences
from bot.rendering.markdown import escape_inside, inline, is_blank, units
from index import Language, Quote, convert_script, names_for, restate

_NAME_UNITS = 60

# OpenCC reads its dictionaries, for a tenth of a second each, at the first conversion: now, not in the event loop.
convert_script("国", "zh-Hant")
convert_script("國", "zh-Hans")


def aid_for(quote: Quote, *, language: Language, messages: Messages, answers: bool) -> str:
    """Give what helps a reader of `language` with `quote`, labelled and escaped; empty where nothing does.

    A passage that is merely near, and answers nothing, is translated but not restated.
    """
    if quote.annotation is None or quote.language == "en":
        return ""
    if language == "en":
        return _labelled(messages.translation, quote.annotation.translation)
    if not answers or quote.annotation.restatement == quote.text:
        return ""
    return _labelled(messages.restatement, restate(quote, language))


def names_line(quote: Quote, *, language: Language, messages: Messages) -> str:
    """Give the names that a reader of `language` writes otherwise than `quote`, in small print; or nothing."""
    pairs = [
        messages.name.format(
            written=inline(name.written, limit=_NAME_UNITS), own=inline(name.own, limit=_NAME_UNITS)
        )
        for name in names_for(quote, language)
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


def _labelled(label: str, text: str) -> str:
    return "" if is_blank(text) else label + escape_inside(" ".join(text.split()))
