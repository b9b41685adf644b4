"""Sidecar annotations: matched by the paragraph's hash, reported when stale or broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.corpus.annotations.paragraphs import DocumentAnnotations, paragraph_hash, read_annotations
from index.corpus.corpus import Corpus, build_corpus
from index.corpus.loader import parse_documents
from index.corpus.sources import read_sources
from index.types import ParagraphAnnotation
from tests.index.texts import document

ONE = f'[[paragraph]]\nhash = "{paragraph_hash("First.")}"\nrestatement = "一"\ntranslation = "one"\n'
STALE = '[[paragraph]]\nhash = "0000000000000000"\nrestatement = "舊"\ntranslation = "old"\n'


def read(sidecar: str | bytes | None) -> tuple[DocumentAnnotations, list[str]]:
    content = sidecar.encode("utf-8") if isinstance(sidecar, str) else sidecar
    annotations, notes = read_annotations(document("a.txt", "First.\nSecond.\n"), content)
    return annotations, [note.reason for note in notes]


def test_no_sidecar_is_no_gloss_and_no_note() -> None:
    assert read(None) == (DocumentAnnotations(), [])


def test_a_gloss_belongs_to_the_paragraph_with_its_hash() -> None:
    assert read(ONE) == (DocumentAnnotations({0: ParagraphAnnotation("一", "one")}), [])


def test_a_stale_gloss_is_reported_and_the_others_hold() -> None:
    assert read(ONE + STALE) == (
        DocumentAnnotations({0: ParagraphAnnotation("一", "one")}),
        ["1 stale: their paragraphs were edited or are gone"],
    )


def test_a_paragraph_that_occurs_twice_has_its_gloss_twice() -> None:
    annotations, _ = read_annotations(document("a.txt", "First.\nSecond.\nFirst.\n"), ONE.encode())
    assert set(annotations.by_paragraph) == {0, 2}


def test_questions_belong_to_the_paragraph_too() -> None:
    assert read(ONE + 'questions = [["第一個？", "Which?"], []]')[0].questions == {0: (("第一個？", "Which?"), ())}


@pytest.mark.parametrize(("checked", "drafted_by"), [("false", "small"), ("true", "")])
def test_a_gloss_names_the_model_that_wrote_it_until_a_person_has_checked_it(
    checked: str, drafted_by: str
) -> None:
    annotations, notes = read(ONE + f'model = "small"\nchecked = {checked}\n')
    assert annotations.by_paragraph == {
        0: ParagraphAnnotation("一", "one", drafted_by=drafted_by, is_checked=checked == "true")
    }
    assert notes == []


def test_a_sidecar_may_be_larger_than_other_files() -> None:
    assert read(ONE + "#" + "x" * 2**20)[1] == []
    assert "larger than 8 MiB" in read(ONE + "#" + "x" * 2**23)[1][0]


@pytest.mark.parametrize(
    "sidecar",
    [
        "= not toml",
        ONE + "questions = ['not a list of lists']",
        b"\xff\xfe",
        "colour = 1",
        "[[paragraph]]\nrestatement = 'without a hash'",
        "[[paragraph]]\nhash = 3",
        "annotation = 3",
        "words = ['a']",
        "[words]\n'' = 'everywhere'",
    ],
)
def test_a_broken_sidecar_is_reported_in_one_line_and_ignored(sidecar: str | bytes) -> None:
    annotations, notes = read(sidecar)
    assert (
        annotations,
        len(notes),
        notes[0].startswith("cannot be read, a.txt is served without: "),
        "\n" in notes[0],
    ) == (
        DocumentAnnotations(),
        1,
        True,
        False,
    )


def test_restoring_takes_the_longest_swapped_word_first() -> None:
    annotations = DocumentAnnotations(words={"东谈主": "人", "谈主": "错", "中枢": "核心"})
    assert annotations.restore("14名中枢东谈主") == "14名核心人"


def test_restoring_without_words_changes_nothing() -> None:
    assert DocumentAnnotations().restore("东谈主") == "东谈主"


def test_words_of_a_sidecar_are_read() -> None:
    assert read("[words]\n'东谈主' = '人'\n")[0].restore("东谈主") == "人"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("First.\nSecond.\n", "utf-8")
    return tmp_path


def records_of(folder: Path) -> Corpus:
    sources = read_sources(folder)
    return build_corpus(parse_documents(folder, sources), sources.sidecars)


@pytest.mark.parametrize("sidecar", ["= not toml", STALE])
def test_a_document_with_a_bad_sidecar_is_still_served(folder: Path, sidecar: str) -> None:
    (folder / "a.txt.annotations.toml").write_text(sidecar, "utf-8")
    corpus = records_of(folder)
    assert (len(corpus.passages), [note.name for note in corpus.library.skipped]) == (
        1,
        ["a.txt.annotations.toml"],
    )


def test_a_sidecar_without_its_document_is_reported(folder: Path) -> None:
    (folder / "b.txt.annotations.toml").write_text(ONE, "utf-8")
    assert [note.name for note in records_of(folder).library.skipped] == ["b.txt.annotations.toml"]


def test_a_gloss_is_a_view_of_its_own_in_each_language(folder: Path) -> None:
    (folder / "a.txt.annotations.toml").write_text(ONE, "utf-8")
    representations = [
        (representation.is_annotation, representation.text, representation.is_chinese)
        for representation in records_of(folder).representations
    ]
    assert representations == [(False, "first.\nsecond.", False), (True, "一", True), (True, "one", False)]


@pytest.mark.parametrize(("words", "plain"), [({"壞": "好"}, "白話"), ({}, "")])
def test_a_restatement_is_shown_of_text_whose_words_were_swapped_only(words: dict[str, str], plain: str) -> None:
    assert DocumentAnnotations({0: ParagraphAnnotation("白話", "plain")}, words).shown() == {
        0: ParagraphAnnotation(plain, "plain")
    }
