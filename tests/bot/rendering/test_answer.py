"""An answer of any shape is one valid message that pings nobody and in which nothing acts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.rendering.answer import Asked, answer_layout, more_layout
from bot.rendering.layout import Layout
from bot.rendering.text.block_quote import CUT
from index import LANGUAGES, AidKind, Answer, Language, LocalizedTerm, Outcome, Quote, ReadingAid
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


def test_an_unsure_answer_says_so_and_does_not_say_that_there_is_none() -> None:
    given = answer(outcome=Outcome.UNSURE, quotes=(), nearest=quotes_of(library())[:1])
    heading = contents(answer_layout(given, asked=asked()))[0]

    assert heading == "### How many?\n-# **This may be the answer, but I’m not sure:**"


def test_an_unsure_answer_shows_one_passage_and_offers_the_others() -> None:
    near = quotes_of(library())
    layout = answer_layout(answer(outcome=Outcome.UNSURE, quotes=(), nearest=near), asked=asked())

    assert sum(text.startswith("> ") for text in contents(layout)) == 1
    assert any(f"More quotes ({len(near) - 1})" in str(item) for item in components_of(layout))


def test_an_answer_without_anything_near_says_only_that() -> None:
    layout = answer_layout(answer(outcome=Outcome.DECLINED, quotes=()), asked=asked())

    assert contents(layout) == ["### How many?\nThe documents don’t answer this."]


TRANSLATION = ReadingAid(AidKind.TRANSLATION, "Of @everyone only three are left.")
TRADITIONAL = ReadingAid(AidKind.RESTATEMENT, "原來的團隊只剩三個人，**別的**都走了。")
SIMPLIFIED = ReadingAid(AidKind.RESTATEMENT, "原来的团队只剩三个人，**别的**都走了。")
LABELLED: tuple[tuple[Language, ReadingAid, str], ...] = (
    ("en", TRANSLATION, "*Translation, not a quote*: Of \\@everyone only three are left."),
    ("zh-Hant", TRADITIONAL, "*改寫成通順中文，非原文*：原來的團隊只剩三個人，\\*\\*別的\\*\\*都走了。"),
    ("zh-Hans", SIMPLIFIED, "*改写成通顺中文，非原文*：原来的团队只剩三个人，\\*\\*别的\\*\\*都走了。"),
)


def aided(aid: ReadingAid | None) -> tuple[Quote, ...]:
    return tuple(replace(quote, aid=aid) for quote in quotes_of(library()))


def text_of(layout: Layout) -> str:
    return "\n".join(contents(layout))


@pytest.mark.parametrize(("language", "aid", "shown"), LABELLED)
@pytest.mark.parametrize("answered", [True, False])
def test_a_quote_comes_with_its_reading_aid_marked_as_no_quote(
    language: Language, aid: ReadingAid, shown: str, answered: bool
) -> None:
    found = {"quotes": aided(aid)} if answered else {"quotes": (), "nearest": aided(aid)}
    outcome = Outcome.ANSWERED if answered else Outcome.DECLINED
    layout = answer_layout(answer(outcome=outcome, **found), asked=asked(language))

    check(layout)
    assert text_of(layout).count(shown) == 3


def test_a_drafted_reading_aid_names_its_model_and_pings_nobody() -> None:
    aid = ReadingAid(AidKind.TRANSLATION, "Three.", drafted_by="@everyone\n*" + "x" * 300)
    text = text_of(answer_layout(answer(quotes=aided(aid)), asked=asked("en")))
    assert "*Translation, not a quote*; drafted by \\@everyone \\*xx" in text
    assert "…, not checked by a person: Three." in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("aid", [None, ReadingAid(AidKind.TRANSLATION, " "), ReadingAid(AidKind.RESTATEMENT, "")])
def test_without_a_reading_aid_there_is_no_label(language: Language, aid: ReadingAid | None) -> None:
    text = text_of(answer_layout(answer(quotes=aided(aid)), asked=asked(language)))

    assert "quote:*" not in text
    assert "非原文" not in text


def test_where_room_is_short_the_first_aid_is_whole_and_the_last_ends_with_a_sentence_and_a_mark() -> None:
    sentence = "It was the seventh of the eleven departures. "
    layout = answer_layout(answer(quotes=aided(ReadingAid(AidKind.TRANSLATION, sentence * 40))), asked=asked())

    check(layout)
    first, second = (text for text in contents(layout) if "not a quote" in text)
    assert first.endswith(sentence.strip())
    assert second.endswith(f"departures. {CUT}")


@pytest.mark.parametrize("seed", range(100))
def test_reading_aids_never_push_out_or_cut_a_quote(seed: int) -> None:
    given = random_answer(seed)
    bare = replace(
        given,
        quotes=tuple(replace(quote, aid=None, terms=()) for quote in given.quotes),
        nearest=tuple(replace(quote, aid=None, terms=()) for quote in given.nearest),
    )
    language = LANGUAGES[seed % 3]
    with_aids = contents(answer_layout(given, asked=asked(language)))
    without = contents(answer_layout(bare, asked=asked(language)))

    assert len(with_aids) == len(without)
    assert all(longer.startswith(plain) for longer, plain in zip(with_aids, without, strict=True))


def naming(text: str, *terms: LocalizedTerm, aid: ReadingAid | None = None) -> Quote:
    bare = replace(quotes_of(library())[-1], highlights=(), language="zh-Hans")
    return replace(bare, text=text, start=0, end=len(text), terms=terms, aid=aid)


@pytest.mark.parametrize(
    ("written", "localized", "language", "line"),
    [
        (("扎克伯格", "英伟达"), ("祖克柏", "輝達"), "zh-Hant", "-# 用語對照：扎克伯格＝祖克柏、英伟达＝輝達"),
        (("祖克柏", "輝達"), ("扎克伯格", "英伟达"), "zh-Hans", "-# 用语对照：祖克柏＝扎克伯格、輝達＝英伟达"),
        (
            ("扎克伯格", "英伟达"),
            ("Zuckerberg", "NVIDIA"),
            "en",
            "-# Names: 扎克伯格 = Zuckerberg; 英伟达 = NVIDIA",
        ),
    ],
)
@pytest.mark.parametrize("answered", [True, False])
def test_the_readers_names_stand_below_the_quote_in_small_print(
    written: tuple[str, str], localized: tuple[str, str], language: Language, line: str, answered: bool
) -> None:
    text = "去".join(written)
    quote = naming(text, *map(LocalizedTerm, written, localized))
    found = {"quotes": (quote,)} if answered else {"quotes": (), "nearest": (quote,)}
    layout = answer_layout(
        answer(outcome=Outcome.ANSWERED if answered else Outcome.DECLINED, **found), asked=asked(language)
    )

    check(layout)
    shown, below = contents(layout)[1:3]
    assert shown == f"> {text}"
    assert line in below.split("\n")[1:]


@pytest.mark.parametrize(
    ("language", "label"), [("zh-Hans", "用语对照"), ("zh-Hant", "用語對照"), ("en", "Names")]
)
def test_without_a_name_that_the_reader_writes_otherwise_there_is_no_such_line(
    language: Language, label: str
) -> None:
    assert label not in text_of(answer_layout(answer(quotes=(naming("誰走了"),)), asked=asked(language)))


def test_a_translation_stands_below_the_names() -> None:
    aid = ReadingAid(AidKind.TRANSLATION, "Zuckerberg left.")
    quote = naming("扎克伯格走了", LocalizedTerm("扎克伯格", "Zuckerberg"), aid=aid)
    below = contents(answer_layout(answer(quotes=(quote,)), asked=asked("en")))[2]

    assert below.endswith("\n-# Names: 扎克伯格 = Zuckerberg\n*Translation, not a quote*: Zuckerberg left.")


def test_a_name_from_a_glossary_is_text_and_pings_nobody() -> None:
    hostile = LocalizedTerm("乙", "@everyone **<@1>** [x](https://evil.example)\n# " + "y" * 200)
    layout = answer_layout(answer(quotes=(naming("乙来了", hostile),)), asked=asked("en"))

    check(layout)
    assert "乙 = \\@everyone \\*\\*\\<\\@1\\>" in text_of(layout)


def test_many_long_names_never_exceed_a_message() -> None:
    terms = [LocalizedTerm(f"某{at}" * 60, f"Name {at} " * 60) for at in range(5)]
    aid = ReadingAid(AidKind.TRANSLATION, "Long. " * 900)
    quotes = (naming("，".join(term.written for term in terms), *terms, aid=aid),) * 3

    check(answer_layout(answer(quotes=quotes), asked=asked("en")))
