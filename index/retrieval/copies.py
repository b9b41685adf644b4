"""Passages that say the same in nearly the same words: copies, and one text in several versions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache, partial
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.corpus.corpus import Corpus
from index.retrieval.fusion import CandidateScores
from index.text.terms import terms
from index.types import Vector

# The share of the longer passage's terms that the shorter must have. 0.9 also joins two statutes of stard-hans
# that differ in one word; in carpentries, which has 18 exact copies, it joins 29 pairs and 0.95 27.
_LEAST_SHARED = 0.95
_LEAST_LENGTH = 0.9  # of the longer passage; a cheap test before the terms are compared
_LONG = 40  # code points; a shorter text, such as "Yes.", says the same only below the same heading
_LEAST_ALIKE = 4  # hashes of two sketches: where nine terms in ten are shared, fewer are alike once in thousands
_COMPARED = 40  # candidates; those below are taken to be distinct
_LEAST_DISTINCT = 16  # groups whose copies are looked for; the confidence compares the first with the next ten
_KEPT = 512  # passages whose terms are kept: some 6 MB
_COMPARED_IN_CORPUS = 8  # passages of one sketch that the next is compared with: a table may have thousands

_NEGATIONS = frozenset({"not", "no", "never", "none", "cannot", "t", "without", "except"})
_NEGATING = frozenset("不没无未非勿莫否别除")

_Occurrence: TypeAlias = str | tuple[str, int]  # a term; where it stands again, with how often it stands before


class CopyFinder:
    """Finds the passages of a corpus that are copies of one another."""

    def __init__(self, corpus: Corpus) -> None:
        self._sketches = corpus.tables.sketches
        self._terms = lru_cache(maxsize=_KEPT)(partial(_read_terms, corpus))

    def group(self, ranked: Sequence[CandidateScores], *, distinct: int) -> list[list[CandidateScores]]:
        """Return the candidates in order, each with its copies behind it; it is the best ranked of them.

        distinct: groups whose copies are looked for, at least `_LEAST_DISTINCT`; those below are taken to be distinct,
        so that the cost has a limit where all candidates are nearly alike.
        """
        compared = ranked[:_COMPARED]
        passages = [each.passage for each in compared]
        alike = self._alike(np.array(passages, dtype=np.int64))
        firsts: list[int] = []  # the place of each group's first
        groups: list[list[CandidateScores]] = []
        for at, each in enumerate(compared):
            near = alike[at, firsts[: max(distinct, _LEAST_DISTINCT)]].nonzero()[0].tolist()
            same = (group for group in near if self._share_terms(passages[firsts[group]], passages[at]))
            found = next(same, None)
            if found is None:
                firsts.append(at)
                groups.append([each])
            else:
                groups[found].append(each)
        return groups + [[each] for each in ranked[_COMPARED:]]

    def distinct_passages(self) -> NDArray[np.int64]:
        """Return for each passage the number of the first that says the same, its own where it is the first.

        Linear: only passages whose four smallest hashes agree are compared. Equal words always agree in them.
        """
        firsts: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
        found = np.arange(len(self._sketches.lengths), dtype=np.int64)
        for passage in range(len(found)):
            alike = firsts[tuple(self._sketches.hashes_of(passage)[:_LEAST_ALIKE])]
            recent = np.array(alike[-_COMPARED_IN_CORPUS:], dtype=np.int64)
            near = recent[self._have_one_place(recent, passage)].tolist() if len(recent) else ()
            first = next((other for other in near if self._share_terms(other, passage)), None)
            if first is None:
                alike.append(passage)
            else:
                found[passage] = first
        return found

    def _alike(self, passages: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of `passages` share most terms with which, in texts of one place: (passages, passages).

        The terms of those alone are read whose sketches are alike.
        """
        counts = self._sketches.counts[passages].astype(np.int64)
        sketches = [self._sketches.hashes[at, :count] for at, count in zip(passages, counts, strict=True)]
        least = np.minimum(_LEAST_ALIKE, np.minimum.outer(counts, counts))
        both = (counts[:, np.newaxis] > 0) == (counts > 0)  # a text without terms is like another one alone
        alike = (_overlaps(sketches) >= least) & both & self._have_one_place(passages, passages[:, np.newaxis])
        read = np.flatnonzero(np.count_nonzero(alike, axis=1) > 1)
        texts = [self._terms(passage) for passage in passages[read].tolist()]
        sizes = np.array([len(text) for text in texts])
        shared = _overlaps([np.fromiter(map(hash, text), np.int64, len(text)) for text in texts])
        alike[np.ix_(read, read)] &= shared >= _LEAST_SHARED * np.maximum.outer(sizes, sizes)
        return np.asarray(alike)

    def _have_one_place(self, passages: NDArray[np.int64], others: NDArray[np.int64] | int) -> NDArray[np.bool_]:
        """Return which of `passages` are about as long as others, and below the same heading or long."""
        lengths, sections = self._sketches.lengths, self._sketches.sections
        shorter = np.minimum(lengths[passages], lengths[others])
        longer = np.maximum(lengths[passages], lengths[others])
        is_one_section = sections[passages] == sections[others]
        return np.asarray((shorter >= _LEAST_LENGTH * longer) & (is_one_section | (shorter >= _LONG)))

    def _share_terms(self, one: int, other: int) -> bool:
        """Return whether two passages differ in few terms, and in no number and no negation."""
        return _differ_little(self._terms(one), self._terms(other))


def _overlaps(sets: Sequence[NDArray[Any]]) -> Vector:
    """Return how many members each two of `sets`, which are arrays of numbers, have in common: (sets, sets)."""
    rows = np.repeat(np.arange(len(sets)), [len(members) for members in sets])
    members = np.concatenate([*sets, np.empty(0, dtype=np.int64)])
    _, numbers, counts = np.unique(members, return_inverse=True, return_counts=True)
    is_shared = counts > 1
    columns = np.cumsum(is_shared) - 1
    held = np.zeros((len(sets), int(is_shared.sum())), dtype=np.float32)
    of_shared = is_shared[numbers]
    held[rows[of_shared], columns[numbers[of_shared]]] = 1
    return np.asarray(held @ held.T)


def _read_terms(corpus: Corpus, passage: int) -> frozenset[_Occurrence]:
    """Return the terms of a passage's own words, normalized, without the title and headings above them."""
    words = corpus.representations[int(corpus.tables.columns.starts[passage])].own_words
    counts = Counter(terms(words))
    return frozenset(
        chain(counts, ((term, at) for term, count in counts.items() if count > 1 for at in range(1, count)))
    )


def distinct_texts(corpus: Corpus) -> NDArray[np.int64]:
    """Return a number for each representation, the same for those that count as one text: (representations,).

    They are the representations of copies, each counted with that of the first passage in the same place.
    """
    columns = corpus.tables.columns
    first = CopyFinder(corpus).distinct_passages()
    places = np.arange(len(columns.passages)) - columns.starts[columns.passages]
    keys = first[columns.passages] * (int(places.max(initial=0)) + 1) + places
    return np.asarray(np.unique(keys, return_inverse=True)[1], dtype=np.int64)


def _differ_little(one: frozenset[_Occurrence], other: frozenset[_Occurrence]) -> bool:
    least = _LEAST_SHARED * max(len(one), len(other))
    if min(len(one), len(other)) < least or len(one & other) < least:
        return False
    return not any(_changes_the_meaning(each if isinstance(each, str) else each[0]) for each in one ^ other)


def _changes_the_meaning(term: str) -> bool:
    return term in _NEGATIONS or any(character.isdigit() or character in _NEGATING for character in term)
