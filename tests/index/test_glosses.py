"""Sidecar glosses: matched by the paragraph's hash, reported when stale or broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.build import make_records
from index.documents import parse_documents, read_sources
from index.glosses import Glosses, paragraph_hash, read_glosses
from index.records import Records
from index.types import Gloss
from tests.index.texts import document

ONE = f'[[gloss]]\nparagraph = "{paragraph_hash("First.")}"\nplain = "一"\nen = "one"\n'
STALE = '[[gloss]]\nparagraph = "0000000000000000"\nplain = "舊"\nen = "old"\n'


def read(sidecar: str | bytes | None) -> tuple[Glosses, list[str]]:
    content = sidecar.encode("utf-8") if isinstance(sidecar, str) else sidecar
    glosses, notes = read_glosses(document("a.txt", "First.\nSecond.\n"), content)
    return glosses, [note.reason for note in notes]


def test_no_sidecar_is_no_gloss_and_no_note() -> None:
    assert read(None) == (Glosses(), [])


def test_a_gloss_belongs_to_the_paragraph_with_its_hash() -> None:
    assert read(ONE) == (Glosses({0: Gloss("一", "one")}), [])


def test_a_stale_gloss_is_reported_and_the_others_hold() -> None:
    assert read(ONE + STALE) == (
        Glosses({0: Gloss("一", "one")}),
        ["1 stale: their paragraphs were edited or are gone"],
    )


def test_a_paragraph_that_occurs_twice_has_its_gloss_twice() -> None:
    glosses, _ = read_glosses(document("a.txt", "First.\nSecond.\nFirst.\n"), ONE.encode())
    assert set(glosses.by_paragraph) == {0, 2}


def test_questions_belong_to_the_paragraph_too() -> None:
    assert read(ONE + 'questions = [["第一個？", "Which?"], []]')[0].questions == {0: (("第一個？", "Which?"), ())}


@pytest.mark.parametrize(
    "sidecar",
    [
        "= not toml",
        ONE + "questions = ['not a list of lists']",
        b"\xff\xfe",
        "colour = 1",
        "[[gloss]]\nplain = 'without a hash'",
        "[[gloss]]\nparagraph = 3",
        "gloss = 3",
        "words = ['a']",
        "[words]\n'' = 'everywhere'",
    ],
)
def test_a_broken_sidecar_is_reported_in_one_line_and_ignored(sidecar: str | bytes) -> None:
    glosses, notes = read(sidecar)
    assert (
        glosses,
        len(notes),
        notes[0].startswith("cannot be read, a.txt is served without: "),
        "\n" in notes[0],
    ) == (
        Glosses(),
        1,
        True,
        False,
    )


def test_restoring_takes_the_longest_swapped_word_first() -> None:
    glosses = Glosses(words={"东谈主": "人", "谈主": "错", "中枢": "核心"})
    assert glosses.restore("14名中枢东谈主") == "14名核心人"


def test_restoring_without_words_changes_nothing() -> None:
    assert Glosses().restore("东谈主") == "东谈主"


def test_words_of_a_sidecar_are_read() -> None:
    assert read("[words]\n'东谈主' = '人'\n")[0].restore("东谈主") == "人"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("First.\nSecond.\n", "utf-8")
    return tmp_path


def records_of(folder: Path) -> Records:
    sources = read_sources(folder)
    return make_records(parse_documents(folder, sources), sources.sidecars)


@pytest.mark.parametrize("sidecar", ["= not toml", STALE])
def test_a_document_with_a_bad_sidecar_is_still_served(folder: Path, sidecar: str) -> None:
    (folder / "a.txt.glosses.toml").write_text(sidecar, "utf-8")
    records = records_of(folder)
    assert (len(records.passages), [note.name for note in records.library.skipped]) == (1, ["a.txt.glosses.toml"])


def test_a_sidecar_without_its_document_is_reported(folder: Path) -> None:
    (folder / "b.txt.glosses.toml").write_text(ONE, "utf-8")
    assert [note.name for note in records_of(folder).library.skipped] == ["b.txt.glosses.toml"]


def test_a_gloss_is_a_view_of_its_own_in_each_language(folder: Path) -> None:
    (folder / "a.txt.glosses.toml").write_text(ONE, "utf-8")
    views = [(view.is_gloss, view.text, view.is_chinese) for view in records_of(folder).views]
    assert views == [(False, "first.\nsecond.", False), (True, "一", True), (True, "one", False)]


@pytest.mark.parametrize(("words", "plain"), [({"壞": "好"}, "白話"), ({}, "")])
def test_a_restatement_is_shown_of_text_whose_words_were_swapped_only(words: dict[str, str], plain: str) -> None:
    assert Glosses({0: Gloss("白話", "plain")}, words).shown() == {0: Gloss(plain, "plain")}
