"""Drafted unanswerable questions, checked against the paragraphs of the folder that are most like them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from index.drafting.client import Completion, DraftClient
from index.drafting.paragraphs import SourceParagraph, source_paragraphs
from index.drafting.prompts import checking_prompt
from index.drafting.replies import parse_answered
from index.retrieval.candidates.bm25 import BM25Index
from index.text.normalize import normalize
from index.text.terms import terms
from index.types import Library

_NEAREST = 3  # paragraphs for each question
_ROOM = 4_000  # code points of all paragraphs of one request


class GapChecker:
    """Finds which questions the paragraphs of the folder answer, by BM25 and the language model."""

    def __init__(self, library: Library) -> None:
        self._texts = [each.text for document in library.documents for each in source_paragraphs(document)]
        self._index = BM25Index.build(terms(normalize(text)) for text in self._texts)

    def check(
        self, questions: Sequence[str], paragraphs: Iterable[SourceParagraph], client: DraftClient
    ) -> tuple[frozenset[str], Completion]:
        """Return the `questions` that neither the `paragraphs` they come from nor the nearest others answer.

        Raises DraftError, UnusableReplyError.
        """
        read = dict.fromkeys(each.text for each in paragraphs)
        for rank in range(_NEAREST):
            for question in questions:
                read.update(dict.fromkeys(self._nearest(question)[rank : rank + 1]))
        completion = client.complete(checking_prompt(questions, _within(read, _ROOM)))
        answered = parse_answered(completion.content)
        kept = (each for number, each in enumerate(questions, start=1) if number not in answered)
        return frozenset(kept), completion

    def _nearest(self, question: str) -> list[str]:
        scores = self._index.scores(terms(normalize(question)))
        best = np.argsort(-scores, kind="stable")[:_NEAREST]
        return [self._texts[at] for at in best if scores[at] > 0]


def _within(texts: Iterable[str], room: int) -> list[str]:
    """Return the first texts that fit into `room` code points, and at least one."""
    kept: list[str] = []
    for text in texts:
        room -= len(text)
        if kept and room < 0:
            break
        kept.append(text)
    return kept
