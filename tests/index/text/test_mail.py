"""Quoted mails in plain text: their words are text, their marks and who wrote them are not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.corpus.parsing.plain_text import parse
from index.text.markup import plain, render
from index.text.markup.mail import attributions
from index.text.sentences import split_sentences
from index.types import Markup, Span
from tests.index.corpus.parsing.shared import require_sound, texts

MAIL = """The heating is fixed. You can come
back on Tuesday.

On Mon, 3 May 2021 at 10:15, Ann Lee <ann@example.org> wrote:
> Dear Alice, when is the heating going to be
> fixed? We have been freezing for
> a week now.
>
> On Sunday, 2 May 2021 at 9:00, somebody with a name that is as long as this <bob@example.org>
> wrote:
>> The boiler is broken.

Ann Lee
"""
PIECES = st.lists(
    st.sampled_from(
        ["On 3 May 2021, Ann wrote:", "> ", ">> ", ">", "The lift is", "closed. Take the stairs.", ""]
    ),
    max_size=14,
).map("\n".join)


def test_quoted_lines_are_joined_and_attributions_are_left_out() -> None:
    parsed = parse(MAIL.encode())
    assert parsed.markup is Markup.MAIL
    assert texts(parsed) == [
        "The heating is fixed. You can come\nback on Tuesday.",
        "Dear Alice, when is the heating going to be\n> fixed? We have been freezing for\n> a week now.",
        "The boiler is broken.",
        "Ann Lee",
    ]


def test_a_sentence_goes_on_in_the_next_quoted_line() -> None:
    text = "Dear Alice, when is it going to be\n> fixed? We have been freezing for\n> a week now."
    assert [sentence.of(text) for sentence in split_sentences(text)] == [
        "Dear Alice, when is it going to be\n> fixed?",
        "We have been freezing for\n> a week now.",
    ]


def test_the_marks_of_quoted_lines_are_not_shown() -> None:
    text = "When is it\n> going to be\n> > fixed?\n\nSoon."
    runs = render(text, Markup.MAIL)
    assert plain(runs) == "When is it\ngoing to be\nfixed?\n\nSoon."
    assert all(run.source.of(text) == run.text for run in runs)


@pytest.mark.parametrize(
    "attribution",
    [
        "On Mon, May 3, 2021 at 10:15 AM Ann Lee <ann@example.org> wrote:",
        "Ann Lee <ann@example.org> writes:",
        "Ann Lee schrieb:",
        "Le lun. 3 mai 2021 à 10:15, Ann Lee <ann@example.org> a écrit :",
        "在 2021年5月3日，王小明 写道：",
        "王小明 <ann@example.org> 於 2021年5月3日 週一 寫道：",
    ],
)
def test_who_wrote_the_quoted_lines_is_recognized(attribution: str) -> None:
    text = f"Fine.\n\n{attribution}\n> Is it fixed?\n"
    assert [span.of(text) for span in attributions(text)] == [attribution]
    assert texts(parse(text.encode())) == ["Fine.", "Is it fixed?"]


@pytest.mark.parametrize(
    "text",
    [
        "Install:\n> npm install\n> npm start",
        "It needs\n> 5 GB of memory",
        "Ann wrote:\nA book.\n> 3",
        ">>> print(1)\n1",
    ],
)
def test_without_an_attribution_the_marks_are_text(text: str) -> None:
    parsed = parse(text.encode())
    assert parsed.markup is Markup.PLAIN
    assert "\n".join(texts(parsed)) == text


@given(PIECES)
def test_spans_are_sound_and_the_words_stay(text: str) -> None:
    parsed = parse(text.encode())
    require_sound(parsed)
    for block in parsed.blocks:
        runs = render(block.span.of(text), parsed.markup)
        assert all(run.source.of(block.span.of(text)) == run.text for run in runs)
        assert not any(attribution.overlaps(block.span) for attribution in attributions(text))
    assert all(Span(0, len(text)).contains(span) for span in attributions(text))


@pytest.mark.parametrize("piece", ["> ", "On 1", "wrote:\n", "On 1\n", ">\n", "写道："])
def test_hostile_text_takes_linear_time(piece: str) -> None:
    text = piece * (400_000 // len(piece))
    start = time.process_time()
    attributions(text)
    assert time.process_time() - start < 5
