"""Fitting the confidence to questions whose answers are known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.answering.confidence import FITS, Calibration, Features, read_calibration
from index.corpus.annotations.paragraphs import paragraph_hash
from index.corpus.annotations.sidecars import ANNOTATIONS_SUFFIX, UNANSWERABLE
from index.errors import DocumentsError
from index.evaluation import calibration as calibration_module
from index.evaluation.calibration import Example, calibrate, fit, write_calibration
from index.evaluation.dataset import EvaluationQuestion
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


def example(number: int, *, max_sim: float, answerable: bool) -> Example:
    features = Features(max_sim, 0, 0, 0, 0, 0, 0, 0, None, None, annotated=False)
    evidence = ("words",) if answerable else ()
    return Example(features, EvaluationQuestion("?", "en", "plain", f"fact {number}", evidence), "own")


def test_only_a_feature_that_separates_the_answerable_gets_a_weight() -> None:
    examples = [example(at, max_sim=at % 2, answerable=bool(at % 2)) for at in range(20)]
    found = fit(examples)
    assert found.weights.weights["max_sim"] > 0
    assert found.weights.weights["dense"] == pytest.approx(0)
    assert found.weights.fitted_on == {"own": 20}
    assert found.auroc == 1.0


def test_a_feature_that_separates_nothing_gives_an_even_chance() -> None:
    examples = [example(at, max_sim=at // 2 % 2, answerable=bool(at % 2)) for at in range(20)]
    weights = fit(examples).weights
    assert weights.probability(examples[0].features) == pytest.approx(0.5, abs=0.1)


def test_every_fit_is_of_the_documents_with_fewer_sidecars(
    folder: Path, questions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Calibration] = []
    monkeypatch.setattr(calibration_module, "write_calibration", written.append)
    fits = calibrate(folder, questions, None, Runner(FakeEncoder()))
    assert tuple(fits) == tuple(written[0].fits) == FITS
    assert {
        name: set(each.weights.weights) & {"unanswerable", "answerability"} for name, each in fits.items()
    } == {
        "annotated, answerability": {"answerability"},
        "annotated, unanswerable": {"unanswerable"},
        "annotated": set(),
        "plain, unanswerable": {"unanswerable"},
        "plain": set(),
    }


@pytest.mark.parametrize(
    ("gone", "lacking"),
    [(UNANSWERABLE, "annotated, answerability and "), (f"a.txt{ANNOTATIONS_SUFFIX}", "annotated")],
)
def test_documents_without_what_is_fitted_are_an_error_and_nothing_is_written(
    gone: str, lacking: str, folder: Path, questions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration_module, "write_calibration", pytest.fail)
    (folder / gone).unlink()
    with pytest.raises(
        DocumentsError, match=rf"^[^\n]*no example of {lacking}[^\n]*: it needs annotations[^\n]*$"
    ):
        calibrate(folder, questions, None, Runner(FakeEncoder()))


def test_a_calibration_that_is_written_is_read_back(tmp_path: Path) -> None:
    examples = [example(at, max_sim=at % 2, answerable=bool(at % 2)) for at in range(20)]
    calibration = Calibration(dict.fromkeys(FITS, fit(examples).weights))
    write_calibration(calibration, tmp_path / "calibration.json")
    assert read_calibration(tmp_path / "calibration.json") == calibration
