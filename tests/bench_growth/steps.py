"""The steps of one size, each run in a process of its own: building an index, and answering from it."""

from __future__ import annotations

import resource
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from index.answering.confidence.background import BACKGROUND, Background
from index.answering.engine import Index
from index.answering.front_desk.classifier import BUNDLED, FrontDesk
from index.answering.stored_index import StoredIndex
from index.corpus.corpus import Corpus
from index.encoding.encoder import load_encoder
from index.retrieval.candidates.bm25 import BM25Index
from index.retrieval.candidates.dense import DenseIndex
from index.retrieval.copies import distinct_texts
from index.retrieval.encoded_query import EncodedQuery
from index.retrieval.hybrid_index import HybridIndex
from index.retrieval.interaction.late_interaction import MaxSimScores
from index.retrieval.interaction.token_vectors import ReadTokens
from index.retrieval.ranking_config import DEFAULT_RANKING, RankingConfig
from index.store.serialization import load_corpus, save_corpus
from index.text.query import normalize_question
from index.text.terms import literals, terms
from index.types import Encoder, Encoding, Vector
from tests.bench_growth.base import Base, Question
from tests.bench_growth.grown import grown_corpus, grown_encodings, grown_vectors

BASE = "base"  # beside the folders of the sizes

_TOKENS, _DENSE, _BM25 = "tokens", "vectors.faiss", "bm25"  # as `HybridIndex` names them
_COUNT = DEFAULT_RANKING.candidates
_NEAR = _COUNT + _COUNT // 2  # that dense search proposes
_WARM = 5  # questions before any is measured
_T = TypeVar("_T")


class SharedTokens(HybridIndex):
    """Indexes whose passages have the token vectors of the base's passages that they repeat."""

    def max_sim(self, query: EncodedQuery, representations: Sequence[int], config: RankingConfig) -> MaxSimScores:
        """Return the late-interaction scores of each representation and of its segments."""
        return super().max_sim(query, self._of_base(representations), config)

    def read_tokens(
        self, query: EncodedQuery, representations: Sequence[int], config: RankingConfig
    ) -> ReadTokens:
        """Return the token vectors of the question and of each representation."""
        return super().read_tokens(query, self._of_base(representations), config)

    def _of_base(self, representations: Sequence[int]) -> list[int]:
        return [number % len(self.tokens) for number in representations]


