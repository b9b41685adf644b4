"""Markdown → blocks with exact spans, of what a reader of the rendered document sees."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.corpus.catalog import Entry
from index.corpus.documents import make_document
from index.corpus.parsing import parse_file
from index.corpus.parsing.blocks import ParsedFile
from index.text.markup import plain, render
from index.types import BlockKind, Reference
from tests.index.corpus.parsing.shared import texts
from tests.index.text.test_markup import PIECES

H, P, L, R, C, F = (
    BlockKind.HEADING,
    BlockKind.PARAGRAPH,
    BlockKind.LIST_ITEM,
    BlockKind.TABLE_ROW,
    BlockKind.CODE,
    BlockKind.FOOTNOTE,
)


def parsed(text: str, name: str = "a.md") -> ParsedFile:
    return parse_file(name, text.encode())


def blocks(text: str, name: str = "a.md") -> list[tuple[BlockKind, str]]:
    file = parsed(text, name)
    return [(block.kind, block.span.of(file.text)) for block in file.blocks]


def shown(text: str, name: str = "a.md") -> list[str]:
    """Return the text of each block without what is hidden in it."""
    file = parsed(text, name)
    texts = []
    for block in file.blocks:
        start, parts = block.span.start, []
        for hidden in block.hidden:
            parts.append(file.text[start : hidden.start])
            start = hidden.end
        texts.append("".join((*parts, file.text[start : block.span.end])))
    return texts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# One\n\ntext\n", [(H, "# One"), (P, "text")]),
        ("One\n===\ntext", [(H, "One\n==="), (P, "text")]),
        ("- a\n  - b\n    more\n- c\n\n  d", [(L, "- a"), (L, "- b\n    more"), (L, "- c"), (L, "d")]),
        ("1. a\n   ```\n   x\n   ```\n   b", [(L, "1. a"), (C, "```\n   x\n   ```"), (L, "b")]),
        ("| a | b |\n|---|---|\n| 1 | 2 |", [(R, "| a | b |"), (R, "| 1 | 2 |")]),
        ("```js\nif (!x) {}\n```\n\n    more\n    code", [(C, "```js\nif (!x) {}\n```"), (C, "more\n    code")]),
        ("|  |  |\n|--|--|\n| 1 | 2 |", [(R, "| 1 | 2 |")]),
        ("> a\n> b\n>\n> c", [(P, "> a\n> b"), (P, "> c")]),
        ("see[^1]\n\n[^1]: note\n    on\n\n    more", [(P, "see[^1]"), (F, "[^1]: note\n    on"), (F, "more")]),
        ("Term\n: definition", [(L, "Term\n: definition")]),
        ("a\n\n---\n\nb\n\n***\n\n[x]: https://e.org\n", [(P, "a"), (P, "b")]),
        ("<h2>A</h2>\n<p>b <i>c</i></p>\n<p>d</p>", [(H, "A"), (P, "b <i>c"), (P, "d")]),
        ("> ## Quoted heading", [(P, "> ## Quoted heading")]),
        ("\ufeff# One\r\n\r\ntext\r\n", [(H, "# One"), (P, "text")]),
        ("# Old\r\rThe room.\rThe key.\r", [(H, "# Old"), (P, "The room.\rThe key.")]),
        ("# One\rtext", [(H, "# One"), (P, "text")]),
    ],
)
def test_blocks_have_their_kind_and_exact_text(text: str, expected: list[tuple[BlockKind, str]]) -> None:
    assert blocks(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("text <!-- not\nshown --> more", ["text  more"]),
        ("- a\n- <!-- not -->\n- b <!-- not -->", ["- a", "- b"]),
        ("a\n\n<!-- not\n\n# not -->\n\nb", ["a", "b"]),
        ("one <!-- not\n\nnot --> two", ["one", "two"]),
        ("a\n\n<!-- never closed\n\nnot", ["a"]),
        ("`<!-- code -->`\n\n    <!-- code -->", ["`<!-- code -->`", "<!-- code -->"]),
        ("<script>\nnot()\n\nnot()</script>\n\n<style>\nnot {}\n</style>\n\na", ["a"]),
        ("<template>\n\nnot\n\n</template>\n\na", ["a"]),
        ("<div hidden>\n\nnot <div>not</div> not\n\n</div>\n\na", ["a"]),
        ('a <span style="display: none">not</span> b', ["a  b"]),
        ("# Title {#id .class}", ["# Title"]),
        ("text\n{: .lead #id}\n\n![](x.png){width=50%}", ["text"]),
        (":::tip My title\nBody\n:::", ["My title", "Body"]),
        ("::: {.callout-note}\n\nBody\n\n:::", ["Body"]),
        ('!!! note "My title"\n    Body\n\n    more', ["My title", "Body", "more"]),
        ("??? tip\n    Body", ["Body"]),
        ("> [!WARNING]\n> Body", ["Body"]),
        ('{{< tabs >}}\ntext {{% x %}} on\n{{< /tabs >}}\n\n{% include "x" %}', ["text  on"]),
        ("{% comment %}\nnot\n\nnot\n{% endcomment %}\n\na", ["a"]),
        ("![plan](data:image/png;base64,iVBORw0KGgo)\n\na", ["a"]),
        ("![](x.png)\n\n![alt](y.png)", ["![alt](y.png)"]),
        ("[![CI](https://img.shields.io/x.svg)](https://e.org)\n\na", ["a"]),
        ("[TOC]\n\n[[toc]]\n\na", ["a"]),
        ("- [One](one.md)\n- [Two](two.md)\n  - [Three](#three)\n\na", ["a"]),
        ("[Home](/) > [Guide](../guide.md)\n\n[← Previous](a.md) | [Next →](b.md)\n\na", ["a"]),
        (
            "- [One](https://e.org/1)\n- [Two](https://e.org/2)",
            ["- [One](https://e.org/1)", "- [Two](https://e.org/2)"],
        ),
        ("See [the guide](guide.md).", ["See [the guide](guide.md)."]),
        ("import X from './x'\n\na", ["a"]),
        (
            "- Milk.\n  id:: 6512ab34-1234-4abc-8def-0123456789ab\n  collapsed:: true\n- std:: is a prefix.\n",
            ["- Milk.", "- std:: is a prefix."],
        ),
        ("```{r setup, include=FALSE}\nx\n```\n\n```{r}\n#| label: y\ny\n```", ["```{r}\ny\n```"]),
        ("---\n\nDue in ten days.\n\n---\n\nAt the lake.", ["Due in ten days.", "At the lake."]),
        ("---\ntitle: T\n---\n\na", ["a"]),
    ],
)
def test_what_is_not_for_readers_is_in_no_block(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


def test_mdx_has_neither_imports_nor_components_nor_expressions() -> None:
    text = 'import T from "t"\n\n<T a={{b: 1}}>\n  <I value="x">\n\n    On a Mac, {x} drag `{y}`.\n\n  </I>\n</T>'
    assert shown(text, "a.mdx") == ["On a Mac,  drag `{y}`."]
    assert parsed(text, "a.mdx").blocks[0].kind is P


def test_a_table_row_names_its_header_row() -> None:
    file = parsed("| a |\n|---|\n| 1 |\n| 2 |\n\n| b |\n|---|\n| 3 |")
    assert [block.header and block.header.of(file.text) for block in file.blocks] == [
        None, "| a |", "| a |", None, "| b |",
    ]  # fmt: skip


def test_titles_are_rendered() -> None:
    text = "# The `x` *of* [y](z) {#id}\n\n## A &amp; B <!-- not -->\n\n### C {{< badge >}}"
    assert [(block.level, block.title) for block in parsed(text).blocks] == [
        (1, "The x of y"),
        (2, "A & B"),
        (3, "C"),
    ]


def test_a_title_has_no_hidden_element() -> None:
    text = "# A <span hidden>not</span>\n\ntext\n\n## B <!-- not --> C"
    assert [block.title for block in parsed(text).blocks if block.level] == ["A", "B C"]


BOMBS = ["[", "<a b='", "<!--", "{{<", "> ", "- a\n", "|a\n", ":::a\n", "!!! a\n", "<p hidden>\n", "```\n", "{/*", "\r",
         "a\n\n", "<td>", "a\n: b\n\n", "[^a]: b\n\n", "{% comment %}", "- [a](b)\n", "{#a} b\n"]  # fmt: skip


@pytest.mark.parametrize("piece", BOMBS)
@pytest.mark.parametrize("name", ["a.md", "a.mdx"])
def test_time_grows_linearly_with_the_file(piece: str, name: str) -> None:
    def seconds(length: int) -> float:
        content = (piece * (length // len(piece))).encode()
        start = time.process_time()
        parse_file(name, content)
        return time.process_time() - start

    short = min(seconds(5_000) for _ in range(2))
    # Ten times the text takes about ten times the time; a quadratic cost would take a hundred times.
    # One of two runs has to: the collector may fall into the other.
    assert any(seconds(50_000) < 40 * short + 0.3 for _ in range(2))


def test_links_are_references() -> None:
    block = parsed("- [A *b*](https://e.org) and <https://f.org>").blocks[0]
    assert block.references == (Reference("A b", "https://e.org"), Reference("https://f.org", "https://f.org"))


def test_what_was_left_out_is_counted() -> None:
    text = "![](a)\n\n![](b)\n\n<!-- c -->\n\n<script>x</script>\n\n{{< y >}}\n\n- [a](b)\n- [c](d)\n"
    assert parsed(text).left_out == {"images": 2, "comments": 1, "scripts": 1, "shortcodes": 1, "navigation": 1}


markdown = (
    st.lists(st.sampled_from([*PIECES, "---\n", "title: x\n", "| - |\n"]), max_size=14)
    .map("".join)
    .filter(lambda text: "\ud800" not in text)
)


@given(markdown, st.sampled_from(["a.md", "a.mdx", "a.qmd"]))
def test_blocks_are_exact_ordered_disjoint_and_trimmed(text: str, name: str) -> None:
    file = parsed(text, name)
    assert file.text == text
    assert all(block.span.of(text) == block.span.of(text).strip() != "" for block in file.blocks)
    assert all(before.span.end <= after.span.start for before, after in pairwise(file.blocks))
    for block in file.blocks:
        assert all(hidden and block.span.contains(hidden) for hidden in block.hidden)
        assert all(before.end < after.start for before, after in pairwise(block.hidden))


@given(markdown, markdown, st.sampled_from(["<!-- SECRET -->", "<script>SECRET</script>", "<p hidden>SECRET</p>"]))
def test_what_is_hidden_is_in_no_block_and_never_rendered(before: str, after: str, hidden: str) -> None:
    text = f"{before}\n\n{hidden}\n\n{after}".replace("`", "").replace("~", "")
    assert not [part for part in shown(text) if "SECRET" in part]
    file = parsed(text)
    assert not [block for block in file.blocks if "SECRET" in plain(render(block.span.of(text), file.markup))]


def test_a_link_shown_as_its_own_file_is_navigation_and_one_shown_as_its_address_is_not() -> None:
    text = "One.\n\n[next-page.md](next-page.md)\n\n[https://example.org](https://example.org)\n"
    assert texts(parsed(text)) == ["One.", "[https://example.org](https://example.org)"]


def test_an_image_within_a_sentence_does_not_cut_it() -> None:
    text = "Press the button ![[button.png]] and wait.\n"
    document, _ = make_document(parsed(text), Entry(file="a.md"), sha256="")
    assert [document.slice(block.span) for block in document.blocks] == [text.strip()]


def test_the_title_of_a_callout_begins_no_section() -> None:
    text = "# A\n\n::: {.callout-tip}\n\n## Take care\n\nOf it.\n:::\n\nText.\n"
    document, _ = make_document(parsed(text), Entry(file="a.md"), sha256="")
    assert {block.headings for block in document.blocks} == {("A",)}
    assert [document.slice(block.span) for block in document.blocks] == ["## Take care", "Of it.", "Text."]
