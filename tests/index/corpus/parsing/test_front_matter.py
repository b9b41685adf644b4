"""Front matter: read only where it opens a file and parses."""

from __future__ import annotations

import time

import pytest

from index.corpus.parsing.front_matter import read_front_matter

WITH_FRONT_MATTER = {
    "---\ntitle: 退貨規則\nlang: zh-TW\n---\n\nText": ("退貨規則", "zh-TW"),
    "\ufeff\n\n---\ntitle: 'Shifted: once'\n---\nText": ("Shifted: once", None),
    "---\r\ntitle: Returns\r\n---\r\nText": ("Returns", None),
    "---\rtitle: Old\r---\rText": ("Old", None),
    "---\ntitle: >-\n  Over two\n  lines\ntags: [a, b]\nparams:\n  x: 1\n...\nText": ("Over two lines", None),
    '+++\ntitle = "Permits"\ndate = 2025-03-01\n+++\nText': ("Permits", None),
    '{\n  "title": "Json",\n  "language": "en"\n}\n\nText': ("Json", "en"),
    "---\nlayout: post\n---\nText": (None, None),
    "title:: Permits\ntags:: [[a]], b\n\nText": ("Permits", None),
    "\ufefftags:: a\r\nlang:: en\r\n\r\nText": (None, "en"),
}


@pytest.mark.parametrize(("text", "expected"), WITH_FRONT_MATTER.items())
def test_title_and_language_are_read(text: str, expected: tuple[str | None, str | None]) -> None:
    found = read_front_matter(text)
    assert found is not None
    assert (found.title, found.language) == expected
    assert text[found.end :].strip() == "Text"


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nPayment is due within ten days.\n\n---\n\nThe camp",
        "---\nPayment is due within ten days.\n---\n\nThe camp",
        "---\n- a list\n---\n",
        "note:: this is text\nthat goes on.\n",
        "Note:: text\n",
        "std::vector is a class\n",
        "Text\n\ntitle:: late\n",
        "---\ntitle: never closed\n\nText",
        "---\n---\n\nText",
        "---\ntitle: [unclosed\n---\n",
        "Text\n\n---\ntitle: late\n---\n",
        "+++\nno toml\n+++\n",
        "+++\ntitle = 'x'\n",
        '{"a": 1} is JSON',
        "{\nno json\n}\n",
        "",
        "---",
    ],
)
def test_what_does_not_parse_is_text(text: str) -> None:
    assert read_front_matter(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "+++\na = " + "[" * 3_000 + "\n+++\n",
        "---\na: " + "[" * 3_000 + "\n---\n",
        "---\na: " + "{a: " * 3_000 + "\n---\n",
        "---\n" + "".join(f"{' ' * depth}a:\n" for depth in range(300)) + "---\n",
        '{\n"a": ' + "[" * 30_000,
        "---\na: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9))
        + "---\n",
        "---\na: " + "x" * 2**21 + "\n---\n",
        "+++\n" + "[" * 2**20,
    ],
)
def test_bombs_cost_little(text: str) -> None:
    start = time.process_time()
    read_front_matter(text)
    assert time.process_time() - start < 2
