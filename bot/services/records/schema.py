"""The tables of the records, and how an older file becomes one of today's."""

from __future__ import annotations

import sqlite3

from bot.services.records.identifiers import without_identifiers

VERSION = 1

_ANSWERS = """
CREATE TABLE answers (
    id INTEGER PRIMARY KEY,
    asked_at TEXT NOT NULL,
    language TEXT NOT NULL,
    outcome TEXT NOT NULL,
    confidence REAL NOT NULL,
    elapsed_ms REAL NOT NULL,
    version TEXT NOT NULL,
    question TEXT,
    quotes TEXT NOT NULL,
    asker_tag BLOB,
    helpful INTEGER NOT NULL DEFAULT 0,
    unhelpful INTEGER NOT NULL DEFAULT 0,
    wrong_passage INTEGER NOT NULL DEFAULT 0,
    no_answer INTEGER NOT NULL DEFAULT 0,
    other INTEGER NOT NULL DEFAULT 0
)
"""
_BY_TIME = "CREATE INDEX answers_asked_at ON answers (asked_at)"
# Until version 1 an answer was answered or not, was kept for ever, and its question as it was written.
_FROM_0 = """
INSERT INTO answers (id, asked_at, language, outcome, confidence, elapsed_ms, version, question, quotes,
                     helpful, unhelpful)
SELECT id, asked_at, language, CASE answered WHEN 0 THEN 'declined' ELSE 'answered' END, confidence, elapsed_ms,
       version, without_identifiers(question), quotes, helpful, unhelpful
FROM answers_0
"""


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Create the tables in a new file, or convert an older one's; nothing of the older form is left."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version >= VERSION:
        return
    is_older = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'answers'").fetchone() is not None
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # takes effect in an empty file, and by VACUUM
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN EXCLUSIVE")
    with connection:
        if is_older:
            connection.execute("ALTER TABLE answers RENAME TO answers_0")
            connection.execute("DROP INDEX IF EXISTS answers_asked_at")
        connection.execute(_ANSWERS)
        connection.execute(_BY_TIME)
        if is_older:
            connection.create_function("without_identifiers", 1, _without_identifiers, deterministic=True)
            connection.execute(_FROM_0)
            connection.execute("DROP TABLE answers_0")
        connection.execute(f"PRAGMA user_version = {VERSION}")
    if is_older:
        connection.execute("VACUUM")


def _without_identifiers(question: str | None) -> str | None:
    return None if question is None else without_identifiers(question)
