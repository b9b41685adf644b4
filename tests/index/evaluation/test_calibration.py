"""Fitting the confidence to questions whose answers are known."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.confidence.calibration import Features, Thresholds, read_calibration, write_calibration
from index.corpus.annotations.paragraphs import paragraph_hash
from index.corpus.annotations.sidecars import ANNOTATIONS_SUFFIX, UNANSWERABLE
from index.errors import DocumentsError
from index.evaluation.calibration import Example, OwnQuestions, calibrate, fit, predict_held_out
from index.evaluation.datasets.dataset import Benchmark, EvaluationQuestion
from index.evaluation.fit_quality import FitQuality, Predictions, choose_thresholds
from index.evaluation.runner import Runner
from tests.fakes import FakeEncoder

ANIMALS = ("llama", "alpaca", "vicuna", "guanaco", "camel", "dromedary")
PARAGRAPHS = [f"The {animal} lives in meadow number {at}." for at, animal in enumerate(ANIMALS)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a documents folder with annotations, written questions and known-unanswerable questions."""
    documents = tmp_path / "animals"
    documents.mkdir()
    (documents / "a.txt").write_text("\n\n".join(PARAGRAPHS), "utf-8")
    annotations = [
        f"[[paragraph]]\nhash = '{paragraph_hash(text)}'\ntranslation = 'Grass.'\nquestions = [['Where is the {animal}?']]"
        for animal, text in zip(ANIMALS, PARAGRAPHS, strict=True)
    ]
    (documents / f"a.txt{ANNOTATIONS_SUFFIX}").write_text("\n".join(annotations), "utf-8")
    (documents / UNANSWERABLE).write_text(
        f"questions = {[f'What does a {each} cost?' for each in ANIMALS]}", "utf-8"
    )
    return documents


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Return a file with a question that the folder answers, and one that it does not, about each animal."""
    rows = [
        {"language": "en", "kind": "plain", "fact": f"{kind} {animal}", "question": text, "evidence": evidence}
        for animal, paragraph in zip(ANIMALS, PARAGRAPHS, strict=True)
        for kind, text, evidence in (
            ("home", f"Where does the {animal} live?", [paragraph]),
            ("price", f"What is the cost of a {animal}?", []),
        )
    ]
    path = tmp_path / "animals.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


def example(number: int, *, max_sim: float, answerable: bool, source: str = "one") -> Example:
    features = Features(max_sim, *[0.0] * 15)
    evidence = ("words",) if answerable else ()
    return Example(features, EvaluationQuestion("?", "en", "plain", f"fact {number}", evidence), source)


def separable(source: str = "one") -> list[Example]:
    return [example(at, max_sim=at % 2, answerable=bool(at % 2), source=source) for at in range(20)]


def test_only_a_feature_that_separates_the_answerable_gets_a_weight() -> None:
    found = fit(separable())
    assert found.weights["max_sim"] > 0
    assert found.weights["dense"] == pytest.approx(0)
    assert found.fitted_on == {"one": 20}


def test_a_feature_that_separates_nothing_gives_an_even_chance() -> None:
    examples = [example(at, max_sim=at // 2 % 2, answerable=bool(at % 2)) for at in range(20)]
    assert fit(examples).probability(examples[0].features) == pytest.approx(0.5, abs=0.1)


def test_each_source_is_predicted_by_a_fit_on_the_others() -> None:
    reversed_ = [example(at, max_sim=1 - at % 2, answerable=bool(at % 2), source="reversed") for at in range(20)]
    found = predict_held_out([*separable("one"), *separable("other"), *separable("third"), *reversed_])
    quality = FitQuality.of(found, Thresholds(answer=0.5, unsure=0.2))
    assert quality.sources["one"].auroc == 1.0
    assert quality.sources["reversed"].auroc == 0.0


def test_variants_of_one_corpus_are_left_out_together() -> None:
    odd = [example(at, max_sim=1 - at % 2, answerable=bool(at % 2), source="own, annotated") for at in range(20)]
    twin = [example(at, max_sim=1 - at % 2, answerable=bool(at % 2), source="own") for at in range(20)]
    found = predict_held_out([*odd, *twin, *separable()])
    quality = FitQuality.of(found, Thresholds(answer=0.5, unsure=0.2))
    assert quality.sources["own"].auroc == quality.sources["own, annotated"].auroc == 0.0


def test_quality_is_told_for_each_pair_of_languages() -> None:
    pairs = [
        replace(
            each, question=replace(each.question, text=text), features=replace(each.features, cross_language=cross)
        )
        for text, cross in (("?", 0.0), ("?", 1.0), ("誰", 0.0), ("誰", 1.0))
        for each in separable()
    ]
    quality = FitQuality.of(predict_held_out(pairs), Thresholds(answer=0.5, unsure=0.2))
    assert {name: each.questions for name, each in quality.pairs.items()} == {
        f"{asked} on {written}": 20 for asked in ("Chinese", "English") for written in ("Chinese", "English")
    }


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=4, max_size=60), st.sampled_from("ab"))
def test_the_thresholds_are_in_order_and_the_lower_one_loses_few(
    rows: list[tuple[float, bool]], source: str
) -> None:
    rows += [(0.9, True), (0.1, False)]
    confidences, answerable = (np.array(column) for column in zip(*rows, strict=True))
    names = np.full(len(rows), source)
    weights = np.where(answerable, 1 / answerable.sum(), 1 / (~answerable).sum())
    found = choose_thresholds(Predictions(confidences, answerable, names, names, weights))
    assert 0 <= found.unsure <= found.answer <= 1
    if found.unsure < found.answer:
        assert (confidences[answerable] >= found.unsure).mean() >= 0.95


@pytest.fixture
def own(folder: Path, questions: Path) -> OwnQuestions:
    """Return the animals with the questions about them."""
    return OwnQuestions(folder, questions)


def test_every_fit_is_of_the_documents_with_fewer_sidecars(own: OwnQuestions) -> None:
    found = calibrate(own, Benchmark(), Runner(FakeEncoder()))
    assert found.calibration.model == FakeEncoder().fingerprint
    assert {name: fits.fitted_on for name, fits in found.calibration.fits.items()} == {
        "answerability": {"own, annotated": 12},
        "unanswerable": {"own": 12, "own, annotated": 12},
        "plain": {"own": 12},
        "unread": {"own": 12},
    }


@pytest.mark.parametrize("gone", [UNANSWERABLE, f"a.txt{ANNOTATIONS_SUFFIX}"])
def test_a_fit_that_the_documents_have_no_example_of_is_the_plain_one(
    gone: str, folder: Path, own: OwnQuestions, tmp_path: Path
) -> None:
    (folder / gone).unlink()
    found = calibrate(own, Benchmark(), Runner(FakeEncoder())).calibration
    plain, lacking = found.fits["plain"], found.fits["answerability"]
    features = Features(1, 2, 3, 4, 5, 6, 0.5, 0, *range(8))
    annotated = replace(features, answerability=0.7, unanswerable=0.2)
    assert lacking.probability(annotated) == lacking.probability(replace(annotated, answerability=0.1))
    assert "reading" in plain.weights
    assert "reading" not in lacking.weights
    write_calibration(found, tmp_path / "calibration.json")
    assert read_calibration(tmp_path / "calibration.json") == found


def test_nothing_to_fit_to_is_one_line_that_names_the_remedy() -> None:
    with pytest.raises(DocumentsError, match=r"^[^\n]*--questions or --bench$"):
        calibrate(None, Benchmark(), Runner(FakeEncoder()))
