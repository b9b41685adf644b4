"""The commands that train models: `train`, which tunes the bundled encoder, and `train reader`."""

from __future__ import annotations

import random
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from index.cli.progress import progress
from index.cli.terminal import write_line
from index.errors import ChronicleError

if TYPE_CHECKING:
    from index.training.reader import ReaderConfig
    from index.training.reading_lists import ReadingList

_NEEDED = ("peft", "accelerate", "datasets")
_TRIPLETS = 2  # a question
_MOST = 1000  # triplets a corpus: one with many questions must not drown the others
_CHECKPOINTS = "checkpoints"
_LISTS = "lists.jsonl"


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """What is trained, and how.

    data: the folder of training corpora. output: the adapter, beside which checkpoints go, or the reader's folder.
    steps: or the default. layers: of a reader, or the default.
    """

    data: Path
    output: Path
    steps: int | None
    threads: int
    resume: bool
    layers: int | None = None


def run_train(options: TrainOptions) -> None:
    """Mine negatives, tune the encoder and write its adapter. Raises ChronicleError."""
    _require_extra()
    checkpoints = options.output.parent / _CHECKPOINTS
    if options.resume:
        _require_checkpoint(checkpoints)
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


def run_train_reader(options: TrainOptions) -> None:
    """Mine lists with the engine, train a reader on them and write its folder. Raises ChronicleError."""
    _require_extra()
    checkpoints = options.output.with_name(f"{options.output.name}-{_CHECKPOINTS}")
    if options.output.exists():
        raise ChronicleError(f"{options.output} exists: name another folder for the reader")
    kept = checkpoints / _LISTS
    if options.resume:
        _require_checkpoint(checkpoints)
    elif kept.exists():
        raise ChronicleError(f"{checkpoints} is of an earlier run: go on with --resume, or delete it")
    from index.encoding.checkpoints import BUNDLED, load, locate
    from index.training.reader import ReaderConfig, require_layers, train_reader
    from index.training.reading_lists import load_lists, write_lists

    given = {"steps": options.steps, "layers": options.layers}
    config = ReaderConfig(**{name: value for name, value in given.items() if value is not None})
    model = load(locate(BUNDLED), threads=options.threads)
    require_layers(model, config.layers)
    if not options.resume:
        try:
            checkpoints.mkdir(parents=True, exist_ok=True)
            write_lists(kept, _mined_lists(options, config))
        except OSError as error:
            raise ChronicleError(f"{kept} cannot be written ({error.strerror}): name another --output") from error
    lists = load_lists(kept)
    reader = train_reader(model, lists, checkpoints, config=config, resume=options.resume)
    reader.save_pretrained(str(options.output), create_model_card=False)
    write_line(f"{options.output}: a reader (layers: {config.layers}), trained on {len(lists)} questions")


def _mined_lists(options: TrainOptions, config: ReaderConfig) -> list[ReadingList]:
    """Return the lists of all corpora, in random order."""
    from index.encoding.checkpoints import BUNDLED
    from index.encoding.encoder import load_encoder
    from index.training.examples import read_training_corpora
    from index.training.reading_lists import mine_lists

    corpora = read_training_corpora(options.data)
    encoder = load_encoder(BUNDLED, threads=options.threads, passes=1)
    mined: list[ReadingList] = []
    with progress() as bar:
        for number, corpus in enumerate(corpora):
            bar.step("mining negatives", number, len(corpora))
            mined += mine_lists(corpus, encoder, passages=config.passages, seed=config.seed)
    return random.Random(config.seed).sample(mined, len(mined))  # noqa: S311


def _require_extra() -> None:
    """Raise ChronicleError if the extra `train` is not installed."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise ChronicleError(f"training needs {', '.join(missing)}: pip install 'llama-chronicle[train]'")


def _require_checkpoint(folder: Path) -> None:
    """Raise ChronicleError unless the folder holds a checkpoint."""
    if not any(folder.glob("checkpoint-*")):
        raise ChronicleError(f"{folder} holds no checkpoint: run without --resume")
