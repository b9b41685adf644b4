"""All that a question is matched against: FAISS, BM25 and token vectors over the same numbered views."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Self

import numpy as np

from index.errors import StoreError
from index.keywords import Keywords
from index.precedents import Precedents, precedents_of
from index.records import Records
from index.rerank import TokenVectors
from index.types import Encoder, Encoding, Vector
from index.vectors import Vectors

_VECTORS = "vectors.faiss"
_KEYWORDS = "keywords"
_TOKENS = "tokens"
_PRECEDENTS = "precedents"

Report = Callable[[str, int, int], None]

_STEP = 32  # texts between two reports of progress


class Matching:
    """Three indexes, view `n` being number `n` in each, and the precedents, where there are any."""

    def __init__(
        self, vectors: Vectors, keywords: Keywords, tokens: TokenVectors, precedents: Precedents | None
    ) -> None:
        self.vectors = vectors
        self.keywords = keywords
        self.tokens = tokens
        self.precedents = precedents

    @classmethod
    def write(
        cls,
        folder: Path,
        records: Records,
        encoder: Encoder,
        *,
        known: Earlier,
        report: Report,
    ) -> tuple[Self, int]:
        """Write the indexes of `records` into `folder` and open them; also say how many texts were encoded.

        Encodings are taken from `known`, where they are.
        """
        views = records.views
        keys = [text_hash(view.text) for view in views]
        missing = {key: view.text for key, view in zip(keys, views, strict=True) if key not in known}
        encodings = _encodings(keys, known, _encode(list(missing.values()), encoder, report))
        pooled: list[Vector] = []
        tokens = TokenVectors.write(folder / _TOKENS, views, _noting(pooled, encodings), encoder)
        precedents, new = _write_precedents(folder / _PRECEDENTS, records, encoder, known.questions, report)
        report("index", 0, 1)
        vectors = Vectors.build(np.stack(pooled))
        vectors.save(folder / _VECTORS)
        keywords = Keywords.build([view.text for view in views])
        keywords.save(folder / _KEYWORDS)
        return cls(vectors, keywords, tokens, precedents), len(missing) + new

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what `save` wrote into a version's folder. Raises StoreError."""
        try:
            return cls(
                Vectors.load(folder / _VECTORS),
                Keywords.load(folder / _KEYWORDS),
                TokenVectors.load(folder / _TOKENS),
                Precedents.load(folder / _PRECEDENTS) if (folder / _PRECEDENTS).exists() else None,
            )
        except (OSError, ValueError, KeyError) as error:
            raise StoreError(f"{folder} is damaged; run `python -m index build`") from error


class Earlier(Mapping[str, Encoding]):
    """The encodings of earlier versions by the hash of their text, each read from disk when it is asked for.

    questions: the vectors of their precedents, by question.
    """

    def __init__(self) -> None:
        self._places: dict[str, tuple[Vectors, TokenVectors, int]] = {}
        self.questions: dict[str, Vector] = {}

    def add(self, folder: Path, records: Records) -> None:
        """Put the version in `folder` behind those added before. Raises StoreError."""
        vectors, tokens = Vectors.load(folder / _VECTORS), TokenVectors.load(folder / _TOKENS)
        for number, view in enumerate(records.views):
            self._places.setdefault(text_hash(view.text), (vectors, tokens, number))
        if judged := _precedents_of(records):
            self.questions |= zip(judged, Precedents.read_vectors(folder / _PRECEDENTS), strict=True)

    def __getitem__(self, key: str) -> Encoding:
        vectors, tokens, number = self._places[key]
        return tokens.encoding(number, vectors.vector(number))

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def text_hash(text: str) -> str:
    """Name a folded text by its SHA-256."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _precedents_of(records: Records) -> dict[str, bool]:
    return precedents_of(chain.from_iterable(records.answered.values()), records.gaps)


def _write_precedents(
    folder: Path, records: Records, encoder: Encoder, known: Mapping[str, Vector], report: Report
) -> tuple[Precedents | None, int]:
    """Write the precedents, if there are any; also say how many questions were encoded."""
    judged = _precedents_of(records)
    if not judged:
        return None, 0
    missing = sorted((question for question in judged if question not in known), key=len)
    pooled = dict(known)
    for start in range(0, len(missing), _STEP):
        report("questions", start, len(missing))
        texts = missing[start : start + _STEP]
        pooled |= zip(texts, (each.pooled for each in encoder.encode_questions(texts)), strict=True)
    vectors = [pooled[question] for question in judged]
    return Precedents.write(folder, vectors, list(judged.values())), len(missing)


def _encode(texts: Sequence[str], encoder: Encoder, report: Report) -> Iterator[Encoding]:
    for start in range(0, len(texts), _STEP):
        report("encode", start, len(texts))
        yield from encoder.encode_passages(texts[start : start + _STEP])


def _encodings(
    keys: Sequence[str], known: Mapping[str, Encoding], fresh: Iterator[Encoding]
) -> Iterator[Encoding]:
    """Give the encoding of each key's text; `fresh` has those that are not known, in the order of first use."""
    uses = Counter(keys)
    kept: dict[str, Encoding] = {}  # until the last use
    for key in keys:
        uses[key] -= 1
        if key in known:
            yield known[key]
            continue
        if key not in kept:
            kept[key] = next(fresh)
        yield kept[key] if uses[key] else kept.pop(key)


def _noting(pooled: list[Vector], encodings: Iterable[Encoding]) -> Iterator[Encoding]:
    for encoding in encodings:
        pooled.append(encoding.pooled)
        yield encoding
