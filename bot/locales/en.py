"""The English messages."""

from __future__ import annotations

from typing import Final

from bot.locales.messages import Messages

ENGLISH: Final = Messages(
    not_found="The documents don’t answer this.",
    nearest="The nearest passages, **not an answer**:",
    also="also:",
    title="“{title}”",
    line="line {first}",
    lines="lines {first}–{last}",
    cut="(shortened)",
    translation="*Translation, not a quote:* ",
    restatement="*In plain Chinese, not a quote:* ",
    names="-# Names: {names}",
    name="{written} = {own}",
    names_joint="; ",
    more="More quotes ({count})",
    more_title="More quotes",
    context="In context",
    context_also="In context: other source",
    to_traditional="In Traditional Chinese",
    to_simplified="In Simplified Chinese",
    helpful="Helpful",
    unhelpful="Not helpful",
    delete="Delete",
    context_title="In context",
    read_from_here="Read on",
    converted_to_traditional="Converted to Traditional Chinese, not the original wording",
    converted_to_simplified="Converted to Simplified Chinese, not the original wording",
    original="Show the original",
    original_title="The original",
    thanks_helpful="Thank you, good to know.",
    thanks_unhelpful="Thank you, that helps to find what is missing.",
    changed_since="The index was rebuilt since; this document is unchanged.",
    sources_title="The documents",
    document_facts="{language} · {characters} characters · {lines} lines",
    traditional="Traditional Chinese",
    simplified="Simplified Chinese",
    english="English",
    references="Sources it names",
    further_documents="… and {count} more: `/read` finds them by name.",
    no_documents="There are no documents yet.",
    read="Read",
    page="Page {page} of {pages} · {lines}",
    previous="Previous",
    next="Next",
    jump="Jump to a section",
    download="Download",
    download_note="The file, byte for byte:",
    about="**The documents:** {about}",
    help=(
        "### What I do\n"
        "{about}"
        "Ask about what the documents say. I answer **in their own words**: passages quoted verbatim, with "
        "title, section and lines, so that you can check them. No language model writes anything. Where the "
        "documents say nothing, I say so.\n"
        "### How to ask\n"
        "- `/ask`, in Traditional Chinese, Simplified Chinese or English; `private` shows the answer "
        "to you alone\n"
        "- mention me, reply to me, or write to me directly\n"
        "- on any message: Apps → `Ask about this`\n"
        "- `/sources` lists the documents, `/read` opens one\n"
        "### Good to know\n"
        "A document may be written or reworded by a machine; then each of its citations says so."
    ),
    privacy_kept=(
        "**Stored:** how many questions there were, how they went, and the questions themselves without any name, "
        "to find what the documents lack. Nothing about who asked."
    ),
    privacy_not_kept=(
        "**Stored:** how many questions there were and how they went. No question, nothing about who asked."
    ),
    status_title="Status",
    status_version="**Index:** version {version}",
    status_documents="**Documents:** {documents}, in {passages} passages",
    status_model="**Model:** {model}",
    status_built="**Built:** {built}",
    status_running="**Answering since:** {since}",
    status_loading="**Answering:** not yet, the model is loading",
    status_answers=(
        "**Questions:** {today} in the last 24 hours, {average} a day over 7 days; {declined} not answered"
    ),
    status_times="**Time to answer:** median {median} ms, 95th percentile {high} ms",
    status_liked="**Votes:** {helpful} helpful, {unhelpful} not helpful",
    rebuild_started="Rebuilding. Questions go on being answered from the present version.",
    rebuild_progress="{stage} · {seconds} s",
    rebuild_done=(
        "Version {version} answers now: {documents} documents, {passages} passages ({added} added, "
        "{removed} removed), built in {seconds} s."
    ),
    rebuild_unchanged="Nothing has changed: version {version} stays.",
    rebuild_failed="The rebuild failed, and the present version stays. The log says why.",
    rebuild_running="A rebuild is already running.",
    rebuild_running_by="{name} has already started a rebuild.",
    rebuild_cancelled="{name} cancelled the rebuild. The present version stays.",
    rebuild_too_late="Stopped too late: version {version} was finished already, and answers now.",
    rebuild_over="That rebuild is over already.",
    rebuild_moved="The rebuild takes long: it is reported in a message below.",
    rebuild_unheard=(
        "The rebuild takes long, and I may not write messages here: `/status` and the log will say how it ends."
    ),
    cancel="Cancel",
    stage_load="loading the model",
    stage_read="reading the documents",
    stage_encode="encoding",
    stage_questions="encoding the written questions",
    stage_index="building the index",
    stage_write="writing",
    stage_check="checking the new version",
    rolled_back=(
        "Back to version {version}, which answers now. Nothing is rebuilt by itself until the next `/rebuild`."
    ),
    rollback_failed="Going back failed, and the present version stays. The log says why.",
    unknown_version="There is no such version. `/status` lists them.",
    no_earlier_version="There is no earlier version to go back to.",
    status_versions="**IndexVersions:** {versions}",
    current_version="{version} (current)",
    watch_on="**Watching the documents folder:** yes",
    watch_off="**Watching the documents folder:** no",
    watch_paused="**Watching the documents folder:** paused by a rollback until the next `/rebuild`",
    rebuild_skipped="Left out",
    rebuild_other_model="All messages were encoded anew, because the model is another one.",
    rebuild_other_rules="Built anew as a whole, because the program’s rules for messages are others.",
    rebuild_not_whole="Built anew as a whole, because the version before was damaged or another program’s.",
    added="Added",
    changed="Changed",
    removed="Removed",
    getting_ready="Getting ready: the model is still loading. The answer will appear here.",
    empty="What would you like to know? Please write a question.",
    too_long="That is too long for a question: at most {limit} characters.",
    unusable="I can’t make a question of that. Please put it in words.",
    ask_me="{about}Ask me about what the documents say: mention me with a question, or use `/ask`.",
    cooldown="One moment: please ask again in {seconds} s.",
    busy="Too many questions at once, the queue is full. Please try again in a minute.",
    timeout="That took too long, so I stopped. Please try again.",
    unavailable="I can’t search the documents just now. The log tells the operator why.",
    lost="Something broke twice while I looked for this. Please try other words.",
    closing="I’m restarting. Please ask again in a minute.",
    unknown_document="There is no document of that name. `/sources` lists them.",
    stale=(
        "The documents have changed since this was shown, so I can’t show the same passage any more. "
        "Please ask again."
    ),
    forgotten="I no longer have the rest of this answer. Please ask again.",
    only_asker="Only the person who asked can delete this answer.",
    not_admin="That is for the operator: the bot’s owner, or Manage Server in a server the operator named.",
    too_large="The file is too large to send here.",
    unexpected="Something went wrong on my side. Please try again.",
)
