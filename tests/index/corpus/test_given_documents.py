"""The two given documents: byte for byte, and nothing of them indexed that must not be."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from index.corpus.corpus import Corpus, build_corpus
from index.corpus.loader import parse_documents
from index.corpus.sources import read_sources

FOLDER = Path(__file__).parents[3] / "documents"
NOTE, ARTICLE = "llama-rise-and-fall.md", "llama-team-exodus.txt"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    sources = read_sources(FOLDER)
    return build_corpus(parse_documents(FOLDER, sources), sources.sidecars)


def passages_of(corpus: Corpus, name: str) -> list[str]:
    text = next(document.text for document in corpus.library.documents if document.name == name)
    return [each.span.of(text) for each in corpus.passages if each.document == name]


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        (NOTE, "9c8db3ad24511871e8745f3112d001e1ebe77e84380909325a1c93a2dd0726c9"),
        (ARTICLE, "76da7b7fda6386d1dccab3500d1464e6af3df906435cd6c0433317a83a2c55b7"),
    ],
)
def test_a_given_document_is_kept_byte_for_byte(name: str, digest: str) -> None:
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest


def test_both_documents_and_nothing_else_are_served(corpus: Corpus) -> None:
    assert [document.name for document in corpus.library.documents] == [NOTE, ARTICLE]


def test_nothing_is_reported_as_left_out_or_stale(corpus: Corpus) -> None:
    assert corpus.library.skipped == ()


def test_every_block_has_its_annotation(corpus: Corpus) -> None:
    assert {name: len(known) for name, known in corpus.annotations.items()} == {
        document.name: len(document.blocks) for document in corpus.library.documents
    }


@pytest.mark.parametrize("advertising", ["点击宽恕不迷途", "欧洲杯", "正规下单", "(全文完)"])
def test_advertising_is_in_no_passage_title_or_heading(corpus: Corpus, advertising: str) -> None:
    shown = [*passages_of(corpus, ARTICLE), *(document.title for document in corpus.library.documents)]
    shown += [heading for passage in corpus.passages for heading in passage.headings]
    assert not [words for words in shown if advertising in words]


def test_advertising_is_in_no_text_that_is_matched(corpus: Corpus) -> None:
    assert not [
        representation.text
        for representation in corpus.representations
        if "欧洲杯" in representation.text or "迷途" in representation.text
    ]


def test_the_last_sentence_before_the_advertising_is_kept(corpus: Corpus) -> None:
    assert passages_of(corpus, ARTICLE)[-1].endswith("谜底大略就藏在那11个出走者的背影里。")


@pytest.mark.parametrize("words", ["grok-4-fast", "translated: true", "layout: post"])
def test_front_matter_is_in_no_passage(corpus: Corpus, words: str) -> None:
    assert not [passage for passage in passages_of(corpus, NOTE) if words in passage]


def test_the_reference_list_is_in_no_passage(corpus: Corpus) -> None:
    assert not [passage for passage in passages_of(corpus, NOTE) if "http" in passage]


def test_the_six_references_are_read_as_links(corpus: Corpus) -> None:
    references = corpus.library.documents[0].references
    assert (len(references), references[0].title, references[0].url) == (
        6,
        "Meta’s Llama Troubles",
        "https://medium.com/predict/metas-llama-troubles-f637f21a82dd",
    )


@pytest.mark.parametrize("name", [NOTE, ARTICLE])
def test_title_and_headings_are_in_no_passage(corpus: Corpus, name: str) -> None:
    document = next(document for document in corpus.library.documents if document.name == name)
    headings = {heading for each in corpus.passages if each.document == name for heading in each.headings}
    lines = {line for passage in passages_of(corpus, name) for line in passage.splitlines()}
    assert lines.isdisjoint({document.title, *headings, *(f"#### {heading}" for heading in headings)})


def test_sections_of_the_plain_text_are_its_numbered_lines(corpus: Corpus) -> None:
    sections = {each.section for each in corpus.passages if each.document == ARTICLE}
    assert "一、Llama:曾让Meta站辞寰宇之巅的“开源之光”" in sections


def test_mark_up_is_not_in_a_heading(corpus: Corpus) -> None:
    sections = {each.section for each in corpus.passages if each.document == NOTE}
    assert not [section for section in sections if section is None or "*" in section or "#" in section]


def test_every_language_has_questions_to_start_with(corpus: Corpus) -> None:
    assert {language: len(questions) for language, questions in corpus.library.starters.items()} == {
        "zh-Hant": 6,
        "zh-Hans": 6,
        "en": 6,
    }


def test_every_character_outside_headings_and_skipped_text_is_in_one_passage(corpus: Corpus) -> None:
    document = corpus.library.documents[1]
    kept = "".join(passages_of(corpus, ARTICLE))
    left_out = [document.title, "点击宽恕不迷途", "(全文完)欧洲杯正规下单平台"]
    left_out += {each.section or "" for each in corpus.passages if each.document == ARTICLE}
    rest = document.text
    for words in left_out:
        rest = rest.replace(words, "", 1)
    assert "".join(rest.split()) == "".join(kept.split())
