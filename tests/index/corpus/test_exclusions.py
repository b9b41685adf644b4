"""Exclusions: nothing hidden or skipped is in a part that is shown, and everything else is."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from index.corpus.exclusions import Exclusions, find_exclusions
from index.types import Span

SPANS = st.builds(lambda start, length: Span(start, start + length), st.integers(0, 60), st.integers(0, 12))


@given(st.text(max_size=60), st.lists(SPANS, max_size=6), SPANS)
def test_the_visible_parts_are_what_is_not_excluded(text: str, hidden: list[Span], span: Span) -> None:
    within = [each.intersection(Span(0, len(text))) for each in hidden]
    whole = span.intersection(Span(0, len(text))).trim(text)
    excluded = {at for each in within for at in range(each.start, each.end)}
    parts = list(find_exclusions(text, (), hidden=within).visible_parts(text, whole))
    shown = [at for part in parts for at in range(part.start, part.end)]
    assert excluded.isdisjoint(shown)
    assert shown == sorted(set(shown))
    visible = {at for at in range(whole.start, whole.end) if at not in excluded and not text[at].isspace()}
    assert visible <= set(shown)
    assert all(part == part.trim(text) and part for part in parts)


def test_every_occurrence_of_a_skipped_text_is_found_and_a_missing_one_is_named() -> None:
    found = find_exclusions("ad one ad two", ("ad", "nowhere", ""), hidden=[Span(3, 6)])
    assert found == Exclusions((Span(0, 2), Span(3, 6), Span(7, 9)), ("nowhere", ""))


def test_many_exclusions_take_time_in_proportion() -> None:
    def seconds(count: int) -> float:
        text = "ad word\n" * count
        exclusions = find_exclusions(text, ("ad",), hidden=())
        started = time.perf_counter()
        for at in range(count):
            list(exclusions.visible_parts(text, Span(at * 8, at * 8 + 7)))
        return time.perf_counter() - started

    short, long = (min(seconds(count) for _ in range(3)) for count in (5_000, 20_000))
    assert long < 12 * max(short, 0.01)
