"""Late interaction against a plain implementation, token by token."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.corpus.representations import Representation, Segment
from index.encoding.centering import CHINESE_PROBES, ENGLISH_PROBES, question_means
from index.retrieval.interaction import token_arrays, token_index
from index.retrieval.interaction.late_interaction import MaxSim, MaxSimScores, weighted
from index.retrieval.interaction.quantization import TokenCodec
from index.retrieval.interaction.token_index import TokenIndex
from index.retrieval.ranking_config import DEFAULT_RANKING, RankingConfig, TokenWeighting
from index.text.chinese import has_han
from index.text.normalize import normalize
from index.types import Encoding, Span
from tests.fakes import DIMENSIONS, FakeEncoder, encode

Rows = NDArray[np.floating[Any]]


def representation(number: int, *segments: str, title: str = "llama 模型") -> Representation:
    text, spans = title, []
    for at, segment in enumerate(segments):
        text += "\n" if text else ""
        spans.append(Segment(Span(len(text), len(text) + len(segment)), (at,)))
        text += segment
    return Representation(number, text, tuple(spans), is_annotation=False, is_chinese=any(map(has_han, segments)))


REPRESENTATIONS = [
    representation(0, "团队只剩三位作者", "其余十一位离开"),
    representation(1, "nobody expected the demo", "it was taken down", "a week later"),
    representation(2, "人", title=""),
    representation(3, "llama", title=""),
    representation(4, "", title=""),
    representation(5, "", "", "模型"),
    representation(6, "mixed 文字 with words"),
]
ROUNDING = 0.006  # of the components of a question, to a 64th of the largest
CODEC = TokenCodec(np.asarray(question_means(FakeEncoder()).mean(axis=0), dtype=np.float32), 8)
QUESTIONS = ["团队还剩几位作者", "who took the demo down", "llama", "人", "unknown 字", "", "llama llama 模型"]


@pytest.fixture(scope="module", params=[token_index._PACKED_BYTES, 0], ids=["packed", "mapped"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TokenIndex]:
    """Return a token index small enough for a copy in memory, and one that is not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(token_index, "_PACKED_BYTES", request.param)
        yield write(tmp_path_factory.mktemp("built"))


def write(folder: Path, representations: list[Representation] = REPRESENTATIONS) -> TokenIndex:
    encodings = (encode(each.text) for each in representations)
    means = question_means(FakeEncoder())
    return TokenIndex.write(folder / "tokens", representations, encodings, question_means=means)


def score(
    tokens: TokenIndex,
    question: Encoding,
    numbers: Sequence[int] = range(len(REPRESENTATIONS)),
    *,
    chinese: bool = True,
    config: RankingConfig = DEFAULT_RANKING,
) -> MaxSimScores:
    return MaxSim(tokens).score(question, numbers, chinese=chinese, config=config)


def unit(vectors: Rows) -> Rows:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12))


class Plain:
    """MaxSim token by token, in double precision: no tricks, no batches."""

    def __init__(self, representations: list[Representation]) -> None:
        self.representations = representations
        self.encodings = [encode(each.text) for each in representations]
        self.stored = [CODEC.decode(CODEC.encode(each.tokens)).astype(np.float64) for each in self.encodings]
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
                    for probe in (CHINESE_PROBES if han else ENGLISH_PROBES)
                    for row in encode(normalize(probe)).tokens.astype(np.float64)
                ]
            )
            for han in (True, False)
        }

    @staticmethod
    def mean(rows: list[Rows]) -> Rows:
        return np.asarray(np.mean(rows, axis=0) if rows else np.zeros(DIMENSIONS))

    def weights(self, question: Encoding, weighting: TokenWeighting) -> Rows:
        """Return the weights of a question's tokens; they sum to 1."""
        if weighting is TokenWeighting.UNIFORM:
            return np.full(len(question.ids), 1 / len(question.ids))
        size = len(self.representations)
        holding = [sum(int(number) in each.ids for each in self.encodings) for number in question.ids]
        rarity = np.sqrt([np.log(1 + (size - held + 0.5) / (held + 0.5)) for held in holding])
        return np.asarray(rarity / rarity.sum())

    def matches(
        self, question: Encoding, number: int, span: Span | None, *, chinese: bool, centering: float
    ) -> Rows:
        """Return each question token's best match in a span of a representation, or in all of it."""
        each, encoding = self.representations[number], self.encodings[number]
        asked = unit(question.tokens.astype(np.float64) - centering * self.asked_means[chinese])
        stored = unit(self.stored[number] - centering * self.means[has_han(own(each))])
        inside = [
            at
            for at, (start, end) in enumerate(encoding.offsets)
            if span is None or (start < span.end and end > span.start)
        ]
        if not inside:  # a segment without a token of its own is spoken for by the next, or by the last
            after = [
                at for at, (_, end) in enumerate(encoding.offsets) if end > (0 if span is None else span.start)
            ]
            inside = [after[0] if after else len(encoding.offsets) - 1]
        return np.asarray((asked @ stored[inside].T).max(axis=1))

    def score(
        self,
        question: Encoding,
        number: int,
        span: Span | None,
        *,
        chinese: bool,
        config: RankingConfig = DEFAULT_RANKING,
    ) -> float:
        """Return the weighted mean of the matches."""
        matches = self.matches(question, number, span, chinese=chinese, centering=config.centering)
        return float(self.weights(question, config.token_weighting) @ matches)


