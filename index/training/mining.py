"""Hard negatives: texts that the encoder ranks high for a question that they do not answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.retrieval.ranking_config import DEFAULT_RANKING
from index.training.examples import TrainingCorpus
from index.types import Encoder, Encoding, Vector

_CANDIDATES = 32  # texts with the highest cosine of pooled vectors, which late interaction compares
_HARDEST = 8  # of these, by late interaction, the texts among which negatives are drawn


@dataclass(frozen=True, slots=True)
class Triplet:
    """A question, a text that answers it, and one that is near and does not."""

    question: str
    answer: str
    negative: str


def mine(corpus: TrainingCorpus, encoder: Encoder, *, negatives: int, seed: int) -> Iterator[Triplet]:
    """Yield `negatives` triplets a question, in random order of the negatives.

    Negatives are drawn from the texts that late interaction ranks highest. A copy of an answer is none, and a corpus
    whose texts all answer a question yields none for it.
    """
    random = np.random.default_rng(seed)
    passages = encoder.encode_passages(corpus.texts)
    pooled, tokens = np.stack([each.pooled for each in passages]), _centered(passages)
    questions = encoder.encode_questions([example.question for example in corpus.examples])
    asked = _centered(questions)
    for example, question, vectors in zip(corpus.examples, questions, asked, strict=True):
        answers = {corpus.texts[number] for number in example.answers}
        order = np.argsort(-(pooled @ question.pooled), kind="stable").tolist()
        near = [number for number in order if corpus.texts[number] not in answers][:_CANDIDATES]
        scores = np.array([(vectors @ tokens[number].T).max(axis=1).mean() for number in near])
        hardest = np.array(near, dtype=np.int64)[np.argsort(-scores, kind="stable")[:_HARDEST]]
        for negative in random.permutation(hardest)[:negatives].tolist():
            answer = int(random.choice(example.answers))
            yield Triplet(example.question, corpus.texts[answer], corpus.texts[negative])


def _centered(encodings: Sequence[Encoding]) -> list[Vector]:
    """Return the token vectors less most of their mean over all encodings, of unit length again."""
    mean = np.concatenate([each.tokens for each in encodings]).mean(axis=0)
    shifted = [each.tokens - np.float32(DEFAULT_RANKING.centering) * mean for each in encodings]
    return [each / np.maximum(np.linalg.norm(each, axis=1, keepdims=True), 1e-6) for each in shifted]
