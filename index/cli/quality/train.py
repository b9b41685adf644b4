"""The commands that train models: `train`, which tunes the bundled encoder, and `train reader`."""

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
_MOST = 400  # triplets a corpus: one with many questions must not drown the others
_CHECKPOINTS = "checkpoints"


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """What is trained, and how.

    data: the folder of training corpora. output: the adapter or the reader's graph; checkpoints go beside it. steps: or
    the default.
    """

    data: Path
    output: Path
    steps: int | None
    threads: int
    resume: bool


def run_train(options: TrainOptions) -> None:
    """Mine negatives with the tuned encoder, tune the untuned one anew and write its adapter. Raises ChronicleError."""
    _require_extra()
    checkpoints = options.output.parent / _CHECKPOINTS
    if options.resume:
        _require_checkpoint(checkpoints)
    from index.encoding.checkpoints import BUNDLED, UNTUNED, load, locate
    from index.encoding.encoder import load_encoder
    from index.training.examples import read_training_corpora
    from index.training.mining import mine
    from index.training.trainer import TrainingConfig, tune

    config = TrainingConfig() if options.steps is None else TrainingConfig(steps=options.steps)
    corpora = read_training_corpora(options.data)
    encoder = load_encoder(BUNDLED, threads=options.threads)
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
    """Mine lists with the engine, train the reader on them and write its graph. Raises ChronicleError."""
    checkpoint = options.output.with_name(f"{options.output.name}.checkpoint")
    if options.output.is_dir() or not options.output.parent.is_dir():  # it is written when all is done
        raise ChronicleError(f"{options.output} cannot be written: name another --output, a file in a folder")
    from index.encoding.checkpoints import BUNDLED
    from index.encoding.encoder import load_encoder
    from index.training.examples import read_training_corpora
    from index.training.reader import ReaderConfig, numbered, train_readers
    from index.training.reader_graph import write_graph
    from index.training.reading_lists import mine_lists

    if options.resume and not numbered(checkpoint, 1).is_file():
        raise ChronicleError(f"there is no {numbered(checkpoint, 1)}: run without --resume")
    given = {} if options.steps is None else {"steps": options.steps}
    config = ReaderConfig(**given, threads=options.threads)
    corpora = read_training_corpora(options.data)
    encoder = load_encoder(BUNDLED, threads=options.threads)
    with progress() as bar:
        mined = []
        for number, corpus in enumerate(corpora):
            bar.step("asking the training corpora", number, len(corpora))
            mined.append(mine_lists(corpus, encoder, seed=config.seed))
        lists = [each for each in mined if each.lists]
        if all(each.answers.all() for corpus in lists for each in corpus.lists):
            raise ChronicleError(f"no question in {options.data} finds a passage that does not answer it")
        try:
            networks = train_readers(
                lists,
                checkpoint,
                config=config,
                resume=options.resume,
                report=lambda step, _loss: bar.step("training", step, config.networks * config.steps),
            )
            write_graph(networks, options.output, encoder=encoder.fingerprint)
        except OSError as error:
            raise ChronicleError(
                f"{error.filename or options.output} cannot be written ({error.strerror}): name another --output"
            ) from error
    questions = sum(len(each.lists) for each in lists)
    write_line(f"{options.output}: a reader, trained on {questions} questions of {len(lists)} corpora")


def _require_extra() -> None:
    """Raise ChronicleError if the extra `train` is not installed."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise ChronicleError(f"training needs {', '.join(missing)}: pip install 'llama-chronicle[train]'")


def _require_checkpoint(folder: Path) -> None:
    """Raise ChronicleError unless the folder holds a checkpoint."""
    if not any(folder.glob("checkpoint-*")):
        raise ChronicleError(f"{folder} holds no checkpoint: run without --resume")
