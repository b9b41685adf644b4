"""What the bot says beyond the messages that every front end shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import index


@dataclass(frozen=True, slots=True)
class Messages(index.Messages):
    """Texts of one language, without Markdown; the caller fills the `{fields}` in braces."""

    # A quote and its citation
    and_more: str

    # Buttons beneath an answer
    more: str
    more_title: str
    context: str
    context_also: str
    source_text: str
    whole_code: str
    to_traditional: str
    to_simplified: str
    helpful: str
    unhelpful: str
    delete: str

    # What the buttons show
    not_sure: str
    no_answer: str
    read_on: str
    converted_to_traditional: str
    converted_to_simplified: str
    original: str
    original_title: str
    checksum: str
    thanks_helpful: str
    thanks_unhelpful: str
    ask_reason: str
    reason_wrong_passage: str
    reason_no_answer: str
    reason_other: str
    changed_since: str

    # The library
    sources_title: str
    document_facts: str
    document_pages: str
    references: str
    no_documents: str
    read: str
    page: str
    previous: str
    next: str
    jump: str
    read_translation: str
    read_restatement: str
    download: str
    download_note: str
    download_extracted: str

    # Help
    about: str
    purpose_title: str
    purpose: str
    usage_title: str
    usage_command: str
    usage_mention: str
    usage_menu: str
    usage_library: str
    notes_title: str
    note_model: str
    note_documents: str
    stored: str
    stored_questions: str
    stored_counts: str
    ask_me: str

    # In a server that the bot was added to
    welcome_title: str
    welcome_ask: str
    welcome_admins: str
    setup_title: str
    setup_permissions: str
    setup_complete: str
    setup_missing: str
    setup_next: str
    setup_try: str
    setup_tell: str
    setup_commands: str
    setup_maintain: str
    setup_maintained: str
    setup_help: str
    setup_invite: str
    permission_view_channel: str
    permission_send_messages: str
    permission_send_messages_in_threads: str
    permission_read_message_history: str
    demo_copies: str

    # What the commands named by the front desk do
    desk_ask: str
    desk_list: str
    desk_read: str
    desk_help: str

    # For admins
    status_title: str
    status_index: str
    status_index_version: str
    status_documents: str
    status_documents_counts: str
    status_model: str
    status_built: str
    status_running: str
    status_loading: str
    status_queries: str
    status_query_counts: str
    status_times: str
    status_time_percentiles: str
    status_votes: str
    status_vote_counts: str
    status_no_records: str
    status_records: str
    status_versions: str
    status_watch: str
    current_version: str
    watch_on: str
    watch_off: str
    watch_paused: str
    watch_fell_back: str
    gaps_title: str
    gaps_period: str
    gaps_counts: str
    gaps_not_kept: str
    gaps_by_wording: str
    gaps_times: str
    gaps_ending: str
    gaps_declined: str
    gaps_unsure: str
    gaps_unhelpful: str
    gaps_also: str
    gaps_more: str
    gaps_none: str
    rebuild_started: str
    rebuild_progress: str
    rebuild_done: str
    rebuild_unchanged: str
    rebuild_failed: str
    rebuild_running: str
    rebuild_running_by: str
    rebuild_cancelled: str
    rebuild_too_late: str
    rebuild_over: str
    rebuild_moved: str
    rebuild_moved_private: str
    rebuild_unheard: str
    rebuild_skipped: str
    rebuild_warning: str
    rebuild_left_out: str
    rebuild_more: str
    left_out_other: str
    left_out_kinds: Mapping[str, str]
    rebuild_other_model: str
    rebuild_other_rules: str
    rebuild_damaged: str
    cancel: str
    stage_load: str
    stage_read: str
    stage_encode: str
    stage_questions: str
    stage_index: str
    stage_write: str
    stage_check: str
    added: str
    changed: str
    removed: str
    rolled_back: str
    rollback_failed: str
    unknown_version: str
    no_earlier_version: str

    # One line when a request cannot be served
    getting_ready: str
    empty: str
    no_text: str
    which_question: str
    own_role: str
    too_long: str
    unusable: str
    cooldown: str
    busy: str
    timeout: str
    unavailable: str
    lost: str
    closing: str
    unknown_document: str
    ambiguous_document: str
    stale: str
    forgotten: str
    records_unavailable: str
    outdated: str
    forget_done: str
    forget_none: str
    forget_note: str
    only_asker: str
    not_admin: str
    too_large: str
    blocked: str
    forbidden: str
    archived: str
    deleted: str
    unexpected: str
