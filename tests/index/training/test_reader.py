"""The reader learns a rule, the same one from the same seed, goes on from a checkpoint, and runs as a graph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from index.errors import ChronicleError
from index.retrieval.interaction.token_vectors import MOST_TOKENS, PassageTokens, ReadTokens
from index.retrieval.reading.passage_reader import BundledReader
from index.retrieval.reading.scores import WIDTH, ComparedScores
from index.training.reader import ReaderConfig, train_reader, train_readers
from index.training.reader_graph import write_graph
from index.training.reader_network import OneQuestion, ReaderNetwork
from index.training.reading_lists import ReadCorpus, ReadingList
from index.types import Vector

DIMENSIONS, ASKED = 8, 3
# So few steps are all of the warm-up, in which the learning rate rises to the one that is named.
CONFIG = ReaderConfig(
    width=16, dropout=0.0, steps=60, batch=8, passages=4, learning_rate=3e-2, checkpoint_steps=20
)
SIGN = np.eye(DIMENSIONS, dtype=np.float32)[-1]  # the rule: what has this vector among its tokens answers


def unit(random: np.random.Generator, count: int) -> Vector:
    """Return random unit vectors that have nothing of the sign."""
    vectors = random.standard_normal((count, DIMENSIONS)) * (SIGN == 0)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def tokens_of(random: np.random.Generator, *, answers: bool) -> PassageTokens:
    vectors = unit(random, int(random.integers(4, 12)))
    if answers:
        vectors[int(random.integers(1, len(vectors)))] = SIGN
    return PassageTokens(vectors.astype(np.float16), int(random.integers(0, 3)))


def corpus(seed: int, questions: int = 40) -> ReadCorpus:
    """Return lists of six passages, the scores of which say nothing; one in four has no passage that answers."""
    random = np.random.default_rng(seed)
    right = [bool(number % 3 == 0) for number in range(60)]
    tokens = {number: tokens_of(random, answers=answers) for number, answers in enumerate(right)}
    lists = []
    for number in range(questions):
        wrong = random.choice([at for at in tokens if not right[at]], 6, replace=False).tolist()
        if number % 4:
            wrong[int(random.integers(6))] = int(random.choice([at for at in tokens if right[at]]))
        lists.append(
            ReadingList(
                asked=unit(random, ASKED).astype(np.float16),
                weights=np.full(ASKED, 1 / ASKED, dtype=np.float32),
                passages=tuple(wrong),
                scores=random.standard_normal((6, WIDTH)).astype(np.float32),
                answers=np.array([right[at] for at in wrong]),
                is_answered=bool(number % 4),
            )
        )
    return ReadCorpus(f"corpus {seed}", tuple(lists), tokens)


CORPORA = [corpus(1), corpus(2, questions=20)]
UNSEEN = corpus(3)


def read(network: ReaderNetwork, tokens: ReadTokens, scores: ComparedScores) -> Vector:
    """Return what a network reads, in place of its graph."""
    vectors, own, headings = tokens.padded()
    values = tokens.asked, tokens.weights, vectors, own, headings, scores.table
    with torch.inference_mode():
        logits = OneQuestion([network])(*(torch.from_numpy(np.asarray(each, dtype=np.float32)) for each in values))
    return np.asarray(logits.numpy(), dtype=np.float32)


def readings(network: ReaderNetwork, of: ReadCorpus) -> list[Vector]:
    return [
        read(
            network,
            ReadTokens(each.asked.astype(np.float32), each.weights, tuple(of.tokens[at] for at in each.passages)),
            ComparedScores(each.scores),
        )
        for each in of.lists
    ]


def found(network: ReaderNetwork, of: ReadCorpus) -> float:
    """Return the share of the questions with an answer whose first passage, by the readings, is it."""
    pairs = [
        bool(each.answers[int(np.argmax(logits))])
        for each, logits in zip(of.lists, readings(network, of), strict=True)
        if each.is_answered
    ]
    return float(np.mean(pairs))


def weights(network: ReaderNetwork) -> dict[str, Vector]:
    return {name: value.numpy() for name, value in network.state_dict().items()}


def equal(one: ReaderNetwork, other: ReaderNetwork) -> bool:
    first, second = weights(one), weights(other)
    return first.keys() == second.keys() and all(np.array_equal(first[name], second[name]) for name in first)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> ReaderNetwork:
    return train_reader(CORPORA, tmp_path_factory.mktemp("trained") / "checkpoint", config=CONFIG)


def test_it_learns_which_passages_answer_and_that_some_lists_have_none(trained: ReaderNetwork) -> None:
    untrained = ReaderNetwork(DIMENSIONS, width=CONFIG.width, dropout=CONFIG.dropout).eval()
    assert found(untrained, UNSEEN) < 0.5
    assert found(trained, UNSEEN) > 0.9
    best = [
        (each.is_answered, float(logits.max()))
        for each, logits in zip(UNSEEN.lists, readings(trained, UNSEEN), strict=True)
    ]
    right, none = ([logit for answered, logit in best if answered == wanted] for wanted in (True, False))
    assert np.median(right) > 0 > np.median(none)


def test_the_loss_of_each_step_is_told_and_falls(tmp_path: Path) -> None:
    told: list[tuple[int, float]] = []
    train_reader(CORPORA, tmp_path / "checkpoint", config=CONFIG, report=lambda *step: told.append(step))
    steps, losses = zip(*told, strict=True)
    assert steps == tuple(range(1, CONFIG.steps + 1))
    assert np.mean(losses[-10:]) < 0.5 * np.mean(losses[:10])


def test_the_same_seed_gives_the_same_weights_and_another_gives_others(
    trained: ReaderNetwork, tmp_path: Path
) -> None:
    same, other = (
        train_reader(CORPORA, tmp_path / str(seed), config=replace(CONFIG, seed=seed)) for seed in (1, 2)
    )
    assert equal(trained, same)
    assert not equal(trained, other)


def test_a_training_that_was_interrupted_goes_on_to_the_same_reader(
    trained: ReaderNetwork, tmp_path: Path
) -> None:
    def interrupt(step: int, _loss: float) -> None:
        if step == 45:
            raise KeyboardInterrupt

    checkpoint, resumed = tmp_path / "checkpoint", []
    with pytest.raises(KeyboardInterrupt):
        train_reader(CORPORA, checkpoint, config=CONFIG, report=interrupt)
    network = train_reader(
        CORPORA, checkpoint, config=CONFIG, resume=True, report=lambda step, _loss: resumed.append(step)
    )
    assert resumed == list(range(41, 61))
    assert equal(network, trained)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint"]


def test_a_training_that_has_ended_has_nothing_to_go_on_with(tmp_path: Path) -> None:
    config, checkpoint = replace(CONFIG, steps=3), tmp_path / "checkpoint"
    ended = train_reader(CORPORA, checkpoint, config=config)
    again = train_reader(CORPORA, checkpoint, config=config, resume=True, report=lambda *_: pytest.fail("a step"))
    assert equal(ended, again)


@pytest.mark.parametrize(("interrupted", "expected"), [(45, range(41, 121)), (105, range(101, 121))])
def test_several_are_trained_from_seeds_of_their_own_and_go_on_where_they_were_interrupted(
    trained: ReaderNetwork, interrupted: int, expected: range, tmp_path: Path
) -> None:
    def interrupt(step: int, _loss: float) -> None:
        if step == interrupted:
            raise KeyboardInterrupt

    config, checkpoint, resumed = replace(CONFIG, networks=2), tmp_path / "checkpoint", []
    (tmp_path / "checkpoint-2").write_bytes(b"of an earlier run")
    with pytest.raises(KeyboardInterrupt):
        train_readers(CORPORA, checkpoint, config=config, report=interrupt)
    one, other = train_readers(
        CORPORA, checkpoint, config=config, resume=True, report=lambda step, _loss: resumed.append(step)
    )
    assert resumed == list(expected)
    assert equal(one, trained)
    assert equal(other, train_reader(CORPORA, tmp_path / "alone", config=replace(CONFIG, seed=CONFIG.seed + 1)))


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("short") / "checkpoint"
    train_reader(CORPORA, path, config=replace(CONFIG, steps=2))
    return path


@pytest.mark.parametrize(
    "damage",
    [
        lambda _content: b"",
        lambda _content: b"nonsense" * 40,
        lambda content: content[: len(content) // 2],
        lambda content: content[:-100],
        lambda _content: saved([1, 2]),
        lambda _content: saved({"shape": [16, 1]}),
        lambda _content: saved({"shape": [16, 1], "state": [], "step": 1}),
    ],
    ids=["empty", "other", "half", "cut", "list", "nothing in it", "no state"],
)
def test_a_damaged_checkpoint_is_one_line(
    checkpoint: Path, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    damaged = tmp_path / "checkpoint"
    damaged.write_bytes(damage(checkpoint.read_bytes()))
    with pytest.raises(ChronicleError, match=r"\A[^\n]*is no checkpoint of a reader[^\n]*delete it\Z"):
        train_reader(CORPORA, damaged, config=replace(CONFIG, steps=4), resume=True)


def saved(value: object) -> bytes:
    """Return what PyTorch writes for a value."""
    from io import BytesIO

    file = BytesIO()
    torch.save(value, file)
    return file.getvalue()


@pytest.mark.parametrize("other", [{"width": 32}, {"layers": 2}])
def test_a_checkpoint_of_another_shape_is_one_line(checkpoint: Path, other: dict[str, int]) -> None:
    with pytest.raises(ChronicleError, match=r"\A[^\n]*of another shape: delete it\Z"):
        train_reader(CORPORA, checkpoint, config=replace(CONFIG, **other), resume=True)


def test_a_checkpoint_for_vectors_of_another_width_is_one_line(checkpoint: Path) -> None:
    wide = [
        replace(
            each,
            lists=tuple(replace(of, asked=np.pad(of.asked, ((0, 0), (0, 4)))) for of in each.lists),
            tokens={
                at: PassageTokens(np.pad(of.vectors, ((0, 0), (0, 4))), of.headings)
                for at, of in each.tokens.items()
            },
        )
        for each in CORPORA
    ]
    with pytest.raises(ChronicleError, match=r"\A[^\n]*delete it\Z"):
        train_reader(wide, checkpoint, config=CONFIG, resume=True)


def test_a_checkpoint_that_cannot_be_written_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"):
        train_reader(CORPORA, tmp_path / "gone" / "checkpoint", config=replace(CONFIG, steps=1))


@pytest.fixture(scope="module")
def graph(trained: ReaderNetwork, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("graph") / "reader.onnx"
    write_graph([trained], path, encoder="model-1")
    return path.read_bytes()


@pytest.mark.parametrize("asked", [1, 2, 14, 90])
@pytest.mark.parametrize(
    "lengths", [(1,), (MOST_TOKENS,), (2, 1), (7, 1, 30), (3, 250, 9, 1, 12, 100, 64, 5, 2, 8)], ids=len
)
def test_the_graph_reads_what_the_network_reads(
    trained: ReaderNetwork, graph: bytes, asked: int, lengths: tuple[int, ...]
) -> None:
    random = np.random.default_rng(asked)
    tokens = ReadTokens(
        unit(random, asked),
        np.full(asked, 1 / asked, dtype=np.float32),
        tuple(PassageTokens(unit(random, length), at % 3) for at, length in enumerate(lengths)),
    )
    scores = ComparedScores(random.standard_normal((len(lengths), WIDTH)).astype(np.float32))
    expected = read(trained, tokens, scores)
    assert BundledReader(graph).read(tokens, scores) == pytest.approx(expected, rel=1e-4, abs=1e-3)


def test_the_graph_of_several_reads_the_mean_of_what_each_reads(trained: ReaderNetwork, tmp_path: Path) -> None:
    other = ReaderNetwork(DIMENSIONS, width=CONFIG.width).eval()
    write_graph([trained, other], tmp_path / "reader.onnx", encoder="model-1")
    reader, each = BundledReader((tmp_path / "reader.onnx").read_bytes()), UNSEEN.lists[0]
    tokens = ReadTokens(
        each.asked.astype(np.float32), each.weights, tuple(UNSEEN.tokens[at] for at in each.passages)
    )
    scores = ComparedScores(each.scores)
    expected = (read(trained, tokens, scores) + read(other, tokens, scores)) / 2
    assert reader.read(tokens, scores) == pytest.approx(expected, rel=1e-4, abs=1e-3)


def test_the_graph_names_its_encoder_and_nothing_of_this_machine(graph: bytes) -> None:
    assert BundledReader(graph).encoder == "model-1"
    assert not any(trace in graph for trace in (b"/index/", b"site-packages", b"reader_network.py", b"Traceback"))
