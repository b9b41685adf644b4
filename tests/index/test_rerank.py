"""Late interaction against a plain implementation of what its docstring says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index import rerank
from index.fold import fold
from index.probes import _PROBES
from index.rerank import CENTRING, TokenVectors
from index.scripts import has_han
from index.types import Encoding, Span
from index.views import Piece, View
from tests.fakes import FakeEncoder, encode

Rows = NDArray[np.floating[Any]]


def view(number: int, *pieces: str, title: str = "llama 模型") -> View:
    text, spans = title, []
    for at, piece in enumerate(pieces):
        text += "\n" if text else ""
        spans.append(Piece(Span(len(text), len(text) + len(piece)), (at,)))
        text += piece
    return View(number, text, tuple(spans), is_gloss=False, is_chinese=any(map(has_han, pieces)))


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
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TokenVectors]:
    """Give the token vectors of a store small enough to be kept centred, and of one that is not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rerank, "_READY_BYTES", request.param)
        yield write(tmp_path_factory.mktemp("built"))


def write(folder: Path, views: list[View] = VIEWS, encoder: FakeEncoder | None = None) -> TokenVectors:
    encodings = (encode(each.text) for each in views)
    return TokenVectors.write(folder / "tokens", views, encodings, encoder or FakeEncoder())


def unit(vectors: Rows) -> Rows:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12))


class Plain:
    """MaxSim token by token, in double precision: no tricks, no batches."""

    def __init__(self, views: list[View]) -> None:
        self.views = views
        self.encodings = [encode(each.text) for each in views]
        self.stored = [each.tokens.astype(np.float16).astype(np.float64) for each in self.encodings]
        self.means = {
            han: self.mean(
                [
                    row
                    for each, rows in zip(views, self.stored, strict=True)
                    if has_han(own(each)) == han
                    for row in rows
                ]
            )
            for han in (True, False)
        }
        self.asked_means = {
            han: self.mean(
                [row for probe in _PROBES[han].split("|") for row in encode(fold(probe)).tokens.astype(np.float64)]
            )
            for han in (True, False)
        }

    @staticmethod
    def mean(rows: list[Rows]) -> Rows:
        return np.asarray(np.mean(rows, axis=0) if rows else np.zeros(32))

    def weights(self, question: Encoding) -> Rows:
        size = len(self.views)
        holding = [sum(int(number) in each.ids for each in self.encodings) for number in question.ids]
        rarity = np.array([np.log(1 + (size - held + 0.5) / (held + 0.5)) for held in holding])
        return np.asarray(rarity / rarity.sum())

    def score(self, question: Encoding, number: int, span: Span | None, *, chinese: bool) -> float:
        each, encoding = self.views[number], self.encodings[number]
        asked = unit(question.tokens.astype(np.float64) - float(CENTRING) * self.asked_means[chinese])
        told = unit(self.stored[number] - float(CENTRING) * self.means[has_han(own(each))])
        inside = [
            at
            for at, (start, end) in enumerate(encoding.offsets)
            if span is None or (start < span.end and end > span.start)
        ]
        if not inside:  # a piece without a token of its own is spoken for by the next, or by the last
            after = [at for at, (_, end) in enumerate(encoding.offsets) if end > (span or Span(0, 0)).start]
            inside = [after[0] if after else len(encoding.offsets) - 1]
        return float(self.weights(question) @ (asked @ told[inside].T).max(axis=1))


def own(each: View) -> str:
    return each.text[each.pieces[0].span.start :]


@pytest.fixture(scope="module")
def plain() -> Plain:
    return Plain(VIEWS)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("chinese", [True, False])
def test_a_view_s_score_is_its_max_sim(built: TokenVectors, plain: Plain, question: str, chinese: bool) -> None:
    asked = encode(question)
    expected = [plain.score(asked, number, None, chinese=chinese) for number in range(len(VIEWS))]
    whole = built.score(asked, range(len(VIEWS)), chinese=chinese).whole
    assert whole.tolist() == pytest.approx(expected, abs=2e-5)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("chinese", [True, False])
def test_a_piece_s_score_is_its_max_sim(built: TokenVectors, plain: Plain, question: str, chinese: bool) -> None:
    asked = encode(question)
    expected = [
        plain.score(asked, number, piece.span, chinese=chinese)
        for number, each in enumerate(VIEWS)
        for piece in each.pieces
    ]
    pieces = built.score(asked, range(len(VIEWS)), chinese=chinese).scores
    assert pieces.tolist() == pytest.approx(expected, abs=2e-5)


@given(st.lists(st.sampled_from(range(len(VIEWS))), min_size=1, max_size=12))
def test_scores_do_not_depend_on_which_views_are_asked_together(built: TokenVectors, numbers: list[int]) -> None:
    asked = encode(QUESTIONS[0])
    late = built.score(asked, numbers, chinese=True)
    alone = [built.score(asked, [number], chinese=True) for number in numbers]
    assert late.whole.tolist() == pytest.approx([float(each.whole[0]) for each in alone], abs=1e-6)
    assert np.diff(late.ends).tolist() == [len(VIEWS[number].pieces) for number in numbers]
    for at, each in enumerate(alone):
        assert late.pieces(at).tolist() == pytest.approx(each.scores.tolist(), abs=1e-6)


def test_the_probes_are_folded_questions_in_both_languages(tmp_path: Path) -> None:
    encoder = FakeEncoder()
    write(tmp_path, encoder=encoder)
    asked = encoder.questions
    assert (asked == [fold(each) for each in asked], {has_han(each) for each in asked}) == (True, {True, False})


def test_a_question_s_own_words_score_highest(built: TokenVectors) -> None:
    late = built.score(encode("nobody expected the demo"), range(len(VIEWS)), chinese=False)
    assert int(late.whole.argmax()) == 1


def test_a_library_in_one_language_can_be_asked_in_the_other(tmp_path: Path) -> None:
    built = write(tmp_path, [view(0, "only english words", title="")])
    assert np.isfinite(built.score(encode("中文问题"), [0], chinese=True).whole).all()


def test_one_view_of_one_token_is_a_library(tmp_path: Path) -> None:
    built = write(tmp_path, [view(0, "人", title="")])
    assert np.isfinite(built.score(encode("人"), [0], chinese=True).whole).all()


def test_scores_are_the_same_after_reopening(tmp_path: Path) -> None:
    written = write(tmp_path).score(encode("llama 模型"), range(len(VIEWS)), chinese=True)
    reopened = TokenVectors.load(tmp_path / "tokens").score(encode("llama 模型"), range(len(VIEWS)), chinese=True)
    assert np.array_equal(reopened.whole, written.whole)


@pytest.mark.parametrize("number", range(len(VIEWS)))
def test_an_encoding_comes_back_as_it_went_in_but_for_half_precision(built: TokenVectors, number: int) -> None:
    expected = encode(VIEWS[number].text)
    back = built.encoding(number, expected.pooled)
    assert np.array_equal(back.ids, expected.ids)
    assert np.array_equal(back.offsets, expected.offsets)
    assert np.array_equal(back.tokens, expected.tokens.astype(np.float16).astype(np.float32))
