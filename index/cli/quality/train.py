"""The command that tunes the bundled encoder: `train`."""

from __future__ import annotations

import random
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from index.cli.progress import progress
from index.cli.terminal import write_line
from index.errors import ChronicleError

_NEEDED = ("peft", "accelerate", "datasets")
_TRIPLETS = 2  # a question
_MOST = 1000  # triplets a corpus: one with many questions must not drown the others
_CHECKPOINTS = "checkpoints"


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """data: the folder of training corpora. output: the adapter, beside which checkpoints go. steps: or the default."""

    data: Path
    output: Path
    steps: int | None
    threads: int
    resume: bool


def run_train(options: TrainOptions) -> None:
    """Mine negatives, tune the encoder and write its adapter. Raises ChronicleError."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise ChronicleError(f"training needs {', '.join(missing)}: pip install 'llama-chronicle[train]'")
    checkpoints = options.output.parent / _CHECKPOINTS
    if options.resume and not any(checkpoints.glob("checkpoint-*")):
        raise ChronicleError(f"{checkpoints} holds no checkpoint: run without --resume")
    from index.encoding.checkpoints import UNTUNED, load, locate
    from index.encoding.encoder import load_encoder
    from index.training.examples import read_training_corpora
    from index.training.mining import mine
    from index.training.trainer import TrainingConfig, tune

    config = TrainingConfig(**({} if options.steps is None else {"steps": options.steps}))
    corpora = read_training_corpora(options.data)
    encoder = load_encoder(UNTUNED, threads=options.threads)
    triplets = {}
    with progress() as bar:
        for number, corpus in enumerate(corpora):
            bar.step("mining negatives", number, len(corpora))
            mined = list(mine(corpus, encoder, negatives=_TRIPLETS, seed=config.seed))
            triplets[corpus.name] = random.Random(config.seed).sample(mined, min(_MOST, len(mined)))  # noqa: S311
    model = load(locate(UNTUNED), threads=options.threads)
    adapter = tune(model, triplets, checkpoints, config=config, resume=options.resume)
    adapter.write(options.output)
    write_line(f"{options.output}: tuned on {sum(map(len, triplets.values()))} triplets of {len(corpora)} corpora")
