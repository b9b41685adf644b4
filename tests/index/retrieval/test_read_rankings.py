"""Rankings with a reader: it changes the order of the first few, and says what it has read of each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from index.corpus.annotations.paragraphs import paragraph_hash
from index.corpus.annotations.sidecars import ANNOTATIONS_SUFFIX
from index.corpus.corpus import Corpus
from index.retrieval.hybrid_index import HybridIndex
from index.retrieval.interaction.token_vectors import ReadTokens
from index.retrieval.ranking_config import DEFAULT_RANKING, Arm, RankingConfig
from index.retrieval.reading.passage_reader import ReaderChoice
from index.retrieval.reading.scores import WIDTH, ComparedScores, column
from index.retrieval.searcher import Ranking, Searcher
from index.text.normalize import normalize
from index.types import Vector
from tests.fakes import encode
from tests.index.retrieval.test_searcher import TEXTS, FakeReranker, build, query

ASKED = "who expected the demo"
DECIDES = RankingConfig(reader_weight=1)


@dataclass
class FakeReader:
    """Reads these logits, in the engine's order, and 0 beyond them; it keeps what it was asked."""

    logits: Sequence[float] = ()
    asked: list[tuple[ReadTokens, ComparedScores]] = field(default_factory=list)

    def read(self, tokens: ReadTokens, scores: ComparedScores) -> Vector:
        self.asked.append((tokens, scores))
        count = len(tokens.passages)
        return np.array([*self.logits, *[0.0] * count][:count], dtype=np.float32)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Corpus, HybridIndex]:
    return build(tmp_path_factory.mktemp("read"), TEXTS)


def ranked(
    built: tuple[Corpus, HybridIndex],
    reader: FakeReader | None = None,
    config: RankingConfig = DECIDES,
    *,
    asked: str = ASKED,
    top: int = 4,
) -> Ranking:
    return Searcher(*built, config=config, reader=ReaderChoice(lambda: reader)).search(query(asked), top=top)


def passages(ranking: Ranking) -> list[int]:
    return [hit.passage for hit in ranking.hits]


def scores(ranking: Ranking) -> list[float]:
    return [hit.score for hit in ranking.hits]


def logits(ranking: Ranking) -> list[float]:
    return [reading.logit for reading in ranking.readings]


@pytest.mark.parametrize(
    ("given", "order"),
    [((-3, -1, 4, 0), [2, 3, 1, 0]), ((0, 0, 0, 1), [3, 0, 1, 2]), ((9, 8, 7, 6), [0, 1, 2, 3])],
)
def test_a_reader_that_decides_orders_by_its_readings_and_the_ranks_keep_their_scores(
    built: tuple[Corpus, HybridIndex], given: tuple[float, ...], order: list[int]
) -> None:
    plain, read = ranked(built), ranked(built, FakeReader(given))
    assert passages(read) == [passages(plain)[at] for at in order]
    assert [each.passage for each in read.candidates] == passages(read)
    assert scores(read) == scores(plain)
    assert logits(read) == [given[at] for at in order]


def test_without_weight_the_order_is_the_engine_s_and_the_readings_are_told(
    built: tuple[Corpus, HybridIndex],
) -> None:
    read = ranked(built, FakeReader((1, 2, 3, 4)), RankingConfig(reader_weight=0))
    assert read == ranked(built)
    assert logits(read) == [1, 2, 3, 4]


def test_a_reader_that_tells_nothing_apart_changes_nothing(built: tuple[Corpus, HybridIndex]) -> None:
    assert ranked(built, FakeReader((5, 5, 5, 5)), DEFAULT_RANKING) == ranked(built)


def test_without_a_reader_there_are_no_readings(built: tuple[Corpus, HybridIndex]) -> None:
    assert ranked(built).readings == ()


