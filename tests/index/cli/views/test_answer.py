"""An answer at the terminal: verbatim within the width, harmless to the terminal, clear without colour."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from index.answering.quoting.items import list_items
from index.cli.messages import CONFIDENCE_BOUNDS, TERMINAL_MESSAGES, system_language
from index.cli.views.answer import answer_text, question_text
from index.locales import messages_in
from index.text.sanitize import harmless, visible
from index.types import (
    LANGUAGES,
    AidKind,
    Answer,
    Language,
    LocalizedTerm,
    Outcome,
    Quote,
    ReadingAid,
    Span,
)

SENTENCE = "14名核心成员中，竟有11人集体出走！"
CHINESE = (
    "从早期Llama的诞生地「基础AI研究院」（FAIR）转向产品导向的GenAI团队，导致工作流程紊乱。"
    "14名核心成员中，竟有11人集体出走！如今这支曾被誉为“开源AI灯塔”的团队，只剩下3个“留守职工”……"
)


def make_quote(text: str = CHINESE, *, highlighted: str = "14名核心成员中，竟有11人集体出走！") -> Quote:
    start = 100
    at = text.find(highlighted) if highlighted else -1
    return Quote(
        document="folder/team.txt",
        title="团队",
        language="zh-Hans",
        provenance={"zh-Hant": "機器改寫", "zh-Hans": "机器改写", "en": "machine-reworded"},
        section="一、出走",
        start=start,
        end=start + len(text),
        start_line=3,
        end_line=5,
        text=text,
        highlights=(Span(start + at, start + at + len(highlighted)),) if at >= 0 else (),
        score=0.5,
        sha256="0" * 64,
        aid=ReadingAid(AidKind.TRANSLATION, "Only three are left."),
    )


def make_answer(*quotes: Quote, answered: bool = True, confidence: float = 0.81) -> Answer:
    found = quotes or (make_quote(),)
    return Answer(
        question="谁离开了？",
        outcome=Outcome.ANSWERED if answered else Outcome.DECLINED,
        confidence=confidence,
        quotes=found if answered else (),
        nearest=() if answered else found,
        elapsed_ms=12.4,
        version="1",
    )


def lines(answer: Answer, *, width: int = 80, language: Language = "en", full: bool = False) -> list[str]:
    return answer_text(answer, width=width, language=language, full=full).plain.split("\n")


def quoted(answer: Answer, *, width: int = 80, full: bool = False) -> str:
    """Return what stands behind the bars, without the breaks."""
    found = lines(answer, width=width, full=full)
    return "".join(re.sub(r"^ *[│▌┊] ", "", line) for line in found if re.match(r" *[│▌┊]", line))


@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("full", [True, False])
def test_no_line_is_wider_than_the_terminal(width: int, language: Language, answered: bool, full: bool) -> None:
    other = replace(
        make_quote("An English quote, with words in it that are wrapped at their spaces. " * 5), language="en"
    )
    answer = make_answer(make_quote(), other, answered=answered)
    found = lines(answer, width=width, language=language, full=full)
    assert max(map(cell_len, found)) <= width


@pytest.mark.parametrize("width", [30, 41, 80])
@pytest.mark.parametrize("answered", [True, False])
def test_the_answering_sentence_is_shown_verbatim_but_for_line_breaks(width: int, answered: bool) -> None:
    assert quoted(make_answer(answered=answered), width=width) == SENTENCE


@pytest.mark.parametrize("width", [30, 41, 80])
@pytest.mark.parametrize("answered", [True, False])
def test_the_whole_passage_is_verbatim_too(width: int, answered: bool) -> None:
    assert quoted(make_answer(answered=answered), width=width, full=True) == CHINESE


def test_two_distant_sentences_stand_with_a_mark_between() -> None:
    first, second = "第一个答案说的是甲这个人去了哪里。", "第二个答案说的是乙这个人去了哪里。"
    text = first + "中间的一句说的是别的事情，与问题无关。" * 2 + second
    quote = replace(
        make_quote(text), highlights=(Span(100, 100 + len(first)), Span(100 + text.index(second), 100 + len(text)))
    )
    assert quoted(make_answer(quote)) == f"{first}[…]{second}"


def test_only_the_best_passage_is_shown_and_the_others_are_counted() -> None:
    found = lines(make_answer(make_quote(), make_quote("别的一句，说的也是这件事。", highlighted="")))
    assert not any("别的一句" in line for line in found)
    assert found[-1].endswith("· 1 more: --full, or :full at the prompt")


def test_all_passages_are_shown_in_full_numbered_on() -> None:
    first = replace(make_quote(), also=(make_quote(),))
    found = lines(make_answer(first, make_quote("别的一句，说的也是这件事。", highlighted="")), full=True)
    assert any("别的一句" in line for line in found)
    assert any(line.startswith("  [3]") for line in found)
    assert "more" not in found[-1]


def test_exactly_the_highlighted_sentence_stands_behind_the_broad_bar() -> None:
    marked = [line.split("▌ ")[1] for line in lines(make_answer(), width=40) if "▌" in line]
    assert "".join(marked) == SENTENCE


def test_nothing_is_marked_as_answering_when_it_declines() -> None:
    assert not any("▌" in line for line in lines(make_answer(answered=False)))


def test_two_highlights_that_touch_are_both_marked() -> None:
    text = "第一句。第二句。第三句。"
    quote = replace(make_quote(text), highlights=(Span(100, 104), Span(104, 108)))
    marked = [line for line in lines(make_answer(quote)) if "▌" in line]
    assert [line.split("▌ ")[1] for line in marked] == ["第一句。", "第二句。"]


def test_declining_says_so_and_calls_the_passages_no_answer() -> None:
    text = "\n".join(lines(make_answer(answered=False)))
    assert "The documents don’t answer this." in text
    assert "The nearest passage, not an answer:" in text


def test_declining_with_nothing_near_shows_no_heading_for_it() -> None:
    bare = replace(make_answer(answered=False), nearest=())
    assert "nearest" not in "\n".join(lines(bare))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-Hant", "[1]\u00a0团队\u00a0· 一、出走\u00a0· 第\u00a03\u00a0行\u00a0· 機器改寫"),
        ("zh-Hans", "[1]\u00a0团队\u00a0· 一、出走\u00a0· 第\u00a03\u00a0行\u00a0· 机器改写"),
        ("en", "[1]\u00a0团队\u00a0· 一、出走\u00a0· line\u00a03\u00a0· machine-reworded"),
    ],
)
def test_a_citation_is_in_the_readers_language(language: Language, expected: str) -> None:
    assert expected in "\n".join(lines(make_answer(), width=100, language=language))


def test_a_citation_leaves_out_what_is_not_known() -> None:
    bare = replace(make_quote(), section=None, provenance={}, end_line=3)
    assert "  [1]\u00a0团队\u00a0· line\u00a03" in lines(make_answer(bare))


@pytest.mark.parametrize("title", ["team", "Team", "TE am"])
def test_the_path_is_cited_where_the_title_is_only_the_files_name(title: str) -> None:
    found = lines(make_answer(replace(make_quote(), title=title, section=None, provenance={})))
    assert f"  [1]\u00a0{title}\u00a0· folder/team.txt\u00a0· line\u00a03" in found


def test_what_tells_a_document_apart_is_cited_where_titles_repeat() -> None:
    found = lines(make_answer(replace(make_quote(), qualifier="folder", section=None, provenance={})))
    assert "  [1]\u00a0团队\u00a0· folder\u00a0· line\u00a03" in found


def test_a_page_is_cited_in_place_of_lines() -> None:
    found = lines(make_answer(replace(make_quote(), page=12, section=None, provenance={})))
    assert "  [1]\u00a0团队\u00a0· page\u00a012" in found


def test_a_section_called_like_the_document_is_not_said_twice() -> None:
    found = lines(make_answer(replace(make_quote(), section="团队", provenance={})))
    assert "  [1]\u00a0团队\u00a0· line\u00a03" in found


@pytest.mark.parametrize("answered", [True, False])
def test_the_translation_stands_first_and_says_that_nobody_checked_it(answered: bool) -> None:
    found = lines(make_answer(answered=answered))
    at = found.index("  Only three are left.")
    assert found[at + 1] == "  Machine translation, not checked"
    assert found[at + 2][2] in "▌┊"


def test_the_line_of_the_answering_sentence_is_cited() -> None:
    text = "第一行说的是甲这个人去了哪里。\n第二行说的是乙这个人去了哪里。\n第三行。"
    quote = replace(make_quote(text, highlighted="第二行说的是乙这个人去了哪里。"), provenance={}, section=None)
    assert "  [1]\u00a0团队\u00a0· line\u00a04" in lines(make_answer(quote))


def test_a_whole_passage_is_cited_with_all_its_lines() -> None:
    found = lines(
        make_answer(replace(make_quote("一。\n二。\n三。", highlighted="二。"), provenance={})), full=True
    )
    assert "  [1]\u00a0团队\u00a0· 一、出走\u00a0· lines\u00a03–5" in found


def test_short_title_and_the_word_for_what_it_is_are_cited() -> None:
    quote = replace(make_quote(), short_title="短", provenance_label={"en": "rumour"}, section=None)
    assert "  [1]\u00a0短\u00a0· line\u00a03\u00a0· rumour" in lines(make_answer(quote))


def test_the_restatement_is_labelled_as_no_quote() -> None:
    quote = replace(make_quote(), aid=ReadingAid(AidKind.RESTATEMENT, "團隊只剩三個人。"))
    assert "  改寫成通順中文，非原文；由語言模型草擬，未經核對：團隊只剩三個人。" in lines(
        make_answer(quote), language="zh-Hant"
    )


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("en", "Three. Machine translation, not checked (small:7b␛)"),
        ("zh-Hant", "Three. 機器翻譯，未經核對（small:7b␛）"),
        ("zh-Hans", "Three. 机器翻译，未经核对（small:7b␛）"),
    ],
)
def test_a_drafted_reading_aid_names_its_model(language: Language, label: str) -> None:
    aid = ReadingAid(AidKind.TRANSLATION, "Three.", drafted_by="small:7b\x1b")
    assert label in " ".join(
        line.strip() for line in lines(make_answer(replace(make_quote(), aid=aid)), language=language)
    )


@pytest.mark.parametrize("answered", [True, False])
def test_a_quote_without_a_reading_aid_has_no_label_either(answered: bool) -> None:
    bare = make_answer(replace(make_quote(), aid=None), answered=answered)
    assert not any("not checked" in line for line in lines(bare))


@pytest.mark.parametrize(
    ("language", "term", "line"),
    [
        ("zh-Hant", LocalizedTerm("郝柏", "賀白"), "  用語對照：郝柏＝賀白"),
        ("en", LocalizedTerm("郝柏", "Hobart"), "  Names: 郝柏 = Hobart"),
        ("zh-Hans", None, None),
    ],
)
@pytest.mark.parametrize("answered", [True, False])
def test_names_are_shown_as_the_reader_writes_them(
    language: Language, term: LocalizedTerm | None, line: str | None, answered: bool
) -> None:
    quote = replace(make_quote("郝柏走了。", highlighted=""), terms=(term,) if term else (), aid=None)
    found = lines(make_answer(quote, answered=answered), language=language)
    assert [each for each in found if "對照：" in each or "Names: " in each] == ([line] if line else [])


def test_what_another_document_says_too_is_cited() -> None:
    quote = replace(make_quote(), also=(replace(make_quote(), title="Other", provenance={}),))
    text = " ".join(line.strip() for line in lines(make_answer(quote), width=100))
    assert "; also [2]\u00a0Other" in text


@pytest.mark.parametrize(
    ("confidence", "word"), [(0.95, "very high"), (0.8, "high"), (0.5, "moderate"), (0.0, "very low")]
)
def test_confidence_is_a_word_and_a_number(confidence: float, word: str) -> None:
    last = lines(make_answer(confidence=confidence))[-1]
    assert last == f"Confidence: {word} ({round(confidence * 100)}%) · 12 ms"


def test_every_language_names_every_confidence() -> None:
    words = {len(messages.confidence_words) for messages in TERMINAL_MESSAGES.values()}
    assert words == {len(CONFIDENCE_BOUNDS)}


@pytest.mark.parametrize("hostile", ["[bold red]x[/]", "[link=https://evil.example]x[/link]", ":smile:", "[/]"])
def test_markup_in_a_document_is_text(hostile: str) -> None:
    quote = make_quote(f"前{hostile}後", highlighted="")
    console = Console(file=io.StringIO(), width=80, highlight=False, markup=True, emoji=False)
    console.print(answer_text(make_answer(quote), width=80, language="en"), soft_wrap=True)
    assert hostile in console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31m", "␛[31m"),
        ("\x07", "␇"),
        ("\x9b31m", "\ufffd31m"),
        ("\u202e", "⟨U+202E⟩"),
        ("\u2066", "⟨U+2066⟩"),
        ("\ud83d", "\ufffd"),
        ("\x7f", "\ufffd"),
        ("\t", " "),
    ],
)
def test_control_characters_are_shown_instead_of_obeyed(hostile: str, shown: str) -> None:
    text = "\n".join(lines(make_answer(make_quote(f"前{hostile}後", highlighted=""))))
    assert f"前{shown}後" in text
    assert hostile == "\t" or hostile not in text


def test_titles_and_questions_are_made_harmless_too() -> None:
    quote = replace(make_quote(), title="\x1b]0;x\x07", section="\u202e", document="a\x1b.txt")
    text = "\n".join([question_text("\x1b[2J", width=80).plain, *lines(make_answer(quote))])
    assert not set(text) & {"\x1b", "\x07", "\u202e"}


def test_each_kind_of_line_break_is_one() -> None:
    assert "".join(visible("a\r\nb\rc\nd\u2028e")) == "a\nb\nc\nd\ne"


def test_a_message_stays_on_its_line() -> None:
    assert harmless("a\nb\x1b[2J") == "a b␛[2J"


def test_without_colour_nothing_but_text_is_written() -> None:
    console = Console(file=io.StringIO(), width=80, soft_wrap=True)
    console.print(answer_text(make_answer(), width=80, language="en"))
    assert "\x1b" not in console.file.getvalue()  # type: ignore[attr-defined]


def test_with_colour_the_answering_sentence_is_bold() -> None:
    found = answer_text(make_answer(), width=80, language="en")
    at = found.plain.index("14名核心成员中")
    assert isinstance(found, Text)
    assert found.get_style_at_offset(Console(), at).bold


@pytest.mark.parametrize(
    ("locale", "expected"), [("zh_CN.UTF-8", "zh-Hans"), ("zh_HK.UTF-8", "zh-Hant"), ("C.UTF-8", "en"), ("", "en")]
)
def test_the_prompt_greets_in_the_language_of_the_system(
    locale: str, expected: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", locale)
    assert system_language() == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unsure_answer_shows_the_passage_that_may_answer_and_does_not_decline(language: Language) -> None:
    messages = messages_in(language)
    unsure = replace(make_answer(make_quote(), answered=False), outcome=Outcome.UNSURE)
    found = lines(unsure, width=100, language=language)
    assert found[0] == messages.unsure
    assert not any(text in line for line in found for text in (messages.declined, messages.nearest))
    assert any("▌" in line for line in found)


def test_of_an_unsure_answer_only_the_first_passage_is_shown() -> None:
    second = replace(make_quote("Something else."), language="en", title="Second")
    unsure = replace(make_answer(make_quote(), second, answered=False), outcome=Outcome.UNSURE)
    assert quoted(unsure, width=100) == SENTENCE
    assert "more" not in lines(unsure)[-1]


def test_each_quote_that_answers_by_its_own_confidence_is_shown_with_its_number() -> None:
    sure, unsure = (
        replace(make_quote(text, highlighted=text), confidence=confidence)
        for text, confidence in (("别的一句，说的也是这件事。", 0.5), ("第三句，说的是别的事。", 0.1))
    )
    quotes = (replace(make_quote(), confidence=0.9), sure, unsure)
    found = lines(replace(make_answer(*quotes), items=list_items(quotes)))
    assert any("▌ 别的一句" in line for line in found)
    assert any(line.startswith("  [2]") for line in found)
    assert not any("第三句" in line for line in found)
    assert found[-1].endswith("· 1 more: --full, or :full at the prompt")


def test_a_long_list_is_one_screen() -> None:
    quotes = [
        replace(make_quote(f"第{number}句，说的是这件事。", highlighted=""), confidence=0.9) for number in range(9)
    ]
    found = lines(replace(make_answer(*quotes), items=list_items(quotes)))
    assert sum(line.startswith("  [") for line in found) == 4
    assert "· 5 more" in found[-1]
