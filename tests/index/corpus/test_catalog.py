"""What a catalog says of all documents, and what is done about a mistake in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.corpus.catalog import Catalog, read_catalog
from index.corpus.loader import read_documents
from index.errors import DocumentsError
from index.types import Skipped

PATH = Path("documents/catalog.toml")


def read(text: str) -> Catalog:
    return read_catalog(PATH, text.encode())


def test_it_says_what_the_documents_are_about() -> None:
    catalog = read('[about]\nzh-Hant = "動物園"\nen = " a zoo "\nzh-Hans = " "\n')

    assert catalog.about == {"zh-Hant": "動物園", "en": "a zoo"}
    assert catalog.notes == ()


@pytest.mark.parametrize("text", ["", '[starters]\nen = ["Who keeps the lions?"]\n'])
def test_it_need_not_say_what_they_are_about(text: str) -> None:
    assert read(text).about == {}


@pytest.mark.parametrize(("key", "value"), [("starters", '["Qui ?"]'), ("about", '"un zoo"')])
def test_an_unknown_language_is_reported_and_the_others_are_used(key: str, value: str) -> None:
    english = '["Who?"]' if key == "starters" else '"a zoo"'
    catalog = read(f"[{key}]\nfr = {value}\nen = {english}\n")

    reason = f"{key}: 'fr' is no language that is spoken here (zh-Hant, zh-Hans, en); ignored"
    assert catalog.notes == (Skipped("catalog.toml", reason),)
    assert getattr(catalog, key)["en"] in (("Who?",), "a zoo")


@pytest.mark.parametrize("text", ["about = 'a zoo'", "about = 3", "[about]\nen = 3", "[about]\nen = ['a zoo']"])
def test_what_is_no_text_stops_the_build(text: str) -> None:
    with pytest.raises(DocumentsError, match=r"^documents/catalog\.toml: [^\n]*about[^\n]*$"):
        read(text)


def test_a_library_has_both_and_what_was_ignored(tmp_path: Path) -> None:
    (tmp_path / "zoo.txt").write_text("The keeper left.\n", "utf-8")
    (tmp_path / "catalog.toml").write_text('[about]\nen = "a zoo"\nfr = "un zoo"\n', "utf-8")
    library = read_documents(tmp_path)

    assert library.about == {"en": "a zoo"}
    assert [note.name for note in library.skipped] == ["catalog.toml"]
    assert "'fr'" in library.skipped[0].reason


@pytest.mark.parametrize("content", [b"a = " + b"[" * 3000, b"a." * 50_000 + b"a = 1", b"#" * 2**21, b"\xff"])
def test_a_hostile_catalog_is_one_line(content: bytes) -> None:
    with pytest.raises(DocumentsError, match=r"^documents/catalog\.toml cannot be read: [^\n]*$"):
        read_catalog(PATH, content)


def test_a_short_title_and_a_word_for_what_it_is_go_with_the_document(tmp_path: Path) -> None:
    (tmp_path / "zoo.txt").write_text("The keeper left.\n", "utf-8")
    entry = '[[document]]\nfile = "zoo.txt"\ntitle = "The zoo in winter"\nshort_title = "Zoo"\n'
    (tmp_path / "catalog.toml").write_text(f'{entry}[document.provenance_label]\nen = "diary"\n', "utf-8")
    document = read_documents(tmp_path).documents[0]

    assert (document.title, document.short_title) == ("The zoo in winter", "Zoo")
    assert document.provenance_label == {"en": "diary"}


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("A zoo", "A zoo"),
        ("A very long account of a zoo in the winter of 1911", "A very long account of a zoo in the win…"),
        ("一份很長很長的關於動物園在冬天裡發生了什麼事的紀錄", "一份很長很長的關於動物園在冬天裡發生了…"),
    ],
)
def test_without_a_short_title_the_title_is_cut_where_it_is_long(tmp_path: Path, title: str, short: str) -> None:
    (tmp_path / "zoo.txt").write_text("The keeper left.\n", "utf-8")
    (tmp_path / "catalog.toml").write_text(f'[[document]]\nfile = "zoo.txt"\ntitle = "{title}"\n', "utf-8")

    assert read_documents(tmp_path).documents[0].short_title == short


def test_documents_of_one_short_title_are_told_apart(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(f"The keeper {name} left.\n", "utf-8")
    entries = [
        f'[[document]]\nfile = "{name}.txt"\ntitle = "Zoo {name}"\nshort_title = "Zoo"\n' for name in ("a", "b")
    ]
    (tmp_path / "catalog.toml").write_text("".join(entries), "utf-8")

    assert [document.qualifier for document in read_documents(tmp_path).documents] == ["a.txt", "b.txt"]