def own(each: Representation) -> str:
    return each.text[each.segments[0].span.start :]


@pytest.fixture(scope="module")
def plain() -> Plain:
    return Plain(REPRESENTATIONS)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("chinese", [True, False])
def test_the_whole_score_is_the_max_sim_with_all_tokens(
    built: TokenIndex, plain: Plain, question: str, chinese: bool
) -> None:
    asked = encode(question)
    expected = [plain.score(asked, number, None, chinese=chinese) for number in range(len(REPRESENTATIONS))]
    assert score(built, asked, chinese=chinese).whole.tolist() == pytest.approx(expected, abs=ROUNDING)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("chinese", [True, False])
def test_a_segment_s_score_is_the_max_sim_with_its_tokens(
    built: TokenIndex, plain: Plain, question: str, chinese: bool
) -> None:
    asked = encode(question)
    expected = [
        plain.score(asked, number, segment.span, chinese=chinese)
        for number, each in enumerate(REPRESENTATIONS)
        for segment in each.segments
    ]
    assert score(built, asked, chinese=chinese).scores.tolist() == pytest.approx(expected, abs=ROUNDING)


@pytest.mark.parametrize(
    "config",
    [
        RankingConfig(centering=0),
        RankingConfig(centering=0.5),
        RankingConfig(token_weighting=TokenWeighting.UNIFORM),
    ],
)
def test_centering_and_token_weighting_follow_the_configuration(
    built: TokenIndex, plain: Plain, config: RankingConfig
) -> None:
    asked = encode(QUESTIONS[0])
    expected = [
        plain.score(asked, number, None, chinese=True, config=config) for number in range(len(REPRESENTATIONS))
    ]
    assert score(built, asked, config=config).whole.tolist() == pytest.approx(expected, abs=ROUNDING)


@given(st.lists(st.sampled_from(range(len(REPRESENTATIONS))), min_size=1, max_size=12))
def test_a_score_does_not_depend_on_which_representations_are_scored_with_it(
    built: TokenIndex, numbers: list[int]
) -> None:
    asked = encode(QUESTIONS[0])
    max_sim = score(built, asked, numbers)
    alone = [score(built, asked, [number]) for number in numbers]
    assert max_sim.whole.tolist() == pytest.approx([float(each.whole[0]) for each in alone], abs=1e-6)
    assert np.diff(max_sim.ends).tolist() == [len(REPRESENTATIONS[number].segments) for number in numbers]
    for at, each in enumerate(alone):
        assert max_sim.segments(at).tolist() == pytest.approx(each.scores.tolist(), abs=1e-6)


def test_a_question_s_own_words_score_highest(built: TokenIndex) -> None:
    assert int(score(built, encode("nobody expected the demo"), chinese=False).whole.argmax()) == 1


def test_a_rare_token_counts_more_than_a_frequent_one(built: TokenIndex) -> None:
    frequent, rare = score(built, encode("llama demo"), chinese=False).weights.tolist()
    assert rare > frequent
    assert frequent + rare == pytest.approx(1)


def test_a_sentence_has_part_of_what_its_heading_and_the_sentence_before_it_say(built: TokenIndex) -> None:
    max_sim = score(built, encode("llama demo"), chinese=False)
    alone, in_context = max_sim.segments(1), max_sim.in_context()[max_sim.ends[1] : max_sim.ends[2]]
    llama, demo = max_sim.weights
    by_heading = 0.5 * llama * (max_sim.headings[0, 1] - max_sim.matches[0, max_sim.ends[1]])
    assert in_context[0] == pytest.approx(alone[0] + by_heading, abs=1e-6)
    assert in_context[1] > alone[1] + 0.2 * demo  # 'the demo' stands before 'it was taken down'
    assert in_context[0] > in_context[1]


def test_without_headings_the_first_segment_in_context_scores_as_it_does_alone(built: TokenIndex) -> None:
    max_sim = score(built, encode("llama"), [3])
    assert max_sim.in_context().tolist() == max_sim.segments(0).tolist()


def test_a_library_in_one_language_can_be_asked_in_the_other(tmp_path: Path) -> None:
    built = write(tmp_path, [representation(0, "only english words", title="")])
    assert np.isfinite(score(built, encode("中文问题"), [0]).whole).all()


def test_one_representation_of_one_token_can_be_scored(tmp_path: Path) -> None:
    built = write(tmp_path, [representation(0, "人", title="")])
    assert np.isfinite(score(built, encode("人"), [0]).whole).all()


