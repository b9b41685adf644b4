"""Folder corpora: read, measured without writing to them, and scored by kind of question."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.errors import DocumentsError
from index.evaluation.datasets.dataset import FolderCorpus, read_benchmark
from index.evaluation.reporting.folder_results import ALL, folder_as_json, folder_table, score_folders
from index.evaluation.runner import Runner, measure_folder
from tests.fakes import FakeEncoder

QUESTIONS = [
    ("en", "same", "Where does the llama live?", ["lives in Peru"]),
    ("hant", "cross", "駱馬住在哪裡？", ["lives in Peru"]),
    ("en", "near", "How old is the llama?", []),
    ("en", "far", "Who won the election?", []),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a benchmark folder with one folder corpus."""
    corpus = tmp_path / "bench" / "animals"
    (corpus / "documents" / "deep").mkdir(parents=True)
    (corpus / "documents" / "deep" / "llama.md").write_text("# Llama\n\nThe llama lives in Peru.\n", "utf-8")
    (corpus / "documents" / "alpaca.md").write_text("# Alpaca\n\nThe alpaca has **soft** wool.\n", "utf-8")
    keys = ("id", "lang", "kind", "question", "evidence")
    rows = [dict(zip(keys, (f"q{at}", *row), strict=True)) for at, row in enumerate(QUESTIONS)]
    (corpus / "questions.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return corpus.parent


def corpus_of(folder: Path) -> FolderCorpus:
    (corpus,) = read_benchmark(folder).folders
    return corpus


def test_a_folder_corpus_is_read_with_its_questions(folder: Path) -> None:
    corpus = corpus_of(folder)
    assert (corpus.name, corpus.documents) == ("animals", folder / "animals" / "documents")
    assert [each.language for each in corpus.questions] == ["en", "zh-Hant", "en", "en"]
    assert [each.is_answerable for each in corpus.questions] == [True, True, False, False]


def test_a_broken_line_is_one_error_that_names_the_file(folder: Path) -> None:
    path = folder / "animals" / "questions.jsonl"
    path.write_text('{"id": "q"}', "utf-8")
    with pytest.raises(DocumentsError, match=r"^[^\n]*questions\.jsonl is no file of questions[^\n]*$"):
        read_benchmark(folder)


def test_a_folder_is_measured_and_nothing_is_written_to_it(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    measurement = measure_folder(corpus_of(folder), Runner(FakeEncoder()))
    assert sorted(folder.rglob("*")) == before
    assert measurement.documents == 2
    assert len(measurement.judgements) == len(QUESTIONS)
    assert measurement.judgements[0].rank is not None
    assert measurement.quality.titles_right == measurement.quality.titles == 2


def test_folders_are_scored_one_by_one_and_together(folder: Path) -> None:
    measurement = measure_folder(corpus_of(folder), Runner(FakeEncoder()))
    (alone,) = score_folders([measurement])
    one, _, together = score_folders([measurement, measurement])
    assert alone == one
    assert alone.recall["same"][3] == 1
    assert (together.folder, together.documents, together.questions) == (ALL, 4, 8)
    assert together.quality.passages == 2 * alone.quality.passages


def test_scores_are_json_without_nan_and_rows_of_equal_length(folder: Path) -> None:
    scores = score_folders([measure_folder(corpus_of(folder), Runner(FakeEncoder()))])
    values = folder_as_json(scores[0])
    assert json.loads(json.dumps(values, allow_nan=False)) == values
    assert values["recall"]["script"]["recall_1"] is None  # no question of that kind
    table = list(folder_table(scores))
    assert {len(row) for row in table} == {2}
    assert ("titles right", "2 of 2 (100.0%)") in table
