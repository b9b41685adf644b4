"""Terms that a text writes differently from its reader: which are shown, how, and which are not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from index.answering.quoting.highlights import Selection
from index.answering.quoting.quotes import build_quotes
from index.answering.quoting.reading_aids import add_reading_aids
from index.answering.quoting.terminology import MAX_TERMS, localize, localized_terms
from index.corpus.corpus import build_corpus
from index.corpus.loader import parse_documents
from index.corpus.sources import read_sources
from index.types import LANGUAGES, Hit, Language, Quote, Term

FOLDER = Path(__file__).parents[4] / "documents"

KEEPER = Term("賀白", "郝柏", "Hobart", aliases=("小柏", "Ann Hobart"), kind="person")
LION = Term("Lion", "狮王", "Lion", aliases=("獅王", "Lion Corporation"), kind="company")
LAB = Term("獅群實驗室（PRIDE）", "狮群研究院（PRIDE）", "Pride Lab (PRIDE)", exact=("PRIDE",), kind="team")
FOUNDER = Term("共同創辦人", "联合创始人", "co-founder", aliases=("聯合創始人", "合伙创始人"))
OPEN = Term("開源", "开源", "open source", aliases=("open-source",))
CUB = Term("Lion Cub", "Lion Cub", "Lion Cub", aliases=("小狮",), kind="model")
TERMS = (KEEPER, LION, LAB, FOUNDER, OPEN, CUB)


def shown(text: str, language: Language, *, written_in: Language, terms: tuple[Term, ...] = TERMS) -> list[str]:
    found = localized_terms(text, terms, written_in=written_in, language=language)
    return [f"{term.written}={term.localized}" for term in found]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-Hant", ["郝柏=賀白", "狮王=Lion", "联合创始人=共同創辦人"]),
        ("zh-Hans", []),
        ("en", ["郝柏=Hobart", "狮王=Lion"]),
    ],
)
def test_a_simplified_quote_shows_its_names_to_readers_of_the_other_two(
    language: Language, expected: list[str]
) -> None:
    assert shown("郝柏和狮王的联合创始人", language, written_in="zh-Hans") == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [("zh-Hant", []), ("zh-Hans", ["賀白=郝柏", "共同創辦人=联合创始人"]), ("en", ["賀白=Hobart", "獅王=Lion"])],
)
def test_a_traditional_quote_shows_its_names_to_readers_of_the_other_two(
    language: Language, expected: list[str]
) -> None:
    assert shown("賀白和獅王的共同創辦人", language, written_in="zh-Hant") == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [("zh-Hant", ["Hobart=賀白"]), ("zh-Hans", ["Lion=狮王", "Hobart=郝柏"]), ("en", [])],
)
def test_an_english_quote_shows_chinese_readers_names_but_translates_no_terms(
    language: Language, expected: list[str]
) -> None:
    assert shown("Lion went open source, said Hobart, a co-founder", language, written_in="en") == expected


@pytest.mark.parametrize("alias", ["小柏", "郝柏"])
def test_a_name_is_known_by_its_aliases(alias: str) -> None:
    assert shown(f"听{alias}说", "zh-Hant", written_in="zh-Hans") == [f"{alias}=賀白"]


@pytest.mark.parametrize(
    ("text", "written_in", "language"),
    [
        ("开源", "zh-Hans", "zh-Hant"),  # the same word in the other script
        ("獅王", "zh-Hant", "zh-Hans"),
        ("合伙创始人", "zh-Hans", "zh-Hant"),  # another word, not the region's
        ("co-founder", "zh-Hans", "zh-Hant"),
        ("Ann Hobart", "zh-Hans", "en"),  # Latin spellings of one name
        ("PRIDE", "zh-Hans", "zh-Hant"),  # a part of the reader's form
        ("pride", "zh-Hant", "en"),
        ("Lions", "en", "zh-Hans"),  # another word
        ("开源", "zh-Hans", "en"),
    ],
)
def test_what_helps_nobody_is_not_shown(text: str, written_in: Language, language: Language) -> None:
    assert shown(f"且{text}也", language, written_in=written_in) == []


def test_a_name_that_begins_with_the_readers_own_is_the_same_to_them() -> None:
    team = Term("獅群 團隊", "狮群 团队", "Pride team", aliases=("Pride团队",), kind="team")
    assert shown("Pride团队很强", "en", written_in="zh-Hans", terms=(team,)) == []


def test_the_longest_form_counts_and_each_place_once() -> None:
    assert shown("Lion Cub grew", "zh-Hans", written_in="en") == []
    assert shown("Lion grew", "zh-Hans", written_in="en") == ["Lion=狮王"]


def test_an_exact_form_is_right_only_as_written() -> None:
    fair = Term("博覽會", "博览会", "Expo", exact=("Expo",), kind="company")
    assert shown("the expo of Expo", "zh-Hant", written_in="en", terms=(fair,)) == ["Expo=博覽會"]
    assert shown("the expo", "zh-Hant", written_in="en", terms=(fair,)) == []


def test_names_come_in_the_order_of_the_quote_each_once_and_at_most_five() -> None:
    terms = tuple(Term(f"甲{at}", f"乙{at}", f"Name{at}", kind="person") for at in range(1, 8))
    text = "".join(f"乙{at}，" for at in (3, 1, 3, 2, 7, 6, 5, 4))
    found = shown(text, "en", written_in="zh-Hans", terms=terms)

    assert found == ["乙3=Name3", "乙1=Name1", "乙2=Name2", "乙7=Name7", "乙6=Name6"]
    assert len(found) == MAX_TERMS


def test_a_name_without_the_readers_form_is_not_shown() -> None:
    assert shown("郝柏", "en", written_in="zh-Hans", terms=(replace(KEEPER, en=" "),)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_glossary_no_name_is_shown(language: Language) -> None:
    assert shown("郝柏和狮王", language, written_in="zh-Hans", terms=()) == []


@pytest.mark.parametrize(
    ("language", "expected"),
    [("zh-Hant", "賀白說，Lion還在，賀白也在。"), ("zh-Hans", "郝柏说，狮王还在，小柏也在。")],
)
def test_a_localized_text_names_terms_the_readers_way(language: Language, expected: str) -> None:
    text = "郝柏说，狮王还在，小柏也在。"
    assert localize(text, TERMS, written_in="zh-Hans", language=language) == expected


def test_without_terms_a_text_is_only_converted() -> None:
    text = "团队只剩三个人。"
    assert localize(text, TERMS, written_in="zh-Hans", language="zh-Hant") == "團隊只剩三個人。"
    assert localize("", TERMS, written_in="zh-Hans", language="zh-Hant") == ""


@pytest.fixture(scope="module")
def given() -> dict[Language, tuple[Quote, ...]]:
    """Return quotes of every passage of the given documents, with the aids for each reader."""
    sources = read_sources(FOLDER)
    corpus = build_corpus(parse_documents(FOLDER, sources), sources.sidecars)
    hits = [Hit(at, 1.0, (1.0,) * len(each.sentences)) for at, each in enumerate(corpus.passages)]
    whole = [Selection(hit.passage, hit.score, tuple(range(len(hit.sentences)))) for hit in hits]
    quotes = build_quotes([(each,) for each in whole], corpus, top=len(hits))
    return {language: add_reading_aids(quotes, corpus, language=language, answered=True) for language in LANGUAGES}


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-Hant", {"英伟达=輝達", "初创公司=新創公司"}),
        ("zh-Hans", {"祖克柏=扎克伯格", "新創公司=初创公司", "超智慧實驗室=超级智能实验室"}),
        ("en", {"祖克柏=Zuckerberg", "谷歌=Google", "英伟达=NVIDIA", "微软=Microsoft", "腾讯=Tencent"}),
    ],
)
def test_the_given_documents_show_their_names(
    given: dict[Language, tuple[Quote, ...]], language: Language, expected: set[str]
) -> None:
    found = {f"{term.written}={term.localized}" for quote in given[language] for term in quote.terms}

    assert expected <= found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_localized_term_stands_in_its_quote(
    given: dict[Language, tuple[Quote, ...]], language: Language
) -> None:
    for quote in given[language]:
        for term in quote.terms:
            assert term.written in quote.text
            assert quote.language != language
