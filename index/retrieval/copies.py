"""Passages that say the same in nearly the same words: copies, and one text in several versions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache, partial
from itertools import chain
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.corpus.corpus import Corpus
from index.retrieval.fusion import CandidateScores
from index.text.terms import terms

# The share of the longer passage's terms that the shorter must have. 0.9 also joins two statutes of stard-hans
# that differ in one word; in carpentries, which has 18 exact copies, it joins 29 pairs and 0.95 27.
_LEAST_SHARED = 0.95
_LEAST_LENGTH = 0.9  # of the longer passage; a cheap test before the terms are compared
_LONG = 40  # code points; a shorter text, such as "Yes.", says the same only below the same heading
_LEAST_ALIKE = 4  # hashes of two sketches: where nine terms in ten are shared, fewer are alike once in thousands
_COMPARED = 60  # candidates; those below are taken to be distinct
_KEPT = 512  # passages whose terms are kept: some 6 MB
_COMPARED_IN_CORPUS = 8  # passages of one sketch that the next is compared with: a table may have thousands

_NEGATIONS = frozenset({"not", "no", "never", "none", "cannot", "t", "without", "except"})
_NEGATING = frozenset("不没无未非勿莫否别除")

_Occurrence: TypeAlias = tuple[str, int]  # a term, and how often it stands before


class CopyFinder:
    """Finds the passages of a corpus that are copies of one another."""

    def __init__(self, corpus: Corpus) -> None:
        self._sketches = corpus.tables.sketches
        self._terms = lru_cache(maxsize=_KEPT)(partial(_read_terms, corpus))

    def group(self, ranked: Sequence[CandidateScores]) -> list[list[CandidateScores]]:
        """Return the candidates in order, each with its copies behind it; it is the best ranked of them."""
        groups: list[list[CandidateScores]] = []
        sizes: list[int] = []  # hashes of each group's first
        with_hash: defaultdict[int | None, list[int]] = defaultdict(
            list
        )  # groups; under None those without hashes
        sketches = [self._sketches.hashes_of(each.passage) for each in ranked[:_COMPARED]]
        sketched = Counter(chain.from_iterable(sketches))
        for each, hashes in zip(ranked, sketches, strict=False):
            others: list[int | None] = [one for one in hashes if sketched[one] > 1] if hashes else [None]
            shared = Counter(at for one in others for at in with_hash.get(one, ()))
            alike = sorted(at for at, count in shared.items() if count >= min(_LEAST_ALIKE, sizes[at]))
            same = (at for at in alike if self._says_the_same(groups[at][0].passage, each.passage))
            found = next(same, None)
            if found is None:
                for one in others:
                    with_hash[one].append(len(groups))
                groups.append([each])
                sizes.append(len(hashes))
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
            recent = alike[-_COMPARED_IN_CORPUS:]
            first = next((other for other in recent if self._says_the_same(other, passage)), None)
            if first is None:
                alike.append(passage)
            else:
                found[passage] = first
        return found

    def _says_the_same(self, one: int, other: int) -> bool:
        """Return whether two passages differ in few terms, and in no number and no negation."""
        shorter, longer = sorted(self._sketches.lengths[[one, other]].tolist())
        section, other_section = self._sketches.sections[[one, other]].tolist()
        if shorter < _LEAST_LENGTH * longer or (section != other_section and shorter < _LONG):
            return False
        first, second = map(self._sketches.hashes_of, (one, other))
        if len(set(first).intersection(second)) < min(_LEAST_ALIKE, len(first)):
            return False
        return _differ_little(self._terms(one), self._terms(other))


def _read_terms(corpus: Corpus, passage: int) -> frozenset[_Occurrence]:
    """Return the terms of a passage's own words, normalized, without the title and headings above them."""
    words = corpus.representations[int(corpus.tables.columns.starts[passage])].own_words
    counts = Counter(terms(words))
    return frozenset((term, at) for term, count in counts.items() for at in range(count))


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
    if len(one & other) < _LEAST_SHARED * max(len(one), len(other)):
        return False
    return not any(_changes_the_meaning(term) for term, _ in one ^ other)


def _changes_the_meaning(term: str) -> bool:
    return term in _NEGATIONS or any(character.isdigit() or character in _NEGATING for character in term)
