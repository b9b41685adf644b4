"""What a reader is trained on: a question with passages that the engine ranks first, and which of them answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from index.encoding.centering import question_means
from index.errors import ChronicleError
from index.retrieval.encoded_query import EncodedQuery
from index.retrieval.hybrid_index import HybridIndex
from index.retrieval.ranking_config import DEFAULT_RANKING
from index.retrieval.searcher import Searcher
from index.training.examples import Example, TrainingCorpus
from index.types import Encoder, Encoding

# Of the questions that have an answer, the share whose passage is taken out: none of their list answers.
_TAKEN_OUT = 0.2
_MOST = 500  # questions of a corpus: one with many must not drown the others
_STEP = 256  # texts that are encoded before their vectors are written


@dataclass(frozen=True, slots=True)
class ReadingList:
    """A normalized question, passages for it, and for each passage 1 if it answers, else 0."""

    question: str
    passages: tuple[str, ...]
    labels: tuple[int, ...]


def mine_lists(corpus: TrainingCorpus, encoder: Encoder, *, passages: int, seed: int) -> Iterator[ReadingList]:
    """Yield a list of at most `passages` for each of up to 500 questions, drawn and ordered at random.

    The wrong ones are drawn from those that a reranker would be given, the engine's first, less the copies of an
    answer. A question that the corpus does not answer, or whose passage is taken out, has wrong ones alone.
    """
    random = np.random.default_rng(seed)
    asked = [*corpus.examples, *(Example(question, ()) for question in corpus.unanswered)]
    chosen = [asked[number] for number in random.permutation(len(asked))[:_MOST].tolist()]
    for example, near in zip(chosen, _first_passages(corpus, encoder, chosen), strict=True):
        answers = example.answers if random.random() >= _TAKEN_OUT else ()
        right = [corpus.texts[int(random.choice(answers))]] if answers else []
        wrong = [near[at] for at in random.permutation(len(near))[: passages - len(right)].tolist()]
        if wrong:
            yield ReadingList(example.question, (*right, *wrong), (*[1] * len(right), *[0] * len(wrong)))


def write_lists(path: Path, lists: Iterable[ReadingList]) -> None:
    """Write lists, one a line. Raises OSError."""
    path.write_text("".join(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in lists), "utf-8")


def load_lists(path: Path) -> list[ReadingList]:
    """Return what `write_lists` wrote. Raises ChronicleError."""
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
        return [ReadingList(row["question"], tuple(row["passages"]), tuple(row["labels"])) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ChronicleError(
            f"{path} cannot be read ({error}): delete its folder, and run without --resume"
        ) from error


def _first_passages(corpus: TrainingCorpus, encoder: Encoder, asked: list[Example]) -> Iterator[list[str]]:
    """Yield the first passages of each question that neither answer it nor say the same as one that does."""
    representations, read = corpus.corpus.representations, DEFAULT_RANKING.reranked
    texts, starts = corpus.texts, corpus.corpus.tables.columns.starts
    with TemporaryDirectory(prefix="chronicle-") as folder:
        hybrid = HybridIndex.write(
            Path(folder), corpus.corpus, _encodings(texts, encoder), question_means=question_means(encoder)
        )
        searcher = Searcher(corpus.corpus, hybrid)
        encoded = encoder.encode_questions([example.question for example in asked])
        for example, encoding in zip(asked, encoded, strict=True):
            query = EncodedQuery.of(example.question, encoding, question=example.question)
            ranking = searcher.search(query, top=read)
            right = {representations[number].passage for number in example.answers}
            groups = [
                [hit.passage, *(copy.passage for copy in ranking.copies.get(hit.passage, ()))]
                for hit in ranking.hits
            ]
            wrong = [group[0] for group in groups if right.isdisjoint(group)]
            yield [texts[int(starts[passage])] for passage in wrong]


def _encodings(texts: tuple[str, ...], encoder: Encoder) -> Iterator[Encoding]:
    for start in range(0, len(texts), _STEP):
        yield from encoder.encode_passages(texts[start : start + _STEP])
