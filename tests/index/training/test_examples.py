"""Questions are matched with the representations whose passages hold their evidence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.errors import DocumentsError
from index.training.examples import TrainingCorpus, read_training_corpora

QUESTIONS = Path(__file__).parents[2] / "training" / "questions"

EVIDENCE = "The tower is 324 metres high."
QUESTION = {"question": "How tall is it?", "file": "tower.md", "evidence": [EVIDENCE]}


def write_folder(folder: Path, *rows: object) -> None:
    (folder / "documents").mkdir(parents=True)
    other = "\n\n".join(f"Paragraph {number} speaks about the gardens around it. " * 6 for number in range(4))
    (folder / "documents" / "tower.md").write_text(f"# Tower\n\n{other}\n\n## Height\n\n{EVIDENCE}\n", "utf-8")
    (folder / "questions.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")


def only(folder: Path) -> TrainingCorpus:
    (corpus,) = read_training_corpora(folder)
    return corpus


def test_a_question_on_a_folder_is_answered_by_the_passage_with_its_evidence(tmp_path: Path) -> None:
    write_folder(tmp_path / "guide", QUESTION)
    corpus = only(tmp_path)
    (example,) = corpus.examples
    assert corpus.name == "guide"
    assert [number for number, text in enumerate(corpus.texts) if "324" in text] == list(example.answers)


def test_a_question_without_evidence_or_with_evidence_that_is_nowhere_is_no_example(tmp_path: Path) -> None:
    near = {"question": "Who painted it?", "kind": "near"}
    lost = {"question": "How old is it?", "file": "tower.md", "evidence": ["No such sentence."]}
    write_folder(tmp_path / "guide", near, lost, QUESTION)
    corpus = only(tmp_path)
    assert [example.question for example in corpus.examples] == ["how tall is it?"]
    assert corpus.unanswered == ("who painted it?",)


def test_a_public_set_names_the_document_and_the_answer_chooses_the_passage(tmp_path: Path) -> None:
    folder = tmp_path / "public"
    folder.mkdir()
    long = "".join(f"第{number}句讲的是别的事情，和问题没有什么关系。" for number in range(40))
    rows = [
        {"id": "a", "title": "", "text": f"{long}\n塔高三百二十四米。", "lang": "zh-Hans"},
        {"id": "b", "title": "", "text": "塔高三百二十四米，但这是另一座塔。", "lang": "zh-Hans"},
    ]
    queries = [
        {"id": "1", "text": "塔有多高？", "lang": "zh-Hans", "relevant": ["a"], "answers": ["三百二十四米"]},
        {"id": "2", "text": "没有答案？", "lang": "zh-Hans", "relevant": ["a"], "answerable": False},
    ]
    for name, content in (("corpus", rows), ("queries", queries)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, content)), "utf-8")
    corpus = only(tmp_path)
    (example,) = corpus.examples
    (answer,) = example.answers
    assert "324" in corpus.texts[answer] or "三百二十四米" in corpus.texts[answer]
    assert "另一座" not in corpus.texts[answer]
    assert corpus.unanswered == ("没有答案?",)


def test_a_squad_file_is_one_corpus(tmp_path: Path) -> None:
    paragraphs = [
        {"context": "塔高三百米。", "qas": [{"question": "塔多高？", "answers": [{"text": "三百米"}]}]},
        {"context": "桥长五百米。", "qas": [{"question": "桥多长？", "answers": [{"text": "五百米"}]}]},
    ]
    content = {"data": [{"title": "建筑", "paragraphs": paragraphs}]}
    (tmp_path / "set.json").write_text(json.dumps(content), "utf-8")
    corpus = only(tmp_path)
    assert [[corpus.texts[number] for number in example.answers] for example in corpus.examples] == [
        ["建筑\n塔高三百米。"],
        ["建筑\n桥长五百米。"],
    ]


@pytest.mark.parametrize("content", ["{", "[]", '{"data": 3}'])
def test_a_file_that_is_no_set_is_one_line(tmp_path: Path, content: str) -> None:
    (tmp_path / "set.json").write_text(content, "utf-8")
    with pytest.raises(DocumentsError, match="is no folder of training corpora"):
        read_training_corpora(tmp_path)


def test_a_folder_without_corpora_names_the_forms(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    with pytest.raises(DocumentsError, match="SQuAD file"):
        read_training_corpora(tmp_path)


def test_every_written_question_names_its_file_and_evidence_or_has_no_answer() -> None:
    rows = [
        json.loads(line) for path in QUESTIONS.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()
    ]
    assert len(rows) > 7000
    assert all(bool(row.get("evidence")) == (row["kind"] != "near") == ("file" in row) for row in rows)
    assert {row["lang"] for row in rows} == {"en", "hans", "hant"}
