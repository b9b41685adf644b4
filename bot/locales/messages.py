"""The form of a language's messages: every line the bot can say, by name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Messages:
    """One language's lines; `{names}` in braces are filled in by the caller."""

    # The answer layout
    not_found: str
    nearest: str
    also: str
    title: str
    line: str
    lines: str
    cut: str
    translation: str
    restatement: str
    names: str
    name: str
    names_joint: str
    more: str
    more_title: str
    context: str
    context_also: str
    to_traditional: str
    to_simplified: str
    helpful: str
    unhelpful: str
    delete: str

    # What the buttons show
    context_title: str
    read_from_here: str
    converted_to_traditional: str
    converted_to_simplified: str
    original: str
    original_title: str
    thanks_helpful: str
    thanks_unhelpful: str
    changed_since: str

    # The library
    sources_title: str
    document_facts: str
    traditional: str
    simplified: str
    english: str
    references: str
    further_documents: str
    no_documents: str
    read: str
    page: str
    previous: str
    next: str
    jump: str
    download: str
    download_note: str
    about: str
    help: str
    privacy_kept: str
    privacy_not_kept: str

    # For admins
    status_title: str
    status_version: str
    status_documents: str
    status_model: str
    status_built: str
    status_running: str
    status_loading: str
    status_answers: str
    status_times: str
    status_liked: str
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
    rebuild_unheard: str
    cancel: str
    stage_load: str
    stage_read: str
    stage_encode: str
    stage_questions: str
    stage_index: str
    stage_write: str
    stage_check: str
    rolled_back: str
    rollback_failed: str
    unknown_version: str
    no_earlier_version: str
    status_versions: str
    current_version: str
    watch_on: str
    watch_off: str
    watch_paused: str
    rebuild_skipped: str
    rebuild_other_model: str
    rebuild_other_rules: str
    rebuild_not_whole: str
    added: str
    changed: str
    removed: str

    # One line, when something is not as wished
    getting_ready: str
    empty: str
    too_long: str
    unusable: str
    ask_me: str
    cooldown: str
    busy: str
    timeout: str
    unavailable: str
    lost: str
    closing: str
    unknown_document: str
    stale: str
    forgotten: str
    only_asker: str
    not_admin: str
    too_large: str
    unexpected: str
