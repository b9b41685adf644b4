"""What the reader is trained on: questions with the passages that the engine ranks first, and which of them answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from index.encoding.centering import question_means
from index.retrieval.encoded_query import EncodedQuery
from index.retrieval.hybrid_index import HybridIndex
from index.retrieval.interaction.token_vectors import PassageTokens, ReadTokens
from index.retrieval.ranking_config import DEFAULT_RANKING
from index.retrieval.reading.passage_reader import ReaderChoice
from index.retrieval.reading.scores import ComparedScores
from index.retrieval.searcher import Searcher
from index.training.examples import Example, TrainingCorpus
from index.types import Encoder, Encoding, Vector

# Questions of a corpus; public sets have thousands, all with an answer, and would outweigh the folders.
_MOST = 300
_STEP = 256  # texts that are encoded before their vectors are written

Halves = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class ReadingList:
    """A question with the first passages for it, the engine's first first.

    asked, weights: as `ReadTokens` has them. passages: their numbers in the corpus. scores: (passages, WIDTH). answers:
    (passages,) whether each answers; `is_answered`: whether any passage of the corpus does.
    """

    asked: Halves
    weights: Vector
    passages: tuple[int, ...]
    scores: Vector
    answers: NDArray[np.bool_]
    is_answered: bool


@dataclass(frozen=True, slots=True)
class ReadCorpus:
    """The lists of a corpus and, by number, the tokens of the passages in them, in half precision."""

    name: str
    lists: tuple[ReadingList, ...]
    tokens: Mapping[int, PassageTokens]


def mine_lists(corpus: TrainingCorpus, encoder: Encoder, *, seed: int) -> ReadCorpus:
    """Return the lists of up to 300 questions of a corpus, drawn at random, with the passages in the engine's order."""
    random = np.random.default_rng(seed)
    asked = [*corpus.examples, *(Example(question, ()) for question in corpus.unanswered)]
    chosen = [asked[number] for number in random.permutation(len(asked))[:_MOST].tolist()]
    texts = corpus.texts
    with TemporaryDirectory(prefix="chronicle-") as folder:
        means = question_means(encoder)
        hybrid = HybridIndex.write(Path(folder), corpus.corpus, _encodings(texts, encoder), question_means=means)
        lists = tuple(_lists(corpus, hybrid, encoder, chosen))
        numbers = sorted({number for each in lists for number in each.passages})
        return ReadCorpus(corpus.name, lists, dict(zip(numbers, _tokens(corpus, hybrid, numbers), strict=True)))


class _Recorder:
    """A `PassageReader` that keeps what it is given and finds no passage better than another."""

    def __init__(self) -> None:
        self.read_last: tuple[ReadTokens, ComparedScores] | None = None

    def read(self, tokens: ReadTokens, scores: ComparedScores) -> Vector:
        self.read_last = tokens, scores
        return np.zeros(len(tokens.passages), dtype=np.float32)


def _lists(
    corpus: TrainingCorpus, hybrid: HybridIndex, encoder: Encoder, chosen: list[Example]
) -> Iterator[ReadingList]:
    representations, recorder = corpus.corpus.representations, _Recorder()
    searcher = Searcher(corpus.corpus, hybrid, reader=ReaderChoice(lambda: recorder))
    encoded = encoder.encode_questions([example.question for example in chosen])
    for example, encoding in zip(chosen, encoded, strict=True):
        query = EncodedQuery.of(example.question, encoding, question=example.question)
        ranking = searcher.search(query, top=DEFAULT_RANKING.reranked)
        if recorder.read_last is None:
            continue
        (tokens, scores), recorder.read_last = recorder.read_last, None
        right = {representations[number].passage for number in example.answers}
        first = [each.passage for each in ranking.candidates[: len(tokens.passages)]]
        groups = [{each, *(copy.passage for copy in ranking.copies.get(each, ()))} for each in first]
        yield ReadingList(
            asked=tokens.asked.astype(np.float16),
            weights=tokens.weights,
            passages=tuple(first),
            scores=scores.table,
            answers=np.array([not right.isdisjoint(group) for group in groups]),
            is_answered=bool(right),
        )


def _tokens(corpus: TrainingCorpus, hybrid: HybridIndex, passages: list[int]) -> Iterator[PassageTokens]:
    starts = corpus.corpus.tables.columns.starts
    for passage in passages:
        (found,) = hybrid.passage_tokens([int(starts[passage])], DEFAULT_RANKING)
        yield PassageTokens(found.vectors.astype(np.float16), found.headings)


def _encodings(texts: tuple[str, ...], encoder: Encoder) -> Iterator[Encoding]:
    for start in range(0, len(texts), _STEP):
        yield from encoder.encode_passages(texts[start : start + _STEP])
