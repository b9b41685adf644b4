"""A folder of files → documents: what is read, what is left out, and what is said about it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from index.corpus.loader import parse_documents, read_documents
from index.corpus.sources import read_sources
from index.errors import DocumentsError
from index.types import BlockKind, Document, Library


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.md").write_text("# Good\n\nA paragraph.\n", "utf-8")
    return tmp_path


def names(library: Library) -> list[str]:
    return [document.name for document in library.documents]


def reasons(folder: Path) -> dict[str, str]:
    return {note.name: note.reason for note in read_documents(folder).skipped}


def document_of(folder: Path, name: str, content: bytes) -> Document:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return next(document for document in read_documents(folder).documents if document.name == name)


def paragraphs_of(document: Document) -> list[str]:
    return [document.slice(each.span) for each in document.blocks]


# What is read


def test_documents_come_in_the_order_of_their_names(folder: Path) -> None:
    (folder / "b.txt").write_text("words", "utf-8")
    (folder / "a.txt").write_text("words", "utf-8")
    assert names(read_documents(folder)) == ["a.txt", "b.txt", "good.md"]


def test_a_nested_document_is_named_by_its_path(folder: Path) -> None:
    assert document_of(folder, "2025/may/note.txt", b"words").name == "2025/may/note.txt"


@pytest.mark.parametrize(
    "name", ["two words.txt", "駱馬的興衰.md", "line\nbreak.txt", "UPPER.TXT", "a'b\"c.md", "😀.markdown"]
)
def test_an_odd_name_is_read(folder: Path, name: str) -> None:
    assert paragraphs_of(document_of(folder, name, b"words")) == ["words"]


def test_the_hash_is_that_of_the_file(folder: Path) -> None:
    content = b"\xef\xbb\xbfwords\r\n"
    assert document_of(folder, "a.txt", content).sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize(
    "content", [b"\xef\xbb\xbfwords\r\n\r\nmore\r\n", b"one\rtwo\r\rthree", b"a\x00b\n\n\x0c\n\x1b[0m"]
)
def test_the_text_is_the_decoded_file_and_nothing_else(folder: Path, name: str, content: bytes) -> None:
    assert document_of(folder, name, content).text == content.decode("utf-8")


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_offsets_count_a_byte_order_mark_and_carriage_returns(folder: Path, name: str) -> None:
    document = document_of(folder, name, b"\xef\xbb\xbfone\r\n\r\ntwo\r\n")
    assert [(each.span.start, each.span.end) for each in document.blocks] == [(1, 4), (8, 11)]


def test_lines_are_counted_by_line_feeds(folder: Path) -> None:
    document = document_of(folder, "a.txt", "one\r\ntwo\u2028still two\rand still\r\nthree".encode())
    assert [document.lines(each.span) for each in document.blocks] == [(1, 1), (2, 2), (3, 3)]


def test_front_matter_is_no_paragraph_behind_a_byte_order_mark_either(folder: Path) -> None:
    document = document_of(
        folder, "a.md", b"\xef\xbb\xbf---\r\nlayout: post\r\n---\r\n\r\n# Head\r\n\r\nwords\r\n"
    )
    assert [(each.headings, *paragraphs_of(document)) for each in document.blocks] == [(("Head",), "words")]


def test_a_headline_behind_a_byte_order_mark_is_no_paragraph(folder: Path) -> None:
    (folder / "catalog.toml").write_text('[[document]]\nfile = "a.txt"\ntitle = "Headline"\n', "utf-8")
    assert paragraphs_of(document_of(folder, "a.txt", b"\xef\xbb\xbfHeadline\nwords")) == ["words"]


def test_the_title_is_the_heading_that_opens_the_document(folder: Path) -> None:
    assert document_of(folder, "a.md", b"## *The* `head`\n\nwords\n").title == "The head"


def test_the_only_heading_of_the_first_level_is_the_title_wherever_it_stands(folder: Path) -> None:
    assert document_of(folder, "a.md", b"words\n\n# Head\n\n## More\n\nwords\n").title == "Head"
    assert document_of(folder, "b.md", b"words\n\n# Head\n\n# More\n\nwords\n").title == "B"


@pytest.mark.parametrize("tag", ["<br>", "<BR />", "<b>", "</b>", "<sub>"])
def test_a_tag_that_only_formats_cuts_nothing(folder: Path, tag: str) -> None:
    content = f"One {tag} two.\n"
    assert paragraphs_of(document_of(folder, "a.md", content.encode())) == [content.strip()]


@pytest.mark.parametrize(
    "sentence",
    [
        'Use <a href="https://e.org/form">this form</a> before <span class="x">Friday</span>.',
        'Ask the {{< tooltip text="desk" >}} for a key.',
        "Go to {{ site.url }}/keys for more.",
        "Press ![](save.png) to save.",
        'Read [the rules]({{< ref "rules.md" >}}) first.',
    ],
)
def test_a_mark_within_a_sentence_cuts_nothing(folder: Path, sentence: str) -> None:
    assert paragraphs_of(document_of(folder, "a.md", f"# T\n\n{sentence}\n".encode())) == [sentence]


def test_a_shortcode_between_sentences_is_in_no_paragraph(folder: Path) -> None:
    content = b"# T\n\n{{< notice >}}\nBring a card.\n{{< /notice >}}\n\nOne. {{< icon x >}} Two.\n"
    assert paragraphs_of(document_of(folder, "a.md", content)) == ["Bring a card.", "One.", "Two."]


def test_a_comment_cuts_its_paragraph_and_marks_alone_are_no_part(folder: Path) -> None:
    content = b"One <!-- secret --> two <!-- more -->. <!-- and more -->\n"
    assert paragraphs_of(document_of(folder, "a.md", content)) == ["One", "two"]


def test_a_later_heading_is_no_title(folder: Path) -> None:
    document = document_of(folder, "refund-policy.md", b"words\n\n## Shipping\n\nwords\n")
    assert (document.title, document.is_titled) == ("Refund policy", False)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("some report.txt", "Some report"),
        ("refund-policy.txt", "Refund policy"),
        ("2025_may__notes.txt", "2025 may notes"),
        ("API.txt", "API"),
        ("退貨規則.txt", "退貨規則"),
        ("lost/README.md", "Lost"),
        ("lost-and-found/index.md", "Lost and found"),
        ("readme.md", "Readme"),
        ("-.txt", "-.txt"),
    ],
)
def test_the_title_is_the_file_s_name_made_readable_without_a_heading(folder: Path, name: str, title: str) -> None:
    assert document_of(folder, name, b"words").title == title


def test_documents_of_one_title_are_told_apart_by_their_paths(folder: Path) -> None:
    for name in ("v1/parking.md", "v2/parking.md", "other.md"):
        document_of(folder, name, b"# Parking\n\nwords\n" if "parking" in name else b"# Other\n\nwords\n")
    qualifiers = {document.name: document.qualifier for document in read_documents(folder).documents}
    assert qualifiers == {
        "good.md": "",
        "other.md": "",
        "v1/parking.md": "v1/parking.md",
        "v2/parking.md": "v2/parking.md",
    }


def test_headings_lie_in_one_another(folder: Path) -> None:
    document = document_of(folder, "a.md", b"# One\n## Two\n### Three\n## Four\nwords\n")
    assert [(each.kind, each.headings) for each in document.blocks] == [
        (BlockKind.HEADING, ("One", "Two")),
        (BlockKind.PARAGRAPH, ("One", "Four")),
    ]


def test_sections_of_one_name_differ_by_their_place(folder: Path) -> None:
    document = document_of(folder, "a.md", b"# A\n\n## Parameters\n\none\n\n## Parameters\n\ntwo\n")
    assert [(each.headings[-1], each.section_start) for each in document.blocks] == [
        ("Parameters", 5),
        ("Parameters", 25),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("- one\n- two\n", ["- one", "- two"]),
        ("- one\n\n  two\n", ["- one", "two"]),
        ("> said\n> so\n", ["> said\n> so"]),
        ("```\ncode\n\nmore\n```\n", ["```\ncode\n\nmore\n```"]),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n", ["| a | b |", "| 1 | 2 |"]),
        ("Head\n====\n\nwords", ["words"]),
        ("one\n\n---\n\ntwo", ["one", "two"]),
        ("[x]: https://example.org\n\none", ["one"]),
        ("1. one\n   - two\n", ["1. one", "- two"]),
    ],
)
def test_a_markdown_block_is_a_paragraph(folder: Path, content: str, expected: list[str]) -> None:
    assert paragraphs_of(document_of(folder, "a.md", content.encode())) == expected


def test_numbered_lines_in_a_row_are_a_list(folder: Path) -> None:
    document = document_of(folder, "a.txt", b"1. one\n2. two\n3. three\n")
    assert paragraphs_of(document) == ["1. one", "2. two", "3. three"]


def test_a_numbered_line_above_text_is_a_heading(folder: Path) -> None:
    document = document_of(folder, "a.txt", "一、開始\n文字。\n（一）其中\n更多文字。\n二、結束\n最後。".encode())
    assert [each.headings for each in document.blocks] == [
        ("一、開始",),
        ("一、開始", "（一）其中"),
        ("二、結束",),
    ]


# What is left out


def test_sidecars_are_no_documents(folder: Path) -> None:
    for name in ("catalog.toml", "glossary.toml", "good.md.annotations.toml"):
        (folder / name).write_text("", "utf-8")
    library = read_documents(folder)
    assert (names(library), library.skipped) == (["good.md"], ())


def test_a_readme_is_a_document_unless_the_catalog_says_otherwise(folder: Path) -> None:
    for name in ("README.md", "sub/README.md"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("words", "utf-8")
    assert names(read_documents(folder)) == ["README.md", "good.md", "sub/README.md"]
    (folder / "catalog.toml").write_text('[[document]]\nfile = "README.md"\nindex = false\n', "utf-8")
    library = read_documents(folder)
    assert (names(library), library.skipped) == (["good.md", "sub/README.md"], ())


@pytest.mark.parametrize("name", [".hidden.md", ".git/note.md", ".git/deep/note.txt"])
def test_hidden_files_and_folders_are_passed_over_silently(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("words", "utf-8")
    library = read_documents(folder)
    assert (names(library), library.skipped) == (["good.md"], ())


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("late.txt", b"words\xff", "not UTF-8 (byte 5); save it as UTF-8"),
        ("surrogate.txt", b"\xed\xa0\x80", "not UTF-8 (byte 0); save it as UTF-8"),
        ("empty.md", b"", "no text in it"),
        ("mark.txt", b"\xef\xbb\xbf", "no text in it"),
        ("spaces.txt", b" \n\t\r\n\xe3\x80\x80", "no text in it"),
        ("headings.md", b"#\n\n## \n", "no text in it"),
        ("report.pdf", b"%PDF", "damaged, or not a PDF; save it again"),
        ("sub/catalog.toml", b"", "not a format that can be read"),
        ("sub/glossary.toml", b"", "not a format that can be read"),
        ("noext", b"words", "not a format that can be read"),
    ],
)
def test_a_file_that_is_no_document_is_reported_and_the_others_are_served(
    folder: Path, name: str, content: bytes, reason: str
) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    library = read_documents(folder)
    assert (names(library), {note.name: note.reason for note in library.skipped}) == (["good.md"], {name: reason})


def test_a_symbolic_link_to_a_folder_is_reported_and_not_followed(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.md").write_text("secret", "utf-8")
    (folder / "link").symlink_to(outside)
    assert (names(read_documents(folder)), reasons(folder)) == (
        ["good.md"],
        {"link": "a symbolic link is not followed; copy the file"},
    )


def test_a_link_loop_ends(folder: Path) -> None:
    (folder / "loop").symlink_to(folder)
    assert names(read_documents(folder)) == ["good.md"]


def test_a_folder_named_like_a_document_holds_documents(folder: Path) -> None:
    (folder / "book.md").mkdir()
    (folder / "book.md" / "page.txt").write_text("words", "utf-8")
    assert names(read_documents(folder)) == ["book.md/page.txt", "good.md"]


def test_a_file_in_place_of_the_folder_is_no_folder(folder: Path) -> None:
    with pytest.raises(DocumentsError, match="no such documents folder"):
        read_documents(folder / "good.md")


def test_a_folder_without_documents_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        DocumentsError, match=r"^no document in .*: put a \.md or \.txt file there, then build again$"
    ):
        read_documents(tmp_path)


def test_a_folder_without_usable_documents_says_why(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(b"%PDF")
    with pytest.raises(DocumentsError, match=r"\(report\.pdf: damaged, or not a PDF"):
        read_documents(tmp_path)


# What the catalog says


def catalogued(folder: Path, catalog: str, content: str = "words\n") -> Library:
    (folder / "a.md").write_text(content, "utf-8")
    (folder / "catalog.toml").write_text(catalog, "utf-8")
    return parse_documents(folder, read_sources(folder))


def test_the_catalog_gives_title_language_and_provenance(folder: Path) -> None:
    library = catalogued(
        folder, '[[document]]\nfile = "a.md"\ntitle = "T"\nlanguage = "zh-Hans"\nprovenance = {en = "a note"}\n'
    )
    first = library.documents[0]
    assert (first.title, first.language, dict(first.provenance)) == ("T", "zh-Hans", {"en": "a note"})


@pytest.mark.parametrize(
    ("content", "language"),
    [("English words", "en"), ("軟體開發", "zh-Hant"), ("软件开发", "zh-Hans"), ("人工", "zh-Hans")],
)
def test_the_language_is_that_of_the_words_without_a_catalog(folder: Path, content: str, language: str) -> None:
    assert document_of(folder, "a.txt", content.encode()).language == language


@pytest.mark.parametrize(
    ("name", "content", "language"),
    [
        ("a.md", "---\nlang: zh-TW\n---\n大家好", "zh-Hant"),
        ("a.md", "---\nlang: zh-TW\n---\n这个说明书写得很清楚", "zh-Hans"),
        ("a.md", "+++\nlanguage = 'ja'\n+++\n東京都", "ja"),
        ("a.md", "---\nlang: ja\n---\n" + "這是一段很長的中文說明文字。" * 9, "zh-Hant"),
        ("a.md", "---\nlang: zh-TW\n---\nPlain words.", "en"),
        ("a.html", "<html lang='zh-Hant-HK'><body><p>大家好</p></body></html>", "zh-Hant"),
        ("a.md", "# 標題\n\n第一段。", "zh-Hant"),
    ],
)
def test_what_a_short_document_declares_or_its_headings_tell_its_language(
    folder: Path, name: str, content: str, language: str
) -> None:
    assert document_of(folder, name, content.encode()).language == language


def test_skipped_words_are_cut_out_wherever_they_stand(folder: Path) -> None:
    library = catalogued(
        folder,
        '[[document]]\nfile = "a.md"\nskip = ["BUY SHOES"]\n',
        "BUY SHOES\n\nOne BUY SHOES two.\n\nThree.BUY SHOES",
    )
    assert paragraphs_of(library.documents[0]) == ["One", "two.", "Three."]


def test_skipped_words_may_reach_over_paragraphs(folder: Path) -> None:
    library = catalogued(
        folder, '[[document]]\nfile = "a.md"\nskip = ["two\\n\\nthree"]\n', "one two\n\nthree four"
    )
    assert paragraphs_of(library.documents[0]) == ["one", "four"]


def test_a_skipped_heading_is_no_title_and_no_section(folder: Path) -> None:
    library = catalogued(
        folder, '[[document]]\nfile = "a.md"\nskip = ["# BUY SHOES"]\n', "# BUY SHOES\n\n## Real\n\nwords"
    )
    first = library.documents[0]
    assert (first.title, first.blocks[0].headings) == ("Real", ("Real",))


def test_skip_that_is_not_there_is_reported_and_the_document_served(folder: Path) -> None:
    library = catalogued(folder, '[[document]]\nfile = "a.md"\nskip = ["gone"]\n')
    assert (names(library), [note.reason for note in library.skipped]) == (
        ["a.md", "good.md"],
        ["catalog.toml skips 'gone', which is not in it"],
    )


def test_references_are_read_from_their_section_and_not_indexed(folder: Path) -> None:
    library = catalogued(
        folder,
        '[[document]]\nfile = "a.md"\nreferences = "Sources"\n',
        "words\n\n## Sources\n\n- [A *title*](https://example.org/a)\n- <https://example.org/b>\n\n"
        "### Older\n\n[C](c.html)\n\n## After\n\nmore",
    )
    first = library.documents[0]
    assert (paragraphs_of(first), [(each.title, each.url) for each in first.references]) == (
        ["words", "more"],
        [
            ("A title", "https://example.org/a"),
            ("https://example.org/b", "https://example.org/b"),
            ("C", "c.html"),
        ],
    )


def test_references_without_their_heading_are_reported(folder: Path) -> None:
    library = catalogued(folder, '[[document]]\nfile = "a.md"\nreferences = "Sources"\n')
    assert [note.reason for note in library.skipped] == [
        "catalog.toml calls 'Sources' its references; it has no such heading"
    ]


@pytest.mark.parametrize(
    "catalog",
    ["= not toml", "\xff", "[[document]", "[starters]\nen = 'not a list'", "document = 3", "other = 1"],
)
def test_a_catalog_that_cannot_be_read_stops_the_build(folder: Path, catalog: str) -> None:
    (folder / "catalog.toml").write_bytes(catalog.encode("latin-1"))
    with pytest.raises(DocumentsError, match=r"^[^\n]*catalog\.toml[^\n]*$"):
        read_documents(folder)


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ("colour = 3", "catalog.toml: colour: "),
        ("language = 'fr'", "catalog.toml: language: "),
        ("skip = 'not a list'", "catalog.toml: skip: "),
        ("provenance = {fr = 'une note'}", "catalog.toml: provenance"),
        ("title = 3", "catalog.toml: title: "),
    ],
)
def test_a_wrong_entry_costs_only_its_own_document(folder: Path, keys: str, reason: str) -> None:
    library = catalogued(folder, f'[[document]]\nfile = "a.md"\n{keys}\n')
    assert (names(library), library.skipped[0].name, library.skipped[0].reason[: len(reason)]) == (
        ["good.md"],
        "a.md",
        reason,
    )


def test_an_entry_without_a_file_is_reported_as_the_catalog_s(folder: Path) -> None:
    library = catalogued(folder, '[[document]]\ntitle = "T"\n')
    assert [(note.name, note.reason) for note in library.skipped] == [
        ("catalog.toml", "catalog.toml: file: Field required")
    ]


def test_an_entry_given_twice_costs_its_document_for_which_skip_would_hold(folder: Path) -> None:
    library = catalogued(folder, '[[document]]\nfile = "a.md"\nskip = ["words"]\n[[document]]\nfile = "a.md"\n')
    assert (names(library), library.skipped[0].reason) == (
        ["good.md"],
        "catalog.toml names it twice; keep one entry",
    )


def test_an_entry_for_no_document_is_reported(folder: Path) -> None:
    library = catalogued(folder, '[[document]]\nfile = "gone.md"\n')
    assert [(note.name, note.reason) for note in library.skipped] == [
        ("catalog.toml", "names 'gone.md', and there is no such document")
    ]


def test_an_entry_for_a_file_that_was_left_out_is_reported_once(folder: Path) -> None:
    (folder / "link.md").symlink_to("good.md")
    library = catalogued(folder, '[[document]]\nfile = "link.md"\n')
    assert [note.name for note in library.skipped] == ["link.md"]
