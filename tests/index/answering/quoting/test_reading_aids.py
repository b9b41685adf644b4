"""Which reading aids a reader of each language is shown."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from index.answering.quoting.highlights import Selection
from index.answering.quoting.quotes import build_quotes
from index.answering.quoting.reading_aids import add_reading_aids, paragraph_aids
from index.corpus.annotations.paragraphs import paragraph_hash
from index.corpus.corpus import Corpus, build_corpus
from index.types import (
    AidKind,
    Hit,
    Language,
    Library,
    LocalizedTerm,
    ParagraphAnnotation,
    Quote,
    ReadingAid,
    Span,
)
from tests.index.texts import document

NOTE = document("note.md", "第一句。第二句！\n\n## 之後\n\n郝柏走了。\n\n末段。\n")
SIDECAR = f"""
[[paragraph]]
hash = "{paragraph_hash("郝柏走了。")}"
restatement = "郝柏离开了。"
translation = "Hobart left."
[[paragraph]]
hash = "{paragraph_hash("末段。")}"
restatement = "最后。"
translation = "The end."
[words]
"壞詞" = "好詞"
"""
GLOSSARY = """
[[term]]
kind = "person"
zh-Hant = "賀白"
zh-Hans = "郝柏"
en = "Hobart"
"""
SIDECARS = {"note.md.annotations.toml": SIDECAR.encode(), "glossary.toml": GLOSSARY.encode()}


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return build_corpus(Library((replace(NOTE, language="zh-Hans"),)), SIDECARS)


def aided(corpus: Corpus, *scores: float, language: Language, passage: int = 1, answered: bool = True) -> Quote:
    (quote,) = build_quotes([(Selection.of(Hit(passage, 1.0, scores)),)], corpus, top=1)
    return add_reading_aids([quote], corpus, language=language, answered=answered)[0]


@pytest.mark.parametrize(
    ("language", "written", "shown"),
    [
        ("zh-Hant", "“郝柏‘离开’了。”", "「賀白『離開』了。」"),
        ("zh-Hans", "「郝柏『离开』了。」", "“郝柏‘离开’了。”"),
        ("zh-Hant", 'Meta’s 的 5" 与”末尾“', 'Meta’s 的 5" 與”末尾“'),
    ],
)
def test_an_aid_has_the_quotation_marks_of_its_readers_region(
    language: Language, written: str, shown: str
) -> None:
    sidecar = f'[[paragraph]]\nhash = "{paragraph_hash("郝柏走了。")}"\nrestatement = {json.dumps(written)}\n'
    sidecar += '[words]\n"壞詞" = "好詞"\n'
    sidecars = {**SIDECARS, "note.md.annotations.toml": sidecar.encode()}
    corpus = build_corpus(Library((replace(NOTE, language="zh-Hans"),)), sidecars)
    aid = aided(corpus, 1.0, 0.0, language=language).aid

    assert aid is not None
    assert aid.text == shown


@pytest.mark.parametrize("answered", [True, False])
def test_a_reader_of_english_gets_the_translation_of_the_highlighted_paragraph(
    corpus: Corpus, answered: bool
) -> None:
    quote = aided(corpus, 1.0, 0.0, language="en", answered=answered)
    assert quote.aid == ReadingAid(AidKind.TRANSLATION, "Hobart left.")


@pytest.mark.parametrize(("language", "text"), [("zh-Hant", "賀白離開了。"), ("zh-Hans", "郝柏离开了。")])
def test_a_reader_of_chinese_gets_the_restatement_in_their_script_with_their_names(
    corpus: Corpus, language: Language, text: str
) -> None:
    assert aided(corpus, 1.0, 0.0, language=language).aid == ReadingAid(AidKind.RESTATEMENT, text)


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans"])
def test_a_passage_that_is_no_answer_is_not_restated(corpus: Corpus, language: Language) -> None:
    assert aided(corpus, 1.0, 0.0, language=language, answered=False).aid is None


def test_two_highlighted_paragraphs_have_one_aid(corpus: Corpus) -> None:
    assert aided(corpus, 1.0, 1.0, language="en").aid == ReadingAid(AidKind.TRANSLATION, "Hobart left. The end.")
    assert aided(corpus, 1.0, 1.0, language="zh-Hans").aid == ReadingAid(AidKind.RESTATEMENT, "郝柏离开了。最后。")


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans", "en"])
def test_a_paragraph_without_annotations_has_no_aid(corpus: Corpus, language: Language) -> None:
    assert aided(corpus, 1.0, 0.0, language=language, passage=0).aid is None


def test_a_restatement_equal_to_the_quote_is_left_out(corpus: Corpus) -> None:
    same = {
        number: replace(each, restatement="郝柏走了。\n\n末段。")
        for number, each in corpus.annotations["note.md"].items()
    }
    same = dict([next(iter(same.items()))])
    assert aided(replace(corpus, annotations={"note.md": same}), 1.0, 1.0, language="zh-Hans").aid is None


def test_an_english_document_needs_no_aid(corpus: Corpus) -> None:
    english = replace(corpus, library=Library((replace(NOTE, language="en"),)))
    assert aided(english, 1.0, 0.0, language="en").aid is None


@pytest.mark.parametrize(("language", "text"), [("zh-Hant", "賀白離開了。"), ("zh-Hans", "贺白离开了。")])
def test_a_reader_of_chinese_gets_the_chinese_translation_of_an_english_document(
    corpus: Corpus, language: Language, text: str
) -> None:
    translated = {1: ParagraphAnnotation("Hobart left.", "賀白離開了。")}
    library = Library((replace(NOTE, language="en"),))
    english = replace(corpus, library=library, annotations={"note.md": translated})
    assert aided(english, 1.0, 0.0, language=language).aid == ReadingAid(AidKind.TRANSLATION, text)


def test_an_english_translation_is_none_for_a_reader_of_chinese(corpus: Corpus) -> None:
    english = replace(corpus, library=Library((replace(NOTE, language="en"),)))
    assert aided(english, 1.0, 0.0, language="zh-Hant").aid is None


def test_an_aid_names_the_models_that_drafted_it(corpus: Corpus) -> None:
    drafted = {at: ParagraphAnnotation("", f"{at}.", drafted_by=name) for at, name in ((1, "a"), (2, "b"))}
    by_two = replace(corpus, annotations={"note.md": drafted})
    assert aided(by_two, 1.0, 1.0, language="en").aid == ReadingAid(
        AidKind.TRANSLATION, "1. 2.", drafted_by="a, b"
    )


@pytest.mark.parametrize("answered", [True, False])
def test_a_quote_has_the_readers_terms(corpus: Corpus, answered: bool) -> None:
    quote = aided(corpus, 1.0, 0.0, language="zh-Hant", answered=answered)
    assert quote.terms == (LocalizedTerm("郝柏", "賀白"),)


def test_a_quote_in_the_readers_language_has_no_terms(corpus: Corpus) -> None:
    assert aided(corpus, 1.0, 0.0, language="zh-Hans").terms == ()


LONG = document("long.md", "甲在那一年買下了工廠。乙在同一年賣掉了工廠。丙什麼也沒有做。\n")
PARAGRAPH = LONG.text.strip()


def of_sentence(translation: str, highlighted: int) -> Quote:
    sidecar = f'[[paragraph]]\nhash = "{paragraph_hash(PARAGRAPH)}"\ntranslation = "{translation}"\n'
    known = build_corpus(Library((LONG,)), {"long.md.annotations.toml": sidecar.encode()})
    scores = tuple(float(at == highlighted) for at in range(3))
    return aided(known, *scores, language="en", passage=0)


@pytest.mark.parametrize("highlighted", [0, 1, 2])
def test_the_aid_is_the_highlighted_sentences_own_and_that_of_the_paragraph_is_kept(highlighted: int) -> None:
    sentences = ["A bought a factory that year.", "B sold one in the same year.", "C did nothing at all."]
    quote = of_sentence(" ".join(sentences), highlighted)

    assert quote.aid == ReadingAid(AidKind.TRANSLATION, sentences[highlighted], paragraphs=" ".join(sentences))


@pytest.mark.parametrize(("words", "kept"), [(3, 3), (40, 2)])
def test_a_long_translation_leaves_out_the_sentence_farthest_from_the_best(words: int, kept: int) -> None:
    sentences = [f"{letter} bought {'and sold ' * words}that year." for letter in "ABC"]
    sidecar = f'[[paragraph]]\nhash = "{paragraph_hash(PARAGRAPH)}"\ntranslation = "{" ".join(sentences)}"\n'
    known = build_corpus(Library((LONG,)), {"long.md.annotations.toml": sidecar.encode()})
    quote = aided(known, 1.0, 0.99, 0.99, language="en", passage=0)

    assert quote.aid is not None
    assert quote.aid.text == " ".join(sentences[:kept])
    assert len(quote.highlights) == kept


def test_a_translation_is_kept_where_only_the_farthest_sentence_has_one() -> None:
    long = document("parts.md", "甲買下了工廠。\n乙賣掉了工廠。\n\n" + "丙什麼也沒有做。\n")
    last = long.blocks[-1]
    translation = f"C did {'nothing at all, ' * 30}ever."
    sidecar = f'[[paragraph]]\nhash = "{paragraph_hash(long.slice(last.span))}"\ntranslation = "{translation}"\n'
    known = build_corpus(Library((long,)), {"parts.md.annotations.toml": sidecar.encode()})
    quote = aided(known, 1.0, 0.99, 0.99, language="en", passage=0)

    assert len(quote.highlights) == 3
    assert quote.aid is not None
    assert quote.aid.text == translation


def test_a_sentence_that_was_translated_as_two_has_both() -> None:
    quote = of_sentence("A bought a factory in that year. B sold his own. That was then. C did nothing at all.", 1)

    assert quote.aid is not None
    assert quote.aid.text == "B sold his own. That was then."


def test_what_says_the_same_has_an_aid_of_its_own(corpus: Corpus) -> None:
    quotes = build_quotes(
        [(Selection.of(Hit(1, 1.0, (1.0, 0.0))), Selection.of(Hit(1, 1.0, (0.0, 1.0))))], corpus, top=1
    )
    (quote,) = add_reading_aids(quotes, corpus, language="en", answered=True)

    assert quote.also[0].aid == ReadingAid(AidKind.TRANSLATION, "The end.")


def as_stored(corpus: Corpus) -> Library:
    """Return the library as a store reads it."""
    return replace(corpus.library, annotations=corpus.annotations, terms=corpus.terms)


@pytest.mark.parametrize(
    ("language", "kind", "texts"),
    [
        ("en", AidKind.TRANSLATION, ["Hobart left.", "The end."]),
        ("zh-Hant", AidKind.RESTATEMENT, ["賀白離開了。", "最後。"]),
        ("zh-Hans", AidKind.RESTATEMENT, ["郝柏离开了。", "最后。"]),
    ],
)
def test_whole_paragraphs_have_aids_by_their_block(
    corpus: Corpus, language: Language, kind: AidKind, texts: list[str]
) -> None:
    (note,) = corpus.library.documents
    blocks = range(len(note.blocks))
    found = paragraph_aids(note, blocks, as_stored(corpus), language=language)

    assert [(aid.kind, aid.text) for aid in found.values()] == [(kind, text) for text in texts]
    assert list(found) == sorted(corpus.annotations[note.name])
    assert paragraph_aids(note, (), as_stored(corpus), language=language) == {}


def test_a_name_in_the_question_needs_no_explaining(corpus: Corpus) -> None:
    quote = aided(corpus, 1.0, 0.0, language="zh-Hant")
    (asked,) = add_reading_aids([quote], corpus, language="zh-Hant", answered=True, question="郝柏去哪了？")

    assert quote.terms == (LocalizedTerm("郝柏", "賀白"),)
    assert asked.terms == ()


def test_only_highlighted_names_are_explained(corpus: Corpus) -> None:
    quote = aided(corpus, 1.0, 0.0, language="zh-Hant")
    elsewhere = replace(
        quote, text="郝柏走了。末段。", end=quote.start + 8, highlights=(Span(quote.start + 5, quote.start + 8),)
    )
    (shown,) = add_reading_aids([elsewhere], corpus, language="zh-Hant", answered=True)

    assert shown.terms == ()
