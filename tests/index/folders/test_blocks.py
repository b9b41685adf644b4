"""Passages and highlights never tear what belongs together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.answering.engine import Index
from index.types import Answer, Encoder, Quote
from tests.fakes import FakeEncoder
from tests.index.folders.conftest import MOST, OTHERS, Ask, Files

COMMANDS = "\n".join(f"release --region {name} --wait --trace" for name in ("north", "south", "east", "west"))


def first_from(answer: Answer, name: str) -> Quote:
    return next(quote for quote in (*answer.quotes, *answer.nearest) if quote.document == name)


def highlighted(quote: Quote) -> list[str]:
    return [span.shift(-quote.start).of(quote.text) for span in quote.highlights]


@pytest.mark.parametrize(
    "sentence",
    [
        "Order a spare key at https://keys.example.org/new?room=12&copies=2 before noon.",
        "Ask Prof. Huang or Mrs. Lin, approx. a week ahead, for a spare key.",
        "A spare key costs 12.50 euros, e.g. for room No. 7 in St. Anne Street.",
        "Version 2.1.0 of the spare key works since Jan. 5.",
    ],
)
def test_a_sentence_is_highlighted_whole(sentence: str, build: Callable[[Files, Encoder], Index]) -> None:
    index = build({"keys.md": f"# Keys\n\n{sentence} Return it on the last day.\n", **OTHERS}, FakeEncoder())
    answers = [index.ask(question, top=MOST) for question in ("spare key", sentence.removesuffix("."))]
    parts = {part for answer in answers if answer.quotes for part in highlighted(first_from(answer, "keys.md"))}
    passages = [passage for passage in index.library.documents if passage.name == "keys.md"]
    assert passages
    assert all(sentence in part or part in "Return it on the last day." for part in parts)


def test_no_highlight_ends_inside_a_line_of_code(build: Callable[[Files, Encoder], Index]) -> None:
    code = 'if (!limits.has(name)) {\n  limits.set(name, new Map());\n}\nif (left !== 0) return say("wait!");\n'
    index = build({"limits.md": f"# Limits\n\n```js\n{code}```\n", **OTHERS}, FakeEncoder())
    quote = first_from(index.ask("limits has name new Map", top=MOST), "limits.md")
    for span in quote.highlights:
        start, end = span.start - quote.start, span.end - quote.start
        assert not quote.text[:start].rpartition("\n")[2].strip()
        assert quote.text[end : end + 1] in {"", "\n"}


def test_an_introduction_stays_with_the_code_that_it_introduces(ask: Ask) -> None:
    before = (
        "Before a release, tell everyone in the lobby, since all of them are logged out for a minute or two. " * 2
    )
    text = f"# Release\n\n{before}To release to every region:\n\n```sh\n{COMMANDS}\n```\n"
    answer = ask("Which commands release to every region?", {"release.md": text, **OTHERS})
    found = [quote for quote in (*answer.quotes, *answer.nearest) if "To release to every region:" in quote.text]
    assert len(found) == 1
    assert COMMANDS in found[0].text


def test_a_code_block_is_in_one_passage(ask: Ask) -> None:
    text = f"# Release\n\n```sh\n{COMMANDS * 5}\n```\n"
    answer = ask("release --region north", {"release.md": text, **OTHERS})
    assert COMMANDS * 5 in first_from(answer, "release.md").text


def test_a_row_of_a_long_table_comes_with_its_header(ask: Ask) -> None:
    rows = "\n".join(f"| 票種{number} | {number * 35} | {number} 天 |" for number in range(1, 40))
    text = f"# 票價\n\n| 名稱 | 票價（元） | 期限 |\n|---|---|---|\n{rows}\n"
    answer = ask("票種33 票價", {"fares.md": text, **OTHERS})
    quote = next(quote for quote in (*answer.quotes, *answer.nearest) if "| 票種33 |" in quote.text)
    assert "票價（元）" in quote.text + "".join(excerpt.text for excerpt in quote.context)
    assert all(line.startswith("|") and line.endswith("|") for line in quote.text.splitlines() if "票種" in line)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("menu.md", "# 小館菜單\n\n## 炒飯 95 元\n\n## 酸辣湯 40 元\n\n## 星期二公休\n"),
        ("menu.md", "# 小館菜單\n\n## 炒飯 95 元\n\n---\n\n## 酸辣湯 40 元\n\n* * *\n\n## 星期二公休\n"),
        ("menu.md", "小館菜單\n====\n\n炒飯 95 元\n----\n\n酸辣湯 40 元\n----\n"),
        ("menu.rst", "小館菜單\n========\n\n炒飯 95 元\n----------\n\n酸辣湯 40 元\n------------\n"),
        ("menu.html", "<h1>小館菜單</h1><h2>炒飯 95 元</h2><h2>酸辣湯 40 元</h2>"),
    ],
)
def test_headings_without_text_can_be_quoted(name: str, text: str, ask: Ask) -> None:
    answer = ask("炒飯多少錢？", {name: text, **OTHERS})
    assert "95" in first_from(answer, name).text


def test_copies_are_one_hit_with_the_others_beside_it(build: Callable[[Files, Encoder], Index]) -> None:
    copies = {f"v{number}/gate.md": "# 大門\n\n送貨請走西側大門，卸貨以二十分鐘為限。\n" for number in range(1, 6)}
    answer = build({**copies, **OTHERS}, FakeEncoder()).ask("送貨要走哪個大門？", top=MOST)
    found = answer.quotes or answer.nearest
    texts = [quote.text for quote in found]
    assert len(set(texts)) == len(texts)
    copied = next(quote for quote in found if "西側大門" in quote.text)
    assert {copied.document, *(other.document for other in copied.also)} == set(copies)
