"""Late interaction: every token of the question against every token of a view (MaxSim).

Khattab & Zaharia 2020 (ColBERT), here without training: token vectors of a pooled-embedding model point
mostly the same way, so the mean of their language is taken off first, and a question's tokens weigh by
their rarity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.fold import fold
from index.types import Encoder, Encoding, Vector
from index.views import View

# How much of the mean is taken off. R@1 of xquad-en2zh is 0.756 with nothing off the question, 0.846 with
# 0.5, 0.851 with 0.8 and 0.828 with all of it; xquad-zh is flat (0.960–0.962).
CENTRING = np.float32(0.8)

_READY_BYTES = 64 << 20  # 40,000 tokens: some 200 passages

# What the mean token of a question is, by language: questions about nothing in particular. On xquad-en2zh
# they do as well as the mean over the set's own 603 questions (0.851 and 0.847).
_PROBES = {
    True: (
        "这是什么？|他是谁？|这件事发生在什么时候？|它在哪里？|为什么会这样？|这是怎么做到的？|一共有多少？|哪一个最重要？|"
        "谁创立了这家公司？|结果怎么样？|有哪些人参加了？|这本书讲了什么？|它和别的有什么不同？|后来发生了什么？|"
        "费用是多少钱？|是否允许这样做？"
    ),
    False: (
        "What is this?|Who is he?|When did it happen?|Where is it?|Why is that so?|How was it done?|"
        "How many are there?|Which one is the most important?|Who founded the company?|What was the result?|"
        "Who took part in it?|What is the book about?|How is it different from the others?|"
        "What happened afterwards?|How much did it cost?|Is it allowed to do that?"
    ),
}


@dataclass(frozen=True, slots=True)
class Late:
    """Rarity-weighted MaxSim of one question with some views: each about -0.2 to 0.9.

    whole: (views,) against all the view's tokens, title and headings among them.
    pieces: for each view its pieces' scores, in order.
    """

    whole: Vector
    pieces: tuple[Vector, ...]


class TokenVectors:
    """The token vectors of all views, centred as they are read."""

    def __init__(self, arrays: dict[str, NDArray[np.generic]]) -> None:
        self._arrays = arrays
        self._vectors = arrays["token_vectors"]
        self._norms = arrays["token_norms"]
        self._views = arrays["view_ends"]
        self._pieces = arrays["piece_ranges"]
        self._piece_ends = arrays["piece_ends"]
        self._means = arrays["means"]
        self._chinese = arrays["chinese"]
        self._frequency = dict(zip(arrays["known_ids"].tolist(), arrays["known_counts"].tolist(), strict=True))

    @classmethod
    def build(cls, views: Sequence[View], encodings: Sequence[Encoding], encoder: Encoder) -> Self:
        """Lay out the token vectors of `views`; `encoder` encodes the probes for the questions' means."""
        chinese = np.array([view.is_chinese for view in views])
        vectors = np.concatenate([encoding.tokens for encoding in encodings]).astype(np.float16)
        lengths = np.array([len(encoding.ids) for encoding in encodings])
        language_of_token = np.repeat(chinese, lengths)
        means = np.stack(
            [_mean(vectors[language_of_token == han]) for han in (False, True)]
            + [_question_mean(encoder, han=han) for han in (False, True)]
        )
        norms = np.empty(len(vectors), dtype=np.float32)
        for han in (False, True):
            of = language_of_token == han
            norms[of] = np.linalg.norm(vectors[of].astype(np.float32) - CENTRING * means[int(han)], axis=1)
        known, counts = np.unique(
            np.concatenate([np.unique(encoding.ids) for encoding in encodings]), return_counts=True
        )
        starts = np.concatenate([[0], np.cumsum(lengths)])
        ranges = [
            _tokens_of(view, encoding) + start
            for view, encoding, start in zip(views, encodings, starts, strict=False)
        ]
        return cls(
            {
                "token_vectors": vectors,
                "token_ids": np.concatenate([encoding.ids for encoding in encodings]),
                "token_offsets": np.concatenate([encoding.offsets for encoding in encodings]),
                "token_norms": np.maximum(norms, np.float32(1e-6)),
                "view_ends": starts[1:],
                "piece_ranges": np.concatenate(ranges),
                "piece_ends": np.cumsum([len(each) for each in ranges]),
                "means": means,
                "chinese": chinese,
                "known_ids": known,
                "known_counts": counts,
            }
        )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what `save` wrote; the arrays with a row a token stay on disk and are mapped."""
        return cls(
            {
                path.stem: np.load(path, mmap_mode="r" if path.stem.startswith("token_") else None)
                for path in folder.glob("*.npy")
            }
        )

    def save(self, folder: Path) -> None:
        """Write every array into `folder`, which is made."""
        folder.mkdir(parents=True)
        for name, array in self._arrays.items():
            np.save(folder / f"{name}.npy", array)

    def __len__(self) -> int:
        return len(self._views)

    def encoding(self, view: int, pooled: Vector) -> Encoding:
        """Give the encoding of one view back, as it was built from, but for half precision."""
        of = slice(*self._bounds(view))
        return Encoding(
            pooled=pooled,
            tokens=np.asarray(self._vectors[of], dtype=np.float32),
            ids=np.asarray(self._arrays["token_ids"][of], dtype=np.int32),
            offsets=np.asarray(self._arrays["token_offsets"][of], dtype=np.int32),
        )

    def score(self, question: Encoding, views: Sequence[int], *, chinese: bool) -> Late:
        """Score `views` for a question that is, or is not, Chinese."""
        asked = _unit(question.tokens - CENTRING * self._means[2 + int(chinese)])
        weights = self._rarity(question.ids)
        bounds = [self._bounds(view) for view in views]
        similarity = self._similarities(asked, bounds, views)
        starts = np.cumsum([0, *(end - start for start, end in bounds)])
        whole = weights @ np.maximum.reduceat(similarity, starts[:-1], axis=1)
        ranges = np.concatenate(
            [
                self._ranges(view) - bound[0] + start
                for view, bound, start in zip(views, bounds, starts, strict=False)
            ]
        )
        best = weights @ _maxima(similarity, ranges)
        return Late(whole, tuple(np.split(best, np.cumsum([self._count(view) for view in views])[:-1])))

    def _similarities(self, asked: Vector, bounds: Sequence[tuple[int, int]], views: Sequence[int]) -> Vector:
        """Give the cosines of a question's centred tokens with those of the views: (question tokens, tokens)."""
        if self._ready is not None:
            if len(views) == len(self) and list(views) == list(range(len(self))):
                return asked @ self._ready.T
            return np.concatenate([asked @ self._ready[start:end].T for start, end in bounds], axis=1)
        parts = [
            asked @ self._centred(slice(start, end), chinese=bool(self._chinese[view])).T
            for (start, end), view in zip(bounds, views, strict=True)
        ]
        return np.concatenate(parts, axis=1)

    @cached_property
    def _ready(self) -> Vector | None:
        """All centred vectors, where they fit into little memory: reading half precision takes twice the time."""
        if self._vectors.size * 4 > _READY_BYTES:
            return None
        ready = np.empty(self._vectors.shape, dtype=np.float32)
        for view in range(len(self)):
            of = slice(*self._bounds(view))
            ready[of] = self._centred(of, chinese=bool(self._chinese[view]))
        return ready

    def _centred(self, of: slice, *, chinese: bool) -> Vector:
        raw = self._vectors[of].astype(np.float32) - CENTRING * self._means[int(chinese)]
        return np.asarray(raw / self._norms[of, np.newaxis], dtype=np.float32)

    def _rarity(self, ids: NDArray[np.int32]) -> Vector:
        """Weigh a question's tokens by their inverse frequency among the views; they sum to 1."""
        holding = np.array([self._frequency.get(number, 0) for number in ids.tolist()])
        rarity = np.log1p((len(self) - holding + 0.5) / (holding + 0.5))
        return np.asarray(rarity / rarity.sum(), dtype=np.float32)

    def _bounds(self, view: int) -> tuple[int, int]:
        return (int(self._views[view - 1]) if view else 0), int(self._views[view])

    def _count(self, view: int) -> int:
        return len(self._ranges(view))

    def _ranges(self, view: int) -> NDArray[np.int64]:
        start = int(self._piece_ends[view - 1]) if view else 0
        return np.asarray(self._pieces[start : int(self._piece_ends[view])])


