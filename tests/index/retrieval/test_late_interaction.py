"""MaxSimScores interaction against a plain implementation of what its docstring says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.corpus.representations import Representation, Segment
from index.encoding.centering import _PROBES
from index.retrieval import late_interaction as rerank
from index.retrieval.late_interaction import CENTERING, TokenIndex
from index.text.chinese import has_han
from index.text.normalize import normalize
from index.types import Encoding, Span
from tests.fakes import FakeEncoder, encode

Rows = NDArray[np.floating[Any]]


def view(number: int, *segments: str, title: str = "llama 模型") -> Representation:
    text, spans = title, []
    for at, segment in enumerate(segments):
        text += "\n" if text else ""
        spans.append(Segment(Span(len(text), len(text) + len(segment)), (at,)))
        text += segment
    return Representation(number, text, tuple(spans), is_annotation=False, is_chinese=any(map(has_han, segments)))


VIEWS = [
    view(0, "团队只剩三位作者", "其余十一位离开"),
    view(1, "nobody expected the demo", "it was taken down", "a week later"),
    view(2, "人", title=""),
    view(3, "llama", title=""),
    view(4, "", title=""),
    view(5, "", "", "模型"),
    view(6, "mixed 文字 with words"),
]
QUESTIONS = ["团队还剩几位作者", "who took the demo down", "llama", "人", "unknown 字", "", "llama llama 模型"]


@pytest.fixture(scope="module", params=[rerank._READY_BYTES, 0], ids=["ready", "mapped"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TokenIndex]:
    """Give the token vectors of a store small enough to be kept centred, and of one that is not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rerank, "_READY_BYTES", request.param)
        yield write(tmp_path_factory.mktemp("built"))


def write(
    folder: Path, representations: list[Representation] = VIEWS, encoder: FakeEncoder | None = None
) -> TokenIndex:
    encodings = (encode(each.text) for each in representations)
    return TokenIndex.write(folder / "tokens", representations, encodings, encoder or FakeEncoder())


def unit(vectors: Rows) -> Rows:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12))


class Plain:
    """MaxSim token by token, in double precision: no tricks, no batches."""

    def __init__(self, representations: list[Representation]) -> None:
        self.representations = representations
        self.encodings = [encode(each.text) for each in representations]
        self.stored = [each.tokens.astype(np.float16).astype(np.float64) for each in self.encodings]
        self.means = {
            han: self.mean(
                [
                    row
                    for each, rows in zip(representations, self.stored, strict=True)
                    if has_han(own(each)) == han
                    for row in rows
                ]
            )
            for han in (True, False)
        }
        self.asked_means = {
            han: self.mean(
                [
                    row
                    for probe in _PROBES[han].split("|")
                    for row in encode(normalize(probe)).tokens.astype(np.float64)
                ]
            )
            for han in (True, False)
        }

    @staticmethod
    def mean(rows: list[Rows]) -> Rows:
        return np.asarray(np.mean(rows, axis=0) if rows else np.zeros(32))

    def weights(self, question: Encoding) -> Rows:
        size = len(self.representations)
        holding = [sum(int(number) in each.ids for each in self.encodings) for number in question.ids]
        rarity = np.array([np.log(1 + (size - held + 0.5) / (held + 0.5)) for held in holding])
        return np.asarray(rarity / rarity.sum())

    def score(self, question: Encoding, number: int, span: Span | None, *, chinese: bool) -> float:
        each, encoding = self.representations[number], self.encodings[number]
        asked = unit(question.tokens.astype(np.float64) - float(CENTERING) * self.asked_means[chinese])
        told = unit(self.stored[number] - float(CENTERING) * self.means[has_han(own(each))])
        inside = [
            at
            for at, (start, end) in enumerate(encoding.offsets)
            if span is None or (start < span.end and end > span.start)
        ]
        if not inside:  # a segment without a token of its own is spoken for by the next, or by the last
            after = [at for at, (_, end) in enumerate(encoding.offsets) if end > (span or Span(0, 0)).start]
            inside = [after[0] if after else len(encoding.offsets) - 1]
        return float(self.weights(question) @ (asked @ told[inside].T).max(axis=1))


