"""MaxSimScores interaction: every token of the question against every token of a representation (MaxSim).

Khattab & Zaharia 2020 (ColBERT), here without training: token vectors of a pooled-embedding model point
mostly the same way, so the mean of their language is taken off first, and a question's tokens score_candidates by
their rarity.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

import numpy as np
import torch
from numpy.typing import NDArray

from index.corpus.representations import Representation
from index.encoding.centering import question_mean
from index.retrieval.ranking_config import DEFAULT_RANKING, RankingConfig, TokenWeighting
from index.types import Encoder, Encoding, Vector

CENTERING = np.float32(DEFAULT_RANKING.centering)  # that the stored norms were computed with

_VECTORS = "token_vectors.f16"
_HALF = np.dtype("<f2")

_READY_BYTES = 64 << 20  # 40,000 tokens: some 200 passages


@dataclass(frozen=True, slots=True)
class MaxSimScores:
    """Rarity-weighted MaxSim of one question with some representations: each about -0.2 to 0.9.

    whole: (representations,) against all the representation's tokens, title and headings among them.
    scores: (segments,) of all representations, one after the other; representation `at` has those from ends[at] to ends[at + 1].
    """

    whole: Vector
    scores: Vector
    ends: NDArray[np.int64]

    @property
    def best(self) -> Vector:
        """Each representation's best segment: (representations,)."""
        return np.asarray(np.maximum.reduceat(self.scores, self.ends[:-1]), dtype=np.float32)

    def segments(self, at: int) -> Vector:
        """Give the scores of one representation's segments, in order."""
        return self.scores[self.ends[at] : self.ends[at + 1]]


@dataclass(frozen=True, slots=True)
class _Tokens:
    """What is kept in memory of one representation's tokens: all of the encoding but their vectors, of which the sum."""

    ids: NDArray[np.int32]
    offsets: NDArray[np.int32]
    total: NDArray[np.float64]


