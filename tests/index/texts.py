"""Random documents for hypothesis: Markdown-ish, plain, and anything that UTF-8 can hold."""

from __future__ import annotations

import hashlib

from hypothesis import strategies as st

from index.corpus.catalog import Entry
from index.corpus.documents import make_document
from index.corpus.parsing import parse_file
from index.types import Document

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)

_ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
_ODD = st.sampled_from(
    [
        "\ufeff",
        "\r\n",
        "\r",
        "\n\n",
        "\x00",
        "\x1b[0m",
        "\x0b",
        "\x0c",
        "\x1c",
        "\x85",
        "\u2028",
        "\u3000",
        "\u200b",
        "\u200f\u05e9\u05dc\u05d5\u05dd",
        "\u202eevil\u202c",
        "\U0001f469\u200d\U0001f469\u200d\U0001f467",
        "🇹🇼",
        "é",
        "…",
        "。」",
        "！？!?",
        "J. K. ",
        "3.14",
        "。" * 40,
        "，" * 350,
        "x" * 700,
        "駱馬" * 200,
        "word " * 90,
        "a.b.c ",
    ]
)
_MARK_UP = st.sampled_from(
    [
        "# Head\n",
        "## 標題\n",
        "Set\n===\n",
        "- item\n",
        "  - inner\n",
        "1. one\n",
        "> quote\n",
        "```\n",
        "~~~\n",
        "---\n",
        "| a | b |\n|---|---|\n| 1 | 2 |\n",
        "[link](https://example.org)\n",
        "[ref]: https://example.org\n",
        "<b>html</b>\n",
        "<!-- comment\n",
        "    code\n",
        "\t",
        "*bold*",
        "`code`",
        "\\",
        "一、小節\n",
        "（二）其中\n",
        "第三章 開始\n",
        "1.2 Part\n",
    ]
)
_SENTENCES = st.sampled_from(
    [
        "駱馬模型發布了。",
        "他說：「很好！」",
        "Two words. And more? ",
        "没有人知道;真的。",
        "Mr. Smith paid $3.50.\n",
        "段落\n\n",
    ]
)

TEXTS = st.one_of(
    _ANY,
    st.lists(st.one_of(_ANY, _ODD, _MARK_UP, _SENTENCES), max_size=25).map("".join),
    st.lists(st.one_of(_MARK_UP, _SENTENCES), max_size=40).map("".join),
    st.lists(_SENTENCES, min_size=20, max_size=80).map("".join),
)


def document(name: str, text: str, *, skip: tuple[str, ...] = ()) -> Document:
    """Parse `text` as the file `name`."""
    content = text.encode("utf-8")
    sha256 = hashlib.sha256(content).hexdigest()
    return make_document(parse_file(name, content), Entry(file=name, skip=skip), sha256=sha256)[0]


DOCUMENTS = st.builds(document, st.sampled_from(["a.md", "a.txt"]), TEXTS)
