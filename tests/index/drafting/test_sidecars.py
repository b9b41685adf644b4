"""Drafts are added to sidecars: nothing that stands there changes, and a file is whole at every instant."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.corpus.annotations.paragraphs import paragraph_hash, read_annotations
from index.corpus.annotations.sidecars import LARGEST_ANNOTATIONS
from index.drafting.paragraphs import SourceParagraph
from index.drafting.sidecars import Sidecars
from index.drafting.validation.validator import Draft
from index.errors import DraftError
from index.types import ParagraphAnnotation
from tests.index.texts import TEXTS, document

DOCUMENT = document("a.txt", "First.\nSecond.\n")
SIDECAR = "a.txt.annotations.toml"


def draft(text: str, **kept: object) -> Draft:
    paragraph = SourceParagraph("a.txt", paragraph_hash(text), "en", (), (text,))
    return Draft(paragraph, **kept)  # type: ignore[arg-type]


def content(folder: Path, name: str = SIDECAR) -> bytes:
    return (folder / name).read_bytes()


def test_a_draft_is_read_back_with_its_model_until_it_is_checked(tmp_path: Path) -> None:
    one = draft("First.", restatement="1st.", translation="第一。", questions=(("誰？", "Who?"),))
    Sidecars(tmp_path, "small:7b").add([one])
    annotations, notes = read_annotations(DOCUMENT, content(tmp_path))
    assert notes == []
    assert annotations.by_paragraph == {0: ParagraphAnnotation("1st.", "第一。", drafted_by="small:7b")}
    assert annotations.questions == {0: (("誰？", "Who?"),)}
    checked = content(tmp_path).replace(b"checked = false", b"checked = true")
    expected = ParagraphAnnotation("1st.", "第一。", is_checked=True)
    assert read_annotations(DOCUMENT, checked)[0].by_paragraph == {0: expected}


@pytest.mark.parametrize(
    "before",
    [
        "# mine\n",
        "[words]\n'壞' = '好'",
        f'[[paragraph]]\r\nhash = "{paragraph_hash("First.")}"\r\ntranslation = "by hand" # mine\r\n',
        "",
    ],
)
def test_what_a_person_wrote_stays_byte_for_byte(tmp_path: Path, before: str) -> None:
    (tmp_path / SIDECAR).write_bytes(before.encode())
    Sidecars(tmp_path, "small").add([draft("First.", translation="一"), draft("Second.", translation="二")])
    assert content(tmp_path).startswith(before.encode())
    annotations, notes = read_annotations(DOCUMENT, content(tmp_path))
    assert notes == []
    assert annotations.by_paragraph[0].translation == ("by hand" if "by hand" in before else "一")
    assert annotations.by_paragraph[1].translation == "二"


@pytest.mark.parametrize("before", [b"= not toml", b"\xff", b"paragraph = []\n", b"colour = 1\n"])
def test_a_file_that_cannot_be_added_to_is_left_as_it_is(tmp_path: Path, before: bytes) -> None:
    (tmp_path / SIDECAR).write_bytes(before)
    with pytest.raises(DraftError, match=rf"^[^\n]*{SIDECAR}[^\n]*$"):
        Sidecars(tmp_path, "small").add([draft("First.", translation="一")])
    assert content(tmp_path) == before


def test_a_file_that_would_grow_too_large_is_left_as_it_is(tmp_path: Path) -> None:
    before = b"#" + b"x" * (LARGEST_ANNOTATIONS - 10)
    (tmp_path / SIDECAR).write_bytes(before)
    with pytest.raises(DraftError, match="larger than 8 MiB"):
        Sidecars(tmp_path, "small").add([draft("First.", translation="一")])
    assert content(tmp_path) == before


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("mine", "utf-8")
    (tmp_path / SIDECAR).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DraftError, match="symbolic link"):
        Sidecars(tmp_path, "small").add([draft("First.", translation="一")])
    assert (tmp_path / "elsewhere").read_text("utf-8") == "mine"


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    Sidecars(tmp_path, "small").add([draft("First.", translation="一")])
    before = content(tmp_path)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DraftError, match="cannot be written: No space left on device"):
        Sidecars(tmp_path, "small").add([draft("Second.", translation="二")])
    assert content(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == [SIDECAR]


def test_a_file_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / SIDECAR).touch(mode=0o600)
    Sidecars(tmp_path, "small").add([draft("First.", translation="一")])
    assert (tmp_path / SIDECAR).stat().st_mode & 0o777 == 0o600


def test_unanswerable_questions_are_added_once_below_those_of_a_person(tmp_path: Path) -> None:
    (tmp_path / "unanswerable.toml").write_text('questions = ["Why?"]\n', "utf-8")
    for text in ("First.", "Second."):
        Sidecars(tmp_path, "small").add([draft(text, unanswerable=("why？", "When?", "Where?"))])
    table = tomllib.loads(content(tmp_path, "unanswerable.toml").decode())
    row = {"document": "a.txt", "model": "small", "checked": False, "questions": ["When?", "Where?"]}
    assert table == {"questions": ["Why?"], "drafted": [row]}


@given(st.lists(TEXTS, min_size=3, max_size=3), st.lists(st.tuples(TEXTS), max_size=3))
def test_whatever_a_model_writes_is_data(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], questions: list[tuple[str]]
) -> None:
    folder = tmp_path_factory.mktemp("folder")
    restatement, translation, gap = texts
    one = draft(
        "First.", restatement=restatement, translation=translation, questions=tuple(questions), unanswerable=(gap,)
    )
    Sidecars(folder, "small").add([one])
    annotations, notes = read_annotations(DOCUMENT, content(folder))
    assert notes == []
    assert annotations.by_paragraph[0] == ParagraphAnnotation(restatement, translation, drafted_by="small")
