"""`evaluate --report`: what it writes with and without the public datasets, matplotlib and git."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from index import cli
from index.answering.confidence.calibration import read_calibration
from index.answering.confidence.calibration_choice import BUNDLED
from index.evaluation.provenance import commit_of
from index.evaluation.reporting import report
from tests.fakes import FakeEncoder
from tests.index.conftest import CATALOG, MARKDOWN, TEXT
from tests.index.output import rows

ROWS = [
    ("en", "plain", "cost", "What did it cost?", ["six hundred dollars"]),
    ("zh-Hant", "plain", "left", "幾位作者留任？", ["三位留任"]),
    ("en", "near-topic", "age", "How old is a unicorn?", []),
]
ASKED = "幾位作者留任"


PUBLIC: dict[str, list[dict[str, Any]]] = {
    "corpus": [
        {"id": "p1", "title": "骆马", "text": "骆马住在秘鲁。", "lang": "zh-Hans"},
        {"id": "p2", "title": "羊驼", "text": "羊驼的毛很软。", "lang": "zh-Hans"},
    ],
    "queries": [
        {"id": "q1", "text": "谁住在秘鲁？", "lang": "zh-Hans", "relevant": ["p1"], "answerable": True},
        {"id": "q2", "text": "马有多高？", "lang": "zh-Hans", "relevant": [], "answerable": False},
    ],
}


@dataclass(frozen=True, slots=True)
class Written:
    """A report and what the command wrote meanwhile; `place` has the documents and questions that it is of."""

    place: Path
    output: str
    errors: str

    @property
    def folder(self) -> Path:
        """The folder of the report."""
        return self.place / "deep" / "report"

    @property
    def numbers(self) -> Any:
        """What its results.json holds."""
        return json.loads((self.folder / "results.json").read_text("utf-8"))


def lay_out(place: Path) -> None:
    """Write the small documents folder, three questions about it, and a public dataset of two."""
    documents, bench = place / "documents", place / "bench" / "tiny-hans"
    documents.mkdir()
    for name, text in (("llama.md", MARKDOWN), ("alpaca.txt", TEXT), ("catalog.toml", CATALOG)):
        (documents / name).write_text(text, "utf-8")
    keys = ("language", "kind", "fact", "question", "evidence")
    few = [dict(zip(keys, row, strict=True)) for row in ROWS]
    bench.mkdir(parents=True)
    rows = {bench / f"{name}.jsonl": found for name, found in PUBLIC.items()}
    for path, found in {place / "few.jsonl": few, **rows}.items():
        path.write_text("\n".join(map(json.dumps, found)), "utf-8")


def write_report(place: Path, patch: pytest.MonkeyPatch, *more: str) -> Written:
    """Write a report with the fake encoder about the documents in `place`."""
    for name in [name for name in os.environ if name.startswith("CHRONICLE_")]:
        patch.delenv(name)
    patch.chdir(place)
    patch.setattr("index.encoding.encoder.load_encoder", lambda *_, **__: FakeEncoder())
    folders = ("--documents", "documents", "--store", "store", "--report", "deep/report")
    output, errors = StringIO(), StringIO()
    with redirect_stdout(output), redirect_stderr(errors):
        assert cli.main(["evaluate", *folders, "--questions", "few.jsonl", *more]) == 0
    return Written(place, output.getvalue(), errors.getvalue())


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Write a report of everything, and print its rows as JSON."""
    place = tmp_path_factory.mktemp("whole")
    lay_out(place)
    with pytest.MonkeyPatch.context() as patch:
        return write_report(place, patch, "--json", "--bench", str(place / "bench"))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Write a report without matplotlib and git over an earlier one."""
    place = tmp_path_factory.mktemp("bare")
    lay_out(place)
    (place / "deep" / "report").mkdir(parents=True)
    (place / "deep" / "report" / "roc.png").write_bytes(b"of an earlier run")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "find_spec", lambda _name: None)
        patch.setattr("index.evaluation.provenance.shutil.which", lambda _name: None)
        return write_report(place, patch, "--no-baseline")


def test_the_numbers_come_with_their_provenance(whole: Written) -> None:
    about = whole.numbers["provenance"]
    digest = hashlib.sha256((whole.place / "few.jsonl").read_bytes()).hexdigest()
    assert about["questions"]["few.jsonl"] == {"sha256": digest, "questions": 3, "answerable": 2}
    text = hashlib.sha256((whole.place / "documents" / "llama.md").read_bytes()).hexdigest()
    assert about["documents"]["llama.md"] == text
    assert about["model"] == FakeEncoder().fingerprint
    assert about["threshold"] == read_calibration(BUNDLED).thresholds.answer
    assert {"numpy", "torch", "faiss-cpu", "opencc"} <= about["packages"].keys()
    assert about["date"].endswith("+00:00")
    assert "commit" in about


def test_without_public_sets_the_provenance_names_the_own_questions_alone(bare: Written) -> None:
    assert bare.numbers["provenance"]["questions"].keys() == {"few.jsonl"}


def test_every_part_of_the_report_is_there(whole: Written) -> None:
    numbers = whole.numbers
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
    assert {path.name for path in whole.folder.iterdir()} == {
        *("report.md", "results.json", "recall.png", "ablations.png", "reliability.png", "roc.png"),
        *("thresholds.png", "public.png"),
    }


def test_the_other_script_of_a_set_scores_the_same(whole: Written) -> None:
    changes = [each["change"] for each in whole.numbers["public"] if "variant" in each]
    assert changes == [{"value": 0, "low": 0, "high": 0}] * 2


def test_neither_a_question_nor_a_path_is_in_the_report(whole: Written) -> None:
    for path in whole.folder.iterdir():
        content = path.read_bytes()
        assert ASKED.encode() not in content
        assert json.dumps(ASKED).strip('"').encode() not in content
        assert str(whole.place).encode() not in content


def test_the_rows_are_printed_as_without_a_report(whole: Written) -> None:
    found = [(row["set"], row["language"]) for row in rows(whole.output) if row["system"] == "Llama Chronicle"]
    assert found == EXPECTED
    lines = whole.errors.splitlines()
    assert all(line.startswith("llama-chronicle: ") for line in lines)
    assert any(line.startswith("llama-chronicle: tiny-hans, questions in the other script: ") for line in lines)


EXPECTED = [("few", "all"), ("few", "en"), ("few", "zh-Hant"), ("tiny-hans", "all")]


def test_without_matplotlib_the_report_says_how_to_get_the_plots(bare: Written) -> None:
    assert {path.name for path in bare.folder.iterdir()} == {"report.md", "results.json"}
    assert "llama-chronicle[evaluate]" in (bare.folder / "report.md").read_text("utf-8")
    assert ".png" not in (bare.folder / "report.md").read_text("utf-8")
    assert "llama-chronicle[evaluate]" in bare.errors.splitlines()[-1]


def test_without_git_there_is_no_commit(bare: Written) -> None:
    assert bare.numbers["provenance"]["commit"] is None


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
