"""HTML: what a reader sees becomes blocks; what is hidden is left out and counted."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.corpus.parsing.html import parse
from index.types import Reference
from tests.index.corpus.parsing.shared import headers, kinds, require_sound, require_sound_or_refused, texts


def body(markup: str) -> bytes:
    return f"<!doctype html><html><head><meta charset=utf-8></head><body>{markup}</body></html>".encode()


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<h1>One</h1><p>Two <b>three</b>.</p>", [("h1", "One"), ("paragraph", "Two three.")]),
        ("<p>One\n  two<br>three", [("paragraph", "One two\nthree")]),
        ("<p>圖書館\n星期一休館</p>", [("paragraph", "圖書館星期一休館")]),
        ("loose<div>in a box</div>after", [("paragraph", "loose"), ("paragraph", "in a box"), ("paragraph", "after")]),
        ("<ul><li>one<ul><li>two</ul></ul>", [("list item", "- one"), ("list item", "- two")]),
        ("<ol start=3><li>three<li><p>four</p><p>more</p></ol>",
         [("list item", "3. three"), ("list item", "4. four"), ("paragraph", "more")]),
        ("<dl><dt>Term<dd>Words<dd>More</dl>", [("list item", "Term\nWords\nMore")]),
        ("<pre>  a\n    b\n</pre>", [("code", "a\n    b")]),
        ("<blockquote><p>Said</p></blockquote>", [("paragraph", "Said")]),
        ("<aside role=doc-footnote><p>Note</p></aside>", [("footnote", "Note")]),
        ("<h2>Hours<a class=headerlink href=#hours>¶</a></h2>", [("h2", "Hours")]),
        ("<table><tr><td><h2>Head</h2><p>words</td><td>side</table>",
         [("h2", "Head"), ("paragraph", "words"), ("paragraph", "side")]),
        ("<table><tr><td>a<td rowspan=2>b<tr><td>c<tr><td>d<td>e</table>",
         [("table row", "a | b"), ("table row", "c | b"), ("table row", "d | e")]),
        ("<table><tr><td rowspan=3>a<td>b<tr><td>c<tr><td>d</table>",
         [("table row", "a | b"), ("table row", "a | c"), ("table row", "a | d")]),
        ("<table><tr><td>alone</table>", [("paragraph", "alone")]),
        ('<img src=a alt="A map of the town"><img alt="a.png"><img>', [("paragraph", "A map of the town")]),
        ("a&nbsp;&eacute;&#x5716;&lt;b&gt;", [("paragraph", "a\xa0é圖<b>")]),
        ("<details><summary>More</summary>Within</details>", [("paragraph", "More"), ("paragraph", "Within")]),
    ],
)  # fmt: skip
def test_what_a_reader_sees_becomes_blocks(markup: str, expected: list[tuple[str, str]]) -> None:
    parsed = parse(body(markup))
    assert kinds(parsed) == expected
    require_sound(parsed)


def test_the_rows_of_a_table_have_its_header() -> None:
    parsed = parse(
        body("<table><thead><tr><th>Name<th>Price</thead><tr><td>Tea<td>2 <b>€</b><tr><td>Milk<td></table>")
    )
    assert texts(parsed) == ["Name | Price", "Tea | 2 €", "Milk |"]
    assert headers(parsed) == [None, "Name | Price", "Name | Price"]


@pytest.mark.parametrize(
    ("markup", "kind"),
    [
        ("<p class='note sr-only'>SECRET</p>", "hidden elements"),
        ("<!-- SECRET -->", "comments"),
        ("<script>var a = '<p>SECRET</p>'</script>", "scripts"),
        ("<style>SECRET {}</style>", "styles"),
        ("<template><p>SECRET</p></template>", "templates"),
        ("<noscript><p>SECRET</p></noscript>", "fallbacks for scripts"),
        ("<nav><ul><li>SECRET</ul></nav>", "navigation menus"),
        ("<div role=navigation>SECRET</div>", "navigation menus"),
        ("<footer>SECRET</footer>", "footers"),
        ("<div hidden><p>SECRET<p>SECRET</div>", "hidden elements"),
        ("<span aria-hidden=true>SECRET</span>", "hidden elements"),
        ("<p style='color: red; DISPLAY :none'>SECRET</p>", "hidden elements"),
        ("<p style='visibility:hidden'><b>SECRET</b></p>", "hidden elements"),
        ("<dialog>SECRET</dialog>", "hidden elements"),
        ("<svg><title>SECRET</title><text>SECRET</text></svg>", "images"),
        ("<button>SECRET</button>", "form controls"),
        ("<select><option>SECRET</select>", "form controls"),
        ("<textarea>SECRET</textarea>", "form controls"),
        ("<iframe>SECRET</iframe>", "embedded pages"),
        ("<ruby><rt>SECRET</rt></ruby>", "readings over characters"),
        ("<td class='linenos'>SECRET</td>", "line numbers"),
    ],
)
def test_what_is_hidden_is_left_out_and_counted(markup: str, kind: str) -> None:
    parsed = parse(body(f"<p>before</p>{markup}<p>after</p>"))
    assert (texts(parsed), "SECRET" in parsed.text) == (["before", "after"], False)
    assert parsed.left_out == {kind: 1}


def test_links_are_references() -> None:
    parsed = parse(body('<p>See <a href="https://example.org/a">the  <i>rules</i></a>, <a href="#b">b</a>.'))
    assert parsed.blocks[0].references == (Reference("the rules", "https://example.org/a"),)


@pytest.mark.parametrize(
    ("items", "shown"),
    [
        ("<li><a href=a.html>A</a><li><a href=/b>B</a>", []),
        ("\n <li><a href=#a>A</a></li>\n <li>\n<p><a href=#b> B </a></p>\n </li>\n", []),
        ("<li><a href=a.html>A</a><ul><li><a href=b.html>B</a></ul>", []),
        ("<li><a href=a.html>A</a><li><a href=b.html>B</a>, the new one", ["- A", "- B, the new one"]),
        ("<li><a href=https://example.org/a>A</a><li><a href=//example.org/b>B</a>", ["- A", "- B"]),
        ("<li><a href=a.html>A</a>", ["- A"]),
        ("<li>A<li>B", ["- A", "- B"]),
    ],
)
def test_a_list_of_nothing_but_links_within_the_site_is_navigation(items: str, shown: list[str]) -> None:
    parsed = parse(body(f"<p>before</p><ul>{items}</ul><p>after</p>"))
    assert texts(parsed) == ["before", *shown, "after"]
    assert parsed.left_out == ({} if shown else {"navigation menus": 1})


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("<title>Hours — The library</title><h1>Hours</h1>", "Hours"),
        ("<title>The library</title><h1>Hours</h1>", "The library"),
        ("<h1>Hours</h1><h1>Rules</h1>", "Hours"),
        ("<title> </title><p>words", None),
    ],
)
def test_the_title_is_the_page_s_without_the_name_of_the_site(markup: str, title: str | None) -> None:
    assert parse(markup.encode()).title == title


@pytest.mark.parametrize(
    ("encoding", "declaration"),
    [
        ("big5", "<meta charset=big5>"),
        ("gbk", '<meta http-equiv=x content="text/html; charset=gb2312">'),
        ("cp1251", "<meta charset='windows-1251'>"),
    ],
)
def test_the_page_may_declare_its_encoding(encoding: str, declaration: str) -> None:
    words = "Библиотека" if encoding == "cp1251" else "圖書館"
    assert texts(parse(f"{declaration}<p>{words}".encode(encoding))) == [words]


@pytest.mark.parametrize(
    "open_", ["<div>", "<b>", "<ul><li>", "<table><tr><td>", "<pre>", "<a href=x>", "<h1>", "<dl><dt>"]
)
def test_nesting_of_any_depth_is_read(open_: str) -> None:
    assert "deep" in parse((open_ * 20_000 + "deep").encode()).text


def page_of(size: int) -> bytes:
    row = "<div><h2>Title</h2><p>The <b>library</b> is closed on <a href=x>Monday</a>. 圖書館星期一休館。</p><ul><li>one</ul></div>"
    return (row * (size // len(row.encode()))).encode()


def test_a_page_of_2_mb_is_bearable() -> None:
    started = time.process_time()
    assert len(parse(page_of(2 * 10**6)).blocks) > 40_000
    assert time.process_time() - started < 24  # measured 1.2 s on an idle core


@pytest.mark.slow
@pytest.mark.timeout(1_200)
def test_a_page_of_50_mb_is_bearable() -> None:
    assert len(parse(page_of(50 * 10**6)).blocks) > 1_000_000


TAGS = st.sampled_from(
    ["<p>", "</p>", "<div>", "</div>", "<table>", "<tr>", "<td>", "</td>", "</table>", "<ul>", "<li>", "</ul>", "<pre>",
     "</pre>", "<a href=x>", "</a>", "<h1>", "</h1>", "<script>", "</script>", "<!--", "-->", "<span hidden>", "</span>",
     "<br>", "<img alt=x>", "<dl>", "<dt>", "<dd>", "<th>", "<thead>", "</thead>", "x", "字", "\n", " "]
)  # fmt: skip


@given(st.lists(TAGS, max_size=60))
def test_any_soup_of_tags_is_sound(tags: list[str]) -> None:
    require_sound(parse("".join(tags).encode()))


@given(st.lists(TAGS, max_size=30), st.lists(TAGS, max_size=30))
def test_what_stands_in_a_hidden_box_never_shows(before: list[str], after: list[str]) -> None:
    def soup(tags: list[str]) -> str:
        return "".join(tags).replace("<!--", "").replace("<script>", "")

    parsed = parse(f"<div>{soup(before)}</div><div hidden>SECRET</div>{soup(after)}".encode())
    assert "SECRET" not in parsed.text


@given(st.binary(max_size=300))
def test_any_bytes_are_parsed_or_refused(content: bytes) -> None:
    require_sound_or_refused(parse, content)
    require_sound_or_refused(parse, b"<p>" + content)
