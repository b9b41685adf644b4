"""The shared messages in English."""

from __future__ import annotations

from typing import Final

from index.locales.messages import Messages

ENGLISH: Final = Messages(
    declined="The documents don’t answer this.",
    unsure="Not sure, this may be it:",
    nearest="The nearest passage, not an answer:",
    searched_for="Searched for: {question}",
    desk_greeting="Hello! Ask me anything about the documents, and I’ll quote what they say.",
    desk_thanks="Glad to help. Ask away whenever you like.",
    desk_abilities="Ask me in Chinese or English: I find the passage that answers and quote it, with its source.",
    desk_limits="If the documents don’t answer it, I say so. I don’t chat, summarise or search the web.",
    desk_maker="I’m Llama Chronicle, an open-source program by the Llama Chronicle developers.",
    desk_nature="I’m no person and no chatbot: I quote documents, and no language model writes my answers.",
    desk_about="The documents are about {about}.",
    desk_titles="Documents ({count}): {titles}",
    desk_quotes="Every quote is a document’s own text, with its source. Whether the document is right, I can’t tell.",
    desk_sources="What they are: {sources}",
    desk_no_sources="Nobody has noted where the documents come from.",
    desk_no_summary="I don’t write summaries: I quote the documents, one question at a time.",
    desk_more="{listed}; {count} more",
    desk_separator="; ",
    title="“{title}”",
    qualified="{title} ({qualifier})",
    line="line {first}",
    lines="lines {first}–{last}",
    source_page="page {page}",
    cited_also="{first}; also {others}",
    excerpt="(excerpt)",
    image="image: {alternative}",
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
