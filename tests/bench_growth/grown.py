"""A corpus of any size from the base, and its encodings."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from index.corpus.corpus import Corpus
from index.corpus.representations import Representation
from index.corpus.tables import ComputedTables
from index.types import Block, Document, Encoding, Library, Passage, Vector
from tests.bench_growth.base import Base

_TO_ONE_DOCUMENT = 100  # passages
_REPLACED = 0.2  # of the words of a repeated passage
_LEAST_SHARE = 0.6  # of the first of the two vectors of a mixture
# The deviation of each of 384 components; the nearest of 3,377 real passages have a cosine of 0.81.
_NOISE = 0.012
_TOKEN_NOISE = 0.02
_WORD = re.compile(r"[\u4e00-\u9fff]{2}|[a-z]+|\d+")


def grown_corpus(base: Base, count: int) -> Corpus:
    """Return `count` passages in documents of a hundred each."""
    texts = [_text(base.corpus, passage) for passage in base.corpus.passages]
    own = list(base.corpus.representations)
    words = _Words(own)
    documents: list[Document] = []
    passages: list[Passage] = []
    representations: list[Representation] = []
    for first in range(0, count, _TO_ONE_DOCUMENT):
        numbers = range(first, min(first + _TO_ONE_DOCUMENT, count))
        name, at = f"{len(documents):06}.txt", 0
        for number in numbers:
            of = number % len(own)
            passages.append(_moved(base.corpus.passages[of], name, at))
            text = own[of].text if number < len(own) else words.replaced(own[of])
            representations.append(replace(own[of], passage=number, text=text))
            at += len(texts[of]) + 2
        whole = "\n\n".join(texts[number % len(own)] for number in numbers)
        spans = [passage.span for passage in passages[first:]]
        documents.append(
            replace(
                base.corpus.library.documents[0],
                name=name,
                source=whole,
                sha256=hashlib.sha256(whole.encode()).hexdigest(),
                blocks=tuple(Block(span, ()) for span in spans),
            )
        )
    library = Library(tuple(documents))
    return Corpus(
        library=library,
        passages=passages,
        hashes=[base.corpus.hashes[number % len(own)] for number in range(count)],
        representations=representations,
        tables=ComputedTables(library, passages, representations),
        annotations={},
    )


def grown_vectors(base: Vector, count: int) -> Vector:
    """Return the pooled vectors of `count` passages: (count, dimensions)."""
    draw = np.random.default_rng(1)
    found = np.empty((count, base.shape[1]), dtype=np.float32)
    for start in range(0, count, 50_000):
        rows = np.arange(start, min(start + 50_000, count))
        other = base[draw.integers(len(base), size=len(rows))]
        share = draw.uniform(_LEAST_SHARE, 1, size=(len(rows), 1)).astype(np.float32)
        mixed = share * base[rows % len(base)] + (1 - share) * other
        mixed += _NOISE * draw.standard_normal(mixed.shape, dtype=np.float32)
        found[rows] = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
    found[: len(base)] = base[:count]
    return found


def grown_encodings(base: Base, vectors: Vector) -> Iterator[Encoding]:
    """Yield the encodings of passages with these pooled vectors."""
    draw = np.random.default_rng(2)
    real = [base.index.encoding(number) for number in range(len(base.corpus.passages))]
    for number, pooled in enumerate(vectors):
        encoding = real[number % len(real)]
        tokens = encoding.tokens
        if number >= len(real):
            tokens = tokens + np.float32(_TOKEN_NOISE) * draw.standard_normal(tokens.shape, dtype=np.float32)
            tokens /= np.linalg.norm(tokens, axis=1, keepdims=True)
        yield replace(encoding, pooled=pooled, tokens=tokens)


class _Words:
    """The words of the base by their form: pairs of Han characters, and others by their length."""

    def __init__(self, representations: list[Representation]) -> None:
        self._alike: defaultdict[tuple[bool, int], list[str]] = defaultdict(list)
        self._draw = np.random.default_rng(3)
        for each in representations:
            for match in _WORD.finditer(each.text):
                self._alike[_form(match[0])].append(match[0])

    def replaced(self, representation: Representation) -> str:
        """Return a text in which a fifth of the words are others; every word stands where it stood."""
        own = representation.own_words
        context = representation.text[: len(representation.text) - len(own)]
        chances = iter(self._draw.random(2 * len(own)).tolist())

        def replaced(match: re.Match[str]) -> str:
            if next(chances) >= _REPLACED:
                return match[0]
            alike = self._alike[_form(match[0])]
            return alike[int(next(chances) * len(alike))]

        return context + _WORD.sub(replaced, own)


def _form(word: str) -> tuple[bool, int]:
    return word[0] > "\u4dff", len(word)


def _text(corpus: Corpus, passage: Passage) -> str:
    return corpus.library.document(passage.document).slice(passage.span)


def _moved(passage: Passage, document: str, at: int) -> Passage:
    """Return the passage as it stands at `at` of another document."""
    by = at - passage.span.start
    return replace(
        passage,
        document=document,
        span=passage.span.shift(by),
        sentences=tuple(span.shift(by) for span in passage.sentences),
        context=(),
    )
