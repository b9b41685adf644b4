"""Reading aids beneath a quote: a translation, or a restatement in plain Chinese; plainly marked as no quote."""

from __future__ import annotations

from bot.escape import escape_inside, is_blank, units
from bot.excerpt import CUT, sentences
from bot.locales import Texts
from index import Language, Quote, convert_script


def aid_for(quote: Quote, *, language: Language, texts: Texts, answers: bool) -> str:
    """Give what helps a reader of `language` with `quote`, labelled and escaped; empty where nothing does.

    A passage that is merely near, and answers nothing, is translated but not restated.
    """
    if quote.gloss is None or quote.language == "en":
        return ""
    if language == "en":
        return _labelled(texts.translation, quote.gloss.en)
    if not answers or quote.gloss.plain == quote.text:
        return ""
    return _labelled(texts.restatement, convert_script(quote.gloss.plain, language))


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
