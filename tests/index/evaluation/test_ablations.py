"""Ablations: each part is left out, and nothing else."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from index.answering import engine
from index.corpus.annotations.paragraphs import paragraph_hash
from index.corpus.annotations.sidecars import ANNOTATIONS_SUFFIX
from index.corpus.corpus import Corpus, build_corpus
from index.corpus.loader import parse_documents
from index.corpus.sources import read_sources
from index.evaluation.ablations import PARTS, Part, measure_ablations
from index.evaluation.caching_encoder import CachingEncoder
from index.evaluation.runner import Runner
from index.retrieval.interaction.token_vectors import ReadTokens
from index.retrieval.ranking_config import DEFAULT_RANKING, RankingConfig
from index.retrieval.reading.passage_reader import PassageReader
from index.retrieval.reading.scores import ComparedScores
from index.text.normalize import normalize
from index.types import Vector
from tests.fakes import FakeEncoder

REWORDED = "东谈主们很兴奋。"
DOCUMENT = f"""\
## 其一

{REWORDED}

## 其二

駱馬住在秘魯。牠的毛很軟。牠吃草。

## 其三

羊駝住在智利。牠很高興。
"""
ANNOTATION = {
    "hash": paragraph_hash(REWORDED),
    "restatement": "大家都很高兴。",
    "translation": "People were thrilled.",
    "questions": [["谁很高兴？", "Who was glad?"]],
}
WORDS = {"东谈主": "人", 'a "quoted" \\ word\x7f': "one\ttab"}


@pytest.fixture
def reworded(tmp_path: Path) -> Path:
    """Return a documents folder with every kind of sidecar."""
    folder = tmp_path / "reworded"
    folder.mkdir()
    (folder / "reworded.md").write_text(DOCUMENT, "utf-8")
    lines = [
        "[[paragraph]]",
        *(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in ANNOTATION.items()),
    ]
    lines += ["[words]", *(f"{quoted(swapped)} = {quoted(word)}" for swapped, word in WORDS.items())]
    (folder / f"reworded.md{ANNOTATIONS_SUFFIX}").write_text("\n".join(lines), "utf-8")
    (folder / "unanswerable.toml").write_text('questions = ["How tall is a llama?"]', "utf-8")
    (folder / "glossary.toml").write_text(
        '[[term]]\nzh-Hant = "駱馬"\nzh-Hans = "骆马"\nen = "Llama"\nmisspellings = ["Lama"]\n', "utf-8"
    )
    return folder


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Return a file with a question that the folder answers and one that it does not."""
    path = tmp_path / "few.jsonl"
    rows = [
        {"language": "zh-Hans", "kind": "plain", "fact": "joy", "question": "谁很兴奋？", "evidence": [REWORDED]},
        {"language": "en", "kind": "near-topic", "fact": "age", "question": "How old is it?", "evidence": []},
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def part(name: str) -> Part:
    return next(each for each in PARTS if each.name == name)


def corpus_without(folder: Path, name: str | None) -> Corpus:
    sources = read_sources(folder)
    sidecars: Mapping[str, bytes] = part(name).lighten(sources.sidecars) if name else sources.sidecars
    return build_corpus(parse_documents(folder, sources), sidecars)


def texts(corpus: Corpus) -> set[str]:
    """Return the texts of the representations below their headings."""
    return {representation.text.split("\n", 1)[-1] for representation in corpus.representations}


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("restatements", {"大家都很高兴。"}),
        ("translations", {"People were thrilled."}),
        ("written questions", {"谁很高兴？", "Who was glad?"}),
        ("any annotation", {"大家都很高兴。", "People were thrilled.", "谁很高兴？", "Who was glad?"}),
    ],
)
def test_without_an_annotation_only_its_representations_are_gone(
    name: str, gone: set[str], reworded: Path
) -> None:
    whole, without = texts(corpus_without(reworded, None)), texts(corpus_without(reworded, name))
    assert whole - without == {normalize(text) for text in gone}
    assert without < whole


