"""The shared messages in English."""

from __future__ import annotations

from typing import Final

from index.locales.messages import Messages

ENGLISH: Final = Messages(
    declined="The documents don’t answer this.",
    unsure="This may be the answer, but I’m not sure:",
    nearest="The nearest passages, not an answer:",
    title="“{title}”",
    line="line {first}",
    lines="lines {first}–{last}",
    source_page="page {page}",
    also="Also",
    excerpt="(excerpt)",
    labelled="{label}: {text}",
    drafted="{label}; drafted by {model}, not checked by a person",
    translation="Translation, not a quote",
    restatement="In plain Chinese, not a quote",
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
