"""AnswerClient of any shape are one valid message that pings nobody and acts on nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.rendering.answer import Asked, answer_layout, more_layout
from bot.rendering.block_quote import CUT
from bot.rendering.layout import Layout
from index import LANGUAGES, Answer, Language, Outcome, ParagraphAnnotation, Quote, Term
from tests.bot.payloads import check, components_of, contents
from tests.bot.strategies import answers, random_answer
from tests.bot.world import library, quotes_of

LENIENT = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def asked(language: Language = "en", *, record: int | None = 2**40) -> Asked:
    return Asked(record=record, asker=2**63, language=language, version="v")


def answer(**changes: object) -> Answer:
    given = Answer(
        question="How many?",
        outcome=Outcome.ANSWERED,
        confidence=0.9,
        quotes=quotes_of(library()),
        nearest=(),
        elapsed_ms=1.0,
        version="v",
    )
    return replace(given, **changes)  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None, suppress_health_check=LENIENT)
@given(answers(), st.sampled_from(LANGUAGES), st.none() | st.integers(1, 2**40))
def test_an_answer_of_any_shape_is_a_valid_message(given: Answer, language: Language, record: int | None) -> None:
    check(answer_layout(given, asked=asked(language, record=record)))


@pytest.mark.parametrize("start", range(0, 500, 100))
def test_hundreds_of_random_answers_are_valid_messages(start: int) -> None:
    for seed in range(start, start + 100):
        check(answer_layout(random_answer(seed), asked=asked(LANGUAGES[seed % 3])))


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("start", range(0, 10_000, 1_000))
def test_ten_thousand_random_answers_are_valid_messages(start: int) -> None:
    for seed in range(start, start + 1_000):
        check(answer_layout(random_answer(seed), asked=asked(LANGUAGES[seed % 3])))


@settings(max_examples=20, deadline=None, suppress_health_check=LENIENT)
@given(answers(), st.integers(0, 12))
def test_further_quotes_of_any_shape_are_a_valid_message(given: Answer, offset: int) -> None:
    quotes = given.quotes or given.nearest
    if offset < len(quotes):
        check(more_layout(quotes, asked=asked(), offset=offset))


def test_a_quote_that_fits_is_whole() -> None:
    given = answer()

    text = "\n".join(contents(answer_layout(given, asked=asked())))
    assert given.quotes[0].text in text.replace("**", "")


def test_a_quote_too_long_for_a_message_is_cut_at_a_sentences_end_and_marked() -> None:
    sentence = "這是一個句子，講述一件事情。"
    long = replace(quotes_of(library())[0], text=sentence * 500, start=0, end=len(sentence) * 500, highlights=())
    layout = answer_layout(answer(quotes=(long,)), asked=asked("zh-Hant"))

    quote = contents(layout)[1]
    kept = quote.split("\n")[0].removeprefix("> ")
    assert kept == sentence * (len(kept) // len(sentence))
    assert "\\[…\\]" in quote
    assert "（節錄）" in contents(layout)[2]


def test_later_quotes_are_never_cut_but_left_for_the_next_layout() -> None:
    long = tuple(
        replace(quote, text="句子。" * 900, start=0, end=2700, highlights=(), also=())
        for quote in quotes_of(library())[:3]
    )
    layout = answer_layout(answer(quotes=long), asked=asked())

    assert sum("句子" in text for text in contents(layout)) == 1
    assert any("More quotes (2)" in str(item) for item in components_of(layout))


def test_without_a_record_there_is_nothing_to_vote_on() -> None:
    layout = answer_layout(answer(), asked=asked(record=None))

    assert "Helpful" not in str(components_of(layout))
    assert "Delete" in str(components_of(layout))


def test_english_quotes_have_no_other_script() -> None:
    english = replace(quotes_of(library())[0], language="en", also=())
    layout = answer_layout(answer(quotes=(english,)), asked=asked())

    assert "Chinese" not in str(components_of(layout))


def test_an_answer_without_anything_near_says_only_that() -> None:
    layout = answer_layout(answer(outcome=Outcome.DECLINED, quotes=()), asked=asked())

    assert contents(layout) == ["### How many?\nThe documents don’t answer this."]


GLOSS = ParagraphAnnotation(
    restatement="原来的团队只剩三个人，**别的**都走了。", translation="Of @everyone only three are left."
)
ANSWERING: tuple[tuple[Language, str], ...] = (
    ("en", "*Translation, not a quote:* Of \\@everyone only three are left."),
    ("zh-Hant", "*白話，非引文*：原來的團隊只剩三個人，\\*\\*別的\\*\\*都走了。"),
    ("zh-Hans", "*白话，非引文*：原来的团队只剩三个人，\\*\\*别的\\*\\*都走了。"),
)


def annotated(annotation: ParagraphAnnotation | None = GLOSS, **changes: object) -> tuple[Quote, ...]:
    return tuple(replace(quote, annotation=annotation, **changes) for quote in quotes_of(library()))  # type: ignore[arg-type]


def text_of(layout: Layout) -> str:
    return "\n".join(contents(layout))


@pytest.mark.parametrize(("language", "aid"), ANSWERING)
def test_a_quote_comes_with_its_reading_aid_marked_as_no_quote(language: Language, aid: str) -> None:
    layout = answer_layout(answer(quotes=annotated()), asked=asked(language))

    check(layout)
    assert text_of(layout).count(aid) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_gloss_there_is_no_reading_aid(language: Language) -> None:
    assert "quote:*" not in text_of(answer_layout(answer(), asked=asked(language)))
    empty = text_of(answer_layout(answer(quotes=annotated(ParagraphAnnotation(" ", ""))), asked=asked(language)))
    assert "quote:*" not in empty
    assert "非引文" not in empty


def test_a_restatement_that_says_the_quotes_own_words_is_left_out() -> None:
    same = tuple(replace(quote, annotation=ParagraphAnnotation(quote.text, "")) for quote in quotes_of(library()))

    assert "非引文" not in text_of(answer_layout(answer(quotes=same), asked=asked("zh-Hant")))


def test_an_english_document_needs_no_aid() -> None:
    assert "not a quote" not in text_of(answer_layout(answer(quotes=annotated(language="en")), asked=asked()))


@pytest.mark.parametrize(("language", "shown"), [("en", True), ("zh-Hant", False)])
def test_the_nearest_passages_are_translated_but_not_restated(language: Language, shown: bool) -> None:
    layout = answer_layout(answer(outcome=Outcome.DECLINED, quotes=(), nearest=annotated()), asked=asked(language))

    assert ("three are left" in text_of(layout)) is shown
    assert "非引文" not in text_of(layout)


def test_where_room_is_short_the_first_aid_is_whole_and_the_last_ends_with_a_sentence_and_a_mark() -> None:
    sentence = "It was the seventh of the eleven departures. "
    layout = answer_layout(answer(quotes=annotated(ParagraphAnnotation("", sentence * 40))), asked=asked())

    check(layout)
    first, second = (text for text in contents(layout) if "not a quote" in text)
    assert first.endswith(sentence.strip())
    assert second.endswith(f"departures. {CUT}")


@pytest.mark.parametrize("seed", range(100))
def test_reading_aids_never_push_out_or_cut_a_quote(seed: int) -> None:
    given = random_answer(seed)
    bare = replace(
        given,
        quotes=tuple(replace(quote, annotation=None, terms=()) for quote in given.quotes),
        nearest=tuple(replace(quote, annotation=None, terms=()) for quote in given.nearest),
    )
    language = LANGUAGES[seed % 3]
    with_aids = contents(answer_layout(given, asked=asked(language)))
    without = contents(answer_layout(bare, asked=asked(language)))

    assert len(with_aids) == len(without)
    assert all(aided.startswith(plain) for aided, plain in zip(with_aids, without, strict=True))


NAMES = (
    Term("祖克柏", "扎克伯格", "Zuckerberg", kind="person"),
    Term("輝達", "英伟达", "NVIDIA", aliases=("英偉達",), kind="company"),
)


def naming(text: str, *, terms: tuple[Term, ...] = NAMES, annotation: ParagraphAnnotation | None = None) -> Quote:
    bare = replace(quotes_of(library())[-1], highlights=(), language="zh-Hans")
    return replace(bare, text=text, start=0, end=len(text), terms=terms, annotation=annotation)


@pytest.mark.parametrize(
    ("text", "written_in", "language", "line"),
    [
        ("扎克伯格去英伟达", "zh-Hans", "zh-Hant", "-# 譯名：扎克伯格＝祖克柏、英伟达＝輝達"),
        ("祖克柏去輝達", "zh-Hant", "zh-Hans", "-# 译名：祖克柏＝扎克伯格、輝達＝英伟达"),
        ("扎克伯格去英伟达", "zh-Hans", "en", "-# Names: 扎克伯格 = Zuckerberg; 英伟达 = NVIDIA"),
        ("Zuckerberg left NVIDIA", "en", "zh-Hant", "-# 譯名：Zuckerberg＝祖克柏、NVIDIA＝輝達"),
    ],
)
@pytest.mark.parametrize("answered", [True, False])
def test_the_readers_names_stand_below_the_quote_in_small_print(
    text: str, written_in: Language, language: Language, line: str, answered: bool
) -> None:
    quote = replace(naming(text), language=written_in)
    found = {"quotes": (quote,)} if answered else {"quotes": (), "nearest": (quote,)}
    layout = answer_layout(
        answer(outcome=Outcome.ANSWERED if answered else Outcome.DECLINED, **found), asked=asked(language)
    )

    check(layout)
    shown, below = contents(layout)[1:3]
    assert shown == f"> {text}"
    assert line in below.split("\n")[1:]


@pytest.mark.parametrize(("language", "label"), [("zh-Hans", "译名"), ("zh-Hant", "譯名"), ("en", "Names")])
def test_without_a_name_that_the_reader_writes_otherwise_there_is_no_such_line(
    language: Language, label: str
) -> None:
    text = "扎克伯格走了" if language == "zh-Hans" else "誰走了"

    assert label not in text_of(answer_layout(answer(quotes=(naming(text),)), asked=asked(language)))


def test_a_translation_stands_below_the_names() -> None:
    quote = naming("扎克伯格走了", annotation=ParagraphAnnotation("", "Zuckerberg left."))
    below = contents(answer_layout(answer(quotes=(quote,)), asked=asked("en")))[2]

    assert below.endswith("\n-# Names: 扎克伯格 = Zuckerberg\n*Translation, not a quote:* Zuckerberg left.")


def test_a_restatement_has_the_readers_names() -> None:
    quote = naming("……", annotation=ParagraphAnnotation("扎克伯格离开了英伟达。", ""))

    assert "*白話，非引文*：祖克柏離開了輝達。" in text_of(
        answer_layout(answer(quotes=(quote,)), asked=asked("zh-Hant"))
    )
    assert "*白话，非引文*：扎克伯格离开了英伟达。" in text_of(
        answer_layout(answer(quotes=(quote,)), asked=asked("zh-Hans"))
    )


def test_a_name_from_a_glossary_is_text_and_pings_nobody() -> None:
    hostile = Term("甲", "乙", "@everyone **<@1>** [x](https://evil.example)\n# " + "y" * 200, kind="person")
    layout = answer_layout(answer(quotes=(naming("乙来了", terms=(hostile,)),)), asked=asked("en"))

    check(layout)
    assert "乙 = \\@everyone \\*\\*\\<\\@1\\>" in text_of(layout)


def test_many_long_names_never_exceed_a_message() -> None:
    terms = tuple(Term("", f"某{at}" * 60, f"Name {at} " * 60, kind="person") for at in range(9))
    text = "，".join(term.hans for term in terms)
    quotes = (naming(text, terms=terms, annotation=ParagraphAnnotation("", "Long. " * 900)),) * 3

    check(answer_layout(answer(quotes=quotes), asked=asked("en")))
