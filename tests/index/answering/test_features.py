"""What an index with a reader knows of a ranking before it decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from index.answering import engine
from index.answering.confidence.calibration import BY_READER, Features
from index.answering.engine import Index
from index.answering.policy import DEFAULT_POLICY, AnswerPolicy
from index.retrieval.interaction.token_vectors import ReadTokens
from index.retrieval.ranking_config import RankingConfig
from index.retrieval.reading.scores import WIDTH, ComparedScores, column
from index.types import Vector
from tests.fakes import FakeEncoder
from tests.index.conftest import Build

QUESTION = "作者 cost"


class FakeReader:
    """Reads these logits, in the engine's order, and keeps the scores that it is told."""

    def __init__(self, logits: Sequence[float]) -> None:
        self._logits = logits
        self.told: Vector = np.empty((0, WIDTH), dtype=np.float32)

    def read(self, tokens: ReadTokens, scores: ComparedScores) -> Vector:
        self.told = scores.table
        return np.array(self._logits[: len(tokens.passages)], dtype=np.float32)


Opened = Callable[..., Index]


@pytest.fixture
def opened(build: Build, store: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Return a function that opens the index of the documents with this reader as the bundled one."""
    build()

    def opened(reader: FakeReader | None, policy: AnswerPolicy = DEFAULT_POLICY, *, fewest: int = 3) -> Index:
        monkeypatch.setattr(engine, "reader_for", lambda _encoder: reader)
        monkeypatch.setattr("index.answering.features._FEWEST", fewest)
        return Index.open(store, FakeEncoder(), policy=policy)

    return opened


def features(index: Index, document: str | None = None) -> Features:
    return index.search(QUESTION, document=document).features


def test_the_readings_and_the_scores_of_the_first_passage_are_features(opened: Opened) -> None:
    reader = FakeReader([2.0, 0.5, -1.0])
    found = features(opened(reader))
    assert found.reading == found.best_reading == 2.0
    assert found.reading_lead == 1.5
    assert found.any_reading == pytest.approx(np.log(np.exp([2.0, 0.5, -1.0]).sum()))
    for name, of in (("cosine", "dense"), ("segment_lead", "sentence lead"), ("cosine_lead", "dense lead")):
        assert asdict(found)[name] == pytest.approx(reader.told[0, column(of)])
    assert found.spread == pytest.approx(reader.told[0, column("spread")])


def test_a_passage_that_is_first_against_the_readings_has_a_lead_below_0(opened: Opened) -> None:
    found = features(opened(FakeReader([1.0, 3.0, 2.0]), AnswerPolicy(ranking=RankingConfig(reader_weight=0))))
    assert (found.reading, found.best_reading, found.reading_lead) == (1.0, 3.0, -2.0)


def test_few_passages_are_read_and_tell_nothing(opened: Opened) -> None:
    found = features(opened(FakeReader([0.75, 0.5, 0.25]), fewest=4))
    assert {asdict(found)[name] for name in BY_READER} == {None}
    assert found.fit == "unread"


def test_without_a_reader_its_features_are_unknown_and_the_others_stay(opened: Opened) -> None:
    without, read = (asdict(features(opened(each))) for each in (None, FakeReader([3.0, 2.0, 1.0])))
    assert {name for name in without if without[name] != read[name]} <= set(BY_READER)
    assert {without[name] for name in BY_READER} == {None}


def test_where_nothing_is_found_every_feature_is_0(opened: Opened) -> None:
    found = features(opened(FakeReader([1.0])), document="gone.md")
    assert set(found.values().values()) == {0.0}
