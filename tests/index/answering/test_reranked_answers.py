"""Answers of an index with a reranker: it changes the order, and nothing else of an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from index.answering.engine import Index
from index.answering.policy import AnswerPolicy
from index.retrieval.ranking_config import RankingConfig
from index.types import Answer, Quote, Reranker, Vector
from tests.fakes import FakeEncoder
from tests.index.conftest import Build

READS_ALL = AnswerPolicy(ranking=RankingConfig(reranker_weight=1), open_from=0, open_below=1.1)
QUESTION = "作者 cost"


@dataclass
class Inverting:
    """A reranker that prefers what comes last; it fails from its `fails_at`-th call on."""

    fingerprint: str = "inverting"
    fault: str | None = None
    fails_at: int = 1 << 30
    read: list[int] = field(default_factory=list)

    def scores(self, question: str, passages: Sequence[str]) -> Vector | None:
        if len(self.read) >= self.fails_at:
            self.fault = "it failed"
            return None
        self.read.append(len(passages))
        return np.arange(len(passages), dtype=np.float32)


@pytest.fixture
def built(build: Build, store: Path) -> Path:
    build()
    return store


def opened(store: Path, reranker: Reranker | None, policy: AnswerPolicy = READS_ALL) -> Index:
    return Index.open(store, FakeEncoder(), policy=policy, reranker=reranker)


def quotes_of(answer: Answer) -> tuple[Quote, ...]:
    return answer.quotes or answer.nearest


def said(answer: Answer) -> Answer:
    return replace(answer, elapsed_ms=0.0)


def test_a_reranker_that_inverts_changes_the_order_but_never_the_quotes(built: Path) -> None:
    plain = quotes_of(opened(built, None).ask(QUESTION, top=50))
    inverted = quotes_of(opened(built, Inverting()).ask(QUESTION, top=50))
    assert [quote.text for quote in inverted] == [quote.text for quote in reversed(plain)]
    texts = {document.name: document.text for document in opened(built, None).library.documents}
    for quote in inverted:
        assert quote.text == texts[quote.document][quote.start : quote.end]
        assert quote.highlights
        assert all(quote.start <= each.start < each.end <= quote.end for each in quote.highlights)


def test_a_reranker_leaves_the_confidence_and_the_outcome(built: Path) -> None:
    plain, inverted = (opened(built, each).ask(QUESTION, top=50) for each in (None, Inverting()))
    assert (inverted.confidence, inverted.outcome) == (plain.confidence, plain.outcome)


def test_scores_of_reranked_quotes_still_fall(built: Path) -> None:
    scores = [quote.score for quote in quotes_of(opened(built, Inverting()).ask(QUESTION, top=50))]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.0), (1.1, 1.2)])
def test_it_is_not_read_where_the_confidence_settles_the_outcome(built: Path, low: float, high: float) -> None:
    reranker = Inverting()
    settled = replace(READS_ALL, open_from=low, open_below=high)
    answer = opened(built, reranker, settled).ask(QUESTION, top=50)
    assert said(answer) == said(opened(built, None).ask(QUESTION, top=50))
    assert reranker.read == []


def test_a_failure_falls_back_to_the_engine_s_order(built: Path) -> None:
    index = opened(built, Inverting(fails_at=1))
    plain = opened(built, None)
    first, second = (index.ask(QUESTION, top=50) for _ in range(2))
    assert quotes_of(first)[0] != quotes_of(second)[0]
    assert said(second) == said(plain.ask(QUESTION, top=50))


def test_no_more_than_the_first_few_passages_are_read(built: Path) -> None:
    reranker = Inverting()
    policy = replace(READS_ALL, ranking=RankingConfig(reranked=2, reranker_weight=1))
    plain = quotes_of(opened(built, None).ask(QUESTION, top=50))
    quotes = quotes_of(opened(built, reranker, policy).ask(QUESTION, top=50))
    assert reranker.read == [2]
    expected = [plain[1], plain[0], *plain[2:]]
    assert [quote.text for quote in quotes] == [quote.text for quote in expected]


def test_a_warm_up_loads_the_reranker(built: Path) -> None:
    reranker = Inverting()
    opened(built, reranker, replace(READS_ALL, open_below=0)).warm_up()
    assert reranker.read == [1]
