"""Late interaction: every token of the question against every token of a view (MaxSim).

Khattab & Zaharia 2020 (ColBERT), here without training: token vectors of a pooled-embedding model point
mostly the same way, so the mean of their language is taken off first, and a question's tokens weigh by
their rarity.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Self

import numpy as np
import torch
from numpy.typing import NDArray

from index.probes import question_mean
from index.types import Encoder, Encoding, Vector
from index.views import View

# How much of the mean is taken off. R@1 of xquad-en2zh is 0.756 with nothing off the question, 0.846 with
# 0.5, 0.851 with 0.8 and 0.828 with all of it; xquad-zh is flat (0.960–0.962).
CENTRING = np.float32(0.8)

_VECTORS = "token_vectors.f16"
_HALF = np.dtype("<f2")

_READY_BYTES = 64 << 20  # 40,000 tokens: some 200 passages


@dataclass(frozen=True, slots=True)
class Late:
    """Rarity-weighted MaxSim of one question with some views: each about -0.2 to 0.9.

    whole: (views,) against all the view's tokens, title and headings among them.
    scores: (pieces,) of all views, one after the other; view `at` has those from ends[at] to ends[at + 1].
    """

    whole: Vector
    scores: Vector
    ends: NDArray[np.int64]

    @property
    def best(self) -> Vector:
        """Each view's best piece: (views,)."""
        return np.asarray(np.maximum.reduceat(self.scores, self.ends[:-1]), dtype=np.float32)

    def pieces(self, at: int) -> Vector:
        """Give the scores of one view's pieces, in order."""
        return self.scores[self.ends[at] : self.ends[at + 1]]


@dataclass(frozen=True, slots=True)
class _Tokens:
    """What is kept in memory of one view's tokens: all of the encoding but their vectors, of which the sum."""

    ids: NDArray[np.int32]
    offsets: NDArray[np.int32]
    total: NDArray[np.float64]


