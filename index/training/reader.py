"""Training the bundled reader."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from index.errors import ChronicleError
from index.retrieval.interaction.token_vectors import MOST_TOKENS
from index.training.reader_network import PairBatch, ReaderNetwork
from index.training.reading_lists import ReadCorpus, ReadingList

_TAKEN_OUT = 0.3  # of the questions with an answer, the share whose passage is taken out: no other answers
_UNFOUND = 0.3  # the share of those whose passage is not among the first that is kept, as lists without an answer
_WARM_UP = 100  # steps
_LEAST_RATE = 0.05  # of the learning rate, at the end
_LONGEST_MEMORY = 0.99  # of the running mean of the weights
_TOKENS_AT_ONCE = 3000  # of a forward pass
_AVERAGE_QUESTION = 14  # tokens


@dataclass(frozen=True, slots=True)
class ReaderConfig:
    """How the reader is trained; the defaults are those of the shipped one.

    networks: whose mean it is, each from a seed of its own. width, layers, dropout: of each. steps: of each. batch:
    questions a step. passages: of a question's list in a step.
    """

    networks: int = 2
    width: int = 64
    layers: int = 1
    dropout: float = 0.15
    steps: int = 4500
    batch: int = 16
    passages: int = 6
    learning_rate: float = 5e-4
    weight_decay: float = 0.05
    seed: int = 1
    checkpoint_steps: int = 250
    threads: int = 1


@dataclass(frozen=True, slots=True)
class _Step:
    """The lists of one step: for each its corpus and the passages chosen of it; `target`: 1 if the first answers."""

    corpora: tuple[ReadCorpus, ...]
    lists: tuple[ReadingList, ...]
    chosen: tuple[tuple[int, ...], ...]
    target: Tensor


def train_readers(
    corpora: Sequence[ReadCorpus],
    checkpoint: Path,
    *,
    config: ReaderConfig,
    resume: bool = False,
    report: Callable[[int, float], None] = lambda _step, _loss: None,
) -> list[ReaderNetwork]:
    """Return networks trained one after another, as `train_reader` does; `report` receives the steps of all of them.

    The checkpoints are called `checkpoint` with the number of the network; `resume` goes on from the last one.
    """
    checkpoints = [numbered(checkpoint, number + 1) for number in range(config.networks)]
    for stale in () if resume else checkpoints:  # or a later `resume` would take them for this run's
        stale.unlink(missing_ok=True)
    networks = []
    for number, own in enumerate(checkpoints):

        def told(step: int, loss: float, before: int = number * config.steps) -> None:
            report(before + step, loss)

        of_one = replace(config, seed=config.seed + number)
        networks.append(train_reader(corpora, own, config=of_one, resume=resume and own.is_file(), report=told))
    return networks


def numbered(checkpoint: Path, number: int) -> Path:
    """Return the checkpoint of one of the networks, from 1."""
    return checkpoint.with_name(f"{checkpoint.name}-{number}")


def train_reader(
    corpora: Sequence[ReadCorpus],
    checkpoint: Path,
    *,
    config: ReaderConfig,
    resume: bool = False,
    report: Callable[[int, float], None] = lambda _step, _loss: None,
) -> ReaderNetwork:
    """Return a network trained on the lists of all corpora; `report` receives each step and its loss.

    The loss is the cross-entropy of the passage that answers, or of none, among those of a list, and that of the
    passage alone where there is one. What is returned is the running mean of the weights. `checkpoint` is written now
    and then; `resume` goes on from it. Raises ChronicleError if it cannot be read or is of another configuration.
    """
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    dimensions = corpora[0].lists[0].asked.shape[1]
    network = ReaderNetwork(dimensions, width=config.width, layers=config.layers, dropout=config.dropout)
    table = np.concatenate([each.scores for corpus in corpora for each in corpus.lists])
    network.score_means.copy_(torch.from_numpy(table.mean(axis=0)))
    network.score_scales.copy_(torch.from_numpy(table.std(axis=0) + 1e-5))
    mean = copy.deepcopy(network)
    optimizer = torch.optim.AdamW(_groups(network, config), lr=config.learning_rate, betas=(0.9, 0.98))
    parts: dict[str, Any] = {"network": network, "mean": mean, "optimizer": optimizer}
    start = _resumed(checkpoint, parts, config) if resume else 0
    for step in range(start + 1, config.steps + 1):
        random = np.random.default_rng((config.seed, step))
        torch.manual_seed(config.seed * 1_000_003 + step)  # so that a resumed run goes on as it would have
        loss = _loss(network.train(), _draw(corpora, config, random))
        for group in optimizer.param_groups:
            group["lr"] = config.learning_rate * _rate(step, config.steps)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        _follow(mean, network, min(_LONGEST_MEMORY, step / (step + 20)))
        report(step, float(loss.detach()))
        if step % config.checkpoint_steps == 0 or step == config.steps:
            _save(checkpoint, parts, config, step)
    return mean.eval()


def _draw(corpora: Sequence[ReadCorpus], config: ReaderConfig, random: np.random.Generator) -> _Step:
    """Return lists drawn at random, each corpus as often as it has questions."""
    sizes = np.array([len(corpus.lists) for corpus in corpora], dtype=np.float64)
    drawn: list[tuple[ReadCorpus, ReadingList, tuple[int, ...], bool]] = []
    while len(drawn) < config.batch:
        corpus = corpora[int(random.choice(len(corpora), p=sizes / sizes.sum()))]
        each = corpus.lists[int(random.integers(len(corpus.lists)))]
        wrong, right = np.flatnonzero(~each.answers), np.flatnonzero(each.answers)
        if not len(wrong) or (each.is_answered and not len(right) and random.random() > _UNFOUND):
            continue
        has_answer = bool(len(right)) and random.random() >= _TAKEN_OUT
        chosen = _wrong(wrong, config.passages - has_answer, random, with_first=not has_answer)
        if has_answer:
            chosen = [int(random.choice(right)), *chosen]
        drawn.append((corpus, each, tuple(chosen), has_answer))
    return _Step(
        corpora=tuple(corpus for corpus, *_ in drawn),
        lists=tuple(each for _, each, *_ in drawn),
        chosen=tuple(chosen for *_, chosen, _ in drawn),
        target=torch.tensor([int(has_answer) for *_, has_answer in drawn]),
    )


def _wrong(wrong: NDArray[np.intp], count: int, random: np.random.Generator, *, with_first: bool) -> list[int]:
    """Return up to `count` of the passages that do not answer, the higher ones likelier."""
    likely = 1 / (2.0 + np.arange(len(wrong)))
    found = random.choice(wrong, min(count, len(wrong)), replace=False, p=likely / likely.sum()).tolist()
    if with_first and wrong[0] not in found:
        found[0] = int(wrong[0])
    return [int(each) for each in found]


def _loss(network: ReaderNetwork, step: _Step) -> Tensor:
    rows = max(len(chosen) for chosen in step.chosen)
    logits = torch.full((len(step.lists), rows), -1e4)
    for places, batch in _batches(step):
        logits = logits.index_put(places, network(batch))
    none = torch.cat([torch.zeros(len(logits), 1), logits], dim=1)
    loss = nn.functional.cross_entropy(none, step.target)
    answered = logits[step.target == 1]
    if len(answered):
        loss = loss + nn.functional.cross_entropy(answered, torch.zeros(len(answered), dtype=torch.long))
    return loss


def _batches(step: _Step) -> Iterator[tuple[tuple[Tensor, Tensor], PairBatch]]:
    """Yield pairs of like length, with the row and the column that each has in the step's lists."""
    pairs = [
        (min(MOST_TOKENS, len(corpus.tokens[each.passages[at]].vectors)), row, column, at)
        for row, (corpus, each, chosen) in enumerate(zip(step.corpora, step.lists, step.chosen, strict=True))
        for column, at in enumerate(chosen)
    ]
    batch: list[tuple[int, int, int, int]] = []
    for pair in sorted(pairs):
        if batch and (pair[0] + _AVERAGE_QUESTION) * (len(batch) + 1) > _TOKENS_AT_ONCE:
            yield _places(batch), _padded(step, batch)
            batch = []
        batch.append(pair)
    yield _places(batch), _padded(step, batch)


