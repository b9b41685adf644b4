"""An answer of any shape is one valid message that pings nobody and in which nothing acts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simcord.components import walk_components

from bot.rendering.answer import Asked, answer_layout, more_layout
from bot.rendering.layout import Layout
from bot.rendering.text.block_quote import CUT
from index import LANGUAGES, AidKind, Answer, Language, LocalizedTerm, Markup, Outcome, Quote, ReadingAid, Span
from tests.bot.payloads import check, components_of, contents, labels
from tests.bot.screen import NARROW, line_count
from tests.bot.strategies import answers, random_answer
from tests.bot.world import library, quotes_of
from tests.conftest import examples

LENIENT = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


STARTERS = ("Who left?", "Why?", "When?", "Where?")


def asked(language: Language = "en", *, record: int | None = 2**40, outcome: Outcome = Outcome.ANSWERED) -> Asked:
    return Asked(record=record, asker=2**63, language=language, version="v", outcome=outcome, starters=STARTERS)


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


@settings(suppress_health_check=LENIENT, max_examples=examples(10))
@given(answers(), st.sampled_from(LANGUAGES), st.none() | st.integers(1, 2**40))
def test_an_answer_of_any_shape_is_a_valid_message(given: Answer, language: Language, record: int | None) -> None:
    check(answer_layout(given, asked=asked(language, record=record)))


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_hundreds_of_random_answers_are_valid_messages(start: int) -> None:
    for seed in range(start, start + 50):
        check(answer_layout(random_answer(seed), asked=asked(LANGUAGES[seed % 3])))


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("start", range(0, 10_000, 1_000))
def test_ten_thousand_random_answers_are_valid_messages(start: int) -> None:
    for seed in range(start, start + 1_000):
        check(answer_layout(random_answer(seed), asked=asked(LANGUAGES[seed % 3])))


@settings(suppress_health_check=LENIENT, max_examples=examples(10))
@given(answers(), st.integers(0, 12))
def test_further_quotes_of_any_shape_are_a_valid_message(given: Answer, offset: int) -> None:
    quotes = given.quotes or given.nearest
    if offset < len(quotes):
        check(more_layout(quotes, asked=asked(), offset=offset))


def text_of(layout: Layout) -> str:
    return "\n".join(contents(layout))


def passage(text: str, *highlighted: str, **changes: object) -> Quote:
    """Return a quote of `text` with each of `highlighted` marked."""
    marks = tuple(Span(text.index(words), text.index(words) + len(words)) for words in highlighted)
    bare = replace(quotes_of(library())[-1], text=text, start=0, end=len(text), highlights=marks, start_line=1)
    return replace(bare, **changes)  # type: ignore[arg-type]


def test_an_answer_is_the_question_the_answering_sentence_and_one_line_of_citations() -> None:
    layout = answer_layout(answer(), asked=asked("zh-Hant"))

    heading, quoted, cited = contents(layout)
    assert (heading, quoted) == ("-# How many?", "> **Meta最初的Llama團隊已嚴重縮編。**")
    assert cited == (
        "-# [1] Meta的Llama興衰史 · 1. 嚴重人才流失 · 第 4 行 · 機器撰寫的筆記；"
        "另見 [2] Llama团队只剩3个 · 第 1 行 · 機器撰寫的筆記"
    )
    assert labels(layout) == ["前後文", "更多（7）", "有幫助", "沒幫助"]


def test_only_the_best_passage_is_on_the_card() -> None:
    others = quotes_of(library())[1:]
    text = text_of(answer_layout(answer(), asked=asked())).replace("**", "")

    assert not any(quote.text.split("。")[0] in text for quote in others if quote.document == "rise.md")


def test_without_further_quotes_there_is_no_more() -> None:
    layout = answer_layout(answer(quotes=quotes_of(library())[:1]), asked=asked())

    assert labels(layout) == ["Context", "Helpful", "Not helpful"]


def test_a_long_question_leaves_the_answer_in_sight() -> None:
    heading = contents(answer_layout(answer(question="Why? " * 200), asked=asked()))[0]

    assert len(heading) < 250
    assert heading.endswith("…")


def test_what_was_searched_for_instead_stands_below_the_question() -> None:
    heading = contents(answer_layout(answer(searched_for="How many @here?"), asked=asked()))[0]

    assert heading == "-# How many?\n-# Searched for: How many \\@here?"


def test_short_title_and_the_word_for_what_it_is_stand_in_the_citation() -> None:
    quote = passage(
        "一。二。", "二。", short_title="短", provenance_label={"en": "rumour"}, provenance={"en": "a long story"}
    )
    text = text_of(answer_layout(answer(quotes=(quote,)), asked=asked()))

    assert "-# [1] 短 · line 1 · rumour" in text
    assert "long story" not in text


def test_the_citation_has_the_line_of_the_sentence() -> None:
    quote = passage(
        "甲在這裡開始了他們的第一個很長的故事。\n乙說了一件別的事情，也很長很長。\n丙是答案，而且也很長很長很長。",
        "丙是答案，而且也很長很長很長。",
    )
    text = text_of(answer_layout(answer(quotes=(replace(quote, end_line=3),)), asked=asked()))

    assert " · line 3 · " in text


def test_a_page_is_cited_in_place_of_lines() -> None:
    text = text_of(answer_layout(answer(quotes=(passage("一。", "一。", page=12),)), asked=asked()))

    assert " · page 12 · " in text
    assert "line" not in text


def test_what_tells_two_documents_apart_is_cited() -> None:
    text = text_of(answer_layout(answer(quotes=(passage("一。", "一。", qualifier="b/a.md"),)), asked=asked()))

    assert "[1] Llama团队只剩3个 (b\\/a.md) · " in text


def test_of_many_that_say_the_same_three_are_cited_and_the_others_counted() -> None:
    quote = replace(quotes_of(library())[0], also=quotes_of(library())[1:6])
    text = text_of(answer_layout(answer(quotes=(quote,)), asked=asked()))

    assert "[4]" in text
    assert "[5]" not in text
    assert " and 2 more" in text


def test_two_distant_sentences_stand_with_a_mark_between() -> None:
    first, second = "第一個答案說的是甲這個人去了哪裡。", "第二個答案說的是乙這個人去了哪裡。"
    quote = passage(first + "中間的一句說的是別的事情，與問題無關。" * 2 + second, first, second)

    assert contents(answer_layout(answer(quotes=(quote,)), asked=asked()))[1] == (
        f"> **{first}** {CUT}\n> **{second}**"
    )


def test_a_sentence_too_long_for_a_message_is_cut_and_marked() -> None:
    long = "這是一個沒有盡頭的句子，" * 500
    layout = answer_layout(answer(quotes=(passage(long, long),)), asked=asked("zh-Hant"))

    check(layout)
    assert CUT in contents(layout)[1]
    assert "（節錄）" in contents(layout)[2]


def test_further_quotes_are_numbered_on_and_each_opens_its_context() -> None:
    layout = more_layout(quotes_of(library()), asked=asked(), offset=1)

    assert "[3] Meta的Llama興衰史" in text_of(layout)
    assert labels(layout) == ["Context [3]", "Context [4]", "Context [5]", "More (4)"]


def test_a_further_quote_that_does_not_fit_is_left_for_the_next_layout() -> None:
    sentence = "這是一個沒有盡頭的句子，" * 150
    long = tuple(passage(sentence, sentence, also=()) for _ in range(3))
    layout = more_layout(long, asked=asked(), offset=0)

    assert sum(text.startswith("> ") for text in contents(layout)) == 2
    assert "More (1)" in labels(layout)


def test_without_a_record_there_is_nothing_to_vote_on_and_nothing_more() -> None:
    assert labels(answer_layout(answer(), asked=asked(record=None))) == ["Context"]


NEAREST = quotes_of(library())[:2]


def not_answered(outcome: Outcome, **changes: object) -> Layout:
    given = answer(**{"outcome": outcome, "quotes": (), "nearest": NEAREST, **changes})
    return answer_layout(given, asked=asked(outcome=outcome))


def test_an_unsure_answer_is_one_passage_that_may_be_it() -> None:
    layout = not_answered(Outcome.UNSURE)

    assert contents(layout)[:2] == [
        "-# How many?\n**Not sure, this may be it:**",
        "> **Meta最初的Llama團隊已嚴重縮編。**",
    ]
    assert sum(text.startswith("> ") for text in contents(layout)) == 1
    assert labels(layout) == ["Context", "Helpful", "Not helpful"]


def test_a_declined_question_has_one_nearest_passage_without_bold_and_questions_to_press() -> None:
    layout = not_answered(Outcome.DECLINED)

    assert contents(layout)[:2] == [
        "-# How many?\nThe documents don’t answer this.\n-# The nearest passage, not an answer:",
        "> Meta最初的Llama團隊已嚴重縮編。",
    ]
    assert "**" not in text_of(layout)
    assert labels(layout) == ["Context", *STARTERS[:3]]


def test_a_declined_question_without_anything_near_says_only_that() -> None:
    layout = not_answered(Outcome.DECLINED, nearest=())

    assert contents(layout) == ["-# How many?\nThe documents don’t answer this."]
    assert labels(layout) == list(STARTERS[:3])


def test_each_outcome_has_a_colour_of_its_own() -> None:
    layouts = [answer_layout(answer(), asked=asked()), *map(not_answered, (Outcome.UNSURE, Outcome.DECLINED))]

    assert len({components_of(layout)[0]["accent_color"] for layout in layouts}) == 3


@pytest.mark.parametrize("outcome", [Outcome.UNSURE, Outcome.DECLINED])
@settings(suppress_health_check=LENIENT, max_examples=examples(10))
@given(given=answers(), language=st.sampled_from(LANGUAGES))
def test_what_is_not_answered_never_offers_more(outcome: Outcome, given: Answer, language: Language) -> None:
    found = given.quotes or given.nearest
    layout = answer_layout(
        replace(given, outcome=outcome, quotes=(), nearest=found), asked=asked(language, outcome=outcome)
    )

    assert not any(
        str(item.get("custom_id")).startswith("more") for item in walk_components(components_of(layout))
    )
    assert sum(text.startswith("> ") for text in contents(layout)) <= 1


TRANSLATION = ReadingAid(AidKind.TRANSLATION, "Of @everyone only three are left.")


def aided(aid: ReadingAid | None) -> tuple[Quote, ...]:
    return tuple(replace(quote, aid=aid) for quote in quotes_of(library()))


@pytest.mark.parametrize("outcome", Outcome)
def test_the_translation_stands_first_in_bold_and_the_original_right_below(outcome: Outcome) -> None:
    found = (
        {"quotes": aided(TRANSLATION)}
        if outcome is Outcome.ANSWERED
        else {"nearest": aided(TRANSLATION), "quotes": ()}
    )
    layout = answer_layout(answer(outcome=outcome, **found), asked=asked(outcome=outcome))
    bold = "" if outcome is Outcome.DECLINED else "**"

    check(layout)
    assert contents(layout)[1:3] == [
        f"{bold}Of \\@everyone only three are left.{bold}\n-# Machine translation, not checked",
        "> -# Meta最初的Llama團隊已嚴重縮編。",
    ]


def test_below_a_translation_stands_only_the_sentence_that_it_translates() -> None:
    quote = passage(
        "他們都走了，一個也沒有留下來。這是原因，說得很清楚也很明白。",
        "這是原因，說得很清楚也很明白。",
        aid=TRANSLATION,
    )
    assert contents(answer_layout(answer(quotes=(quote,)), asked=asked()))[2] == (
        "> -# 這是原因，說得很清楚也很明白。"
    )


def test_code_below_a_translation_stays_a_code_block() -> None:
    quote = passage("一句話。\n\n```\nmake\n```", "一句話。", "make", aid=TRANSLATION, markup=Markup.MARKDOWN)
    layout = answer_layout(answer(quotes=(quote,)), asked=asked())

    check(layout)
    assert "> -# 一句話。" in contents(layout)[2]
    assert "\n> ```\n> make\n> ```" in contents(layout)[2]


def listed(*confidences: float, aid: ReadingAid | None = None) -> tuple[Quote, ...]:
    quotes = quotes_of(library())
    return tuple(
        replace(quote, confidence=each, aid=aid) for quote, each in zip(quotes, confidences, strict=False)
    )


def test_several_quotes_that_answer_are_a_list_of_one_bold_line_each_with_its_number() -> None:
    quotes = listed(0.9, 0.5, 0.1)
    layout = answer_layout(answer(quotes=quotes, items=quotes[:2]), asked=asked("zh-Hant"))

    check(layout)
    assert contents(layout)[1:] == [
        "> [1] **Meta最初的Llama團隊已嚴重縮編。**\n> [3] **FAIR在運算資源分配中失去優先權。**",
        (
            "-# [1] Meta的Llama興衰史 · 第 4 行 · 機器撰寫的筆記；"
            "另見 [2] Llama团队只剩3个 · 第 1 行 · 機器撰寫的筆記\n"
            "-# [3] Meta的Llama興衰史 · 第 7 行 · 機器撰寫的筆記"
        ),
    ]
    assert labels(layout) == ["[1]", "[3]", "更多（1）", "有幫助", "沒幫助"]


def test_in_a_list_each_translation_stands_before_its_original_and_says_once_what_it_is() -> None:
    quotes = listed(0.9, 0.5, aid=TRANSLATION)
    layout = answer_layout(answer(quotes=quotes, items=quotes), asked=asked())

    check(layout)
    assert contents(layout)[1:5] == [
        "**[1] Of \\@everyone only three are left.**",
        "> -# Meta最初的Llama團隊已嚴重縮編。",
        "**[3] Of \\@everyone only three are left.**",
        "> -# FAIR在運算資源分配中失去優先權。",
    ]
    assert contents(layout)[5].startswith("-# Machine translation, not checked\n-# [1] ")
    assert contents(layout)[5].count("not checked") == 1


def test_an_item_too_long_for_a_telephone_is_behind_more() -> None:
    long = "這是一個很長的句子，" * 60 + "完。"
    first, second = listed(0.9, 0.9)
    quotes = (first, replace(passage(long, long), confidence=0.9), second)
    layout = answer_layout(answer(quotes=quotes, items=quotes), asked=asked())

    assert sum(text.startswith("> ") for text in contents(layout)) == 1
    assert labels(layout) == ["Context", "More (2)", "Helpful", "Not helpful"]


@settings(suppress_health_check=LENIENT, max_examples=examples(10))
@given(answers(), st.sampled_from(LANGUAGES))
def test_a_list_of_any_shape_is_a_valid_message_on_one_screen(given: Answer, language: Language) -> None:
    quotes = tuple(replace(quote, confidence=0.9) for quote in given.quotes or given.nearest)
    layout = answer_layout(
        replace(given, outcome=Outcome.ANSWERED, quotes=quotes, nearest=(), items=quotes), asked=asked(language)
    )

    check(layout)
    if "[1]" in labels(layout):
        assert line_count(layout, NARROW) <= 40


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("zh-Hant", "*改寫成通順中文，非原文；由語言模型草擬，未經核對*：只剩三個人，\\*\\*別的\\*\\*都走了。"),
        ("zh-Hans", "*改写成通顺中文，非原文；由语言模型起草，未经核对*：只剩三個人，\\*\\*別的\\*\\*都走了。"),
    ],
)
def test_a_restatement_stands_below_marked_as_no_quote(language: Language, shown: str) -> None:
    aid = ReadingAid(AidKind.RESTATEMENT, "只剩三個人，**別的**都走了。")
    below = contents(answer_layout(answer(quotes=aided(aid)), asked=asked(language)))[2]

    assert below.endswith("\n" + shown)


@pytest.mark.parametrize(
    ("language", "kind", "label"),
    [
        ("en", AidKind.TRANSLATION, "\n-# Translation, not a quote"),
        ("zh-Hant", AidKind.RESTATEMENT, "\n*改寫成通順中文，非原文*：Three."),
    ],
)
def test_what_a_person_has_checked_is_not_called_unchecked(language: Language, kind: AidKind, label: str) -> None:
    aid = ReadingAid(kind, "Three.", is_checked=True)

    assert label in text_of(answer_layout(answer(quotes=aided(aid)), asked=asked(language)))


def test_a_drafted_reading_aid_names_its_model_and_pings_nobody() -> None:
    aid = ReadingAid(AidKind.TRANSLATION, "Three.", drafted_by="@everyone\n*" + "x" * 300)
    shown = contents(answer_layout(answer(quotes=aided(aid)), asked=asked("en")))[1]

    assert shown.startswith("**Three.**\n-# Machine translation, not checked (\\@everyone \\*xx")
    assert shown.endswith("…)")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("aid", [None, ReadingAid(AidKind.TRANSLATION, " "), ReadingAid(AidKind.RESTATEMENT, "")])
def test_without_a_reading_aid_there_is_no_label(language: Language, aid: ReadingAid | None) -> None:
    text = text_of(answer_layout(answer(quotes=aided(aid)), asked=asked(language)))

    assert "not checked" not in text
    assert "未經核對" not in text
    assert "未经核对" not in text


def test_where_room_is_short_a_translation_ends_with_a_sentence_and_a_mark() -> None:
    sentence = "It was the seventh of the eleven departures. "
    layout = answer_layout(answer(quotes=aided(ReadingAid(AidKind.TRANSLATION, sentence * 200))), asked=asked())

    check(layout)
    assert f"departures. {CUT}**\n-# Machine" in contents(layout)[1]


@pytest.mark.parametrize("seed", range(100))
def test_a_long_reading_aid_never_cuts_a_quote(seed: int) -> None:
    given = random_answer(seed)
    quotes = (given.quotes or given.nearest)[:1]
    short = tuple(replace(quote, aid=quote.aid and replace(quote.aid, text="x"), terms=()) for quote in quotes)
    shown = [
        [
            text.replace("**", "")
            for text in contents(more_layout(each, asked=asked(), offset=0))
            if text[:2] == "> "
        ]
        for each in (quotes, short)
    ]

    assert shown[0] == shown[1]


def naming(text: str, *terms: LocalizedTerm, aid: ReadingAid | None = None) -> Quote:
    return passage(text, language="zh-Hans", terms=terms, aid=aid)


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
@pytest.mark.parametrize("outcome", Outcome)
def test_the_readers_names_stand_below_the_quote_in_small_print(
    written: tuple[str, str], localized: tuple[str, str], language: Language, line: str, outcome: Outcome
) -> None:
    text = "去".join(written)
    quote = naming(text, *map(LocalizedTerm, written, localized))
    found = {"quotes": (quote,)} if outcome is Outcome.ANSWERED else {"quotes": (), "nearest": (quote,)}
    layout = answer_layout(answer(outcome=outcome, **found), asked=asked(language, outcome=outcome))

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


def test_beside_a_translation_no_name_needs_explaining() -> None:
    aid = ReadingAid(AidKind.TRANSLATION, "Zuckerberg left.")
    quote = naming("扎克伯格走了", LocalizedTerm("扎克伯格", "Zuckerberg"), aid=aid)

    assert "Names" not in text_of(answer_layout(answer(quotes=(quote,)), asked=asked("en")))


def test_a_name_from_a_glossary_is_text_and_pings_nobody() -> None:
    hostile = LocalizedTerm("乙", "@everyone **<@1>** [x](https://evil.example)\n# " + "y" * 200)
    layout = answer_layout(answer(quotes=(naming("乙来了", hostile),)), asked=asked("en"))

    check(layout)
    assert "乙 = \\@everyone \\*\\*\\<\\@1\\>" in text_of(layout)


def test_many_long_names_never_exceed_a_message() -> None:
    terms = [LocalizedTerm(f"某{at}" * 60, f"Name {at} " * 60) for at in range(5)]
    quotes = (naming("，".join(term.written for term in terms), *terms),) * 3

    check(answer_layout(answer(quotes=quotes), asked=asked("en")))
    check(more_layout(quotes, asked=asked("en"), offset=0))


RIGHT_TO_LEFT = "\u202eabc\u2066 \u05e9\u05dc\u05d5\u05dd \u200f\u0645\u0631\u062d\u0628\u0627\u2069\u202c\u061c"


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_turns_the_direction_of_text_turns_nothing_on_a_card(language: Language, outcome: Outcome) -> None:
    quote = passage(
        f"{RIGHT_TO_LEFT}是答案。",
        RIGHT_TO_LEFT,
        title=RIGHT_TO_LEFT,
        qualifier=RIGHT_TO_LEFT,
        headings=(RIGHT_TO_LEFT,),
        aid=ReadingAid(AidKind.TRANSLATION, RIGHT_TO_LEFT, drafted_by=RIGHT_TO_LEFT),
    )
    found = (quote, replace(quote, also=(quote,)))
    given = answer(
        question=RIGHT_TO_LEFT,
        searched_for=RIGHT_TO_LEFT,
        outcome=outcome,
        quotes=found if outcome is Outcome.ANSWERED else (),
        nearest=() if outcome is Outcome.ANSWERED else found,
    )
    layouts = [answer_layout(given, asked=asked(language, outcome=outcome))]
    layouts += [more_layout(found, asked=asked(language), offset=0)]

    for layout in layouts:
        check(layout)  # which refuses every mark of direction
        assert "⟨U+202E⟩abc⟨U+2066⟩ \u05e9\u05dc\u05d5\u05dd" in text_of(layout)
