"""The bot's messages in English."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

import index
from bot.locales.messages import Messages

ENGLISH: Final = Messages(
    **asdict(index.messages_in("en")),
    image="[image: {alternative}]",
    qualified="{title} ({qualifier})",
    and_more="{listed} and {count} more",
    more="More ({count})",
    more_title="More quotes",
    context="Context",
    context_also="Open {title}",
    source_text="Show source text",
    whole_code="Whole code block",
    to_traditional="In Traditional Chinese",
    to_simplified="In Simplified Chinese",
    helpful="Helpful",
    unhelpful="Not helpful",
    delete="Delete the answer",
    read_on="Read on",
    not_sure="Not sure whether this answers the question.",
    no_answer="Not an answer to the question, only the nearest passage.",
    converted_to_traditional="Converted to Traditional Chinese, not the original wording",
    converted_to_simplified="Converted to Simplified Chinese, not the original wording",
    original="Show the original",
    original_title="The original",
    checksum="SHA-256 of the document",
    thanks_helpful="Thanks, good to know.",
    thanks_unhelpful="Thank you, that helps to find what is missing.",
    ask_reason="Thank you. What was wrong with it?",
    reason_wrong_passage="Wrong passage",
    reason_no_answer="Not an answer",
    reason_other="Something else",
    changed_since="The index has been rebuilt since, but this document is the same.",
    sources_title="The documents",
    document_facts="{language} · {characters} characters · {lines} lines",
    document_pages="{pages} pages",
    references="Sources it cites",
    no_documents="There are no documents yet.",
    read="Read",
    page="Page {page} of {pages} · {lines}",
    previous="Previous",
    next="Next",
    jump="Jump to a section",
    download="Download",
    download_note="The file, byte for byte:",
    download_extracted="The text extracted from {name}, in which the lines of citations are counted:",
    about="Topic",
    purpose_title="What I do",
    purpose=(
        "Ask me about anything in the documents. I answer in their own words: word for word, with title, section "
        "and line, so you can check. If they don’t say, I’ll tell you so."
    ),
    usage_title="How to ask",
    usage_command=(
        "/ask, in Traditional Chinese, Simplified Chinese or English; with “private”, only you see the answer"
    ),
    usage_mention="mention me, reply to me, or send me a direct message",
    usage_menu="on any message: Apps → Ask about this",
    usage_library="/sources lists the documents, /read opens one",
    notes_title="Good to know",
    note_model=(
        "Quotes are always the documents’ own words. Translations, restatements in plain Chinese and prepared "
        "questions were drafted by a language model and, unless marked otherwise, not checked by anyone; every "
        "translation or restatement says so. No language model writes anything while I answer."
    ),
    note_documents="A document itself may have been written or reworded by a machine; every quote from it says so.",
    stored="Stored",
    stored_questions=(
        "how many questions there were, how they went, and the questions themselves without any name, to find "
        "what the documents lack. Nothing about who asked."
    ),
    stored_counts="how many questions there were and how they went. No question, and nothing about who asked.",
    ask_me="Ask me what the documents say: mention me with your question, or use /ask.",
    welcome_title="{name} is here",
    welcome_ask="Press a question to try me, mention me with yours, or use /ask.",
    welcome_admins="Server admins: /setup shows which permissions are missing, and what to do next.",
    setup_title="Setting up {name}",
    setup_permissions="Permissions in this channel",
    setup_complete="Nothing is missing.",
    setup_missing=(
        "Missing: {permissions}. Grant them to my role in the channel’s settings, under Permissions. Until then "
        "commands work here, but I cannot answer mentions and replies."
    ),
    setup_next="What to do next",
    setup_try="Press one of the questions below: only you see the answer.",
    setup_tell="Tell people how to ask: /ask, a mention, a direct message, or Apps → Ask about this on any message.",
    setup_commands="Decide who may use which command, and where: Server Settings → Integrations → {name}.",
    setup_maintain=(
        "/status, /rebuild and /rollback belong to whoever runs me. To open them to this server’s admins, they add "
        "{server} to {setting}."
    ),
    setup_maintained="Whoever has Manage Server here may also use /status, /rebuild and /rollback.",
    setup_help="What is stored, and what is not: /help.",
    setup_invite="Add to another server",
    permission_view_channel="View Channel",
    permission_send_messages="Send Messages",
    permission_send_messages_in_threads="Send Messages in Threads",
    permission_read_message_history="Read Message History",
    demo_copies=(
        "Everything here is a copy: change a file in {folder}, then use /rebuild, and /rollback to undo it. "
        "/status shows the versions."
    ),
    status_title="Status",
    status_index="Index",
    status_index_version="version {version}",
    status_documents="Documents",
    status_documents_counts="{documents}, in {passages} passages",
    status_model="Model",
    status_built="Built",
    status_running="Answering since",
    status_loading="not yet, the model is loading",
    status_queries="Questions",
    status_query_counts="{today} in the last 24 hours, {average} a day over 7 days; {declined} not answered",
    status_times="Time to answer",
    status_time_percentiles="median {median} ms, 95th percentile {high} ms",
    status_votes="Votes",
    status_vote_counts="{helpful} helpful, {unhelpful} not helpful",
    status_no_records="not readable just now; the log says why",
    status_records="Records",
    status_versions="Versions",
    status_watch="Watching the documents folder",
    current_version="{version} (current)",
    watch_on="yes",
    watch_off="no",
    watch_paused="paused by a rollback until the next /rebuild",
    rebuild_started="Rebuilding. Until it is done, I answer from the current version.",
    rebuild_progress="{stage} · {seconds} s",
    rebuild_done=(
        "Version {version} answers now: {documents} documents, {passages} passages ({added} added, "
        "{removed} removed), built in {seconds} s."
    ),
    rebuild_unchanged="Nothing has changed: version {version} stays.",
    rebuild_failed="The rebuild failed, and the current version stays. The log says why.",
    rebuild_running="A rebuild is already running.",
    rebuild_running_by="{name} has already started a rebuild.",
    rebuild_cancelled="{name} cancelled the rebuild. The current version stays.",
    rebuild_too_late="Stopped too late: version {version} was already finished, and answers now.",
    rebuild_over="That rebuild is already over.",
    rebuild_moved="The rebuild is taking long: follow it in the message below.",
    rebuild_unheard=(
        "The rebuild is taking long, and I may not write messages here: /status and the log will say how it ends."
    ),
    rebuild_skipped="Document left out",
    rebuild_warning="Warning",
    rebuild_left_out="Also left out",
    rebuild_more="… and {count} more, which the log lists.",
    left_out_other="{count} {kind}",
    left_out_kinds={},
    rebuild_other_model="The model is another one, so all texts were encoded anew.",
    rebuild_other_rules="The program’s text rules have changed, so the whole index was built anew.",
    rebuild_damaged="The last version was damaged, or another program’s, so the whole index was built anew.",
    cancel="Cancel",
    stage_load="loading the model",
    stage_read="reading the documents",
    stage_encode="encoding",
    stage_questions="encoding the written questions",
    stage_index="building the index",
    stage_write="writing",
    stage_check="checking the new version",
    added="Added",
    changed="Changed",
    removed="Removed",
    rolled_back=(
        "Back to version {version}, which answers now. I rebuild nothing by myself until the next /rebuild."
    ),
    rollback_failed="The rollback failed, and the current version stays. The log says why.",
    unknown_version="There is no such version. /status lists them.",
    no_earlier_version="There is no earlier version to go back to.",
    getting_ready="Getting ready: the model is still loading. The answer will appear here.",
    empty="What would you like to know? Please write a question.",
    no_text="That message holds no text that I could ask about.",
    which_question="About what? Please ask in full, or reply to the answer that you mean.",
    own_role="That was my role, and Discord then withholds the text from me. Please mention me myself, or use /ask.",
    too_long="That is too long for a question: at most {limit} characters.",
    unusable="I can’t make out a question there. Please put it in words.",
    cooldown="One moment: please ask again in {seconds} s.",
    busy="Too many questions at once, the queue is full. Please try again in a minute.",
    timeout="That took too long, so I stopped. Please try again.",
    unavailable="I can’t search the documents just now. The admin’s log says why.",
    lost="Something broke twice while I was looking. Please try other words.",
    closing="I’m restarting. Please ask again in a minute.",
    unknown_document="There is no document of that name. /sources lists them.",
    ambiguous_document="Several documents have that title. Choose one of those offered, or type its path.",
    stale=("The documents have changed since then, so I can’t show the same passage any more. Please ask again."),
    forgotten="I no longer have the rest of this answer. Please ask again.",
    records_unavailable="I can’t read or change my records just now. Please try again in a minute.",
    outdated="This button is from an earlier version of me and no longer works. Please ask again.",
    only_asker="Only the person who asked can delete this answer.",
    not_admin="This is for admins: the bot’s owner, or Manage Server in a server that the owner has named.",
    too_large="The file is too large to send here.",
    blocked="This server’s AutoMod blocked my answer. Its moderators can allow it.",
    forbidden="I lack the permission to do this here. An admin of this server can grant it.",
    archived="This thread is archived, so I can’t write in it.",
    deleted="That message has been deleted.",
    unexpected="Something went wrong on my side. Please try again.",
)
