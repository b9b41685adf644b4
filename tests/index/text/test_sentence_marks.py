"""Which hidden spans of a block only mark the sentence that they stand in."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.markup.sentence_marks import is_sentence_mark
from index.types import Span


def is_mark(before: str, hidden: str, after: str) -> bool:
    text = before + hidden + after
    return is_sentence_mark(text, Span(len(before), len(before) + len(hidden)), Span(0, len(text)))


@pytest.mark.parametrize(
    "hidden",
    [
        '<a href="https://e.org/a?b=c">',
        "</span>",
        '<span style="color: red">',
        "</td><td>",
        "</dt>\n<dd>",
        '<Badge text="new" />',
        '{{< ref "other.md" >}}',
        "{% link a.md %}",
        "{{ site.url }}",
        "{props.name}",
        "{: .note}",
        "{.cls #id}",
        "![](icon.png)",
        '<a id="x"></a>',
        ":material-account:",
    ],
)
def test_a_mark_within_a_sentence_cuts_nothing(hidden: str) -> None:
    assert is_mark("Press the ", hidden, " button to go on.")


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- SECRET -->",
        "<span hidden>SECRET</span>",
        "<script>SECRET</script>",
        "{{/* SECRET */}}",
        "{/* SECRET */}",
        "{# SECRET #}",
        "{% comment %}SECRET{% endcomment %}",
        "{::comment}SECRET{:/comment}",
        "%%SECRET%%",
        '<img src="data:image/png;base64,SECRET">',
        "![](data:image/png;base64,SECRET)",
        '<span style="background: url(data:image/png;base64,SECRET)">',
        "{{< x >}}\nSECRET\n{{< /x >}}",
    ],
)
def test_what_an_author_hid_is_no_mark(hidden: str) -> None:
    assert not is_mark("Press the ", hidden, " button to go on.")


@pytest.mark.parametrize(
    ("before", "after"), [("It ends. ", " Another."), ("", "Words."), ("說完。", "再說。"), ("a\n", " b")]
)
def test_a_mark_between_sentences_or_lines_is_none_of_a_sentence(before: str, after: str) -> None:
    assert not is_mark(before, '{{< figure src="x" >}}', after)


def test_the_options_of_a_chunk_belong_to_its_code() -> None:
    assert is_mark("```{r}\n", "#| echo: true\n#| label: x\n", "plot(1)\n```")


@given(st.text(alphabet="<a>{}%/*!- \n:#|[]()", max_size=200))
def test_any_span_is_judged(hidden: str) -> None:
    assert is_mark("a ", hidden, " b") in (True, False)


@pytest.mark.parametrize("piece", ["<a ", "</a>", "{a}", "{{a}}", "![](", ":a-", "#|\n", "<a b='"])
def test_the_time_is_linear(piece: str) -> None:
    started = time.process_time()
    is_mark("a ", piece * 20_000, " b")
    assert time.process_time() - started < 1