def _question_mean(encoder: Encoder, *, han: bool) -> Vector:
    probes = [fold(probe) for probe in _PROBES[han].split("|")]
    return _mean(np.concatenate([each.tokens for each in encoder.encode_questions(probes)]))


def _tokens_of(view: View, encoding: Encoding) -> NDArray[np.int64]:
    """Give each piece's range of tokens: (pieces, 2); an untokenised piece takes its nearest token."""
    ranges = np.empty((len(view.pieces), 2), dtype=np.int64)
    last = len(encoding.ids)
    for number, piece in enumerate(view.pieces):
        first = int(np.searchsorted(encoding.offsets[:, 1], piece.span.start, side="right"))
        first = min(first, max(last - 1, 0))
        ranges[number] = first, max(first + 1, int(np.searchsorted(encoding.offsets[:, 0], piece.span.end)))
    return ranges


def _maxima(similarity: Vector, ranges: NDArray[np.int64]) -> Vector:
    """Give each token's best match inside each range: (question tokens, ranges)."""
    # reduceat takes [start, next start); a column of -1 lets the last range end where the tokens end.
    padded = np.concatenate([similarity, np.full((len(similarity), 1), -1, np.float32)], axis=1)
    return np.maximum.reduceat(padded, ranges.ravel(), axis=1)[:, ::2]


def _mean(vectors: NDArray[np.generic]) -> Vector:
    if not len(vectors):
        return np.zeros(vectors.shape[1], dtype=np.float32)
    return np.asarray(vectors.mean(axis=0, dtype=np.float64), dtype=np.float32)


def _unit(vectors: Vector) -> Vector:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.float32(1e-12)), dtype=np.float32)
