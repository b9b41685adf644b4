"""Dense, BM25 and token indexes over the same numbered representations, in one folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

import numpy as np

from index.corpus.corpus import Corpus
from index.errors import REBUILD, StoreError
from index.retrieval.backend import CandidateSearch
from index.retrieval.candidates.bm25 import BM25Index
from index.retrieval.candidates.dense import DenseIndex
from index.retrieval.candidates.local_search import LocalSearch
from index.retrieval.copies import distinct_texts
from index.retrieval.encoded_query import EncodedQuery
from index.retrieval.interaction.late_interaction import MaxSim, MaxSimScores
from index.retrieval.interaction.token_index import TokenIndex
from index.retrieval.interaction.token_vectors import PassageTokens, ReadTokens
from index.retrieval.ranking_config import RankingConfig
from index.text.terms import literals, terms
from index.types import Encoding, Vector

_DENSE = "vectors.faiss"
_BM25 = "bm25"
_TOKENS = "tokens"


class HybridIndex:
    """The `RetrievalBackend` on local disk: FAISS, bm25s and memory-mapped token vectors.

    search: what proposes candidates, if not FAISS and bm25s.
    """

    def __init__(
        self, dense: DenseIndex, bm25: BM25Index, tokens: TokenIndex, *, search: CandidateSearch | None = None
    ) -> None:
        self.dense = dense
        self.bm25 = bm25
        self.tokens = tokens
        self.search = search or LocalSearch(dense, bm25)
        self._max_sim = MaxSim(tokens)

    @classmethod
    def write(cls, folder: Path, corpus: Corpus, encodings: Iterable[Encoding], *, question_means: Vector) -> Self:
        """Write the indexes of `corpus` into `folder` and open them; `encodings` are its representations'."""
        representations = corpus.representations
        pooled = _Rows(len(representations))
        distinct = distinct_texts(corpus)
        tokens = TokenIndex.write(
            folder / _TOKENS,
            representations,
            pooled.collecting(encodings),
            question_means=question_means,
            distinct=distinct,
        )
        dense = DenseIndex.build(pooled.array)
        dense.save(folder / _DENSE)
        bm25 = BM25Index.build(_bm25_terms(corpus), distinct=distinct)
        bm25.save(folder / _BM25)
        return cls(dense, bm25, tokens)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what `write` wrote. Raises StoreError."""
        try:
            return cls(
                DenseIndex.load(folder / _DENSE),
                BM25Index.load(folder / _BM25),
                TokenIndex.load(folder / _TOKENS),
            )
        except (OSError, ValueError, KeyError) as error:
            raise StoreError(f"{folder} is damaged; {REBUILD}") from error

    def encoding(self, representation: int) -> Encoding:
        """Return the encoding that one representation was written from, but for quantisation."""
        return self.tokens.encoding(representation, self.dense.vector(representation))

    def candidates(self, query: EncodedQuery, count: int) -> list[int]:
        """Return the representations that BM25 proposes, up to `count`, and dense search, up to half as many more."""
        return self.search.candidates(query, count)

    def similarities(self, question: Vector, representations: Sequence[int]) -> Vector:
        """Return the cosine of the pooled vector `question` with each representation."""
        return self.dense.similarities(question, representations)

    def bm25_scores(self, terms: Sequence[str], representations: Sequence[int]) -> Vector:
        """Return the BM25 score of each representation, 0 where no term occurs."""
        return self.bm25.scores_of(terms, representations)

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of `term` in nats."""
        return self.bm25.rarity(term)

    def max_sim(self, query: EncodedQuery, representations: Sequence[int], config: RankingConfig) -> MaxSimScores:
        """Return the late-interaction scores of each representation and of its segments."""
        return self._max_sim.score(query.encoding, representations, chinese=query.is_chinese, config=config)

    def read_tokens(
        self, query: EncodedQuery, representations: Sequence[int], config: RankingConfig
    ) -> ReadTokens:
        """Return the token vectors of the question and of each representation."""
        return self._max_sim.read_tokens(query.encoding, representations, chinese=query.is_chinese, config=config)

    def passage_tokens(self, representations: Sequence[int], config: RankingConfig) -> tuple[PassageTokens, ...]:
        """Return the token vectors of each representation."""
        return self._max_sim.passage_tokens(representations, config)


def _bm25_terms(corpus: Corpus) -> Iterator[list[str]]:
    """Yield each representation's terms; a passage's own words have their literals as the document writes them."""
    for representation in corpus.representations:
        found = terms(representation.text)
        if not representation.is_annotation:
            passage = corpus.passages[representation.passage]
            written = "\n".join([*passage.headings, corpus.library.document(passage.document).slice(passage.span)])
            found += literals(written)
        yield found


class _Rows:
    """Collects pooled vectors in one array, which a list of them would double."""

    def __init__(self, count: int) -> None:
        self._count = count
        self.array: Vector = np.empty((0, 0), dtype=np.float32)

    def collecting(self, encodings: Iterable[Encoding]) -> Iterator[Encoding]:
        """Yield `encodings` unchanged."""
        for number, encoding in enumerate(encodings):
            if not number:
                self.array = np.empty((self._count, len(encoding.pooled)), dtype=np.float32)
            self.array[number] = encoding.pooled
            yield encoding