def test_without_word_corrections_a_passage_is_represented_by_its_own_words(reworded: Path) -> None:
    whole, without = texts(corpus_without(reworded, None)), texts(corpus_without(reworded, "word corrections"))
    assert (whole - without, without - whole) == ({"人们很兴奋。"}, {normalize(REWORDED)})


def test_without_answerability_the_nearest_unanswerable_question_counts(reworded: Path) -> None:
    runner = Runner(FakeEncoder())
    corpus = corpus_without(reworded, None)
    reduced = part("answerability").reduce(corpus)
    whole, without = (runner.open(runner.index(each)) for each in (corpus, reduced))
    assert whole.search("谁很高兴？").features.fit == "answerability"
    assert without.search("谁很高兴？").features.fit == "unanswerable"


def test_without_unanswerable_questions_or_glossary_there_are_none(reworded: Path) -> None:
    whole = corpus_without(reworded, None)
    assert whole.unanswerable
    assert whole.terms
    assert not corpus_without(reworded, "unanswerable").unanswerable
    assert not corpus_without(reworded, "glossary").terms


def test_the_other_keys_of_a_sidecar_stay(reworded: Path) -> None:
    name = f"reworded.md{ANNOTATIONS_SUFFIX}"
    lightened = part("translations").lighten(read_sources(reworded).sidecars)[name]
    kept = tomllib.loads(lightened.decode("utf-8"))
    assert kept == {
        "paragraph": [{key: value for key, value in ANNOTATION.items() if key != "translation"}],
        "words": WORDS,
    }


def test_an_unreadable_sidecar_stays() -> None:
    broken = {
        f"a.txt{ANNOTATIONS_SUFFIX}": b"= no",
        f"b.txt{ANNOTATIONS_SUFFIX}": b"\xff",
        "catalog.toml": b"= no",
    }
    assert part("any annotation").lighten(broken) == broken


READER = part("the reader's order")
RANKING = [each for each in PARTS if each.ranking != DEFAULT_RANKING and each != READER]


def hits_without(folder: Path, name: str | None) -> list[float]:
    runner = Runner(CachingEncoder(FakeEncoder()))
    corpus = corpus_without(folder, name)
    ranking = part(name).ranking if name else DEFAULT_RANKING
    index = runner.open(runner.index(corpus), ranking)
    return [hit.score for hit in index.search("谁在秘鲁很高兴？").hits] + [index.search("who?").features.max_sim]


@pytest.mark.parametrize("each", RANKING, ids=lambda each: each.name)
def test_without_a_part_the_scores_differ(each: Part, reworded: Path) -> None:
    assert not np.allclose(hits_without(reworded, None), hits_without(reworded, each.name), atol=1e-5)


class LastFirst:
    """A reader that prefers the engine's last passage."""

    def read(self, tokens: ReadTokens, _scores: ComparedScores) -> Vector:
        return np.array([0.0] * (len(tokens.passages) - 1) + [1.0], dtype=np.float32)


def test_without_the_reader_s_order_there_is_the_engine_s(reworded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = Runner(CachingEncoder(FakeEncoder()))
    built = runner.index(corpus_without(reworded, "any annotation"))

    def order(reader: PassageReader | None, ranking: RankingConfig) -> list[int]:
        monkeypatch.setattr(engine, "reader_for", lambda _encoder: reader)
        return [hit.passage for hit in runner.open(built, ranking).search("誰住在秘魯吃草？").hits]

    by_engine = order(None, DEFAULT_RANKING)
    assert order(LastFirst(), READER.ranking) == by_engine != order(LastFirst(), DEFAULT_RANKING)


def test_every_part_that_the_documents_have_is_measured_and_texts_are_encoded_once(
    reworded: Path, questions: Path
) -> None:
    fake = FakeEncoder()
    found = list(measure_ablations(reworded, [questions], Runner(CachingEncoder(fake))))
    expected = [f"without {each.name}" for each in PARTS if each.name != "agreements"]  # the folder has none
    assert [each.system for each in found] == expected
    assert {each.questions for each in found} == {"few"}
    assert all(len(each.judgements) == 2 for each in found)
    assert len(fake.passages) == len(set(fake.passages))
