"""All that a question is matched against: FAISS, BM25 and token vectors over the same numbered representations."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Self

import numpy as np

from index.answering.answerability import AnswerabilityModel, label_questions
from index.corpus.corpus import Corpus
from index.errors import REBUILD, StoreError
from index.retrieval.bm25 import BM25Index
from index.retrieval.dense import DenseIndex
from index.retrieval.encoded_query import EncodedQuery
from index.retrieval.late_interaction import MaxSimScores, TokenIndex
from index.retrieval.ranking_config import RankingConfig
from index.types import Encoder, Encoding, Vector

_VECTORS = "vectors.faiss"
_KEYWORDS = "keywords"
_TOKENS = "tokens"
_PRECEDENTS = "precedents"

Report = Callable[[str, int, int], None]

_STEP = 32  # texts between two reports of progress


class HybridIndex:
    """Three indexes, representation `n` being number `n` in each, and the precedents, where there are any."""

    def __init__(
        self, vectors: DenseIndex, keywords: BM25Index, tokens: TokenIndex, precedents: AnswerabilityModel | None
    ) -> None:
        self.vectors = vectors
        self.keywords = keywords
        self.tokens = tokens
        self.precedents = precedents

    @classmethod
    def write(
        cls,
        folder: Path,
        corpus: Corpus,
        encoder: Encoder,
        *,
        known: ReusableEncodings,
        report: Report,
    ) -> tuple[Self, int]:
        """Write the indexes of `corpus` into `folder` and open them; also say how many texts were encoded.

        Encodings are taken from `known`, where they are.
        """
        representations = corpus.representations
        keys = [text_hash(representation.text) for representation in representations]
        missing = {
            key: representation.text
            for key, representation in zip(keys, representations, strict=True)
            if key not in known
        }
        encodings = _encodings(keys, known, _encode(list(missing.values()), encoder, report))
        pooled: list[Vector] = []
        tokens = TokenIndex.write(folder / _TOKENS, representations, _noting(pooled, encodings), encoder)
        precedents, new = _write_precedents(folder / _PRECEDENTS, corpus, encoder, known.questions, report)
        report("index", 0, 1)
        vectors = DenseIndex.build(np.stack(pooled))
        vectors.save(folder / _VECTORS)
        keywords = BM25Index.build([representation.text for representation in representations])
        keywords.save(folder / _KEYWORDS)
        return cls(vectors, keywords, tokens, precedents), len(missing) + new

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what `save` wrote into a version's folder. Raises StoreError."""
        try:
            return cls(
                DenseIndex.load(folder / _VECTORS),
                BM25Index.load(folder / _KEYWORDS),
                TokenIndex.load(folder / _TOKENS),
                AnswerabilityModel.load(folder / _PRECEDENTS) if (folder / _PRECEDENTS).exists() else None,
            )
        except (OSError, ValueError, KeyError) as error:
            raise StoreError(f"{folder} is damaged; {REBUILD}") from error

    def candidates(self, query: EncodedQuery, count: int) -> list[int]:
        """Return the representations that dense search and BM25 propose, up to `count` each."""
        scores = self.keywords.scores(query.terms)
        count = min(count, len(scores))
        best = np.argpartition(-scores, count - 1)[:count]
        return [*self.vectors.nearest(query.encoding.pooled, count), *best[scores[best] > 0].tolist()]

    def similarities(self, question: Vector, representations: Sequence[int]) -> Vector:
        """Return the cosine of the pooled vector `question` with each representation."""
        return self.vectors.similarities(question, list(representations))

    def bm25_scores(self, terms: Sequence[str], representations: Sequence[int]) -> Vector:
        """Return the BM25 score of each representation, 0 where no term occurs."""
        return np.asarray(self.keywords.scores(terms)[list(representations)], dtype=np.float32)

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of `term` in nats."""
        return self.keywords.rarity(term)

    def max_sim(self, query: EncodedQuery, representations: Sequence[int], config: RankingConfig) -> MaxSimScores:
        """Return the late-interaction scores of each representation and of its segments."""
        return self.tokens.score(query.encoding, representations, chinese=query.is_chinese, config=config)


class ReusableEncodings(Mapping[str, Encoding]):
    """The encodings of earlier versions by the hash of their text, each read from disk when it is asked for.

    questions: the vectors of their precedents, by question.
    """

    def __init__(self) -> None:
        self._places: dict[str, tuple[DenseIndex, TokenIndex, int]] = {}
        self.questions: dict[str, Vector] = {}

    def add(self, folder: Path, corpus: Corpus) -> None:
        """Put the version in `folder` behind those added before. Raises StoreError."""
        vectors, tokens = DenseIndex.load(folder / _VECTORS), TokenIndex.load(folder / _TOKENS)
        for number, representation in enumerate(corpus.representations):
            self._places.setdefault(text_hash(representation.text), (vectors, tokens, number))
        if judged := _precedents_of(corpus):
            self.questions |= zip(judged, AnswerabilityModel.read_vectors(folder / _PRECEDENTS), strict=True)

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
    """Name a normalized text by its SHA-256."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _precedents_of(corpus: Corpus) -> dict[str, bool]:
    return label_questions(chain.from_iterable(corpus.answered.values()), corpus.unanswerable)


def _write_precedents(
    folder: Path, corpus: Corpus, encoder: Encoder, known: Mapping[str, Vector], report: Report
) -> tuple[AnswerabilityModel | None, int]:
    """Write the precedents, if there are any; also say how many questions were encoded."""
    judged = _precedents_of(corpus)
    if not judged:
        return None, 0
    missing = sorted((question for question in judged if question not in known), key=len)
    pooled = dict(known)
    for start in range(0, len(missing), _STEP):
        report("questions", start, len(missing))
        texts = missing[start : start + _STEP]
        pooled |= zip(texts, (each.pooled for each in encoder.encode_questions(texts)), strict=True)
    vectors = [pooled[question] for question in judged]
    return AnswerabilityModel.write(folder, vectors, list(judged.values())), len(missing)


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
