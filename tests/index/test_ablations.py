"""Ablations: each part is really gone while it is off, and back afterwards."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from index.ablations import PARTS, Part, measure_ablations
from index.build import make_records
from index.documents import GLOSSES_SUFFIX, parse_documents, read_sources
from index.fold import fold
from index.glosses import paragraph_hash
from index.measuring import Engine
from index.records import Records
from index.remembering import Remembering
from tests.fakes import FakeEncoder

SPUN = "东谈主们很兴奋。"
DOCUMENT = f"""\
## 其一

{SPUN}

## 其二

駱馬住在秘魯。牠的毛很軟。牠吃草。

## 其三

羊駝住在智利。牠很高興。
"""
GLOSS = {
    "paragraph": paragraph_hash(SPUN),
    "plain": "大家都很高兴。",
    "en": "People were thrilled.",
    "questions": [["谁很高兴？", "Who was glad?"]],
}
WORDS = {"东谈主": "人", 'a "quoted" \\ word\x7f': "one\ttab"}


@pytest.fixture
def spun(tmp_path: Path) -> Path:
    """Give a documents folder with every kind of sidecar."""
    folder = tmp_path / "spun"
    folder.mkdir()
    (folder / "spun.md").write_text(DOCUMENT, "utf-8")
    lines = ["[[gloss]]", *(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in GLOSS.items())]
    lines += ["[words]", *(f"{quoted(swapped)} = {quoted(word)}" for swapped, word in WORDS.items())]
    (folder / f"spun.md{GLOSSES_SUFFIX}").write_text("\n".join(lines), "utf-8")
    (folder / "gaps.toml").write_text('questions = ["How tall is a llama?"]', "utf-8")
    (folder / "glossary.toml").write_text(
        '[[term]]\nzh-Hant = "駱馬"\nzh-Hans = "骆马"\nen = "Llama"\nmisspellings = ["Lama"]\n', "utf-8"
    )
    return folder


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Give a file with a question that the folder answers and one that it does not."""
    path = tmp_path / "few.jsonl"
    rows = [
        {"language": "zh-Hans", "kind": "plain", "fact": "joy", "question": "谁很兴奋？", "evidence": [SPUN]},
        {"language": "en", "kind": "near-topic", "fact": "age", "question": "How old is it?", "evidence": []},
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def part(name: str) -> Part:
    return next(each for each in PARTS if each.name == name)


def records_without(folder: Path, name: str | None) -> Records:
    sources = read_sources(folder)
    sidecars: Mapping[str, bytes] = part(name).lighten(sources.sidecars) if name else sources.sidecars
    return make_records(parse_documents(folder, sources), sidecars)


def texts(records: Records) -> set[str]:
    """Give what the views say below their headings."""
    return {view.text.split("\n", 1)[-1] for view in records.views}


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("plain-Chinese glosses", {"大家都很高兴。"}),
        ("English glosses", {"People were thrilled."}),
        ("written questions", {"谁很高兴？", "Who was glad?"}),
        ("any gloss", {"大家都很高兴。", "People were thrilled.", "谁很高兴？", "Who was glad?"}),
    ],
)
def test_a_gloss_that_is_off_leaves_its_views_and_no_other(name: str, gone: set[str], spun: Path) -> None:
    whole, without = texts(records_without(spun, None)), texts(records_without(spun, name))
    assert whole - without == {fold(text) for text in gone}
    assert without < whole


def test_without_its_words_a_passage_is_found_by_the_swapped_ones(spun: Path) -> None:
    whole, without = texts(records_without(spun, None)), texts(records_without(spun, "swapped words put right"))
    assert (whole - without, without - whole) == ({"人们很兴奋。"}, {fold(SPUN)})


def test_without_the_leaning_the_nearest_gap_counts(spun: Path) -> None:
    engine = Engine(FakeEncoder())
    records = records_without(spun, None)
    whole = engine.open(records, engine.hold(records))
    assert whole.search("谁很高兴？").signals.fit == "glossed, leaning"
    with part("leaning").off():
        assert whole.search("谁很高兴？").signals.fit == "glossed, gaps"


def test_without_gaps_or_glossary_there_are_none(spun: Path) -> None:
    whole = records_without(spun, None)
    assert whole.gaps
    assert whole.terms
    assert not records_without(spun, "gaps").gaps
    assert not records_without(spun, "glossary").terms


def test_what_is_left_of_a_sidecar_is_what_was_there(spun: Path) -> None:
    name = f"spun.md{GLOSSES_SUFFIX}"
    lightened = part("English glosses").lighten(read_sources(spun).sidecars)[name]
    kept = tomllib.loads(lightened.decode("utf-8"))
    assert kept == {"gloss": [{key: value for key, value in GLOSS.items() if key != "en"}], "words": WORDS}


def test_a_sidecar_that_cannot_be_read_stays_as_it_is() -> None:
    broken = {f"a.txt{GLOSSES_SUFFIX}": b"= no", f"b.txt{GLOSSES_SUFFIX}": b"\xff", "catalog.toml": b"= no"}
    assert part("any gloss").lighten(broken) == broken


SET = [each for each in PARTS if each.settings]
RANKING = [each for each in SET if each.name != "leaning"]


@pytest.mark.parametrize("each", SET, ids=lambda each: each.name)
def test_what_is_set_for_a_part_is_set_while_it_is_off_and_restored_after_a_fault(each: Part) -> None:
    before = [getattr(owner, name) for owner, name, _ in each.settings]
    with pytest.raises(RuntimeError), each.off():  # noqa: PT012  the fault comes from inside
        assert all(getattr(owner, name) is value for owner, name, value in each.settings)
        assert not any(value is was for (_, _, value), was in zip(each.settings, before, strict=True))
        raise RuntimeError
    assert all(getattr(owner, name) is was for (owner, name, _), was in zip(each.settings, before, strict=True))


def hits_without(folder: Path, name: str | None) -> list[float]:
    engine = Engine(Remembering(FakeEncoder()))
    records = records_without(folder, name)
    with part(name).off() if name else Part("nothing").off():
        index = engine.open(records, engine.hold(records))
        return [hit.score for hit in index.search("谁在秘鲁很高兴？").hits] + [index.search("who?").signals.late]


@pytest.mark.parametrize("each", RANKING, ids=lambda each: each.name)
def test_without_a_part_the_scores_are_others(each: Part, spun: Path) -> None:
    assert not np.allclose(hits_without(spun, None), hits_without(spun, each.name), atol=1e-5)


def test_every_part_that_there_is_is_measured_and_texts_are_encoded_once(spun: Path, questions: Path) -> None:
    fake = FakeEncoder()
    found = list(measure_ablations(spun, [questions], Engine(Remembering(fake))))
    expected = [f"without {each.name}" for each in PARTS if each.name != "agreements"]  # the folder has none
    assert [each.system for each in found] == expected
    assert {each.questions for each in found} == {"few"}
    assert all(len(each.outcomes) == 2 for each in found)
    assert len(fake.passages) == len(set(fake.passages))