class TokenVectors:
    """The token vectors of all views, centred as they are read."""

    def __init__(self, path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        self._path = path
        self._dimensions = arrays["means"].shape[1]
        # Copied on write, and never written: torch warns of memory that cannot be.
        self._vectors = np.memmap(path, dtype=_HALF, mode="c").reshape(-1, self._dimensions)
        self._arrays = arrays
        self._norms = arrays["token_norms"]
        self._views = arrays["view_ends"]
        self._pieces = arrays["piece_ranges"]
        self._piece_ends = arrays["piece_ends"]
        self._means = arrays["means"]
        self._chinese = arrays["chinese"]
        self._frequency = dict(zip(arrays["known_ids"].tolist(), arrays["known_counts"].tolist(), strict=True))

    @classmethod
    def write(cls, folder: Path, views: Sequence[View], encodings: Iterable[Encoding], encoder: Encoder) -> Self:
        """Write the token vectors of `views` into `folder`, which is made, and open them.

        They go to disk as they come, and no more than one view's is in memory. `encoder` encodes the probes
        for the questions' means.
        """
        folder.mkdir(parents=True)
        tokens = _write_vectors(folder / _VECTORS, encodings)
        lengths = np.array([len(each.ids) for each in tokens])
        chinese = np.array([view.is_chinese for view in views])
        means = np.stack(
            [_mean_of(tokens, chinese == han) for han in (False, True)]
            + [question_mean(encoder, han=han) for han in (False, True)]
        )
        ends = np.cumsum(lengths)
        ranges = [
            _tokens_of(view, each) + start for view, each, start in zip(views, tokens, ends - lengths, strict=True)
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

    def encoding(self, view: int, pooled: Vector) -> Encoding:
        """Give the encoding of one view back, as it was built from, but for half precision."""
        start, end = self._bounds(view)
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

    def score(self, question: Encoding, views: Sequence[int], *, chinese: bool) -> Late:
        """Score `views` for a question that is, or is not, Chinese."""
        asked = torch.from_numpy(_unit(question.tokens - CENTRING * self._means[2 + int(chinese)]))
        weights = self._rarity(question.ids)
        chosen = np.asarray(views)
        firsts = np.concatenate([[0], self._views])[chosen]
        lengths = self._views[chosen] - firsts
        starts = np.cumsum(lengths) - lengths
        similarity = self._similarities(asked, firsts, lengths, chosen)
        whole = weights @ np.maximum.reduceat(similarity, starts, axis=1)
        first_pieces = np.concatenate([[0], self._piece_ends])[chosen]
        counts = self._piece_ends[chosen] - first_pieces
        pieces = np.arange(counts.sum()) + np.repeat(first_pieces - (np.cumsum(counts) - counts), counts)
        ranges = self._pieces[pieces] + np.repeat(starts - firsts, counts)[:, np.newaxis]
        return Late(whole, weights @ _maxima(similarity, ranges), np.concatenate([[0], np.cumsum(counts)]))

    def _similarities(
        self, asked: torch.Tensor, firsts: NDArray[np.int64], lengths: NDArray[np.int64], views: NDArray[np.int64]
    ) -> Vector:
        """Give the cosines of a question's centred tokens with those of the views: (question tokens, tokens)."""
        bounds = list(zip(firsts.tolist(), (firsts + lengths).tolist(), strict=True))
        if self._ready is None:
            parts = [
                asked @ torch.from_numpy(self._centred(slice(start, end), chinese=bool(self._chinese[view]))).T
                for (start, end), view in zip(bounds, views.tolist(), strict=True)
            ]
        elif np.array_equal(views, np.arange(len(self))):
            parts = [asked @ self._ready]
        else:
            parts = [asked @ self._ready[:, start:end] for start, end in bounds]
        return np.asarray(torch.cat(parts, dim=1).numpy(), dtype=np.float32)

    @cached_property
    def _ready(self) -> torch.Tensor | None:
        """All centred vectors, (dimensions, tokens), where they fit into little memory.

        Reading half precision takes twice the time. One vector a column, and multiplied by PyTorch: NumPy
        takes more than twice as long, with one a row as with one a column.
        """
        if self._vectors.size * 4 > _READY_BYTES:
            return None
        ready = torch.empty((self._dimensions, len(self._vectors)))
        for view in range(len(self)):
            of = slice(*self._bounds(view))
            ready[:, of] = torch.from_numpy(self._centred(of, chinese=bool(self._chinese[view]))).T
        return ready

    def _centred(self, of: slice, *, chinese: bool) -> Vector:
        raw = _single(self._vectors[of]) - CENTRING * self._means[int(chinese)]
        return np.asarray(raw / self._norms[of, np.newaxis], dtype=np.float32)

    def _rarity(self, ids: NDArray[np.int32]) -> Vector:
        """Weigh a question's tokens by their inverse frequency among the views; they sum to 1."""
        holding = np.array([self._frequency.get(number, 0) for number in ids.tolist()])
        rarity = np.log1p((len(self) - holding + 0.5) / (holding + 0.5))
        return np.asarray(rarity / rarity.sum(), dtype=np.float32)

    def _bounds(self, view: int) -> tuple[int, int]:
        return (int(self._views[view - 1]) if view else 0), int(self._views[view])


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
    """Give the mean token of the chosen views; zero when there is none."""
    totals = np.stack([each.total for each in tokens])[chosen]
    count = sum(len(each.ids) for each, is_chosen in zip(tokens, chosen, strict=True) if is_chosen)
    return np.asarray(totals.sum(axis=0) / max(count, 1), dtype=np.float32)


def _norms(path: Path, lengths: NDArray[np.int64], means: Vector) -> Vector:
    """Give the length of each token's vector less most of its view's mean: (views, dimensions)."""
    norms = []
    with path.open("rb") as file:
        for length, mean in zip(lengths, means, strict=True):
            norms.append(np.linalg.norm(_read_rows(file, length, len(mean)) - CENTRING * mean, axis=1))
    return np.asarray(np.maximum(np.concatenate(norms), np.float32(1e-6)))


def _tokens_of(view: View, tokens: _Tokens) -> NDArray[np.int64]:
    """Give each piece's range of tokens: (pieces, 2); an untokenised piece takes its nearest token."""
    ranges = np.empty((len(view.pieces), 2), dtype=np.int64)
    last = len(tokens.ids)
    for number, piece in enumerate(view.pieces):
        first = int(np.searchsorted(tokens.offsets[:, 1], piece.span.start, side="right"))
        first = min(first, max(last - 1, 0))
        ranges[number] = first, max(first + 1, int(np.searchsorted(tokens.offsets[:, 0], piece.span.end)))
    return ranges


def _maxima(similarity: Vector, ranges: NDArray[np.int64]) -> Vector:
    """Give each token's best match inside each range: (question tokens, ranges)."""
    # reduceat takes [start, next start); a column of -1 lets the last range end where the tokens end.
    padded = np.concatenate([similarity, np.full((len(similarity), 1), -1, np.float32)], axis=1)
    return np.maximum.reduceat(padded, ranges.ravel(), axis=1)[:, ::2]


def _unit(vectors: Vector) -> Vector:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.float32(1e-12)), dtype=np.float32)
