"""`calibrate`: where it writes, what it prints, and that nothing goes on pretending."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.answering.confidence.calibration import read_calibration
from index.answering.confidence.calibration_choice import BUNDLED, calibration_path
from tests.fakes import FakeEncoder
from tests.index.cli.conftest import Run
from tests.index.output import is_one_line

QUESTIONS = [
    ("cost", "What was the cost of the alpacas?", ["six hundred dollars"]),
    ("left", "十四位作者還剩幾位留任？", ["三位留任"]),
    ("data", "What were alpacas trained on?", ["synthetic data"]),
    ("weather", "Is it going to snow on Tuesday?", []),
    ("bread", "麵包要烤多久？", []),
    ("ferry", "When does the ferry leave?", []),
]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Return a file of questions about the documents."""
    rows = [
        {"fact": fact, "language": "en", "kind": "plain", "question": text, "evidence": evidence}
        for fact, text, evidence in QUESTIONS
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


def test_it_writes_into_the_store_and_never_into_the_package(
    run: Run, store: Path, questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = BUNDLED.read_bytes()
    assert run("calibrate", "--questions", str(questions)) == 0
    printed = capsys.readouterr().out
    assert read_calibration(calibration_path(store)).model == FakeEncoder().fingerprint
    assert BUNDLED.read_bytes() == before
    assert str(calibration_path(store)) in printed
    assert all(text in printed for text in ("answers from", "is unsure from", "AUROC", "English on English"))


def test_it_writes_where_it_is_told_to(run: Run, store: Path, questions: Path, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "fitted.json"
    assert run("calibrate", "--questions", str(questions), "--output", str(target)) == 0
    assert set(read_calibration(target).fits) == set(read_calibration(BUNDLED).fits)
    assert not calibration_path(store).exists()


def test_the_reliability_is_drawn_where_it_is_told_to(run: Run, questions: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    plot = tmp_path / "reliability.png"
    assert run("calibrate", "--questions", str(questions), "--plot", str(plot)) == 0
    assert plot.read_bytes().startswith(b"\x89PNG")


def test_a_plot_without_matplotlib_is_refused_before_anything_is_fitted(
    run: Run, store: Path, questions: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("index.cli.quality.calibrate.find_spec", lambda name: None)
    assert run("calibrate", "--questions", str(questions), "--plot", "plot.png") == 1
    assert "llama-chronicle[evaluate]" in capsys.readouterr().err
    assert not calibration_path(store).exists()


def test_without_questions_one_line_names_the_remedy(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("calibrate") == 1
    error = capsys.readouterr().err
    assert is_one_line(error)
    assert "--questions" in error


def test_info_warns_of_a_confidence_fitted_for_another_model(
    run: Run, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("build") == 0
    capsys.readouterr()
    assert run("info") == 0
    assert "calibrate" not in capsys.readouterr().out
    calibration_path(store).write_text(BUNDLED.read_text("utf-8").replace(FakeEncoder().fingerprint, "other-1"))
    assert run("info") == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("warning")]
    assert "other-1" in line
    assert line.endswith("run `python -m index calibrate`")
