"""Documents in, cited quotes out: the library's front door.

Importing it is cheap. The names that need torch or FAISS are loaded on their first use, so that a process
that only reads the store's documents, as the bot's own, never imports either.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from index.errors import (
    ChronicleError,
    DocumentsError,
    DraftError,
    ModelError,
    QuestionError,
    SettingsError,
    StoreBusyError,
    StoreError,
    StoreOutdatedError,
    StoreUnreachableError,
    StoreUnreadableError,
)
from index.locales import Messages, messages_in, reader_language
from index.settings import Settings
from index.store.version_names import find_version, version_label
from index.text.chat.follow_ups import names_no_topic
from index.text.chinese import convert_script, language_of
from index.text.markup import Run, RunKind, render
from index.text.query import MAX_QUESTION_LENGTH
from index.text.sanitize import visible
from index.text.sentences import split_sentences
from index.types import (
    LANGUAGES,
    AidKind,
    Answer,
    Block,
    BlockKind,
    BuildReason,
    BuildReport,
    BuildStage,
    Change,
    Document,
    DocumentLanguage,
    Encoder,
    Excerpt,
    FrontDeskIntent,
    Language,
    Library,
    LocalizedTerm,
    Markup,
    MilvusAddress,
    Outcome,
    Query,
    Quote,
    ReadingAid,
    Reference,
    Reranker,
    Skipped,
    SkippedKind,
    Span,
    StoreInfo,
    StoreInspection,
)

if TYPE_CHECKING:
    from index.answering.engine import Index
    from index.answering.front_desk.replies import front_desk_reply
    from index.answering.policy import AnswerPolicy
    from index.answering.question_groups import group_questions
    from index.answering.quoting.excerpts import excerpt
    from index.answering.quoting.quotes import quote_at
    from index.answering.quoting.reading_aids import paragraph_aids
    from index.encoding.encoder import load_encoder
    from index.encoding.preferred_runtime import runtime_status
    from index.encoding.reranker import load_reranker, require_reranker
    from index.indexing.builder import build_store
    from index.indexing.inspection import inspect_documents, inspect_store
    from index.store.opening import open_store
    from index.store.store import Store

__all__ = [
    "LANGUAGES",
    "MAX_QUESTION_LENGTH",
    "AidKind",
    "Answer",
    "AnswerPolicy",
    "Block",
    "BlockKind",
    "BuildReason",
    "BuildReport",
    "BuildStage",
    "Change",
    "ChronicleError",
    "Document",
    "DocumentLanguage",
    "DocumentsError",
    "DraftError",
    "Encoder",
    "Excerpt",
    "FrontDeskIntent",
    "Index",
    "Language",
    "Library",
    "LocalizedTerm",
    "Markup",
    "Messages",
    "MilvusAddress",
    "ModelError",
    "Outcome",
    "Query",
    "QuestionError",
    "Quote",
    "ReadingAid",
    "Reference",
    "Reranker",
    "Run",
    "RunKind",
    "Settings",
    "SettingsError",
    "Skipped",
    "SkippedKind",
    "Span",
    "Store",
    "StoreBusyError",
    "StoreError",
    "StoreInfo",
    "StoreInspection",
    "StoreOutdatedError",
    "StoreUnreachableError",
    "StoreUnreadableError",
    "build_store",
    "convert_script",
    "excerpt",
    "find_version",
    "front_desk_reply",
    "group_questions",
    "inspect_documents",
    "inspect_store",
    "language_of",
    "load_encoder",
    "load_reranker",
    "messages_in",
    "names_no_topic",
    "open_store",
    "paragraph_aids",
    "quote_at",
    "reader_language",
    "render",
    "require_reranker",
    "runtime_status",
    "split_sentences",
    "version_label",
    "visible",
]

_ON_FIRST_USE = {
    "AnswerPolicy": "index.answering.policy",
    "Index": "index.answering.engine",
    "Store": "index.store.store",
    "open_store": "index.store.opening",
    "excerpt": "index.answering.quoting.excerpts",
    "front_desk_reply": "index.answering.front_desk.replies",
    "group_questions": "index.answering.question_groups",
    "build_store": "index.indexing.builder",
    "inspect_documents": "index.indexing.inspection",
    "inspect_store": "index.indexing.inspection",
    "paragraph_aids": "index.answering.quoting.reading_aids",
    "quote_at": "index.answering.quoting.quotes",
    "load_encoder": "index.encoding.encoder",
    "load_reranker": "index.encoding.reranker",
    "require_reranker": "index.encoding.reranker",
    "runtime_status": "index.encoding.preferred_runtime",
}


def __getattr__(name: str) -> object:
    if name not in _ON_FIRST_USE:
        raise AttributeError(f"module 'index' has no attribute {name!r}")
    return getattr(import_module(_ON_FIRST_USE[name]), name)
