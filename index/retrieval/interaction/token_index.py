"""Token vectors of all representations on disk, quantised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.corpus.representations import Representation
from index.retrieval.interaction.packed_codes import PackedCodes
from index.retrieval.interaction.token_arrays import (
    CENTERING,
    VECTORS,
    codec_of,
    lengths_of,
    read_rows,
    write_token_arrays,
)
from index.retrieval.rarity import rarity
from index.types import Encoding, Vector

_BLOCK = 8192  # tokens: 3 MB in 8 bits
_PACKED_BYTES = 16 << 20  # of codes up to which a copy is kept in memory: 40,000 tokens


class TokenIndex:
    """Token vectors, and for each representation the ranges of tokens that are its own and its segments'.

    ends: (representations,) where each representation's tokens end.
    segment_ranges: (segments, 2) the tokens of each segment; segment_ends: (representations,) where each
        representation's segments end.
    question_means: (2, dimensions) the mean token of English and of Chinese questions; means: of representations.
    """

    def __init__(self, path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._path = path
        self._arrays = arrays
        self.question_means: Vector = arrays["question_means"]
        self._codec = codec_of(self.question_means, int(arrays["bits"]))
        # As a plain array: each slice of a `memmap` costs ten times as much.
        self._vectors = np.asarray(np.memmap(path, dtype=np.uint8, mode="r")).reshape(-1, self._codec.width)
        self.ends: NDArray[np.int64] = arrays["representation_ends"]
        self.segment_ranges: NDArray[np.int64] = arrays["segment_ranges"]
        self.segment_ends: NDArray[np.int64] = arrays["segment_ends"]
        self._norms = np.asarray(arrays["token_norms"])
        self.means: Vector = arrays["means"]
        self._chinese = arrays["chinese"]
        self._texts = int(arrays["distinct_texts"])
        self._frequency = dict(zip(arrays["known_ids"].tolist(), arrays["known_counts"].tolist(), strict=True))

    @classmethod
    def write(
        cls,
        folder: Path,
        representations: Sequence[Representation],
        encodings: Iterable[Encoding],
        *,
        question_means: Vector,
        distinct: NDArray[np.int64] | None = None,
    ) -> Self:
        """Write the token vectors of `representations` into the new folder `folder` and open them.

        One representation's vectors are in memory at a time. Those of one number in `distinct` (representations,)
        count once in frequencies and means.
        """
        arrays = write_token_arrays(
            folder, representations, encodings, question_means=question_means, distinct=distinct
        )
        return cls(folder / VECTORS, arrays)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what `write` wrote; the arrays with a row for each token stay on disk and are mapped."""
        arrays: dict[str, NDArray[Any]] = {
            path.stem: np.load(path, mmap_mode="r" if path.stem.startswith("token_") else None)
            for path in folder.glob("*.npy")
        }
        return cls(folder / VECTORS, arrays)

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def tokens(self) -> int:
        """The number of token vectors."""
        return len(self._vectors)

    def slice_of(self, representation: int) -> slice:
        """Return the tokens of one representation."""
        return slice(int(self.ends[representation - 1]) if representation else 0, int(self.ends[representation]))

    def slices_of(self, representations: NDArray[np.int64]) -> list[slice]:
        """Return the tokens of `representations` in order; neighbours share a slice."""
        breaks = np.flatnonzero(np.diff(representations) != 1)
        firsts = representations[np.concatenate([[0], breaks + 1])]
        lasts = representations[np.concatenate([breaks, [len(representations) - 1]])]
        starts = starts_of(self.ends, firsts)
        return [slice(*each) for each in zip(starts.tolist(), self.ends[lasts].tolist(), strict=True)]

    def similarities(
        self, asked: Vector, representations: NDArray[np.int64], centering: np.float32 = CENTERING
    ) -> Vector:
        """Return the cosines of unit vectors `asked` with the centered ones of representations: (asked, tokens + 1).

        Centered: less the share `centering` of their language's mean. They are centered and divided by their lengths
        after the product, which has fewer numbers. The last column is -1, where ranges of tokens may end.
        """
        by_mean = centering * (asked @ self.means.T)
        slices = self.slices_of(representations)
        lengths = self.ends[representations] - starts_of(self.ends, representations)
        products = self._products(asked, slices)
        chinese = self._chinese[representations].astype(np.int64)
        is_of_one_language = (chinese == chinese[0]).all()
        found = np.full((len(asked), products.shape[1] + 1), -1, dtype=np.float32)
        cosines = found[:, :-1]
        np.subtract(
            products, by_mean[:, chinese[:1] if is_of_one_language else np.repeat(chinese, lengths)], cosines
        )
        cosines /= self._lengths(slices, representations, centering)
        return found

    def _products(self, asked: Vector, slices: Sequence[slice]) -> Vector:
        """Return the inner products of `asked` with the tokens of `slices`: (asked, tokens)."""
        is_small = self._codec.bits == 8 and self._vectors.nbytes <= _PACKED_BYTES
        if is_small and slices == [slice(0, len(self._vectors))]:
            return self._packed.products(asked)
        return self._codec.products(asked, self._blocks(slices))

    @cached_property
    def _packed(self) -> PackedCodes:
        return PackedCodes(self._codec, self._vectors)

    def _lengths(
        self, slices: Sequence[slice], representations: NDArray[np.int64], centering: np.float32
    ) -> Vector:
        """Return the lengths of the centered vectors of representations, whose tokens are `slices`: (tokens,)."""
        if centering == CENTERING:
            return np.concatenate([self._norms[each] for each in slices])
        means = centering * self.means[self._chinese[representations].astype(np.int64)]
        each = zip(representations.tolist(), means, strict=True)
        return np.concatenate(
            [lengths_of(self._codec.decode(self._vectors[self.slice_of(number)]) - mean) for number, mean in each]
        )

    def _blocks(self, slices: Sequence[slice]) -> Iterator[NDArray[np.uint8]]:
        """Yield the rows of `slices` in turn, some thousands at a time."""
        block: list[NDArray[np.uint8]] = []
        count = 0
        for each in slices:
            block.append(self._vectors[each])
            count += len(block[-1])
            if count >= _BLOCK:
                yield np.concatenate(block)
                block, count = [], 0
        if block:
            yield np.concatenate(block)

    def centered(self, representation: int, centering: np.float32 = CENTERING) -> Vector:
        """Return one representation's vectors less the share `centering` of their language's mean."""
        decoded = self._codec.decode(self._vectors[self.slice_of(representation)])
        return np.asarray(decoded - centering * self.means[int(self._chinese[representation])], dtype=np.float32)

    def headings(self, representation: int) -> int:
        """Return how many of one representation's tokens stand before its first segment: its title and headings."""
        first = int(self.segment_ends[representation - 1]) if representation else 0
        if first == int(self.segment_ends[representation]):
            return 0
        return int(self.segment_ranges[first, 0]) - int(self.slice_of(representation).start)

    def rarity(self, ids: NDArray[np.int32]) -> Vector:
        """Return the inverse document frequency in nats of each of the vocabulary's `ids`."""
        holding = np.array([self._frequency.get(number, 0) for number in ids.tolist()], dtype=np.int64)
        return rarity(holding, self._texts)

    def encoding(self, representation: int, pooled: Vector) -> Encoding:
        """Return the encoding that one representation was written from, but for quantisation."""
        of = self.slice_of(representation)
        with self._path.open("rb") as file:  # read, not mapped: mapped pages count as this process's memory
            file.seek(of.start * self._codec.width)
            tokens = self._codec.decode(read_rows(file, of.stop - of.start, self._codec))
        return Encoding(
            pooled=pooled,
            tokens=tokens,
            ids=np.asarray(self._arrays["token_ids"][of], dtype=np.int32),
            offsets=np.asarray(self._arrays["token_offsets"][of], dtype=np.int32),
        )


def starts_of(ends: NDArray[np.int64], numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where the numbered ones of consecutive ranges begin, whose ends these are, without a pass over all."""
    return np.where(numbers > 0, ends[numbers - 1], 0)