def test_only_the_first_few_are_read_and_stay_the_first(built: tuple[Corpus, HybridIndex]) -> None:
    reader = FakeReader((1, 2))
    plain, read = ranked(built), ranked(built, reader, replace(DECIDES, reranked=2))
    first, second, *others = passages(plain)
    assert passages(read) == [second, first, *others]
    assert scores(read) == scores(plain)
    assert logits(read) == [2, 1]
    assert len(reader.asked[0][0].passages) == 2


def test_readings_are_of_the_candidates_however_few_of_them_are_hits(built: tuple[Corpus, HybridIndex]) -> None:
    assert logits(ranked(built, FakeReader((1, 2, 3, 4)), top=1)) == [4, 3, 2, 1]


@pytest.mark.parametrize("arm", [Arm.BM25, Arm.LATE_INTERACTION])
def test_an_arm_alone_keeps_its_order_and_is_told_the_readings(
    built: tuple[Corpus, HybridIndex], arm: Arm
) -> None:
    config = replace(DECIDES, arm=arm)
    read = ranked(built, FakeReader((1, 2, 3, 4)), config)
    assert read == ranked(built, None, config)
    assert logits(read) == [1, 2, 3, 4]


@pytest.fixture
def annotated(tmp_path: Path) -> tuple[Corpus, HybridIndex]:
    """Return the corpus with a restatement of the passage on wool."""
    restated = {"hash": paragraph_hash(TEXTS["wool.txt"]), "restatement": "Llamas have soft hair."}
    lines = ["[[paragraph]]", *(f"{name} = {json.dumps(value)}" for name, value in restated.items())]
    (tmp_path / f"wool.txt{ANNOTATIONS_SUFFIX}").write_text("\n".join(lines), "utf-8")
    return build(tmp_path, TEXTS)


def test_passages_with_annotations_keep_their_order_and_are_read_by_their_own_words(
    annotated: tuple[Corpus, HybridIndex],
) -> None:
    corpus, hybrid = annotated
    asked, reader = "whose hair is soft", FakeReader((1, 2, 3, 4))
    read = ranked(annotated, reader, asked=asked)
    assert len(corpus.representations) == len(TEXTS) + 1
    assert read == ranked(annotated, asked=asked)
    assert logits(read) == [1, 2, 3, 4]
    for candidate, passage in zip(read.candidates, reader.asked[0][0].passages, strict=True):
        own = int(corpus.tables.columns.starts[candidate.passage])
        assert not corpus.representations[own].is_annotation
        [expected] = hybrid.passage_tokens([own], DECIDES)
        assert np.array_equal(passage.vectors, expected.vectors)


def test_passages_with_annotations_are_not_read_where_readings_are_not_wanted(
    annotated: tuple[Corpus, HybridIndex],
) -> None:
    loaded: list[FakeReader] = []

    def load() -> FakeReader:
        loaded.append(FakeReader((1, 2, 3, 4)))
        return loaded[0]

    searcher = Searcher(*annotated, config=DECIDES, reader=ReaderChoice(load, reads_annotated=False))
    assert searcher.search(query("whose hair is soft"), top=4) == ranked(annotated, asked="whose hair is soft")
    assert not loaded


def test_annotations_of_passages_that_are_not_read_do_not_keep_the_order(
    annotated: tuple[Corpus, HybridIndex],
) -> None:
    plain = ranked(annotated)
    corpus, _ = annotated
    assert corpus.passages[passages(plain)[-1]].document == "wool.txt"
    read = ranked(annotated, FakeReader((1, 2, 3)), replace(DECIDES, reranked=3))
    assert passages(read) == [*reversed(passages(plain)[:3]), passages(plain)[3]]


def test_where_nothing_is_found_nothing_is_read(built: tuple[Corpus, HybridIndex]) -> None:
    reader = FakeReader()
    found = Searcher(*built, reader=ReaderChoice(lambda: reader)).search(query(ASKED), top=4, document="gone.txt")
    assert (found, found.readings, reader.asked) == (Ranking((), ()), (), [])


