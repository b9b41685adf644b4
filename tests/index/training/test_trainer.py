"""Training lowers the loss, and the written adapter makes of the untuned weights the trained model."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("peft", reason="the extra `train` is not installed")

import torch

from index.encoding import bundled_model
from index.encoding import checkpoints as models
from index.training.loss import LateInteractionLoss
from index.training.mining import Triplet
from index.training.trainer import TrainingConfig, tune
from tests.index.encoding.test_checkpoints import PIECES, data_file

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

CONFIG = TrainingConfig(steps=40, batch=4, length=16, rank=4, learning_rate=1e-2, checkpoint_steps=20, share=1.0)
LETTERS = "abcdefghij"
TRIPLETS = [
    Triplet(question=letter * 3, answer=LETTERS[at - 1] * 4, negative=letter * 4)
    for at, letter in enumerate(LETTERS)
]


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SentenceTransformer:
    """Load a model of one layer and 17 pieces."""
    data = tmp_path / "tiny.bin"
    data.write_bytes(data_file())
    digest = hashlib.sha256(data.read_bytes()).hexdigest()
    monkeypatch.setattr(bundled_model, "_data_file", lambda: (data, digest))
    monkeypatch.setattr(models, "ADAPTER", tmp_path / "adapter.safetensors")
    return models.load(models.locate("bundled-untuned", cache=tmp_path))


def loss_of(model: SentenceTransformer) -> float:
    """Return the loss of all triplets as one batch."""
    loss = LateInteractionLoss(model, torch.ones(len(PIECES)), len(TRIPLETS))
    texts = [
        [f"query: {each.question}" for each in TRIPLETS],
        [f"passage: {each.answer}" for each in TRIPLETS],
        [f"passage: {each.negative}" for each in TRIPLETS],
    ]
    with torch.inference_mode():
        return float(loss([model.tokenizer(of, padding=True, return_tensors="pt") for of in texts]))


def test_training_lowers_the_loss_and_the_adapter_gives_the_trained_vectors(
    model: SentenceTransformer, tmp_path: Path
) -> None:
    before = loss_of(model)
    adapter = tune(model, {"letters": TRIPLETS}, tmp_path / "checkpoints", config=CONFIG)
    model.eval()
    assert loss_of(model) < 0.85 * before
    adapter.write(tmp_path / "adapter.safetensors")
    merged = models.load(models.locate("bundled", cache=tmp_path))
    texts = ["abc", "ab cd", "jih"]
    np.testing.assert_allclose(merged.encode(texts), model.encode(texts), atol=2e-3)  # half precision


def test_training_goes_on_from_the_last_checkpoint(
    model: SentenceTransformer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tune(model, {"letters": TRIPLETS}, tmp_path / "whole", config=CONFIG)
    again = models.load(models.locate("bundled-untuned", cache=tmp_path))
    resumed = tune(again, {"letters": TRIPLETS}, tmp_path / "whole", config=CONFIG, resume=True)
    for name, (up, down) in whole.factors.items():
        np.testing.assert_allclose(np.asarray(resumed.change(name)), np.asarray(up @ down), atol=1e-5)


def test_a_punctuation_mark_and_the_prompt_do_not_count(model: SentenceTransformer) -> None:
    loss = LateInteractionLoss(model, torch.ones(len(PIECES)), 10)
    features = model(dict(model.tokenizer(["query: abc"], padding=True, return_tensors="pt")))
    _, weights = loss._tokens(features, side=0)
    assert weights.sum() == pytest.approx(1.0)
    kept = [PIECES[at] for at in features["input_ids"][0][weights[0] > 0].tolist()]
    assert "".join(kept).replace("▁", "") == "abc"
