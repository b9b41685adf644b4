"""Reading the first passages of a ranking, by their own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.retrieval.backend import RetrievalBackend
from index.retrieval.encoded_query import EncodedQuery
from index.retrieval.interaction.late_interaction import MaxSimScores, weighted
from index.retrieval.ranking_config import RankingConfig
from index.retrieval.reading.coverage import coverages
from index.retrieval.reading.passage_reader import PassageReader
from index.retrieval.reading.scores import ComparedScores, PassageScores
from index.types import Vector

_NO_HEADINGS = -0.2  # what a token matches there at least, and where there are none


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader says of a passage: its logit, and the engine's scores that it was told."""

    logit: float
    scores: Vector


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The representation that is a passage's own words.

    position: its place in `MaxSimScores`. crosses: whether it is in another language than the question.
    """

    number: int
    position: int
    text: str
    bm25: float
    crosses: bool


@dataclass(frozen=True, slots=True)
class PassageReading:
    """Has a reader read the passages of one index."""

    reader: PassageReader
    backend: RetrievalBackend
    config: RankingConfig

    def read(
        self, query: EncodedQuery, passages: Sequence[OwnWords], max_sim: MaxSimScores, in_context: Vector
    ) -> list[Reading]:
        """Return what the reader says of each passage; the engine's first comes first.

        in_context: (segments,) as `max_sim` gives them.
        """
        numbers = [each.number for each in passages]
        positions = [each.position for each in passages]
        headings = weighted(max_sim.weights, np.clip(max_sim.headings[:, positions], _NO_HEADINGS, 1))
        best_in_context = np.maximum.reduceat(in_context, max_sim.ends[:-1])
        scores = [
            PassageScores(
                whole=float(max_sim.whole[each.position]),
                sentence=float(max_sim.segments(each.position).max()),
                in_context=float(best_in_context[each.position]),
                headings=heading,
                dense=dense,
                bm25=each.bm25,
                coverage=coverage,
            )
            for each, heading, dense, coverage in zip(
                passages,
                headings.tolist(),
                self.backend.similarities(query.encoding.pooled, numbers).tolist(),
                coverages(query, [each.text for each in passages], self.backend),
                strict=True,
            )
        ]
        crosses = [each.crosses for each in passages]
        compared = ComparedScores.of(scores, tokens=len(max_sim.weights), crosses=crosses)
        logits = self.reader.read(self.backend.read_tokens(query, numbers, self.config), compared)
        return [Reading(logit, row) for logit, row in zip(logits.tolist(), compared.table, strict=True)]
