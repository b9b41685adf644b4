"""Public datasets: read as documents and questions, and converted to the other Chinese script."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.errors import DocumentsError
from index.evaluation.datasets.dataset import Dataset, read_benchmark, script_variants
from index.text.normalize import normalize


def write_set(folder: Path, language: str, text: str, question: str, asked_in: str) -> Dataset:
    folder.mkdir(parents=True)
    corpus = {"id": "p1", "title": text[:2], "text": text, "lang": language}
    query = {"id": "q1", "text": question, "lang": asked_in, "relevant": ["p1"], "answerable": True}
    (folder / "corpus.jsonl").write_text(json.dumps(corpus) + "\n", "utf-8")
    (folder / "queries.jsonl").write_text(json.dumps(query) + "\n", "utf-8")
    return read_benchmark(folder.parent).datasets[0]


def test_a_simplified_set_has_its_questions_then_its_corpus_in_traditional(tmp_path: Path) -> None:
    plain = write_set(tmp_path / "set", "zh-Hans", "骆马模型发表了。\n\n社区很兴奋。", "谁发表了它？", "zh-Hans")
    variants = script_variants(plain)
    questions, corpus = variants["questions in the other script"], variants["corpus in the other script"]
    assert questions.questions[0].text == "誰發表了它？"
    assert questions.questions[0].language == "zh-Hant"
    assert questions.library == plain.library
    assert corpus.questions == plain.questions
    (document,) = corpus.library.documents
    assert (document.text, document.title, document.language) == (
        "駱馬模型發表了。\n\n社區很興奮。",
        "駱馬",
        "zh-Hant",
    )
    assert [document.slice(p.span) for p in document.blocks] == [
        "駱馬模型發表了。",
        "社區很興奮。",
    ]
    assert normalize(document.text) == normalize(plain.library.documents[0].text)


def test_a_traditional_set_is_put_into_simplified(tmp_path: Path) -> None:
    plain = write_set(tmp_path / "set", "zh-Hant", "駱馬模型發表了。", "誰發表了它？", "zh-Hant")
    variants = script_variants(plain)
    assert variants["questions in the other script"].questions[0].text == "谁发表了它？"
    assert variants["corpus in the other script"].library.documents[0].text == "骆马模型发表了。"


def test_questions_in_english_have_no_other_script(tmp_path: Path) -> None:
    plain = write_set(tmp_path / "set", "zh-Hans", "骆马模型发表了。", "Who released it?", "en")
    assert list(script_variants(plain)) == ["corpus in the other script"]


def test_no_set_is_named_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(DocumentsError, match=r"^no question set in [^\n]*$"):
        read_benchmark(tmp_path)
