"""What goes with the first hit because another document says the same: as written down, else by a guess."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import inf

from index.answering.quotes import best_sentences
from index.corpus.annotations.agreements import FactLocation
from index.corpus.corpus import Corpus
from index.retrieval.bm25 import BM25Index
from index.text.terms import terms
from index.types import Hit

# A place that shares its sentence with other facts is what was asked for when the other document's place answers
# within this of the first hit's best sentence, in units of MaxSim. Chosen on 90 questions on the agreements of the
# given documents: 87 are answered, 70 with the right companion and 2 with a wrong one. Of 94 on what stands near
# them, none is led by a place that does not answer it.
AGREEMENT_MARGIN = 0.09

# Where the first hit's words were swapped another document leads when its passage and its sentence both score
# within these of the first hit's, in standard deviations and in units of MaxSim. They are two thirds of where the
# first of the development questions' hits is lost by either alone (1.6 and 0.055). With both, of 26 questions that
# are answered with a companion the clean document leads 20, and no hit is lost.
LEAD_MARGIN = 1.05
LEAD_SENTENCE_MARGIN = 0.04

# This close in score (standard deviations), and with this much of rarity (nats, beyond one a term) shared that
# the question does not name. Without the agreements 156 development questions are answered by a first quote that
# is a hit: 9 get another document's quote put beside it, of which 6 hold the marked evidence too.
_NEAR = 0.75
_SHARED = 4.5


def written(first: Hit, others: Sequence[Hit], *, corpus: Corpus) -> tuple[Hit, ...]:
    """Group `first` with what states the same fact by the agreements, at most one hit for each other document.

    The hit to lead comes first: `first`, unless its document's words were swapped, and another's were not and
    answer as well, or the sentence of `first` that answers says nothing but the fact.
    """
    group = {_document_of(first, corpus): first}
    as_good = set(group)
    reached = {hit.passage: hit.score for hit in others}
    for score, place, is_asked in _places(first, others, corpus):
        document = corpus.passages[place.passage].document
        if document not in group:
            group[document] = _hit_at(place, first, corpus)
            passage_is_near = reached.get(place.passage, -inf) >= first.score - LEAD_MARGIN
            sentence_is_near = score >= max(first.sentences) - LEAD_SENTENCE_MARGIN
            if is_asked or (passage_is_near and sentence_is_near):
                as_good.add(document)
    return tuple(
        group[each] for each in sorted(group, key=lambda each: (each not in as_good, each in corpus.reworded))
    )


def guessed(
    first: Hit, others: Sequence[Hit], *, asked: Collection[str], matched: Matched, top: int
) -> tuple[Hit, ...]:
    """Group `first` with those of `others` that seem to agree, one for each document, while `top` hits fill up."""
    group = {_document_of(first, matched.corpus): first}
    for at, hit in enumerate(others):
        if at + 2 - len(group) == top:
            break
        document = _document_of(hit, matched.corpus)
        if document not in group and agrees(first, hit, asked, matched=matched):
            group[document] = hit
    return tuple(group.values())


def agrees(first: Hit, other: Hit, asked: Collection[str], *, matched: Matched) -> bool:
    """Tell whether `other`, of another document, says what `first` says.

    Their best sentences must answer almost equally well, and share words that are rare and not the
    question's own.
    """
    if first.score - other.score > _NEAR:
        return False
    shared = (matched.terms_of(first) & matched.terms_of(other)) - set(asked)
    return sum(max(0.0, matched.keywords.rarity(term) - 1) for term in shared) >= _SHARED


class Matched:
    """The words by which a hit's best sentence is matched, its annotations' among them."""

    def __init__(self, corpus: Corpus, keywords: BM25Index, views_of: Mapping[int, Sequence[int]]) -> None:
        self.corpus = corpus
        self._views_of = views_of
        self.keywords = keywords

    def terms_of(self, hit: Hit) -> set[str]:
        """Give the terms of the segments, in every representation, that speak for the best sentence of `hit`."""
        best = max(range(len(hit.sentences)), key=lambda at: hit.sentences[at])
        representations = [self.corpus.representations[number] for number in self._views_of[hit.passage]]
        segments = [
            (representation, segment)
            for representation in representations
            for segment in representation.segments
            if best in segment.sentences
        ]
        return {
            term for representation, segment in segments for term in terms(segment.span.of(representation.text))
        }


def _places(first: Hit, others: Sequence[Hit], corpus: Corpus) -> list[tuple[float, FactLocation, bool]]:
    """Give the scores and places of every agreement that a highlighted sentence of `first` is in, best first.

    A place that does not answer the question nearly as well says something else that the sentence says too,
    unless the fact is all that the sentence says. With each is told whether the fact must be what was asked for.
    """
    best = max(range(len(first.sentences)), key=lambda at: first.sentences[at])
    highlighted = best_sentences(first)
    scores = {(hit.passage, at): score for hit in others for at, score in enumerate(hit.sentences)}
    found: list[tuple[float, FactLocation, bool]] = []
    for agreement in corpus.agreements:
        met = [place for place in agreement if place.passage == first.passage and place.sentence in highlighted]
        is_asked = any(place.is_whole and place.sentence == best for place in met)
        least = -inf if any(place.is_whole for place in met) else max(first.sentences) - AGREEMENT_MARGIN
        for place in agreement if met else ():
            score = scores.get((place.passage, place.sentence), -inf)
            if score >= least:
                found.append((score, place, is_asked))
    return sorted(found, key=lambda each: -each[0])


def _hit_at(place: FactLocation, first: Hit, corpus: Corpus) -> Hit:
    """Stand for `first` in its rank; what is highlighted is the sentence of `place`."""
    sentences = range(len(corpus.passages[place.passage].sentences))
    return Hit(place.passage, first.score, tuple(float(at == place.sentence) for at in sentences))


def _document_of(hit: Hit, corpus: Corpus) -> str:
    return corpus.passages[hit.passage].document
