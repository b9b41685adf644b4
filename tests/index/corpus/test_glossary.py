"""Misspelt names are put right in normalized questions, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.corpus.annotations.glossary import read_glossary
from index.text.normalize import normalize
from index.text.spelling.glossary import Spelling
from index.types import Term

TERMS = (
    Term("Llama 4", "Llama 4", "Llama 4", ("Lama 4", "拉瑪4")),
    Term("祖克柏", "扎克伯格", "Zuckerberg", ("Zuckerburg", "扎克博格")),
    Term("Llama團隊", "Llama团队", "Llama team", ("lama团队",)),
)
GIVEN = Path(__file__).parents[3] / "documents" / "glossary.toml"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("What did Zuckerburg do?", "what did zuckerberg do?"),
        ("扎克博格做了什麼", "扎克伯格做了什么"),
        ("Lama 4 何時發布", "llama 4何时发布"),
        ("lama團隊", "llama团队"),
    ],
)
def test_a_misspelt_name_is_put_right(asked: str, meant: str) -> None:
    assert Spelling(TERMS).correct(normalize(asked)) == meant


@pytest.mark.parametrize("asked", ["Llama 4", "Llama團隊", "Zuckerburger", "obama 4", "祖克柏"])
def test_what_is_no_misspelling_stays(asked: str) -> None:
    assert Spelling(TERMS).correct(normalize(asked)) == normalize(asked)


def test_without_a_glossary_nothing_changes() -> None:
    assert Spelling(()).correct("zuckerburg") == "zuckerburg"


@pytest.mark.parametrize(
    "content", [b"\xff", b"term =", b"[[term]]\nen = 1", b"[[term]]\nnew = 'key'", b"[" * 3000, b"x" * 2**21]
)
def test_a_broken_glossary_is_reported_and_left_out(content: bytes) -> None:
    terms, notes = read_glossary(content)
    assert terms == ()
    assert [note.name for note in notes] == ["glossary.toml"]


def test_a_term_has_its_kind_and_every_form() -> None:
    content = """
    [[term]]
    kind = "person"
    zh-Hant = "賀白"
    zh-Hans = "郝柏"
    en = "Hobart"
    aliases = ["小柏"]
    misspellings = ["Hobert"]
    exact = ["Hobart"]

    [[term]]
    zh-Hant = "開源"
    zh-Hans = "开源"
    en = "open source"
    """
    assert read_glossary(content.encode()) == (
        (
            Term("賀白", "郝柏", "Hobart", ("Hobert",), aliases=("小柏",), exact=("Hobart",), kind="person"),
            Term("開源", "开源", "open source", kind="term"),
        ),
        [],
    )


def test_no_glossary_is_no_fault() -> None:
    assert read_glossary(None) == ((), [])


def test_the_given_glossary_corrects_no_right_form_of_its_own() -> None:
    terms, notes = read_glossary(GIVEN.read_bytes())
    spelling = Spelling(terms)
    forms = [normalize(form) for term in terms for form in (term.hant, term.hans, term.en)]
    assert not notes
    assert [form for form in forms if spelling.correct(form) != form] == []
