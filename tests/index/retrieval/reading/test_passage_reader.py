"""The bundled reader: what it reads decides, and nothing beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.answering.confidence.calibration import read_calibration
from index.answering.confidence.calibration_choice import BUNDLED
from index.corpus.corpus import build_corpus
from index.encoding.centering import question_means
from index.evaluation.datasets.dataset import make_document
from index.retrieval.encoded_query import EncodedQuery
from index.retrieval.hybrid_index import HybridIndex
from index.retrieval.interaction.token_vectors import MOST_TOKENS, PassageTokens, ReadTokens
from index.retrieval.reading.passage_reader import PassageReader, ReaderChoice, reader_for
from index.retrieval.reading.scores import WIDTH, ComparedScores
from index.retrieval.searcher import Searcher
from index.text.normalize import normalize
from index.types import Encoder, Library, Vector
from tests.fakes import DIMENSIONS

ENCODER = read_calibration(BUNDLED).model


@pytest.fixture(scope="module")
def reader() -> PassageReader:
    found = reader_for(ENCODER)
    assert found is not None
    return found


def unit(random: np.random.Generator, count: int) -> Vector:
    """Return random vectors of length 1 that lean one way, as those of one topic do."""
    vectors = random.standard_normal((count, DIMENSIONS)) + random.standard_normal(DIMENSIONS)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def question(asked: int, lengths: tuple[int, ...], *, seed: int = 1) -> tuple[ReadTokens, ComparedScores]:
    """Return a question of that many tokens and passages of those lengths, the first tokens of which are headings."""
    random = np.random.default_rng(seed)
    weights = random.random(asked).astype(np.float32) + np.float32(0.1)
    passages = tuple(PassageTokens(unit(random, length), min(length, at)) for at, length in enumerate(lengths))
    tokens = ReadTokens(unit(random, asked), np.asarray(weights / weights.sum(), dtype=np.float32), passages)
    return tokens, ComparedScores(random.random((len(lengths), WIDTH)).astype(np.float32))


def chosen(tokens: ReadTokens, scores: ComparedScores, at: list[int]) -> tuple[ReadTokens, ComparedScores]:
    """Return the same question with these of the passages."""
    passages = tuple(tokens.passages[number] for number in at)
    return ReadTokens(tokens.asked, tokens.weights, passages), ComparedScores(scores.table[at])


LENGTHS = (40, 1, 7, 199, 90, 200, 230, 13)


def test_the_bundled_reader_is_for_the_model_of_the_bundled_calibration(reader: PassageReader) -> None:
    assert reader_for(ENCODER) is reader  # loaded once


@pytest.mark.parametrize("encoder", ["", "bundled", f"{ENCODER}x", "folder-0000"])
def test_the_vectors_of_another_encoder_are_not_read(encoder: str) -> None:
    assert reader_for(encoder) is None


@pytest.mark.parametrize("seed", range(3))
def test_a_passage_is_read_alike_whatever_is_read_beside_it_and_however_long_that_is(
    reader: PassageReader, seed: int
) -> None:
    together = reader.read(*question(9, LENGTHS, seed=seed))
    alone = [float(reader.read(*chosen(*question(9, LENGTHS, seed=seed), [at]))[0]) for at in range(len(LENGTHS))]
    assert together.tolist() == pytest.approx(alone, abs=1e-3)
    turned = list(reversed(range(len(LENGTHS))))
    assert reader.read(*chosen(*question(9, LENGTHS, seed=seed), turned))[::-1].tolist() == pytest.approx(
        together.tolist(), abs=1e-3
    )


@pytest.mark.parametrize("asked", [1, 2, 60])
@pytest.mark.parametrize(
    "lengths", [(1,), (200,), (500,), (1, 1), (0, 5), (0,), LENGTHS, (100,) * 10], ids=lambda each: f"{len(each)}"
)
def test_every_reading_is_a_number(reader: PassageReader, asked: int, lengths: tuple[int, ...]) -> None:
    found = reader.read(*question(asked, lengths))
    assert found.shape == (len(lengths),)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()


def test_what_stands_beyond_the_limit_is_not_read(reader: PassageReader) -> None:
    tokens, scores = question(6, (MOST_TOKENS + 60,))
    cut = PassageTokens(tokens.passages[0].vectors[:MOST_TOKENS], 0)
    whole = reader.read(tokens, scores)
    assert np.array_equal(reader.read(ReadTokens(tokens.asked, tokens.weights, (cut,)), scores), whole)


def test_scores_far_from_any_that_were_seen_are_no_more_than_numbers(reader: PassageReader) -> None:
    tokens, scores = question(6, (30, 30))
    assert np.isfinite(reader.read(tokens, ComparedScores(scores.table * np.float32(1e6)))).all()


TEXTS = {
    "hours": "The library is open from nine in the morning until six in the evening, and closed on Mondays.",
    "card": "A reader's card costs four euros a year. Children under twelve pay nothing.",
    "cafe": "The café on the ground floor sells soup, bread and cake at noon.",
    "garden": "Behind the house there is a garden with benches under old chestnut trees.",
    "loan": "Up to ten books may be taken home for three weeks, and extended twice unless somebody waits for them.",
    "printer": "Pages are printed in black at ten cents each; the machine takes coins only.",
}


@pytest.mark.model
@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ("How much is a reader's card?", "card"),
        ("When does the library close in the evening?", "hours"),
        ("For how long may I keep a book?", "loan"),
        ("列印一頁多少錢？", "printer"),
        ("图书馆星期几不开门？", "hours"),
    ],
)
def test_the_bundled_reader_prefers_the_passage_that_plainly_answers(
    bundled_encoder: Encoder, tmp_path: Path, asked: str, right: str
) -> None:
    reader = reader_for(bundled_encoder.fingerprint)
    assert reader is not None
    documents = [make_document(name, "", text, "en") for name, text in TEXTS.items()]
    corpus = build_corpus(Library(tuple(documents)), {})
    encodings = bundled_encoder.encode_passages([each.text for each in corpus.representations])
    hybrid = HybridIndex.write(tmp_path, corpus, encodings, question_means=question_means(bundled_encoder))
    text = normalize(asked)
    query = EncodedQuery.of(text, bundled_encoder.encode_questions([text])[0], question=asked)
    ranking = Searcher(corpus, hybrid, reader=ReaderChoice(lambda: reader)).search(query, top=len(TEXTS))
    of = {
        corpus.passages[each.passage].document: reading.logit
        for each, reading in zip(ranking.candidates, ranking.readings, strict=True)
    }
    assert max(of, key=lambda name: of[name]) == right
