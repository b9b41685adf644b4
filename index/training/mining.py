"""Hard negatives: texts that the encoder ranks high for a question that they do not answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from index.training.examples import TrainingCorpus
from index.types import Encoder, Vector

# Texts nearest to a question, after those that answer it, among which a negative is drawn. The very first often
# answers as well, though nobody marked it.
_SKIPPED = 1
_NEAREST = 12


@dataclass(frozen=True, slots=True)
class Triplet:
    """A question, a text that answers it, and one that is near and does not."""

    question: str
    answer: str
    negative: str


def mine(corpus: TrainingCorpus, encoder: Encoder, *, negatives: int, seed: int) -> Iterator[Triplet]:
    """Yield `negatives` triplets a question, in random order of the negatives.

    Negatives are drawn from the texts with the highest cosine of pooled vectors. A corpus whose texts all answer a
    question yields none for it.
    """
    random = np.random.default_rng(seed)
    texts = np.stack([each.pooled for each in encoder.encode_passages(corpus.texts)])
    questions = encoder.encode_questions([example.question for example in corpus.examples])
    for example, question in zip(corpus.examples, questions, strict=True):
        near = _nearest(texts @ question.pooled, example.answers)
        for negative in random.permutation(near)[:negatives].tolist():
            answer = int(random.choice(example.answers))
            yield Triplet(example.question, corpus.texts[answer], corpus.texts[negative])


def _nearest(similarity: Vector, answers: tuple[int, ...]) -> list[int]:
    """Return the texts of the highest similarity that are no answer, without the first."""
    order = np.argsort(-similarity, kind="stable")[: _SKIPPED + _NEAREST + len(answers)].tolist()
    others = [number for number in order if number not in answers]
    return others[_SKIPPED:] or others
