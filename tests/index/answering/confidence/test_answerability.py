"""Answerability: whether a question resembles the answered or the unanswerable ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.answering.confidence.answerability import AnswerabilityModel, label_questions
from index.answering.confidence.calibration import Features
from index.answering.engine import Index
from index.corpus.annotations.paragraphs import paragraph_hash
from index.corpus.annotations.sidecars import ANNOTATIONS_SUFFIX, UNANSWERABLE
from index.corpus.corpus import build_corpus
from index.corpus.loader import parse_documents
from index.corpus.sources import read_sources
from index.indexing.builder import build_store
from index.indexing.embedding_reuse import labelled_questions
from index.text.normalize import normalize
from index.types import Vector
from tests.fakes import FakeEncoder

LLAMA = "The llama lives in Peru."
ALPACA = "The alpaca lives in Chile."
ANSWERED = ["Where does the llama live?", "In which country do llamas live?"]
GAP = "How much does a llama cost?"


def pooled(*texts: str) -> list[Vector]:
    return [each.pooled for each in FakeEncoder().encode_questions(texts)]


def fitted(folder: Path, answered: list[str], unanswerable: list[str]) -> AnswerabilityModel:
    judged = label_questions(answered, unanswerable)
    return AnswerabilityModel.write(folder / "answerability", pooled(*judged), list(judged.values()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of two documents, one of them with annotated questions, and an unanswerable question."""
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "llama.txt").write_text(f"{LLAMA}\n", "utf-8")
    (documents / "alpaca.txt").write_text(f"{ALPACA}\n", "utf-8")
    (documents / UNANSWERABLE).write_text(f"questions = ['{GAP}']", "utf-8")
    annotation = f"[[paragraph]]\nhash = '{paragraph_hash(LLAMA)}'\ntranslation = 'It is Peruvian.'\nquestions = [{ANSWERED}]\n"
    (documents / f"llama.txt{ANNOTATIONS_SUFFIX}").write_text(annotation, "utf-8")
    return documents


def features(store: Path, question: str) -> Features:
    return Index.open(store, FakeEncoder()).search(question).features


def test_a_question_is_as_answerable_as_what_it_resembles(tmp_path: Path) -> None:
    known = fitted(tmp_path, ["who wrote the book?", "who read the book?"], ["what is the price?"])
    answered, gap, foreign = (
        known.answerability(each) for each in pooled("who wrote a book?", "what is a price?", "zzz")
    )
    assert answered is not None
    assert answered > 0.2
    assert gap == pytest.approx(0, abs=0.1)
    assert foreign == pytest.approx(0, abs=0.05)


def test_a_known_question_is_as_answerable_as_it_is_labelled(tmp_path: Path) -> None:
    known = fitted(tmp_path, ["who wrote it?"], ["what is the price?"])
    assert [known.answerability(each) for each in pooled("who wrote it?", "what is the price?")] == [
        pytest.approx(1, abs=0.05),
        pytest.approx(0, abs=0.05),
    ]


def test_unanswerable_questions_alone_have_a_nearest_but_no_answerability(tmp_path: Path) -> None:
    known = fitted(tmp_path, [], ["what is the price?"])
    (question,) = pooled("what is the price?")
    assert known.nearest_unanswerable(question) == pytest.approx(1)
    assert known.answerability(question) is None


def test_an_answered_question_is_not_near_an_unanswerable_one(tmp_path: Path) -> None:
    known = fitted(tmp_path, ["who wrote it?"], ["what is the price?"])
    assert known.nearest_unanswerable(pooled("who wrote it?")[0]) < 0.9


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    written = fitted(tmp_path, ["who wrote it?"], ["what is the price?"])
    read = AnswerabilityModel.load(tmp_path / "answerability")
    (question,) = pooled("who paid the price?")
    assert read.answerability(question) == written.answerability(question)
    assert read.nearest_unanswerable(question) == written.nearest_unanswerable(question)


def test_without_unanswerable_questions_there_is_nothing_to_fit() -> None:
    assert label_questions(["who?"], []) == {}


def test_of_too_many_questions_some_are_drawn_evenly() -> None:
    judged = label_questions((f"question {at}" for at in range(3000)), ["a gap"])
    drawn = [int(question.split()[1]) for question, answered in judged.items() if answered]
    assert (len(drawn), drawn[0], drawn[-1]) == (1024, 0, 2999)
    assert set(np.diff(drawn)) == {2, 3}


def test_answerability_counts_beside_the_nearest_unanswerable_question(folder: Path, store: Path) -> None:
    build_store(folder, store, FakeEncoder())
    answered, gap = features(store, ANSWERED[0]), features(store, GAP)
    assert (answered.fit, gap.fit) == ("answerability", "answerability")
    assert gap.unanswerable == pytest.approx(1, abs=0.01)
    assert answered.unanswerable is not None
    assert answered.unanswerable < 0.9
    assert answered.answerability == pytest.approx(1, abs=0.1)
    assert gap.answerability == pytest.approx(0, abs=0.1)


def test_the_questions_of_another_document_do_not_count(folder: Path, store: Path) -> None:
    build_store(folder, store, FakeEncoder())
    found = features(store, ALPACA)
    assert (found.fit, found.answerability) == ("unanswerable", None)


def test_only_new_questions_are_encoded(folder: Path, store: Path) -> None:
    build_store(folder, store, FakeEncoder())
    (folder / UNANSWERABLE).write_text(f"questions = ['{GAP}', 'Who owns it?']", "utf-8")
    encoder = FakeEncoder()
    assert build_store(folder, store, encoder).encoded == 1
    assert "who owns it?" in encoder.questions
    assert not {question.lower() for question in (*ANSWERED, GAP)} & set(encoder.questions)
    assert features(store, GAP).answerability == pytest.approx(0, abs=0.1)


def test_what_a_document_with_written_questions_says_is_answerable_too(folder: Path, store: Path) -> None:
    build_store(folder, store, FakeEncoder())
    own, translated, gap = features(store, LLAMA), features(store, "It is Peruvian."), features(store, GAP)
    assert own.answerability == pytest.approx(1, abs=0.1)
    assert translated.answerability == pytest.approx(1, abs=0.1)
    assert gap.answerability == pytest.approx(0, abs=0.1)


def test_sentences_count_only_of_documents_with_written_questions(folder: Path) -> None:
    sources = read_sources(folder)
    labelled = labelled_questions(build_corpus(parse_documents(folder, sources), sources.sidecars))
    assert labelled[normalize(LLAMA)]
    assert normalize(ALPACA) not in labelled
    assert [text for text, answered in labelled.items() if not answered] == [normalize(GAP)]
