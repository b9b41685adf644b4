"""What the training of the encoder and that of a reader have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

_WARM_UP = 0.06  # share of the steps


class Schedule(Protocol):
    """How many steps are trained, with how many questions each, and after how many a checkpoint is written."""

    @property
    def steps(self) -> int:
        """The number of steps."""

    @property
    def batch(self) -> int:
        """The questions of a step."""

    @property
    def learning_rate(self) -> float:
        """The highest learning rate."""

    @property
    def seed(self) -> int:
        """What all random numbers follow from."""

    @property
    def checkpoint_steps(self) -> int:
        """The steps from one checkpoint to the next."""


def shared_arguments(schedule: Schedule, checkpoints: Path) -> dict[str, Any]:
    """Return the arguments of sentence-transformers' trainers that follow from `schedule`, by name."""
    return {
        "output_dir": str(checkpoints),
        "max_steps": schedule.steps,
        "per_device_train_batch_size": schedule.batch,
        "learning_rate": schedule.learning_rate,
        "warmup_steps": int(_WARM_UP * schedule.steps),
        "lr_scheduler_type": "cosine",
        "weight_decay": 0.01,
        "seed": schedule.seed,
        "save_steps": schedule.checkpoint_steps,
        "logging_steps": 10,
        "report_to": "none",
        "disable_tqdm": True,
        "dataloader_drop_last": True,
        "dataloader_pin_memory": False,
    }