def _places(batch: Sequence[tuple[int, int, int, int]]) -> tuple[Tensor, Tensor]:
    return torch.tensor([row for _, row, *_ in batch]), torch.tensor([column for *_, column, _ in batch])


def _padded(step: _Step, batch: Sequence[tuple[int, int, int, int]]) -> PairBatch:
    lists = [step.lists[row] for _, row, *_ in batch]
    passages = [
        step.corpora[row].tokens[each.passages[at]] for each, (_, row, _, at) in zip(lists, batch, strict=True)
    ]
    dimensions = lists[0].asked.shape[1]
    most, longest = max(len(each.asked) for each in lists), max(1, batch[-1][0])
    asked = np.zeros((len(batch), most, dimensions), dtype=np.float32)
    weights = np.zeros((len(batch), most), dtype=np.float32)
    vectors = np.zeros((len(batch), longest, dimensions), dtype=np.float32)
    tokens, headings = np.zeros((2, len(batch), longest), dtype=np.float32)
    for row, (each, passage) in enumerate(zip(lists, passages, strict=True)):
        asked[row, : len(each.asked)], weights[row, : len(each.asked)] = each.asked, each.weights
        length = min(longest, len(passage.vectors))
        vectors[row, :length], tokens[row, :length] = passage.vectors[:length], 1
        headings[row, : min(passage.headings, length)] = 1
    scores = np.stack([each.scores[at] for each, (*_, at) in zip(lists, batch, strict=True)])
    return PairBatch(*map(torch.from_numpy, (asked, weights, vectors, tokens, headings, scores)))


