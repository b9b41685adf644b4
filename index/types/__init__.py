"""The value types that all packages share."""

from __future__ import annotations

from index.types.answers import (
    AidKind,
    Answer,
    Excerpt,
    FrontDeskIntent,
    Hit,
    LocalizedTerm,
    Outcome,
    Query,
    Quote,
    ReadingAid,
)
from index.types.builds import BuildReason, BuildReport, BuildStage, Change, StoreInfo, StoreInspection
from index.types.documents import (
    Block,
    BlockKind,
    Document,
    Library,
    Markup,
    ParagraphAnnotation,
    Passage,
    Reference,
    Skipped,
    SkippedKind,
    Term,
)
from index.types.encodings import Encoder, Encoding, Reranker, Vector
from index.types.languages import LANGUAGES, DocumentLanguage, Language
from index.types.spans import Span
from index.types.store_locations import MilvusAddress, StoreLocation, parse_store_location

__all__ = [
    "LANGUAGES",
    "AidKind",
    "Answer",
    "Block",
    "BlockKind",
    "BuildReason",
    "BuildReport",
    "BuildStage",
    "Change",
    "Document",
    "DocumentLanguage",
    "Encoder",
    "Encoding",
    "Excerpt",
    "FrontDeskIntent",
    "Hit",
    "Language",
    "Library",
    "LocalizedTerm",
    "Markup",
    "MilvusAddress",
    "Outcome",
    "ParagraphAnnotation",
    "Passage",
    "Query",
    "Quote",
    "ReadingAid",
    "Reference",
    "Reranker",
    "Skipped",
    "SkippedKind",
    "Span",
    "StoreInfo",
    "StoreInspection",
    "StoreLocation",
    "Term",
    "Vector",
    "parse_store_location",
]
