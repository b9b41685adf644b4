"""Candidates → ranking, over a corpus of short passages and the fake encoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from index.corpus.corpus import Corpus, build_corpus
from index.corpus.loader import parse_documents
from index.corpus.sources import read_sources
from index.encoding.centering import question_means
from index.retrieval.encoded_query import EncodedQuery
from index.retrieval.hybrid_index import HybridIndex
from index.retrieval.ranking_config import DEFAULT_RANKING, Arm, RankingConfig
from index.retrieval.searcher import Searcher
from index.text.normalize import normalize
from index.types import Vector
from tests.fakes import FakeEncoder, encode

TEXTS = {
    "cost.txt": "The alpaca paper cost six hundred dollars.",
    "demo.txt": "Nobody expected the demo to be taken down.",
    "food.txt": "Llamas eat grass in the mountains of Peru.",
    "wool.txt": "Their wool is soft and warm.",
}


@dataclass
class FakeReranker:
    """Prefers passages that hold `word`; it keeps what it was asked."""

    word: str
    fingerprint: str = "fake"
    fault: str | None = None
    asked: list[tuple[str, list[str]]] = field(default_factory=list)

    def scores(self, question: str, passages: Sequence[str]) -> Vector | None:
        self.asked.append((question, list(passages)))
        return np.array([self.word in passage for passage in passages], dtype=np.float32)


def build(folder: Path, texts: Mapping[str, str]) -> tuple[Corpus, HybridIndex]:
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    sources = read_sources(folder)
    corpus = build_corpus(parse_documents(folder, sources), sources.sidecars)
    encodings = (encode(each.text) for each in corpus.representations)
    means = question_means(FakeEncoder())
    return corpus, HybridIndex.write(folder / "index", corpus, encodings, question_means=means)


@pytest.fixture
def built(tmp_path: Path) -> tuple[Corpus, HybridIndex]:
    return build(tmp_path, TEXTS)


@pytest.fixture
def corpus(built: tuple[Corpus, HybridIndex]) -> Corpus:
    return built[0]


@pytest.fixture
def hybrid(built: tuple[Corpus, HybridIndex]) -> HybridIndex:
    return built[1]


def query(text: str) -> EncodedQuery:
    return EncodedQuery.of(normalize(text), encode(normalize(text)), question=text)


def documents(searcher: Searcher, corpus: Corpus, text: str, top: int = 4) -> list[str]:
    return [corpus.passages[hit.passage].document for hit in searcher.search(query(text), top=top).hits]


def test_the_passage_with_the_question_s_words_comes_first(corpus: Corpus, hybrid: HybridIndex) -> None:
    assert documents(Searcher(corpus, hybrid), corpus, "who expected the demo")[0] == "demo.txt"


def test_hits_have_falling_scores_and_belong_to_the_first_candidates(corpus: Corpus, hybrid: HybridIndex) -> None:
    ranking = Searcher(corpus, hybrid).search(query("what do llamas eat"), top=3)
    scores = [hit.score for hit in ranking.hits]
    assert scores == sorted(scores, reverse=True)
    assert [hit.passage for hit in ranking.hits] == [each.passage for each in ranking.candidates[:3]]
    assert len(ranking.candidates) == len(TEXTS)


def test_a_named_document_is_the_only_one_ranked(corpus: Corpus, hybrid: HybridIndex) -> None:
    ranking = Searcher(corpus, hybrid).search(query("the demo"), top=4, document="wool.txt")
    assert [corpus.passages[each.passage].document for each in ranking.candidates] == ["wool.txt"]


def test_an_unknown_document_has_no_hits(corpus: Corpus, hybrid: HybridIndex) -> None:
    ranking = Searcher(corpus, hybrid).search(query("the demo"), top=4, document="gone.txt")
    assert (ranking.hits, ranking.candidates) == ((), ())


def test_passages_related_to_the_first_are_hits_beyond_the_top(corpus: Corpus, hybrid: HybridIndex) -> None:
    searcher = Searcher(corpus, hybrid)
    first, *_, last = (each.passage for each in searcher.search(query("the demo"), top=1).candidates)
    hits = searcher.search(query("the demo"), top=1, related={first: {last}}).hits
    assert [hit.passage for hit in hits] == [first, last]


@pytest.mark.parametrize("text", ["who expected the demo", "what do llamas eat", "六百"])
def test_proposed_candidates_rank_as_in_an_exhaustive_search(
    corpus: Corpus, hybrid: HybridIndex, text: str
) -> None:
    proposing = Searcher(corpus, hybrid, config=RankingConfig(exhaustive=0, candidates=4))
    assert documents(proposing, corpus, text) == documents(Searcher(corpus, hybrid), corpus, text)


def test_only_what_an_index_proposes_is_scored(corpus: Corpus, hybrid: HybridIndex) -> None:
    proposing = Searcher(corpus, hybrid, config=RankingConfig(exhaustive=0, candidates=1))
    assert documents(proposing, corpus, "who expected the demo") == ["demo.txt"]


def test_a_reranker_orders_the_first_few(corpus: Corpus, hybrid: HybridIndex) -> None:
    plain = documents(Searcher(corpus, hybrid), corpus, "who expected the demo")
    third = next(text for name, text in TEXTS.items() if name == plain[2])
    reranker = FakeReranker(normalize(third))
    config = RankingConfig(reranked=3, reranker_weight=1)
    reranked = documents(
        Searcher(corpus, hybrid, config=config, reranker=reranker), corpus, "who expected the demo"
    )
    assert reranked == [plain[2], plain[0], plain[1], plain[3]]


def test_a_reranker_reads_the_normalized_question_and_as_many_passages_as_configured(
    corpus: Corpus, hybrid: HybridIndex
) -> None:
    reranker = FakeReranker("")
    config = RankingConfig(reranked=2)
    Searcher(corpus, hybrid, config=config, reranker=reranker).search(query("The DEMO"), top=4)
    [(question, passages)] = reranker.asked
    assert (question, len(passages)) == ("the demo", 2)
    assert normalize(TEXTS["demo.txt"]) in passages[0]


def test_scores_of_a_reranked_list_still_fall(corpus: Corpus, hybrid: HybridIndex) -> None:
    searcher = Searcher(corpus, hybrid, reranker=FakeReranker(normalize(TEXTS["wool.txt"])))
    scores = [hit.score for hit in searcher.search(query("the demo"), top=4).hits]
    assert scores == sorted(scores, reverse=True)
    assert DEFAULT_RANKING.reranked >= len(TEXTS)


def test_a_reranker_is_left_out_where_the_ranking_is_not_open(corpus: Corpus, hybrid: HybridIndex) -> None:
    reranker = FakeReranker(normalize(TEXTS["wool.txt"]))
    searcher = Searcher(corpus, hybrid, config=RankingConfig(reranker_weight=1), reranker=reranker)
    asked = query("who expected the demo")
    settled = searcher.search(asked, top=4, is_open=lambda _: False)
    assert settled == Searcher(corpus, hybrid).search(asked, top=4)
    assert reranker.asked == []


def test_the_only_candidate_is_not_read(corpus: Corpus, hybrid: HybridIndex) -> None:
    reranker = FakeReranker("")
    Searcher(corpus, hybrid, reranker=reranker).search(query("the demo"), top=4, document="wool.txt")
    assert reranker.asked == []


def test_a_reranker_that_failed_leaves_the_ranking_as_it_is(corpus: Corpus, hybrid: HybridIndex) -> None:
    class Failed(FakeReranker):
        def scores(self, question: str, passages: Sequence[str]) -> Vector | None:
            return None

    asked = query("who expected the demo")
    ranking = Searcher(corpus, hybrid, reranker=Failed("")).search(asked, top=4)
    assert ranking == Searcher(corpus, hybrid).search(asked, top=4)


OPTIONS = {
    "lower.md": "# Server\n\nWith `-p` the port is set.",
    "upper.md": "# Proxy\n\nWith `-P` the password is set.",
    "code.md": "# Codes\n\nThe code E0308 is a mismatch.\n",
    "both.md": "# Options\n\nUse `-q` to be quiet. Use `-Q` to quit.",
}


@pytest.mark.parametrize(
    ("question", "expected"),
    [("What is set with -p?", "lower.md"), ("What is set with -P?", "upper.md"), ("什麼是 e0308？", "code.md")],
)
def test_an_option_or_code_finds_the_passage_that_writes_it_so(
    tmp_path: Path, question: str, expected: str
) -> None:
    corpus, hybrid = build(tmp_path, OPTIONS)
    by_words = Searcher(corpus, hybrid, config=RankingConfig(arm=Arm.BM25))
    assert documents(by_words, corpus, question)[0] == expected


@pytest.mark.parametrize(("question", "best"), [("How is -q used?", 0), ("How is -Q used?", 1)])
def test_the_sentence_that_writes_the_option_so_scores_highest(tmp_path: Path, question: str, best: int) -> None:
    corpus, hybrid = build(tmp_path, OPTIONS)
    hit = Searcher(corpus, hybrid).search(query(question), top=1, document="both.md").hits[0]
    assert max(range(2), key=lambda number: hit.sentences[number]) == best
    assert abs(hit.sentences[0] - hit.sentences[1]) > 0.05