def test_the_only_candidate_is_read(built: tuple[Corpus, HybridIndex]) -> None:
    found = Searcher(*built, reader=ReaderChoice(lambda: FakeReader((7,)))).search(
        query(ASKED), top=4, document="wool.txt"
    )
    assert logits(found) == [7]
    assert np.isfinite(found.readings[0].scores).all()


def test_a_reranker_reads_what_the_reader_has_ordered_and_the_readings_follow(
    built: tuple[Corpus, HybridIndex],
) -> None:
    corpus, hybrid = built
    plain = passages(ranked(built))
    third = corpus.passages[plain[2]].document
    reranker = FakeReranker(normalize(TEXTS[third]))
    config = replace(DECIDES, reranker_weight=1)
    searcher = Searcher(
        corpus, hybrid, config=config, reader=ReaderChoice(lambda: FakeReader((1, 2, 3, 4))), reranker=reranker
    )
    found = searcher.search(query(ASKED), top=4)
    assert passages(found) == [plain[2], plain[3], plain[1], plain[0]]
    assert logits(found) == [3, 4, 2, 1]
    fourth = corpus.passages[plain[3]].document
    assert normalize(TEXTS[fourth]) in reranker.asked[0][1][0]


@pytest.mark.parametrize(("asked", "crosses"), [(ASKED, 0), ("誰付了六百美元", 1)])
def test_the_scores_that_a_reader_is_told_are_the_engine_s_of_each_passage(
    built: tuple[Corpus, HybridIndex], asked: str, crosses: int
) -> None:
    corpus, hybrid = built
    of, found = query(asked), ranked(built, FakeReader((1, 4, 2, 3)), asked=asked)
    max_sim = hybrid.max_sim(of, range(len(TEXTS)), DEFAULT_RANKING)
    assert len(corpus.representations) == len(max_sim.in_context()) == len(TEXTS)  # a segment each
    for candidate, reading in zip(found.candidates, found.readings, strict=True):
        number = int(corpus.tables.columns.starts[candidate.passage])
        expected = {
            "whole": max_sim.whole[number],
            "sentence": max_sim.scores[number],
            "in_context": max_sim.in_context()[number],
            "headings": max_sim.weights @ np.maximum(max_sim.headings[:, number], -0.2),
            "dense": hybrid.similarities(of.encoding.pooled, [number])[0],
            "bm25": 0 if crosses else hybrid.bm25_scores(of.terms, [number])[0],
            "length": np.log1p(len(of.encoding.ids)),
            "crosses": crosses,
        }
        assert reading.scores.shape == (WIDTH,)
        assert {name: reading.scores[column(name)] for name in expected} == pytest.approx(expected, abs=1e-5)


def test_a_reader_is_given_the_vectors_of_the_question_and_of_the_passages_own_words(tmp_path: Path) -> None:
    texts = {"one.md": "# Two words\n\nNobody expected the demo.\n", "two.md": "# Wool\n\nIt is soft.\n"}
    built = build(tmp_path, texts)
    reader = FakeReader()
    ranked(built, reader)
    [(tokens, told)] = reader.asked
    asked = encode(normalize(ASKED))
    assert tokens.asked.shape == asked.tokens.shape
    assert tokens.weights.sum() == pytest.approx(1)
    corpus, _ = built
    for candidate, passage in zip(ranked(built).candidates, tokens.passages, strict=True):
        written = encode(corpus.representations[int(corpus.tables.columns.starts[candidate.passage])].text)
        assert len(passage.vectors) == len(written.ids)
    first = tokens.passages[0]
    by_late_interaction = tokens.weights @ (tokens.asked @ first.vectors.T).max(axis=1)
    assert told.table[0, column("whole")] == pytest.approx(by_late_interaction, abs=0.006)
    assert np.linalg.norm(first.vectors, axis=1) == pytest.approx(1, abs=1e-5)
