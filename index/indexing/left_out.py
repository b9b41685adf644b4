"""Count what a build left out, by kind, so that a report of hundreds of pictures stays one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Final

from index.types import Skipped, SkippedKind

_KINDS: Final[Mapping[str, str]] = {
    suffix: kind
    for kind, suffixes in {
        "images": ".png .jpg .jpeg .gif .svg .webp .avif .bmp .ico .tif .tiff .heic .drawio",
        "scripts": ".js .mjs .cjs .ts .tsx .jsx .py .sh .rb .go .rs .java .c .h .cpp .lua .vue .ps1 .bat",
        "style sheets": ".css .scss .sass .less",
        "data files": ".json .jsonl .yaml .yml .toml .xml .ini .cfg .lock .db .sqlite .parquet .tsv",
        "fonts": ".ttf .otf .woff .woff2 .eot",
        "sounds": ".mp3 .wav .ogg .flac .m4a",
        "videos": ".mp4 .webm .mov .mkv .avi",
        "archives": ".zip .gz .tgz .tar .xz .7z .rar",
    }.items()
    for suffix in suffixes.split()
}


def count_left_out(notes: Iterable[Skipped], parts: Mapping[str, int]) -> dict[str, int]:
    """Return how many files in no format of documents, and how many `parts` of documents, there are of each kind.

    The most frequent come first. A file of an unknown kind is counted by its suffix.
    """
    counts = Counter(parts)
    counts.update(_kind_of(note.name) for note in notes if note.kind is SkippedKind.OTHER_FILE)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def notes_on_documents(notes: Iterable[Skipped]) -> tuple[Skipped, ...]:
    """Return the notes that name a document or sidecar, those on documents that were left out first."""
    found = [note for note in notes if note.kind is not SkippedKind.OTHER_FILE]
    return tuple(sorted(found, key=lambda note: note.kind is SkippedKind.NOTE))


def _kind_of(name: str) -> str:
    suffix = PurePosixPath(name).suffix.lower()
    return _KINDS.get(suffix, f"{suffix} files" if suffix else "files without a suffix")
