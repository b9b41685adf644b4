"""Word documents: headings, lists, tables and notes; what was deleted or hidden is not shown; bombs are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.corpus.parsing.blocks import ParseError
from index.corpus.parsing.docx import parse
from index.types import Reference
from tests.index.corpus.parsing.containers import make_docx, make_zip, word
from tests.index.corpus.parsing.shared import headers, kinds, require_sound, require_sound_or_refused, texts

STYLES = (
    '<w:style w:styleId="T"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="My"><w:name w:val="Mine"/><w:basedOn w:val="2"/></w:style>'
    '<w:style w:styleId="2"><w:name w:val="heading 2"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    '<w:style w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Loop2"/></w:style>'
    '<w:style w:styleId="Loop2"><w:name w:val="Loop2"/><w:basedOn w:val="Loop"/></w:style>'
    '<w:style w:styleId="B"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
)
NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
)
NUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>'


def style(name: str) -> str:
    return f'<w:pStyle w:val="{name}"/>'


def test_styles_make_headings_lists_and_the_title() -> None:
    parsed = parse(
        make_docx(
            word("Handbook", style("T"))
            + word("Hours", style("1"))
            + word("Days", style("My"))
            + word("The library is closed.")
            + word("a loop", style("Loop"))
            + word("one", style("B"))
            + word("first", NUMBERED)
            + word("second", NUMBERED)
            + word("page 3", style("TOC1")),
            styles=STYLES,
            numbering=NUMBERING,
        )
    )
    assert kinds(parsed) == [
        ("h1", "Handbook"),
        ("h1", "Hours"),
        ("h2", "Days"),
        ("paragraph", "The library is closed."),
        ("paragraph", "a loop"),
        ("list item", "- one"),
        ("list item", "1. first"),
        ("list item", "2. second"),
    ]
    assert (parsed.title, parsed.left_out) == ("Handbook", {"tables of contents": 1})
    require_sound(parsed)


def cell(text: str) -> str:
    return f"<w:tc>{word(text)}</w:tc>"


def test_the_rows_of_a_table_have_its_header() -> None:
    head = f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{cell('Name')}{cell('Price')}</w:tr>"
    two = f"<w:tc>{word('Tea,')}{word('green')}</w:tc>"
    parsed = parse(make_docx(f"<w:tbl>{head}<w:tr>{two}{cell('2')}</w:tr></w:tbl>{word('after')}"))
    assert texts(parsed) == ["Name | Price", "Tea, green | 2", "after"]
    assert headers(parsed) == [None, "Name | Price", None]


def merged(text: str, value: str) -> str:
    return f"<w:tc><w:tcPr><w:vMerge{value}/></w:tcPr>{word(text)}</w:tc>"


def test_a_merged_cell_stands_in_each_of_its_rows() -> None:
    rows = [
        merged("North", ' w:val="restart"') + cell("Tea"),
        merged("", "") + cell("Milk"),
        merged("South", ' w:val="restart"') + cell("Wine"),
        cell("West") + cell("Beer"),
    ]
    parsed = parse(make_docx("<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"))
    assert texts(parsed) == ["North | Tea", "North | Milk", "South | Wine", "West | Beer"]


def test_a_table_in_a_cell_is_read_by_itself() -> None:
    inner = f"<w:tbl><w:tr>{cell('a')}{cell('b')}</w:tr></w:tbl>"
    parsed = parse(make_docx(f"<w:tbl><w:tr>{cell('x')}<w:tc>{word('y')}{inner}{word('z')}</w:tc></w:tr></w:tbl>"))
    assert texts(parsed) == ["x", "y", "a | b", "z"]


def test_footnotes_follow_the_text_that_refers_to_them() -> None:
    reference = '<w:p><w:r><w:t>Closed</w:t></w:r><w:r><w:footnoteReference w:id="7"/></w:r></w:p>'
    notes = f'<w:footnote w:id="0">{word("separator")}</w:footnote><w:footnote w:id="7">{word("Not always.")}</w:footnote>'
    assert kinds(parse(make_docx(reference, footnotes=notes))) == [
        ("paragraph", "Closed[1]"),
        ("footnote", "[1] Not always."),
    ]


@pytest.mark.parametrize(
    ("hidden", "kind"),
    [
        (
            "<w:p><w:del><w:r><w:delText>SECRET</w:delText><w:t>SECRET</w:t></w:r></w:del></w:p>",
            "deleted passages",
        ),
        (word("SECRET", run="<w:vanish/>"), "hidden passages"),
        ('<w:p><w:r><w:drawing><docPr name="SECRET"/></w:drawing></w:r></w:p>', "images"),
        ("<w:p><w:r><w:instrText>SECRET</w:instrText></w:r></w:p>", ""),
        ("<AlternateContent><Fallback><w:p><w:r><w:t>SECRET</w:t></w:r></w:p></Fallback></AlternateContent>", ""),
    ],
)
def test_what_no_reader_sees_is_left_out(hidden: str, kind: str) -> None:
    parsed = parse(make_docx(word("before") + hidden + word("after")))
    assert (texts(parsed), "SECRET" in parsed.text) == (["before", "after"], False)
    assert parsed.left_out == ({kind: 1} if kind else {})


def test_insertions_links_images_and_text_boxes_are_shown() -> None:
    parsed = parse(
        make_docx(
            "<w:p><w:ins><w:r><w:t>new</w:t><w:tab/><w:t>words</w:t><w:br/></w:r></w:ins>"
            '<w:hyperlink r:id="r1"><w:r><w:t>site</w:t></w:r></w:hyperlink></w:p>'
            '<w:p><w:r><w:drawing><docPr descr="A map"/></w:drawing></w:r></w:p>'
            f"<w:p><w:r><w:t>outer</w:t><txbxContent>{word('boxed')}</txbxContent></w:r></w:p>",
            links='<Relationship Id="r1" Target="https://example.org" TargetMode="External"/>',
        )
    )
    assert texts(parsed) == ["new words\nsite", "A map", "boxed", "outer"]
    assert parsed.blocks[0].references == (Reference("site", "https://example.org"),)


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "damaged, or not in the format of its suffix"),
        (b"PK\x03\x04junk", "damaged, or not in the format of its suffix"),
        (make_docx(word("words"))[:-40], "damaged, or not in the format of its suffix"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted, or in the format before 2007"),
        (make_zip({"other.xml": "<a/>"}), "'word/document.xml' is missing in it"),
        (make_zip({"word/document.xml": "<a><b></a>"}), "its XML is damaged"),
        (make_zip({"word/document.xml": ""}), "its XML is damaged"),
        (make_zip({"word/document.xml": f"{ENTITIES}<a>&b;</a>"}), "its XML declares a document type"),
        (make_zip({"word/document.xml": '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'}), "its XML declares a document type"),
        (make_zip({"word/document.xml": f"{ENTITIES}<a>&b;</a>".encode("utf-16")}), "its XML declares a document type"),
        (make_zip({"word/document.xml": bytes(10 * 2**20)}), "unpacks to too much"),
        (make_zip({"word/document.xml": "<a>" * 100_000}), "its XML is damaged"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_clear_reason(content: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=rf"^{reason}[^\n]*$"):
        parse(content)


def test_a_member_with_a_password_is_refused() -> None:
    content = bytearray(make_docx(word("words")))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1
    with pytest.raises(ParseError, match=r"^encrypted; save it without a password$"):
        parse(bytes(content))


ELEMENTS = st.sampled_from(
    ["<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>x</w:t>", "<w:tbl>", "</w:tbl>", "<w:tr>", "</w:tr>", "<w:tc>", "</w:tc>",
     "<w:del>", "</w:del>", "<w:footnoteReference/>", "<w:tblHeader/>", "<w:hyperlink>", "</w:hyperlink>", "<w:br/>"]
)  # fmt: skip


@given(st.lists(ELEMENTS, max_size=40).map("".join))
def test_any_soup_of_elements_is_parsed_or_refused(body: str) -> None:
    require_sound_or_refused(parse, make_docx(body))


@given(st.integers(0, 400), st.binary(max_size=8))
def test_damaged_bytes_are_parsed_or_refused(position: int, junk: bytes) -> None:
    content = make_docx(word("words") * 3)
    require_sound_or_refused(parse, content[:position] + junk + content[position + len(junk) :])
