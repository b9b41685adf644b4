"""Training a reader: a cross-encoder of the tuned encoder's own first layers, its table of word vectors kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from sentence_transformers import CrossEncoder, SentenceTransformer
from sentence_transformers.base.modules import Dense
from sentence_transformers.cross_encoder import CrossEncoderTrainer, CrossEncoderTrainingArguments
from sentence_transformers.sentence_transformer.modules import Pooling
from transformers import set_seed
from transformers.trainer_utils import get_last_checkpoint

from index.errors import ChronicleError
from index.training.reading_lists import ReadingList
from index.training.reading_loss import ReadingLoss
from index.training.schedule import shared_arguments


@dataclass(frozen=True, slots=True)
class ReaderConfig:
    """How a reader is trained.

    layers: of the encoder that are kept, the first ones. batch: questions a step. passages: of a question. length:
    tokens of a pair; what is longer is cut.
    """

    layers: int = 6
    steps: int = 900
    batch: int = 4
    passages: int = 4
    length: int = 160
    learning_rate: float = 1e-4
    seed: int = 13
    checkpoint_steps: int = 100


def train_reader(
    encoder: SentenceTransformer,
    lists: Sequence[ReadingList],
    checkpoints: Path,
    *,
    config: ReaderConfig,
    resume: bool = False,
) -> CrossEncoder:
    """Return a reader trained on `lists`; `encoder` is used up.

    `resume` goes on from the last of the checkpoints. Raises ChronicleError if the encoder has fewer layers, or that
    checkpoint another number of them.
    """
    if resume:
        _require_same_layers(checkpoints, config.layers)
    set_seed(config.seed)
    reader = make_reader(encoder, config)
    arguments = CrossEncoderTrainingArguments(
        **shared_arguments(config, checkpoints),
        save_total_limit=1,  # each holds the table of word vectors, 384 MB of the bundled model
    )
    data = Dataset.from_dict(
        {
            "question": [each.question for each in lists],
            "passages": [list(each.passages) for each in lists],
            "labels": [list(each.labels) for each in lists],
        }
    )
    trainer = CrossEncoderTrainer(model=reader, args=arguments, train_dataset=data, loss=ReadingLoss(reader))
    trainer.train(resume_from_checkpoint=resume)
    return reader.eval()


def make_reader(encoder: SentenceTransformer, config: ReaderConfig) -> CrossEncoder:
    """Return an untrained reader: the encoder's first layers, the mean of the pair's tokens, one linear output.

    The encoder is used up. Raises ChronicleError if it has fewer layers.
    """
    require_layers(encoder, config.layers)
    transformer: Any = encoder[0]
    network = transformer.auto_model
    network.encoder.layer = network.encoder.layer[: config.layers]
    network.config.num_hidden_layers = config.layers
    network.embeddings.word_embeddings.requires_grad_(requires_grad=False)
    transformer.max_seq_length = config.length
    width = network.config.hidden_size
    score = Dense(width, 1, activation_function=torch.nn.Identity(), module_output_name="scores")
    reader: CrossEncoder = CrossEncoder(modules=[transformer, Pooling(width), score], device="cpu")
    return reader


def require_layers(encoder: SentenceTransformer, layers: int) -> None:
    """Raise ChronicleError unless a reader can have `layers` of the encoder's layers."""
    transformer: Any = encoder[0]
    most = len(transformer.auto_model.encoder.layer)
    if not 1 <= layers <= most:
        raise ChronicleError(f"the encoder has {most} layers: give --layers 1 to {most}")


def _require_same_layers(checkpoints: Path, layers: int) -> None:
    """Raise ChronicleError unless the last checkpoint is of a reader with `layers` layers."""
    last = Path(get_last_checkpoint(str(checkpoints)) or checkpoints)  # type: ignore[no-untyped-call]
    try:
        found = json.loads((last / "config.json").read_text("utf-8"))["num_hidden_layers"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ChronicleError(f"{last} is no checkpoint of a reader ({error}): delete it") from error
    if found != layers:
        raise ChronicleError(f"{last} is of a reader with {found} layers: resume with --layers {found}")
