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
    ModelError,
    QuestionError,
    SettingsError,
    StoreBusyError,
    StoreError,
)
from index.names import names_for, restate
from index.scripts import convert_script, language_of
from index.settings import Settings
from index.types import (
    LANGUAGES,
    Answer,
    BuildReport,
    Change,
    Document,
    Encoder,
    Gloss,
    Language,
    Library,
    Name,
    Paragraph,
    Quote,
    Reference,
    Skipped,
    Span,
    StoreInfo,
    Term,
)

if TYPE_CHECKING:
    from index.build import build_store
    from index.encoder import load_encoder
    from index.reading import read_info, read_library, read_versions, rollback
    from index.search import Index

__all__ = [
    "LANGUAGES",
    "Answer",
    "BuildReport",
    "Change",
    "ChronicleError",
    "Document",
    "DocumentsError",
    "Encoder",
    "Gloss",
    "Index",
    "Language",
    "Library",
    "ModelError",
    "Name",
    "Paragraph",
    "QuestionError",
    "Quote",
    "Reference",
    "Settings",
    "SettingsError",
    "Skipped",
    "Span",
    "StoreBusyError",
    "StoreError",
    "StoreInfo",
    "Term",
    "build_store",
    "convert_script",
    "language_of",
    "load_encoder",
    "names_for",
    "read_info",
    "read_library",
    "read_versions",
    "restate",
    "rollback",
]

_ON_FIRST_USE = {
    "Index": "index.search",
    "build_store": "index.build",
    "load_encoder": "index.encoder",
    "read_info": "index.reading",
    "read_library": "index.reading",
    "read_versions": "index.reading",
    "rollback": "index.reading",
}


def __getattr__(name: str) -> object:
    if name not in _ON_FIRST_USE:
        raise AttributeError(f"module 'index' has no attribute {name!r}")
    return getattr(import_module(_ON_FIRST_USE[name]), name)
