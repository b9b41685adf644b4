"""The shared messages in English."""

from __future__ import annotations

from typing import Final

from index.locales.messages import Messages

ENGLISH: Final = Messages(
    declined="The documents don’t answer this.",
    unsure="Not sure, this may be it:",
    nearest="The nearest passage, not an answer:",
    searched_for="Searched for: {question}",
    title="“{title}”",
    line="line {first}",
    lines="lines {first}–{last}",
    source_page="page {page}",
    cited_also="{first}; also {others}",
    excerpt="(excerpt)",
    labelled="{label}: {text}",
    drafted="{label} ({model})",
    translation="Machine translation, not checked",
    restatement="In plain Chinese, not a quote; drafted by a language model, not checked",
    checked_translation="Translation, not a quote",
    checked_restatement="In plain Chinese, not a quote",
    terminology="Names",
    term_pair="{written} = {localized}",
    term_separator="; ",
    traditional="Traditional Chinese",
    simplified="Simplified Chinese",
    english="English",
    cantonese="Cantonese",
    japanese="Japanese",
    korean="Korean",
)
