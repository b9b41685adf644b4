"""Writing the token vectors of all representations, quantised, and the arrays that go with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from index.corpus.representations import Representation
from index.retrieval.interaction.quantization import TokenCodec
from index.retrieval.ranking_config import DEFAULT_RANKING
from index.retrieval.rarity import count_holding
from index.types import Encoding, Vector

VECTORS = "token_vectors.u8"
CENTERING = np.float32(DEFAULT_RANKING.centering)  # that the stored norms are computed with

_MOST_IN_8_BITS = 50_000  # representations: 2 to 4 GB; those of more take half in 4 bits


@dataclass(frozen=True, slots=True)
class _Tokens:
    """One representation's encoding without its token vectors, and the sum of these: (dimensions,)."""

    ids: NDArray[np.int32]
    offsets: NDArray[np.int32]
    total: NDArray[np.float64]


def write_token_arrays(
    folder: Path,
    representations: Sequence[Representation],
    encodings: Iterable[Encoding],
    *,
    question_means: Vector,
    distinct: NDArray[np.int64] | None = None,
) -> dict[str, NDArray[Any]]:
    """Write the token vectors of `representations` into the new folder `folder`; return the arrays that go with them.

    One representation's vectors are in memory at a time. Those of one number in `distinct` (representations,) count
    once in frequencies and means.
    """
    folder.mkdir(parents=True)
    codec = codec_of(question_means, 8 if len(representations) <= _MOST_IN_8_BITS else 4)
    with (folder / VECTORS).open("wb") as file:
        tokens = [_write_rows(file, each, codec) for each in encodings]
    lengths = np.array([len(each.ids) for each in tokens])
    chinese = np.array([representation.is_chinese for representation in representations])
    distinct = np.arange(len(tokens)) if distinct is None else distinct
    is_first = np.zeros(len(tokens), dtype=bool)
    is_first[np.unique(distinct, return_index=True)[1]] = True
    means = np.stack([_mean(tokens, is_first & (chinese == is_chinese)) for is_chinese in (False, True)])
    ends = np.cumsum(lengths)
    ranges = [
        _segment_ranges(representation, each) + start
        for representation, each, start in zip(representations, tokens, ends - lengths, strict=True)
    ]
    known, counts = _frequencies(tokens, distinct)
    arrays: dict[str, NDArray[Any]] = {
        "token_ids": np.concatenate([each.ids for each in tokens]),
        "token_offsets": np.concatenate([each.offsets for each in tokens]),
        "token_norms": _norms(folder / VECTORS, lengths, means[chinese.astype(int)], codec),
        "representation_ends": ends,
        "segment_ranges": np.concatenate(ranges),
        "segment_ends": np.cumsum([len(each) for each in ranges]),
        "bits": np.array(codec.bits),
        "means": means,
        "question_means": question_means,
        "chinese": chinese,
        "known_ids": known,
        "known_counts": counts,
        "distinct_texts": np.array(np.count_nonzero(is_first)),
    }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    return arrays


def codec_of(question_means: Vector, bits: int) -> TokenCodec:
    """Return the codec for a model whose questions have these means, which depend on no document."""
    return TokenCodec(np.asarray(question_means.mean(axis=0), dtype=np.float32), bits)


def _write_rows(file: BinaryIO, encoding: Encoding, codec: TokenCodec) -> _Tokens:
    codes = codec.encode(encoding.tokens)
    file.write(codes.tobytes())
    return _Tokens(encoding.ids, encoding.offsets, codec.decode(codes).sum(axis=0, dtype=np.float64))


def read_rows(file: BinaryIO, count: int, codec: TokenCodec) -> NDArray[np.uint8]:
    """Return the next `count` rows of codes: (count, width)."""
    return np.fromfile(file, np.uint8, count * codec.width).reshape(count, codec.width)


def _mean(tokens: Sequence[_Tokens], chosen: NDArray[np.bool_]) -> Vector:
    """Return the mean token of the chosen representations, zero when there is none."""
    totals = np.stack([each.total for each in tokens])[chosen]
    count = sum(len(each.ids) for each, is_chosen in zip(tokens, chosen, strict=True) if is_chosen)
    return np.asarray(totals.sum(axis=0) / max(count, 1), dtype=np.float32)


def _frequencies(
    tokens: Sequence[_Tokens], distinct: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return the ids that occur, and in how many distinct representations."""
    occurring = [np.unique(each.ids) for each in tokens]
    known, terms = np.unique(np.concatenate(occurring), return_inverse=True)
    texts = np.repeat(distinct, [len(each) for each in occurring])
    return known, count_holding(terms, texts, known=len(known))


def _norms(path: Path, lengths: NDArray[np.int64], means: Vector, codec: TokenCodec) -> Vector:
    """Return the length of each centered token vector; `means`: (representations, dimensions)."""
    with path.open("rb") as file:
        return np.concatenate(
            [
                lengths_of(codec.decode(read_rows(file, length, codec)) - CENTERING * mean)
                for length, mean in zip(lengths, means, strict=True)
            ]
        )


def lengths_of(vectors: Vector) -> Vector:
    """Return the length of each vector, which can be divided by: (rows,)."""
    return np.asarray(np.maximum(np.linalg.norm(vectors, axis=1), np.float32(1e-6)), dtype=np.float32)


def _segment_ranges(representation: Representation, tokens: _Tokens) -> NDArray[np.int64]:
    """Return each segment's range of tokens, (segments, 2); a segment without a token has its nearest one.

    Words behind the last token were cut off by the model's length: their range is empty.
    """
    ranges = np.empty((len(representation.segments), 2), dtype=np.int64)
    last = len(tokens.ids)
    firsts = [
        int(np.searchsorted(tokens.offsets[:, 1], segment.span.start, side="right"))
        for segment in representation.segments
    ]
    is_read = any(first < last for first in firsts)
    for number, (segment, first) in enumerate(zip(representation.segments, firsts, strict=True)):
        if first == last and segment.span and is_read:
            ranges[number] = last, last
            continue
        nearest = min(first, max(last - 1, 0))
        end = int(np.searchsorted(tokens.offsets[:, 0], segment.span.end))
        ranges[number] = nearest, max(nearest + 1, end)
    return ranges