class TokenIndex:
    """The token vectors of all representations, centred as they are read."""

    def __init__(self, path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        self._path = path
        self._dimensions = arrays["means"].shape[1]
        # Copied on write, and never written: torch warns of memory that cannot be.
        self._vectors = np.memmap(path, dtype=_HALF, mode="c").reshape(-1, self._dimensions)
        self._arrays = arrays
        self._norms = arrays["token_norms"]
        self._views = arrays["view_ends"]
        self._segments = arrays["piece_ranges"]
        self._piece_ends = arrays["piece_ends"]
        self._means = arrays["means"]
        self._chinese = arrays["chinese"]
        self._centered_vectors: dict[float, torch.Tensor] = {}
        self._frequency = dict(zip(arrays["known_ids"].tolist(), arrays["known_counts"].tolist(), strict=True))

    @classmethod
    def write(
        cls,
        folder: Path,
        representations: Sequence[Representation],
        encodings: Iterable[Encoding],
        encoder: Encoder,
    ) -> Self:
        """Write the token vectors of `representations` into `folder`, which is made, and open them.

        They go to disk as they come, and no more than one representation's is in memory. `encoder` encodes the probes
        for the questions' means.
        """
        folder.mkdir(parents=True)
        tokens = _write_vectors(folder / _VECTORS, encodings)
        lengths = np.array([len(each.ids) for each in tokens])
        chinese = np.array([representation.is_chinese for representation in representations])
        means = np.stack(
            [_mean_of(tokens, chinese == han) for han in (False, True)]
            + [question_mean(encoder, han=han) for han in (False, True)]
        )
        ends = np.cumsum(lengths)
        ranges = [
            _tokens_of(representation, each) + start
            for representation, each, start in zip(representations, tokens, ends - lengths, strict=True)
        ]
        known, counts = np.unique(np.concatenate([np.unique(each.ids) for each in tokens]), return_counts=True)
        arrays: dict[str, NDArray[np.generic]] = {
            "token_ids": np.concatenate([each.ids for each in tokens]),
            "token_offsets": np.concatenate([each.offsets for each in tokens]),
            "token_norms": _norms(folder / _VECTORS, lengths, means[chinese.astype(int)]),
            "view_ends": ends,
            "piece_ranges": np.concatenate(ranges),
            "piece_ends": np.cumsum([len(each) for each in ranges]),
            "means": means,
            "chinese": chinese,
            "known_ids": known,
            "known_counts": counts,
        }
        for name, array in arrays.items():
            np.save(folder / f"{name}.npy", array)
        return cls(folder / _VECTORS, arrays)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what `write` wrote; the arrays with a row a token stay on disk and are mapped."""
        arrays: dict[str, NDArray[np.generic]] = {
            path.stem: np.load(path, mmap_mode="r" if path.stem.startswith("token_") else None)
            for path in folder.glob("*.npy")
        }
        return cls(folder / _VECTORS, arrays)

    def __len__(self) -> int:
        return len(self._views)

    def encoding(self, representation: int, pooled: Vector) -> Encoding:
        """Give the encoding of one representation back, as it was built from, but for half precision."""
        start, end = self._bounds(representation)
        of = slice(start, end)
        with self._path.open("rb") as file:  # read, not mapped: mapped pages count as this process's memory
            file.seek(start * self._dimensions * _HALF.itemsize)
            tokens = _read_rows(file, end - start, self._dimensions)
        return Encoding(
            pooled=pooled,
            tokens=tokens,
            ids=np.asarray(self._arrays["token_ids"][of], dtype=np.int32),
            offsets=np.asarray(self._arrays["token_offsets"][of], dtype=np.int32),
        )

    def score(
        self,
        question: Encoding,
        representations: Sequence[int],
        *,
        chinese: bool,
        config: RankingConfig = DEFAULT_RANKING,
    ) -> MaxSimScores:
        """Return the scores of `representations` for a question that is, or is not, Chinese."""
        centering = np.float32(config.centering)
        asked = torch.from_numpy(_unit(question.tokens - centering * self._means[2 + int(chinese)]))
        weights = self._weights(question.ids, config.token_weighting)
        chosen = np.asarray(representations)
        firsts = np.concatenate([[0], self._views])[chosen]
        lengths = self._views[chosen] - firsts
        starts = np.cumsum(lengths) - lengths
        similarity = self._similarities(asked, chosen, centering)
        whole = weights @ np.maximum.reduceat(similarity, starts, axis=1)
        first_segments = np.concatenate([[0], self._piece_ends])[chosen]
        counts = self._piece_ends[chosen] - first_segments
        segments = np.arange(counts.sum()) + np.repeat(first_segments - (np.cumsum(counts) - counts), counts)
        ranges = self._segments[segments] + np.repeat(starts - firsts, counts)[:, np.newaxis]
        return MaxSimScores(whole, weights @ _maxima(similarity, ranges), np.concatenate([[0], np.cumsum(counts)]))

    def _similarities(
        self, asked: torch.Tensor, representations: NDArray[np.int64], centering: np.float32
    ) -> Vector:
        """Return the cosines of the question's tokens with those of the representations: (question tokens, tokens)."""
        whole = self._whole(centering)
        if whole is None:
            parts = [
                asked @ torch.from_numpy(self._centered(representation, centering)).T
                for representation in representations.tolist()
            ]
        elif np.array_equal(representations, np.arange(len(self))):
            parts = [asked @ whole]
        else:
            parts = [
                asked @ whole[:, slice(*self._bounds(representation))]
                for representation in representations.tolist()
            ]
        return np.asarray(torch.cat(parts, dim=1).numpy(), dtype=np.float32)

    def _whole(self, centering: np.float32) -> torch.Tensor | None:
        """Return all centered vectors, (dimensions, tokens), kept in memory; None where they are too large for that.

        Reading half precision takes twice the time. One vector a column, and multiplied by PyTorch: NumPy
        takes more than twice as long in either layout.
        """
        if self._vectors.size * 4 > _READY_BYTES:
            return None
        key = float(centering)
        if key not in self._centered_vectors:
            whole = torch.empty((self._dimensions, len(self._vectors)))
            for representation in range(len(self)):
                whole[:, slice(*self._bounds(representation))] = torch.from_numpy(
                    self._centered(representation, centering)
                ).T
            self._centered_vectors[key] = whole
        return self._centered_vectors[key]

    def _centered(self, representation: int, centering: np.float32) -> Vector:
        of = slice(*self._bounds(representation))
        raw = _single(self._vectors[of]) - centering * self._means[int(self._chinese[representation])]
        norms = self._norms[of] if centering == CENTERING else _lengths(raw)
        return np.asarray(raw / norms[:, np.newaxis], dtype=np.float32)

    def _weights(self, ids: NDArray[np.int32], weighting: TokenWeighting) -> Vector:
        """Return a weight for each of a question's tokens; they sum to 1.

        Rarity is the inverse frequency among the representations.
        """
        if weighting is TokenWeighting.UNIFORM:
            return np.full(len(ids), 1 / max(1, len(ids)), dtype=np.float32)
        holding = np.array([self._frequency.get(number, 0) for number in ids.tolist()])
        rarity = np.log1p((len(self) - holding + 0.5) / (holding + 0.5))
        return np.asarray(rarity / rarity.sum(), dtype=np.float32)

    def _bounds(self, representation: int) -> tuple[int, int]:
        return (int(self._views[representation - 1]) if representation else 0), int(self._views[representation])


def _write_vectors(path: Path, encodings: Iterable[Encoding]) -> list[_Tokens]:
    """Write the token vectors one after the other in half precision; keep what is small."""
    with path.open("wb") as file:
        return [_write_rows(file, each) for each in encodings]


def _write_rows(file: BinaryIO, encoding: Encoding) -> _Tokens:
    half = torch.from_numpy(encoding.tokens).half().numpy()
    file.write(half.tobytes())
    return _Tokens(encoding.ids, encoding.offsets, _single(half).sum(axis=0, dtype=np.float64))


def _read_rows(file: BinaryIO, count: int, dimensions: int) -> Vector:
    return _single(np.fromfile(file, _HALF, count * dimensions).reshape(count, dimensions))


def _single(half: NDArray[np.float16]) -> Vector:
    """Give half precision as single; torch does it seven times as fast as NumPy, and the way back twenty times."""
    return np.asarray(torch.from_numpy(half).float().numpy(), dtype=np.float32)


def _mean_of(tokens: Sequence[_Tokens], chosen: NDArray[np.bool_]) -> Vector:
    """Give the mean token of the chosen representations; zero when there is none."""
    totals = np.stack([each.total for each in tokens])[chosen]
    count = sum(len(each.ids) for each, is_chosen in zip(tokens, chosen, strict=True) if is_chosen)
    return np.asarray(totals.sum(axis=0) / max(count, 1), dtype=np.float32)


def _norms(path: Path, lengths: NDArray[np.int64], means: Vector) -> Vector:
    """Return the length of each centered token vector; `means`: (representations, dimensions)."""
    with path.open("rb") as file:
        return np.concatenate(
            [
                _lengths(_read_rows(file, length, len(mean)) - CENTERING * mean)
                for length, mean in zip(lengths, means, strict=True)
            ]
        )


def _lengths(vectors: Vector) -> Vector:
    return np.asarray(np.maximum(np.linalg.norm(vectors, axis=1), np.float32(1e-6)), dtype=np.float32)


def _tokens_of(representation: Representation, tokens: _Tokens) -> NDArray[np.int64]:
    """Give each segment's range of tokens: (segments, 2); an untokenised segment takes its nearest token."""
    ranges = np.empty((len(representation.segments), 2), dtype=np.int64)
    last = len(tokens.ids)
    for number, segment in enumerate(representation.segments):
        first = int(np.searchsorted(tokens.offsets[:, 1], segment.span.start, side="right"))
        first = min(first, max(last - 1, 0))
        ranges[number] = first, max(first + 1, int(np.searchsorted(tokens.offsets[:, 0], segment.span.end)))
    return ranges


def _maxima(similarity: Vector, ranges: NDArray[np.int64]) -> Vector:
    """Give each token's best match inside each range: (question tokens, ranges)."""
    # reduceat takes [start, next start); a column of -1 lets the last range end where the tokens end.
    padded = np.concatenate([similarity, np.full((len(similarity), 1), -1, np.float32)], axis=1)
    return np.maximum.reduceat(padded, ranges.ravel(), axis=1)[:, ::2]


def _unit(vectors: Vector) -> Vector:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.float32(1e-12)), dtype=np.float32)
