"""Fitting the confidence to questions whose answers are known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index import measuring
from index.calibrate import Example, fit, write_calibration
from index.confidence import FITS, Calibration, Signals, read_calibration
from index.documents import GAPS, GLOSSES_SUFFIX
from index.errors import DocumentsError
from index.evaluate import Question
from index.glosses import paragraph_hash
from index.measuring import Engine, calibrate
from tests.fakes import FakeEncoder

ANIMALS = ("llama", "alpaca", "vicuna", "guanaco", "camel", "dromedary")
PARAGRAPHS = [f"The {animal} lives in meadow number {at}." for at, animal in enumerate(ANIMALS)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a documents folder with glosses, written questions and gaps."""
    documents = tmp_path / "animals"
    documents.mkdir()
    (documents / "a.txt").write_text("\n\n".join(PARAGRAPHS), "utf-8")
    glosses = [
        f"[[gloss]]\nparagraph = '{paragraph_hash(text)}'\nen = 'Grass.'\nquestions = [['Where is the {animal}?']]"
        for animal, text in zip(ANIMALS, PARAGRAPHS, strict=True)
    ]
    (documents / f"a.txt{GLOSSES_SUFFIX}").write_text("\n".join(glosses), "utf-8")
    (documents / GAPS).write_text(f"questions = {[f'What does a {each} cost?' for each in ANIMALS]}", "utf-8")
    return documents


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Give a file with a question that the folder answers, and one that it does not, about each animal."""
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


def example(number: int, *, late: float, answerable: bool) -> Example:
    signals = Signals(late, 0, 0, 0, 0, 0, 0, None, None, glossed=False)
    evidence = ("words",) if answerable else ()
    return Example(signals, Question("?", "en", "plain", f"fact {number}", evidence), "own")


def test_what_tells_the_answerable_apart_gets_a_weight_and_nothing_else_does() -> None:
    examples = [example(at, late=at % 2, answerable=bool(at % 2)) for at in range(20)]
    found = fit(examples)
    assert found.weights.weights["late"] > 0
    assert found.weights.weights["dense"] == pytest.approx(0)
    assert found.weights.fitted_on == {"own": 20}
    assert found.auroc == 1.0


def test_what_tells_nothing_gives_an_even_chance() -> None:
    examples = [example(at, late=at // 2 % 2, answerable=bool(at % 2)) for at in range(20)]
    weights = fit(examples).weights
    assert weights.probability(examples[0].signals) == pytest.approx(0.5, abs=0.1)


def test_every_fit_comes_from_the_documents_with_less_and_less_beside_them(
    folder: Path, questions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Calibration] = []
    monkeypatch.setattr(measuring, "write_calibration", written.append)
    fits = calibrate(folder, questions, None, Engine(FakeEncoder()))
    assert tuple(fits) == tuple(written[0].fits) == FITS
    assert {name: set(each.weights.weights) & {"gap", "leaning"} for name, each in fits.items()} == {
        "glossed, leaning": {"leaning"},
        "glossed, gaps": {"gap"},
        "glossed": set(),
        "plain, gaps": {"gap"},
        "plain": set(),
    }


@pytest.mark.parametrize(
    ("gone", "lacking"), [(GAPS, "glossed, leaning and "), (f"a.txt{GLOSSES_SUFFIX}", "glossed")]
)
def test_documents_that_lack_what_is_fitted_are_told_so_and_nothing_is_written(
    gone: str, lacking: str, folder: Path, questions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "write_calibration", pytest.fail)
    (folder / gone).unlink()
    with pytest.raises(DocumentsError, match=rf"^[^\n]*no example of {lacking}[^\n]*: it needs glosses[^\n]*$"):
        calibrate(folder, questions, None, Engine(FakeEncoder()))


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    examples = [example(at, late=at % 2, answerable=bool(at % 2)) for at in range(20)]
    calibration = Calibration(dict.fromkeys(FITS, fit(examples).weights))
    write_calibration(calibration, tmp_path / "calibration.json")
    assert read_calibration(tmp_path / "calibration.json") == calibration
