"""The folders that `prepare` lays out hold what their questions name, and every file of questions has its source."""

from __future__ import annotations

import json
import subprocess
import tomllib
from pathlib import Path

import pytest

from index.evaluation.datasets.dataset import read_benchmark
from index.training.examples import read_training_corpora
from tests.training import prepare

HERE = Path(__file__).parent

SOURCES = """
set = []

[[folder]]
name = "guide"
repository = "{repository}"
commit = "{commit}"
suffix = ".erb"

[[folder]]
name = "course"
repository = "{repository}"
commit = "{commit}"
extension = ".asciidoc"

[[folder]]
name = "entries"
squad = "facts"

[[folder]]
name = "rows"
set = "public"

[[folder]]
name = "unseen"
squad = "facts"
held_out = true

[[squad]]
name = "facts"
repository = "{repository}"
commit = "{commit}"
file = "facts.json"
"""


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    command = ["git", "-C", str(folder), *who, *arguments]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout.strip()


def write_repository(folder: Path) -> str:
    """Write a repository with one commit, and return that."""
    paragraphs = [{"id": f"DEV_{number}", "context": f"塔高{number}米。", "qas": []} for number in range(2)]
    facts = {"data": [{"title": "塔", "paragraphs": paragraphs}]}
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "tower.html.md.erb").write_text("# Tower\n", "utf-8")
    (folder / "docs" / "bridge.html.md.erb").write_text("# Bridge\n", "utf-8")
    (folder / "docs" / "river.asciidoc").write_text("== River\n", "utf-8")
    (folder / "facts.json").write_text(json.dumps(facts), "utf-8")
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "one")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def laid_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder with the corpora of SOURCES; the questions name one file of each."""
    here = tmp_path / "here"
    named = {
        "guide": "docs/tower.html.md",
        "course": "docs/river.md",
        "entries": "DEV_1.md",
        "rows": "r2.md",
        "unseen": "DEV_0.md",
    }
    (here / "questions").mkdir(parents=True)
    for name, file in named.items():
        rows = [
            {"lang": "en", "kind": "cross", "question": "How tall?", "file": file, "evidence": ["tall"]},
            {"lang": "en", "kind": "near", "question": "Who?"},
        ]
        (here / "questions" / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    commit = write_repository(tmp_path / "repository")
    sources = SOURCES.format(repository=(tmp_path / "repository").as_posix(), commit=commit)
    (here / "sources.toml").write_text(sources, "utf-8")
    public = tmp_path / "bench" / "public"
    public.mkdir(parents=True)
    rows = [{"id": f"r{number}", "title": "橋", "text": f"橋長{number}米。"} for number in range(3)]
    (public / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    monkeypatch.setattr(prepare, "HERE", here)
    (tmp_path / "data").mkdir()
    prepare.prepare(tmp_path / "data", tmp_path / "bench")
    return tmp_path / "data"


def test_a_folder_holds_the_files_and_paragraphs_that_its_questions_name(laid_out: Path) -> None:
    files = [path for path in laid_out.rglob("*.md") if path.is_file()]
    assert {str(path.relative_to(laid_out)): path.read_text("utf-8") for path in files} == {
        "questions-guide/documents/docs/tower.html.md": "# Tower\n",
        "questions-course/documents/docs/river.md": "== River\n",
        "questions-entries/documents/DEV_1.md": "# 塔\n\n塔高1米。\n",
        "questions-rows/documents/r2.md": "# 橋\n\n橋長2米。\n",
        "held-out/questions-unseen/documents/DEV_0.md": "# 塔\n\n塔高0米。\n",
    }


def test_what_is_held_out_is_no_training_corpus_but_a_set_to_calibrate_with(laid_out: Path) -> None:
    trained_on = [corpus.name for corpus in read_training_corpora(laid_out)]
    assert trained_on == ["facts", "questions-course", "questions-entries", "questions-guide", "questions-rows"]
    assert [corpus.name for corpus in read_benchmark(laid_out / "held-out").folders] == ["questions-unseen"]


def test_every_file_of_questions_has_its_source() -> None:
    sources = tomllib.loads((HERE / "sources.toml").read_text("utf-8"))
    assert sorted(source["name"] for source in sources["folder"]) == sorted(
        path.stem for path in (HERE / "questions").glob("*.jsonl")
    )
