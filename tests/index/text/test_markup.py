"""Slices of Markdown, MDX and reStructuredText as a reader of the rendered document sees them."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.markup import Run, RunKind, plain, render
from index.types import Markup, Span

SHOWN = {
    "# Title {#id .class}": "Title",
    "Title *one*\n===": "Title one",
    "see [the **docs**](https://x.y/a_b), <https://a.b>": "see the docs, https://a.b",
    "see [the docs][ref] and [these][]; a[0]": "see the docs and these; a[0]",
    "**bold** _it_ ~~s~~ `co<de>`": "bold it s co<de>",
    "a &lt; b &amp;&#x41; \\* c": "a < b &A * c",
    "one\ntwo": "one two",
    "中文\n換行": "中文換行",
    "one  \ntwo<br>three": "one\ntwo\nthree",
    "- a\n- b\n  - c": "• a\n• b\n  • c",
    "3. a\n4. b": "3. a\n4. b",
    "- [x] done\n- [ ] open": "• ☑ done\n• ☐ open",
    "> quoted\n> text": "quoted text",
    "| a | b |\n|---|---|\n| 1 | 2 |": "a | b\n1 | 2",
    "| c | d |\n| e |  |": "c | d\ne",
    "a claim[^1] and more[^note]": "a claim and more",
    "[^1]: the note": "the note",
    "# T\n\ntext": "T\n\ntext",
    "<div>\n<p>one &amp; two</p>\n<p>three</p>\n</div>": "one & two\n\nthree",
    "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>": "A | B\n1 | 2",
    "a <b>bold</b> word": "a bold word",
    "![alt text](x.png) and ![](y.png)": "alt text and",
    "![plan](data:image/png;base64,AAAA) shown": "shown",
    '!!! note "My *title*"\n    Body': "My title\nBody",
    "??? tip\n    Body\n\n    more": "Body\n\nmore",
    '=== "Tab"\n\n    Body': "Tab\n\nBody",
    ":::tip My title\nBody\n:::": "My title\n\nBody",
    ":::note[My title]\n\nBody\n\n:::": "My title\n\nBody",
    "::: {.callout-note}\nBody\n:::": "Body",
    "> [!NOTE]\n> Body": "Body",
    "> [!tip] Title\n> Body": "Title Body",
    "text\n{: .lead }": "text",
    'a {{< ref "x" >}}b {% include x %}c': "a b c",
    '[text]({{< ref "a b" >}}) after': "text after",
    "說：**重點。**接著": "說：重點。接著",
    "a \\*\\*b\\*\\* `**c**`": "a **b** **c**",
    "a {{'[x]({})'.format(y)}}b": "a xb",
    "[TOC]\n\ntext": "text",
    "Term\n: definition": "Term\ndefinition",
    "see [[Page|the label]], [[Other]] and ![[x.png]] end": "see the label, Other and end",
    "[[1]](https://e.org) a[[0]]": "[1] a0",
    "a ==marked== word; x==1 && y==2": "a marked word; x==1 && y==2",
    "press ++ctrl+c++; C++ and a++b++": "press ctrl+c; C++ and a++b++",
    "[small caps]{.smallcaps} text": "small caps text",
    "the sum $\\sum_{i=1}^{n} x$ is": "the sum $\\sum_{i=1}^{n} x$ is",
    "$$\na = {{b}}\n$$": "$$ a = {{b}} $$",
    "*[HTML]: Hyper Text\n\nHTML text": "HTML text",
    ":material-home: home and <img src='x'> icon": "home and icon",
    "```sh\n    run\n    ```\n\n- item[^1]": "run\n• item",
    "```sh\nrun[^1]": "run[^1]",
    "A</td><td>B": "A | B",
    "one</li> <li>two": "one\n• two",
    "see {{'[the code]({})'.format(x)}} and {{ \"[a b](/c/d)\" }}": "see the code and a b",
    "the first\npart]({}) of a **cut off": "the first part]({}) of a cut off",
    "cut off.** Then 2**3 and a ** b": "cut off. Then 2**3 and a ** b",
    "all of **/*.py": "all of **/*.py",
    "T</dt><dd>D": "T\n\nD",
    "see [it](/a/{{ page.x }}/b) here": "see it here",
    "::: {.content-hidden}\n\nnot\n\n::: x\nnot\n:::\n\n:::\n\nshown": "shown",
    '::: {.content-hidden when-format="pdf"}\nshown\n:::': "shown",
    "--8<-- 'a.md'\n\n<<< @/b.js\n\ntext": "text",
    "@[code{1-3} js](../a.js)\n\nmail a@[code](b.js)": "mail a@code",
    "a fact ^fact-id\n\n2 ^2": "a fact\n\n2 ^2",
    "* TOC\n{:toc}\n\ntext": "text",
    "<p aria-hidden='true'>not</p>\n\n<span class='a sr-only'>not</span>text": "text",
    "text <!-- not\n\nshown --> more": "text\n\nmore",
    "text\n\n<!-- never closed\n\nnot shown": "text",
    "`<!-- code -->` text": "<!-- code --> text",
    "<p hidden>not</p>\n\nshown <span style='display: none'>not</span>too": "shown too",
    "<script>\nalert(1)\n\nx</script>\n\ntext": "text",
    "<details><summary>More</summary>\n\nBody\n\n</details>": "More\n\nBody",
    "- {{< x >}}\n- b": "• b",
    "a\rb\r\rc": "a b\n\nc",
}


@pytest.mark.parametrize(("source", "shown"), SHOWN.items())
def test_a_reader_sees_the_text_without_its_marks(source: str, shown: str) -> None:
    assert plain(render(source, Markup.MARKDOWN)) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('import X from "x"\n\n<X a={{b: 1}}>\n\ntext {x + 1}, `{code}`\n\n</X>', "text , {code}"),
        ("export const a = {\n  b: 1,\n};\n\ntext", "text"),
        ("## Title {#id}\n\n{/* not\n\nshown */}\n\ntext", "Title\n\ntext"),
        ("```js\nimport x from 'y'\n<Tag>\n```", "import x from 'y'\n<Tag>"),
        ("An unclosed { brace", "An unclosed { brace"),
    ],
)
def test_imports_tags_and_expressions_of_mdx_are_not_shown(source: str, shown: str) -> None:
    assert plain(render(source, Markup.MDX)) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("a ``code`` and **strong** *text*", "a code and strong text"),
        ("`text <https://x.y>`_ and `name`_ or name_", "text and name or name"),
        (":func:`run` and :ref:`the title <label>`", "run and the title"),
        ("a note [1]_ and \\*", "a note  and *"),
        ("Type the following::\n\n   x = a::b", "Type the following:\n\n   x = a::b"),
        ("Soup 5\n------\n\nBread 2", "Soup 5\n\nBread 2"),
    ],
)
def test_inline_marks_of_restructured_text_are_not_shown(source: str, shown: str) -> None:
    assert plain(render(source, Markup.RST)) == shown


def test_plain_text_is_shown_as_it_is() -> None:
    assert render("*a* <b>", Markup.PLAIN) == (Run(Span(0, 7), "*a* <b>"),)


def test_code_and_images_are_runs_of_their_own_kind() -> None:
    runs = render("a `b` ![c](d)\n\n```js title='x'\ne()\n```", Markup.MARKDOWN)
    assert [(run.kind, run.text, run.language) for run in runs if run.kind is not RunKind.TEXT] == [
        (RunKind.CODE, "b", ""),
        (RunKind.IMAGE, "c", ""),
        (RunKind.CODE_BLOCK, "e()", "js"),
    ]


def test_a_run_says_where_its_text_stands() -> None:
    source = "a **b** &lt; 中"
    runs = render(source, Markup.MARKDOWN)
    assert [(run.text, source[run.source.start : run.source.end]) for run in runs] == [
        ("a ", "a "),
        ("b", "b"),
        (" ", " "),
        ("<", "&lt;"),
        (" 中", " 中"),
    ]


PIECES = [
    *SHOWN, "\n", "\n\n", "\r\n", "\r", "    ", "> ", "- ", "1. ", "```", "`", "*", "_", "[", "](", ")", "<", ">", "<!--",
    "-->", "{", "}", "{{", "}}", "{%", "|", "!!! x", ":::", "&", "\\", "\x00", "\ud800", "\x01", "a", "。", "𝒳", "%%", "\u2028",
]  # fmt: skip
markdown = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=40)


@given(markdown, st.sampled_from(Markup))
def test_every_slice_renders_with_its_sources_in_order(text: str, markup: Markup) -> None:
    runs = render(text, markup)
    assert all(0 <= run.source.start <= run.source.end <= len(text) and run.text for run in runs)
    assert all(before.source.end <= after.source.start for before, after in pairwise(runs))


@given(markdown, markdown)
def test_what_a_closed_comment_hides_is_never_shown(before: str, after: str) -> None:
    source = f"{before}\n\n<!-- SECRET -->\n\n{after}".replace("`", "").replace("~", "")
    assert "SECRET" not in plain(render(source, Markup.MARKDOWN))


NESTED = [
    "[", "![", "](", "<", "<a b='", "<!--", "{", "{{", "{{<", "{%", "`", "*a", "> ", "- a\n", "|", "|a\n", ":::a\n",
    "!!! a\n", "[^a]", "&#", "\\", "%%", "\r", "<div>", "<p hidden>", "```\n", "(", "import x", "{/*", "<A ", "a{.b ",
]  # fmt: skip


@pytest.mark.parametrize("piece", NESTED)
@pytest.mark.parametrize("markup", [Markup.MARKDOWN, Markup.MDX, Markup.RST])
def test_time_grows_linearly_with_the_slice(piece: str, markup: Markup) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        start = time.process_time()
        render(text, markup)
        return time.process_time() - start

    short = min(seconds(1_500) for _ in range(2))
    # Ten times the text takes about ten times the time; a quadratic cost would take a hundred times.
    # One of two runs has to: the collector may fall into the other.
    assert any(seconds(15_000) < 40 * short + 0.08 for _ in range(2))


@pytest.mark.parametrize(
    ("source", "shown", "language"),
    [
        ("a = *b*\n\nc", "a = *b*\n\nc", ""),
        ("```py\na\nb", "a\nb", "py"),
        ("  a\n```", "  a", ""),
        ("~~~ js\na\n~~~\n", "a", "js"),
        ("```\n```", "", ""),
        ("", "", ""),
    ],
)
def test_a_part_of_a_code_block_is_code_without_the_fences_it_has(source: str, shown: str, language: str) -> None:
    runs = render(source, Markup.CODE)

    assert plain(runs) == shown
    assert all(run.kind is RunKind.CODE_BLOCK and run.language == language for run in runs)
    assert all(source[run.source.start : run.source.end] == run.text for run in runs)


def test_the_body_of_a_code_block_is_verbatim() -> None:
    source = "```py\na\nb\n```\n"
    (run,) = render(source, Markup.MARKDOWN)

    assert source[run.source.start : run.source.end] == run.text == "a\nb"