def test_scores_are_the_same_after_reopening(tmp_path: Path) -> None:
    written = score(write(tmp_path), encode("llama 模型"))
    reopened = score(TokenIndex.load(tmp_path / "tokens"), encode("llama 模型"))
    assert np.array_equal(reopened.whole, written.whole)


@pytest.mark.parametrize("number", range(len(REPRESENTATIONS)))
def test_a_stored_encoding_equals_the_written_one_but_for_quantisation(built: TokenIndex, number: int) -> None:
    expected = encode(REPRESENTATIONS[number].text)
    stored = built.encoding(number, expected.pooled)
    assert np.array_equal(stored.ids, expected.ids)
    assert np.array_equal(stored.offsets, expected.offsets)
    assert np.array_equal(stored.tokens, CODEC.decode(CODEC.encode(expected.tokens)))
    assert stored.tokens == pytest.approx(expected.tokens, abs=0.004)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("chinese", [True, False])
def test_what_is_read_are_the_vectors_that_late_interaction_compares(
    built: TokenIndex, question: str, chinese: bool
) -> None:
    asked, numbers = encode(question), range(len(REPRESENTATIONS))
    read = MaxSim(built).read_tokens(asked, numbers, chinese=chinese, config=DEFAULT_RANKING)
    scores = score(built, asked, chinese=chinese)
    assert np.array_equal(read.weights, scores.weights)
    assert np.linalg.norm(read.asked, axis=1) == pytest.approx(1, abs=1e-5)
    for number, passage in enumerate(read.passages):
        matches = read.asked @ passage.vectors.T
        assert np.linalg.norm(passage.vectors, axis=1) == pytest.approx(1, abs=1e-5)
        assert matches.max(axis=1) == pytest.approx(scores.whole_matches[:, number], abs=2 * ROUNDING)
        headings = matches[:, : passage.headings].max(axis=1, initial=-1)
        assert headings == pytest.approx(scores.headings[:, number], abs=2 * ROUNDING)


def test_the_tokens_before_the_first_segment_are_of_headings(built: TokenIndex) -> None:
    expected = [len(encode(each.text[: each.segments[0].span.start]).ids) for each in REPRESENTATIONS]
    bare = [not each.text[: each.segments[0].span.start] for each in REPRESENTATIONS]
    found = [built.headings(number) for number in range(len(REPRESENTATIONS))]
    assert found == [0 if is_bare else count for count, is_bare in zip(expected, bare, strict=True)]
    assert {0, 3} == set(found)


@pytest.mark.parametrize("centering", [0.0, 0.5, 0.8])
def test_a_centered_vector_is_the_stored_one_less_a_share_of_its_language_s_mean(
    built: TokenIndex, plain: Plain, centering: float
) -> None:
    for number, each in enumerate(REPRESENTATIONS):
        expected = plain.stored[number] - centering * plain.means[has_han(own(each))]
        assert built.centered(number, np.float32(centering)) == pytest.approx(expected, abs=1e-5)
        config = replace(DEFAULT_RANKING, centering=centering)
        [passage] = MaxSim(built).passage_tokens([number], config)
        assert passage.vectors == pytest.approx(unit(expected), abs=1e-4)


def test_many_representations_take_half_the_space_and_score_nearly_the_same(
    tmp_path: Path, built: TokenIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(token_arrays, "_MOST_IN_8_BITS", 1)
    coarse, asked = write(tmp_path), encode(QUESTIONS[0])
    assert (coarse._path.stat().st_size) * 2 == built._path.stat().st_size
    assert score(coarse, asked).whole.tolist() == pytest.approx(score(built, asked).whole.tolist(), abs=0.08)
    reopened = TokenIndex.load(tmp_path / "tokens")
    assert np.array_equal(score(reopened, asked).whole, score(coarse, asked).whole)


def test_a_sentence_that_the_model_s_length_cut_off_does_not_score_as_the_last_word_that_was_read(
    tmp_path: Path,
) -> None:
    cut = representation(0, "one two three", "four five", "five six")
    read = encode(cut.text)
    words = 4  # of the title and the first sentence, in which nothing is asked for
    truncated = Encoding(read.pooled, read.tokens[:words], read.ids[:words], read.offsets[:words])
    tokens = TokenIndex.write(
        tmp_path / "tokens", [cut], iter([truncated]), question_means=question_means(FakeEncoder())
    )
    scores = score(tokens, encode("five two"), [0], chinese=False)
    assert scores.segments(0)[0] > 0
    assert scores.segments(0)[1:].tolist() == pytest.approx([-1, -1])
    assert int(np.argmax(scores.in_context()[: scores.ends[1]])) == 0


def test_a_report_of_an_invalid_operation_ends_no_answer() -> None:
    weights, matches = np.zeros(2, dtype=np.float32), np.full((2, 3), np.inf, dtype=np.float32)
    with np.errstate(invalid="raise"):
        assert np.isnan(weighted(weights, matches)).all()
        with pytest.raises(FloatingPointError):
            weights @ matches
