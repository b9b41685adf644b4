"""An answer is read at a glance: within twelve lines, and within one screen of a telephone."""

from __future__ import annotations

import re

import pytest

from bot.rendering.answer import Asked, answer_layout
from bot.rendering.layout import Layout
from index import LANGUAGES, Outcome
from tests.bot.payloads import check, contents, labels
from tests.bot.screen import NARROW, WIDE, line_count
from tests.bot.starter_answers import StarterAnswer, corpus, starter_answers

# Lines of a card of one answer, and of a list; more for what is said of a passage that is no answer, and for the
# starters.
LINES, LINES_OF_LIST, LINES_BESIDE = 12, 15, 5
# The same on a telephone, which shows about 34 lines between the header and the input.
NARROW_LINES, SCREEN = 24, 34
ANSWERS = [pytest.param(each, id=f"{each.language}-{number % 6}") for number, each in enumerate(starter_answers())]


def card(given: StarterAnswer) -> Layout:
    starters = tuple(corpus().library.starters[given.language])
    asked = Asked(1, 2, given.language, "1", outcome=given.answer.outcome, starters=starters)
    return answer_layout(given.answer, asked=asked)


def test_every_starter_of_the_documents_is_there() -> None:
    recorded = {(each.language, each.answer.question) for each in starter_answers()}

    assert recorded == {
        (language, question) for language in LANGUAGES for question in corpus().library.starters[language]
    }


@pytest.mark.parametrize("given", ANSWERS)
def test_an_answer_takes_twelve_lines_and_one_screen_of_a_telephone(given: StarterAnswer) -> None:
    layout = card(given)

    check(layout)
    is_list = "[1]" in labels(layout)
    assert line_count(layout, WIDE) <= (LINES_OF_LIST if is_list else LINES)
    assert line_count(layout, NARROW) <= (SCREEN if is_list else NARROW_LINES)


@pytest.mark.parametrize("given", ANSWERS)
def test_what_is_quoted_is_the_documents_own_text_in_whole_sentences(given: StarterAnswer) -> None:
    first = given.answer.quotes[0]
    quoted = [line for text in contents(card(given)) for line in text.split("\n") if line.startswith("> ")]
    plain = "\n".join(re.sub(r"^> (?:-# )?(?:\[\d+\] )?", "", line) for line in quoted)
    texts = [corpus().library.document(each.document).text for each in (first, *given.answer.quotes)]

    for part in re.split(r"\s*\[…\]\s*|\n", plain.replace("**", "").replace("\\", "")):
        assert any(part.strip() in text for text in texts)
        assert part.strip()[-1] in "。！？；：:…”」』)）"


@pytest.mark.parametrize("given", ANSWERS)
def test_an_english_reader_reads_the_translation_first(given: StarterAnswer) -> None:
    second, *others = contents(card(given))[1:]

    assert second.startswith("**") is (given.language == "en")
    labelled = [text for text in (second, *others) if "-# Machine translation, not checked" in text]
    assert len(labelled) == (given.language == "en")


@pytest.mark.parametrize("given", ANSWERS[::6])
@pytest.mark.parametrize("outcome", [Outcome.UNSURE, Outcome.DECLINED])
def test_what_is_no_answer_is_about_as_short(given: StarterAnswer, outcome: Outcome) -> None:
    answer = given.answer
    nearest = StarterAnswer(
        given.language,
        type(answer)(answer.question, outcome, 0.1, (), answer.quotes, answer.elapsed_ms, answer.version),
    )

    assert line_count(card(nearest), WIDE) <= LINES + LINES_BESIDE
    assert line_count(card(nearest), NARROW) <= SCREEN