def _groups(network: ReaderNetwork, config: ReaderConfig) -> list[dict[str, Any]]:
    """Return the parameters, of which only the matrices decay."""
    matrices = [each for each in network.parameters() if each.ndim > 1]
    others = [each for each in network.parameters() if each.ndim <= 1]
    return [
        {"params": matrices, "weight_decay": config.weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]


def _rate(step: int, steps: int) -> float:
    """Return the share of the learning rate at a step: it rises at first, then falls as a cosine does."""
    falling = 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))
    return min(1.0, step / _WARM_UP) * (_LEAST_RATE + (1 - _LEAST_RATE) * falling)


@torch.no_grad()
def _follow(mean: ReaderNetwork, network: ReaderNetwork, share: float) -> None:
    for kept, new in zip(mean.parameters(), network.parameters(), strict=True):
        kept.mul_(share).add_(new, alpha=1 - share)


def _save(path: Path, parts: dict[str, Any], config: ReaderConfig, step: int) -> None:
    state = {name: part.state_dict() for name, part in parts.items()}
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("wb") as file:  # given a path, PyTorch raises no OSError
        torch.save({"state": state, "shape": [config.width, config.layers], "step": step}, file)
    fresh.replace(path)


def _resumed(path: Path, parts: dict[str, Any], config: ReaderConfig) -> int:
    """Load a checkpoint and return the step it was written after."""
    try:
        found = torch.load(path, weights_only=True)
        if found["shape"] != [config.width, config.layers]:
            raise ChronicleError(f"{path} is of a reader of another shape: delete it")
        for name, part in parts.items():
            part.load_state_dict(found["state"][name])
        return int(found["step"])
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, EOFError, UnpicklingError) as error:
        reason = str(error).partition("\n")[0].rstrip(":")
        raise ChronicleError(f"{path} is no checkpoint of a reader ({reason}): delete it") from error