class TimedEncoder:
    """An encoder that adds up the processor time of its forward passes, in seconds."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.seconds = 0.0
        self.fingerprint = encoder.fingerprint

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions; in order."""
        return self._timed(self._encoder.encode_questions, texts)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages; in order."""
        return self._timed(self._encoder.encode_passages, texts)

    def _timed(self, encode: Callable[[Sequence[str]], list[Encoding]], texts: Sequence[str]) -> list[Encoding]:
        started = time.process_time()
        found = encode(texts)
        self.seconds += time.process_time() - started
        return found


@dataclass(slots=True)
class _Making:
    """The processor time that went into making what is measured."""

    seconds: float = 0.0

    def untimed(self, values: Iterable[_T]) -> Iterator[_T]:
        """Yield `values`, and add up the time that making them takes."""
        remaining = iter(values)
        while True:
            started = time.process_time()
            try:
                value = next(remaining)
            except StopIteration:
                return
            finally:
                self.seconds += time.process_time() - started
            yield value


def build(folder: Path, count: int, *, own_tokens: bool) -> dict[str, float]:
    """Build the index of `count` passages in a folder of that name; return what it cost without encoding."""
    base, target = Base.load(folder / BASE), folder / str(count)
    target.mkdir()
    corpus, vectors = grown_corpus(base, count), grown_vectors(base.index.dense.all(), count)
    making, started = _Making(), time.process_time()
    if own_tokens:
        encodings = making.untimed(grown_encodings(base, vectors))
        HybridIndex.write(target, corpus, encodings, question_means=base.index.tokens.question_means)
    else:
        DenseIndex.build(vectors).save(target / _DENSE)
        BM25Index.build(_terms(corpus), distinct=distinct_texts(corpus)).save(target / _BM25)
    save_corpus(corpus, target)
    seconds = time.process_time() - started - making.seconds
    shutil.copy(folder / BASE / BACKGROUND, target)
    tokens = (
        _size(target / _TOKENS) if own_tokens else _size(folder / BASE / _TOKENS) * count / len(base.index.dense)
    )
    return {
        "build_seconds": seconds,
        "build_memory_megabytes": _peak(),
        "disk_megabytes": (_size(target) - (_size(target / _TOKENS) if own_tokens else 0)) / 1e6,
        "tokens_megabytes": tokens / 1e6,
    }


def answer(folder: Path, count: int, *, own_tokens: bool) -> dict[str, float]:
    """Open the index of `count` passages and ask the questions; return times, memory and recall."""
    base, target = Base.load(folder / BASE), folder / str(count)
    encoder = TimedEncoder(load_encoder("bundled"))
    encoder.encode_questions(["warm"])
    started = time.perf_counter()
    index, hybrid = _open(target, base, encoder, own_tokens=own_tokens)
    index.warm_up()
    opened = time.perf_counter() - started
    before = [index.ask(question.text) for question in base.questions[:_WARM]]
    others, found = [], []
    for question in base.questions[len(before) :]:
        encoder.seconds, started = 0.0, time.process_time()
        index.ask(question.text)
        others.append(time.process_time() - started - encoder.seconds)
        found.append(_is_found(index, base, question))
    memory = _peak()
    queries = [_query(encoder, question.text) for question in base.questions]
    searches = [_timed(lambda query=query: hybrid.candidates(query, _COUNT)) for query in queries]  # type: ignore[misc]
    return {
        "open_seconds": opened,
        "memory_megabytes": memory,
        "candidates_milliseconds": 1e3 * float(np.median(searches)),
        "answer_milliseconds": 1e3 * float(np.median(others)),
        "dense_recall": float(np.mean([_dense_recall(hybrid.dense, query) for query in queries])),
        "bm25_recall": float(np.mean([_bm25_recall(hybrid.bm25, query) for query in queries])),
        "recall_at_1": float(np.mean(found)),
    }


def _open(folder: Path, base: Base, encoder: Encoder, *, own_tokens: bool) -> tuple[Index, HybridIndex]:
    hybrid = (
        HybridIndex.load(folder)
        if own_tokens
        else SharedTokens(DenseIndex.load(folder / _DENSE), BM25Index.load(folder / _BM25), base.index.tokens)
    )
    front_desk = FrontDesk.load(BUNDLED)
    stored = StoredIndex(load_corpus(folder), hybrid, Background.load(folder), None, front_desk)
    return Index(folder.name, stored, encoder), hybrid


def _is_found(index: Index, base: Base, question: Question) -> bool:
    hits = index.search(question.text, top=1).hits
    return (
        bool(hits)
        and base.corpus.passages[hits[0].passage % len(base.corpus.passages)].document in question.documents
    )


def _terms(corpus: Corpus) -> Iterator[list[str]]:
    """Yield the terms of each passage, as `HybridIndex` indexes them."""
    for passage, representation in zip(corpus.passages, corpus.representations, strict=True):
        written = corpus.library.document(passage.document).slice(passage.span)
        yield terms(representation.text) + literals("\n".join([*passage.headings, written]))


def _query(encoder: Encoder, question: str) -> EncodedQuery:
    text = normalize_question(question)
    return EncodedQuery.of(text, encoder.encode_questions([text])[0], question=question)


def _timed(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return time.process_time() - started


def _dense_recall(dense: DenseIndex, query: EncodedQuery) -> float:
    question = query.encoding.pooled
    return _recall(dense.all() @ question, dense.nearest(question, _NEAR), _NEAR)


def _bm25_recall(bm25: BM25Index, query: EncodedQuery) -> float:
    asked = [*query.terms, *query.literals]
    return _recall(bm25.scores(asked), bm25.best(asked, _COUNT), _COUNT)


def _recall(scores: Vector, found: Sequence[int], most: int) -> float:
    """Return the share of the best `most` that was found; of texts that score the same any will do."""
    count = min(most, int(np.count_nonzero(scores)))
    if not count:
        return 1.0
    least = -np.partition(-scores, count - 1)[count - 1]
    return float(np.count_nonzero(scores[list(found)] >= least - 1e-5)) / count


def _size(path: Path) -> int:
    return sum(each.stat().st_size for each in path.rglob("*") if each.is_file())


def _peak() -> float:
    """Return the most memory that this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e3 if sys.platform == "linux" else 1e6)
