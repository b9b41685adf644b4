"""`evaluate --report`: what it writes with and without the public datasets, matplotlib and git."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index import cli
from index.answering.confidence.calibration import read_calibration
from index.answering.confidence.calibration_choice import BUNDLED
from index.evaluation.provenance import commit_of
from index.evaluation.reporting import report
from tests.fakes import FakeEncoder
from tests.index.output import rows

Evaluate = Callable[..., dict[str, Any]]

ROWS = [
    ("en", "plain", "cost", "What did it cost?", ["six hundred dollars"]),
    ("zh-Hant", "plain", "left", "幾位作者留任？", ["三位留任"]),
    ("en", "near-topic", "age", "How old is a unicorn?", []),
]
ASKED = "幾位作者留任"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("CHRONICLE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Return a file of three questions about the small documents folder."""
    path = tmp_path / "few.jsonl"
    keys = ("language", "kind", "fact", "question", "evidence")
    path.write_text("\n".join(json.dumps(dict(zip(keys, row, strict=True))) for row in ROWS), "utf-8")
    return path


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    """Return a folder with one public dataset, which holds a question without an answer."""
    folder = tmp_path / "bench" / "tiny-hans"
    folder.mkdir(parents=True)
    corpus = [
        {"id": "p1", "title": "骆马", "text": "骆马住在秘鲁。", "lang": "zh-Hans"},
        {"id": "p2", "title": "羊驼", "text": "羊驼的毛很软。", "lang": "zh-Hans"},
    ]
    queries = [
        {"id": "q1", "text": "谁住在秘鲁？", "lang": "zh-Hans", "relevant": ["p1"], "answerable": True},
        {"id": "q2", "text": "马有多高？", "lang": "zh-Hans", "relevant": [], "answerable": False},
    ]
    for name, found in (("corpus", corpus), ("queries", queries)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, found)), "utf-8")
    return folder.parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder for a report."""
    return tmp_path / "deep" / "report"


@pytest.fixture
def evaluate(
    documents: Path, store: Path, questions: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Evaluate:
    """Return a function that writes a report with the fake encoder and reads the numbers back."""
    monkeypatch.setattr("index.encoding.encoder.load_encoder", lambda *_, **__: FakeEncoder())

    def evaluate(*more: str) -> dict[str, Any]:
        folders = ("--documents", str(documents), "--store", str(store))
        assert cli.main(["evaluate", *folders, "--questions", str(questions), "--report", str(folder), *more]) == 0
        numbers: dict[str, Any] = json.loads((folder / "results.json").read_text("utf-8"))
        return numbers

    return evaluate


def test_the_numbers_come_with_their_provenance(evaluate: Evaluate, questions: Path, documents: Path) -> None:
    about = evaluate()["provenance"]
    digest = hashlib.sha256(questions.read_bytes()).hexdigest()
    assert about["questions"] == {"few.jsonl": {"sha256": digest, "questions": 3, "answerable": 2}}
    text = hashlib.sha256((documents / "llama.md").read_bytes()).hexdigest()
    assert about["documents"]["llama.md"] == text
    assert about["model"] == FakeEncoder().fingerprint
    assert about["threshold"] == read_calibration(BUNDLED).thresholds.answer
    assert {"numpy", "torch", "faiss-cpu", "opencc"} <= about["packages"].keys()
    assert about["date"].endswith("+00:00")
    assert "commit" in about


def test_every_part_of_the_report_is_there(evaluate: Evaluate, bench: Path, folder: Path) -> None:
    numbers = evaluate("--bench", str(bench))
    assert {each["system"] for each in numbers["own"]} >= {
        "Llama Chronicle",
        "late interaction alone",
        "BM25 alone",
        "dense, passages",
    }
    assert [(each["by"], each["name"]) for each in numbers["groups"]] == [
        ("all", "all"),
        *(("language", name) for name in ("en", "zh-Hant")),
        *(("kind", name) for name in ("plain", "near-topic")),
    ]
    assert {each["system"] for each in numbers["ablations"]} >= {"without BM25", "without centering"}
    assert all({"value", "low", "high"} == each["change"].keys() for each in numbers["ablations"])
    (confidence,) = numbers["confidence"]
    assert confidence["chosen"]["threshold"] == read_calibration(BUNDLED).thresholds.answer
    assert sum(tenth["count"] for tenth in confidence["reliability"]) == 3
    assert confidence["roc"][-1] == [1, 1]
    variants = {each.get("variant") for each in numbers["public"]}
    assert variants == {None, "questions in the other script", "corpus in the other script"}
    assert {path.name for path in folder.iterdir()} == {
        *("report.md", "results.json", "recall.png", "ablations.png", "reliability.png", "roc.png"),
        *("thresholds.png", "public.png"),
    }


def test_the_other_script_of_a_set_scores_the_same(evaluate: Evaluate, bench: Path) -> None:
    changes = [each["change"] for each in evaluate("--bench", str(bench))["public"] if "variant" in each]
    assert changes == [{"value": 0, "low": 0, "high": 0}] * 2


def test_neither_a_question_nor_a_path_is_in_the_report(
    evaluate: Evaluate, bench: Path, folder: Path, tmp_path: Path
) -> None:
    evaluate("--bench", str(bench))
    for path in folder.iterdir():
        content = path.read_bytes()
        assert ASKED.encode() not in content
        assert json.dumps(ASKED).strip('"').encode() not in content
        assert str(tmp_path).encode() not in content


def test_the_rows_are_printed_as_without_a_report(
    evaluate: Evaluate, bench: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evaluate("--json", "--no-baseline", "--bench", str(bench))
    shown = capsys.readouterr()
    found = [(row["set"], row["language"], row["system"]) for row in rows(shown.out)]
    assert found == [(name, language, "Llama Chronicle") for name, language in EXPECTED]
    lines = shown.err.splitlines()
    assert all(line.startswith("llama-chronicle: ") for line in lines)
    assert any(line.startswith("llama-chronicle: tiny-hans, questions in the other script: ") for line in lines)


EXPECTED = [("few", "all"), ("few", "en"), ("few", "zh-Hant"), ("tiny-hans", "all")]


def test_without_matplotlib_the_report_says_how_to_get_the_plots(
    evaluate: Evaluate, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.mkdir(parents=True)
    (folder / "roc.png").write_bytes(b"of an earlier run")
    monkeypatch.setattr(report, "find_spec", lambda _name: None)
    evaluate("--no-baseline")
    assert {path.name for path in folder.iterdir()} == {"report.md", "results.json"}
    assert "llama-chronicle[evaluate]" in (folder / "report.md").read_text("utf-8")
    assert ".png" not in (folder / "report.md").read_text("utf-8")
    assert "llama-chronicle[evaluate]" in capsys.readouterr().err.splitlines()[-1]


def test_without_git_there_is_no_commit(evaluate: Evaluate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.evaluation.provenance.shutil.which", lambda _name: None)
    assert evaluate("--no-baseline")["provenance"]["commit"] is None


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    command = ["git", "-C", str(folder), *who, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_a_commit_is_named_dirty_where_files_differ_and_not_at_all_of_strange_files(tmp_path: Path) -> None:
    code = tmp_path / "repository" / "code"
    code.mkdir(parents=True)
    assert commit_of(code) is None
    git(code.parent, "init", "--quiet")
    (code / "a.py").write_text("a = 1\n")
    assert commit_of(code) is None  # lies in a repository, and is not of it
    git(code.parent, "add", ".")
    git(code.parent, "commit", "--quiet", "--message", "one")
    head = git(code.parent, "rev-parse", "HEAD")
    assert commit_of(code) == head
    (code.parent / "elsewhere.txt").write_text("not the code\n")
    assert commit_of(code) == head
    (code / "a.py").write_text("a = 2\n")
    assert commit_of(code) == f"{head}-dirty"
