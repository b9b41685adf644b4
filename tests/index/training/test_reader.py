"""A reader learns a rule, the same one from the same seed, goes on from a checkpoint, and opens as a reranker."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

pytest.importorskip("datasets", reason="the extra `train` is not installed")

import torch

from index.encoding import bundled_model
from index.encoding import checkpoints as models
from index.encoding.reranker import require_reranker
from index.errors import ChronicleError
from index.training.reader import ReaderConfig, make_reader, train_reader
from index.training.reading_lists import ReadingList
from index.training.reading_loss import ReadingLoss
from tests.index.encoding.test_checkpoints import data_file

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder, SentenceTransformer

CONFIG = ReaderConfig(layers=1, steps=60, batch=4, passages=3, length=16, learning_rate=5e-3, checkpoint_steps=30)
# The rule: a passage with an `a` answers; some lists have none.
PASSAGES = ("a b", "c d", "e f", "g a", "h i", "b j")
LISTS = [
    ReadingList(question, passages, tuple(int("a" in passage) for passage in passages))
    for question in ("j", "i h", "d")
    for at in range(6)
    for passages in [(PASSAGES[at], PASSAGES[(at + 1) % 6], PASSAGES[(at + 4) % 6])]
]


@pytest.fixture
def encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that loads a model of two layers and 17 pieces."""
    data = tmp_path / "tiny.bin"
    data.write_bytes(data_file(layers=2))
    digest = hashlib.sha256(data.read_bytes()).hexdigest()
    monkeypatch.setattr(bundled_model, "_data_file", lambda: (data, digest))

    def load() -> SentenceTransformer:
        return models.load(models.locate("bundled-untuned", cache=tmp_path / "cache"))

    return load


def loss_of(reader: CrossEncoder) -> float:
    """Return the loss of all lists as one batch."""
    columns = [each.question for each in LISTS], [each.passages for each in LISTS]
    with torch.inference_mode():
        parts = ReadingLoss(reader)(columns, [torch.tensor(each.labels) for each in LISTS])
    return float(sum(parts.values()))


def logits(reader: CrossEncoder) -> Any:
    return reader.predict([("j", passage) for passage in PASSAGES], activation_fn=torch.nn.Identity())


def test_a_reader_learns_the_rule_and_the_same_from_the_same_seed(encoder: Any, tmp_path: Path) -> None:
    before = loss_of(make_reader(encoder(), CONFIG).eval())
    first, second = (train_reader(encoder(), LISTS, tmp_path / name, config=CONFIG) for name in ("one", "two"))
    assert loss_of(first) < 0.5 * before
    scores = logits(first)
    right = ["a" in passage for passage in PASSAGES]
    assert scores[right].min() > scores[np.invert(right)].max()
    np.testing.assert_array_equal(logits(second), scores)


def test_a_training_that_was_interrupted_goes_on_to_the_same_reader(
    encoder: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = train_reader(encoder(), LISTS, tmp_path / "whole", config=CONFIG)
    halfway, steps, forward = tmp_path / "halfway", count(), ReadingLoss.forward

    def interrupted(self: ReadingLoss, *batch: Any, **options: Any) -> Any:
        if next(steps) == 45:
            raise KeyboardInterrupt
        return forward(self, *batch, **options)

    with monkeypatch.context() as patch:
        patch.setattr(ReadingLoss, "forward", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train_reader(encoder(), LISTS, halfway, config=CONFIG)
    (last,) = halfway.glob("checkpoint-*")
    assert last.name == "checkpoint-30"
    resumed = train_reader(encoder(), LISTS, halfway, config=CONFIG, resume=True)
    np.testing.assert_allclose(logits(resumed), logits(whole), atol=1e-4)


def test_a_checkpoint_of_another_reader_or_of_none_is_one_line(encoder: Any, tmp_path: Path) -> None:
    config, halfway = replace(CONFIG, steps=2, checkpoint_steps=1), tmp_path / "halfway"
    train_reader(encoder(), LISTS, halfway, config=config)
    with pytest.raises(ChronicleError, match="resume with --layers 1"):
        train_reader(encoder(), LISTS, halfway, config=replace(config, layers=2), resume=True)
    (halfway / "checkpoint-2" / "config.json").write_text("[]", "utf-8")
    with pytest.raises(ChronicleError, match="no checkpoint of a reader"):
        train_reader(encoder(), LISTS, halfway, config=config, resume=True)


def test_a_saved_reader_opens_as_a_reranker(encoder: Any, tmp_path: Path) -> None:
    reader = train_reader(encoder(), LISTS, tmp_path / "checkpoints", config=CONFIG)
    reader.save_pretrained(str(tmp_path / "reader"), create_model_card=False)
    reranker = require_reranker(str(tmp_path / "reader"))
    assert reranker is not None
    scores = reranker.scores("j", PASSAGES)
    assert scores is not None
    np.testing.assert_allclose(scores, logits(reader), atol=1e-5)
    assert reranker.fault is None


def test_the_word_vectors_stay_and_the_first_layers_are_the_encoders(encoder: Any, tmp_path: Path) -> None:
    weights = {name: value.clone() for name, value in encoder().state_dict().items()}
    untrained = make_reader(encoder(), CONFIG).state_dict()
    kept = [name for name in weights if "layer.1." not in name and "pooler" not in name]
    assert len(kept) > 15
    assert all(torch.equal(untrained[name], weights[name]) for name in kept)
    assert not any("layer.1." in name for name in untrained)
    trained = train_reader(encoder(), LISTS, tmp_path / "checkpoints", config=CONFIG).state_dict()
    words = [name for name in kept if "word_embeddings" in name]
    assert all(torch.equal(trained[name], weights[name]) for name in words)
    assert not all(torch.equal(trained[name], weights[name]) for name in kept)


@pytest.mark.parametrize("layers", [0, 3])
def test_layers_that_the_encoder_lacks_are_one_line(encoder: Any, layers: int) -> None:
    with pytest.raises(ChronicleError, match="the encoder has 2 layers"):
        make_reader(encoder(), ReaderConfig(layers=layers))


def test_a_batch_without_any_answer_has_a_loss_that_can_be_lowered(encoder: Any) -> None:
    parts = ReadingLoss(make_reader(encoder(), CONFIG))((["j"], [PASSAGES[1:3]]), [torch.tensor([0, 0])])
    assert float(parts["listwise"]) == 0
    sum(parts.values()).backward()