def own(each: Representation) -> str:
    return each.text[each.segments[0].span.start :]


@pytest.fixture(scope="module")
def plain() -> Plain:
    return Plain(VIEWS)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("chinese", [True, False])
def test_a_view_s_score_is_its_max_sim(built: TokenIndex, plain: Plain, question: str, chinese: bool) -> None:
    asked = encode(question)
    expected = [plain.score(asked, number, None, chinese=chinese) for number in range(len(VIEWS))]
    whole = built.score(asked, range(len(VIEWS)), chinese=chinese).whole
    assert whole.tolist() == pytest.approx(expected, abs=2e-5)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("chinese", [True, False])
def test_a_piece_s_score_is_its_max_sim(built: TokenIndex, plain: Plain, question: str, chinese: bool) -> None:
    asked = encode(question)
    expected = [
        plain.score(asked, number, segment.span, chinese=chinese)
        for number, each in enumerate(VIEWS)
        for segment in each.segments
    ]
    segments = built.score(asked, range(len(VIEWS)), chinese=chinese).scores
    assert segments.tolist() == pytest.approx(expected, abs=2e-5)


@given(st.lists(st.sampled_from(range(len(VIEWS))), min_size=1, max_size=12))
def test_scores_do_not_depend_on_which_views_are_asked_together(built: TokenIndex, numbers: list[int]) -> None:
    asked = encode(QUESTIONS[0])
    max_sim = built.score(asked, numbers, chinese=True)
    alone = [built.score(asked, [number], chinese=True) for number in numbers]
    assert max_sim.whole.tolist() == pytest.approx([float(each.whole[0]) for each in alone], abs=1e-6)
    assert np.diff(max_sim.ends).tolist() == [len(VIEWS[number].segments) for number in numbers]
    for at, each in enumerate(alone):
        assert max_sim.segments(at).tolist() == pytest.approx(each.scores.tolist(), abs=1e-6)


def test_the_probes_are_folded_questions_in_both_languages(tmp_path: Path) -> None:
    encoder = FakeEncoder()
    write(tmp_path, encoder=encoder)
    asked = encoder.questions
    assert (asked == [normalize(each) for each in asked], {has_han(each) for each in asked}) == (
        True,
        {True, False},
    )


def test_a_question_s_own_words_score_highest(built: TokenIndex) -> None:
    max_sim = built.score(encode("nobody expected the demo"), range(len(VIEWS)), chinese=False)
    assert int(max_sim.whole.argmax()) == 1


def test_a_library_in_one_language_can_be_asked_in_the_other(tmp_path: Path) -> None:
    built = write(tmp_path, [view(0, "only english words", title="")])
    assert np.isfinite(built.score(encode("中文问题"), [0], chinese=True).whole).all()


def test_one_view_of_one_token_is_a_library(tmp_path: Path) -> None:
    built = write(tmp_path, [view(0, "人", title="")])
    assert np.isfinite(built.score(encode("人"), [0], chinese=True).whole).all()


def test_scores_are_the_same_after_reopening(tmp_path: Path) -> None:
    written = write(tmp_path).score(encode("llama 模型"), range(len(VIEWS)), chinese=True)
    reopened = TokenIndex.load(tmp_path / "tokens").score(encode("llama 模型"), range(len(VIEWS)), chinese=True)
    assert np.array_equal(reopened.whole, written.whole)


@pytest.mark.parametrize("number", range(len(VIEWS)))
def test_an_encoding_comes_back_as_it_went_in_but_for_half_precision(built: TokenIndex, number: int) -> None:
    expected = encode(VIEWS[number].text)
    back = built.encoding(number, expected.pooled)
    assert np.array_equal(back.ids, expected.ids)
    assert np.array_equal(back.offsets, expected.offsets)
    assert np.array_equal(back.tokens, expected.tokens.astype(np.float16).astype(np.float32))
