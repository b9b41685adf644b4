"""EPUB: the chapters in reading order; damaged, protected and exploding books are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.corpus.parsing.blocks import ParseError
from index.corpus.parsing.epub import parse
from tests.index.corpus.parsing.containers import make_epub, make_zip
from tests.index.corpus.parsing.shared import kinds, require_sound, require_sound_or_refused, texts


def test_chapters_are_read_in_order_with_their_headings_and_notes() -> None:
    parsed = parse(
        make_epub(
            [
                '<h1>One</h1><p><a id="x"/>Words&nbsp;here.<br/>More.</p><script src="a.js"/><p>After.</p>',
                '<h1>二</h1><p>字。</p><aside epub:type="footnote"><p>Note.</p></aside>',
            ]
        )
    )
    assert kinds(parsed) == [
        ("h1", "One"),
        ("paragraph", "Words\xa0here.\nMore."),
        ("paragraph", "After."),
        ("h1", "二"),
        ("paragraph", "字。"),
        ("footnote", "Note."),
    ]
    assert (parsed.title, parsed.left_out) == ("A Book", {"scripts": 1})
    require_sound(parsed)


def test_entities_that_a_chapter_defines_are_not_expanded() -> None:
    chapter = '<!DOCTYPE x [<!ENTITY a "SECRET"><!ENTITY f SYSTEM "file:///etc/passwd">]><p>words &a; &f;</p>'
    text = parse(make_epub([], {"O/content.opf": opf("c.xhtml"), "O/c.xhtml": chapter})).text
    assert ("words" in text, "root:" in text) == (True, False)


def opf(chapter: str) -> str:
    return (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
        f'<item id="c" href="{chapter}" media-type="application/xhtml+xml"/>'
        '<item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        '</manifest><spine><itemref idref="n"/><itemref idref="c"/><itemref idref="gone"/></spine></package>'
    )


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_navigation_is_passed_over_and_a_missing_chapter_counted() -> None:
    parsed = parse(make_epub([], {"O/content.opf": opf("gone.xhtml"), "O/nav.xhtml": "<p>SECRET"}))
    assert (texts(parsed), parsed.left_out) == ([], {"missing chapters": 1})


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "https://example.org/a"]
)
def test_nothing_outside_the_book_is_read(path: str) -> None:
    assert parse(make_epub([], {"O/content.opf": opf(path)})).left_out == {"missing chapters": 1}


CONTAINER = "META-INF/container.xml"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"junk", "damaged, or not in the format of its suffix"),
        (make_epub(["<p>words"])[:300], "damaged, or not in the format of its suffix"),
        (make_zip({"a": "b"}), f"'{CONTAINER}' is missing in it"),
        (make_zip({CONTAINER: "<container/>"}), f"'{CONTAINER}' in it names no book"),
        (make_zip({CONTAINER: '<!DOCTYPE a [<!ENTITY b "c">]><a/>'}), "its XML declares a document type"),
        (make_epub(["<p>" + "x" * 10 * 2**20]), "unpacks to too much"),
        (
            make_epub(
                ["<p>words"], {"META-INF/encryption.xml": '<e><CipherReference URI="O/text/c 0.xhtml"/></e>'}
            ),
            "protected by DRM",
        ),
    ],
)
def test_what_cannot_be_read_is_one_clear_reason(content: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=rf"^{reason}[^\n]*$"):
        parse(content)


@given(st.text("<>/&;'\"= aip:-!\n字", max_size=80))
def test_any_chapter_is_sound(chapter: str) -> None:
    require_sound(parse(make_epub([chapter])))


@given(st.integers(0, 900), st.binary(max_size=8))
def test_damaged_bytes_are_parsed_or_refused(position: int, junk: bytes) -> None:
    content = make_epub(["<p>words</p>"])
    require_sound_or_refused(parse, content[:position] + junk + content[position + len(junk) :])
