"""A model's graph for onnxruntime in a folder: the files there, and what is known of it besides."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

GRAPH = "graph.onnx"
TOKENS, POOLED = "tokens", "pooled"  # the graph's outputs
INPUTS = "input_ids", "attention_mask"

_DESCRIPTION = "encoder.json"


class TokenizerKind(StrEnum):
    """Which library reads the model's tokenizer."""

    SENTENCEPIECE = "sentencepiece"
    TOKENIZERS = "tokenizers"


@dataclass(frozen=True, slots=True)
class ExportedModel:
    """What an encoder needs to know of a graph.

    longest: tokens of a text, the model's own marks included. padding: the id that fills shorter rows.
    """

    tokenizer: TokenizerKind
    longest: int
    padding: int
    question_prompt: str
    passage_prompt: str

    def write(self, folder: Path) -> None:
        """Write it into the model's folder."""
        (folder / _DESCRIPTION).write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), "utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Return what `write` wrote. Raises OSError, ValueError or TypeError if it is damaged."""
        found = json.loads((folder / _DESCRIPTION).read_text("utf-8"))
        return cls(**{**found, "tokenizer": TokenizerKind(found["tokenizer"])})
