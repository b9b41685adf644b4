"""Corroboration: which other documents state the fact that the first hit states, by the annotated agreements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from index.answering.quoting.highlights import Selection, best_sentences
from index.corpus.annotations.agreements import FactLocation
from index.corpus.corpus import Corpus
from index.types import Hit

# A sentence that states other facts too corroborates if it scores within this of the first hit's best sentence, in
# units of MaxSim. Chosen on 90 questions on the agreements of the given documents: 87 are answered, 70 with the
# right companion and 2 with a wrong one. Of 94 questions on neighbouring facts none is led by a place that does
# not answer.
AGREEMENT_MARGIN = 0.09

# A document in its own words leads a reworded one if its passage and its sentence score within these of the first
# hit's, in standard deviations and in units of MaxSim. Below the smallest margins that lose a hit on the development
# questions (1.6 and 0.055); none of their numbers changes between 0.04 and 0.05.
LEAD_MARGIN = 1.05
LEAD_SENTENCE_MARGIN = 0.05


@dataclass(frozen=True, slots=True)
class _Companion:
    """Where another document states a fact of the first hit.

    score: of the sentence; -inf if its passage is not among the hits. is_sole: the fact is all that the first
    hit's best sentence states, so it must be what was asked for.
    """

    score: float
    location: FactLocation
    is_sole: bool


def corroborate(hits: Sequence[Hit], corpus: Corpus) -> Iterator[tuple[Selection, ...]]:
    """Yield each hit as a group of its own, but the first with what corroborates it, which is not yielded again.

    Each other document corroborates at most once. The first of the group is the hit, unless it was reworded by a
    machine and another was not and answers as well.
    """
    if not hits:
        return
    group = _corroborated(hits[0], hits[1:], corpus)
    yield group
    grouped = {each.passage for each in group}
    yield from ((Selection.of(hit),) for hit in hits[1:] if hit.passage not in grouped)


def with_copies(
    groups: Iterable[Sequence[Selection]], copies: Mapping[int, Sequence[Hit]]
) -> Iterator[list[Selection]]:
    """Yield each group with the copies of its passages behind it; no passage comes twice."""
    seen: set[int] = set()
    for group in groups:
        others = (Selection.of(copy) for each in group for copy in copies.get(each.passage, ()))
        fresh = {each.passage: each for each in (*others, *group) if each.passage not in seen}
        seen.update(fresh)
        order = dict.fromkeys([*(each.passage for each in group), *fresh])
        yield [fresh[passage] for passage in order if passage in fresh]


def _corroborated(first: Hit, others: Sequence[Hit], corpus: Corpus) -> tuple[Selection, ...]:
    stating = _companions(first, others, corpus)
    if not stating:
        return (Selection.of(first),)
    group = {corpus.passages[first.passage].document: Selection.of(first)}
    leading = set(group)
    scores = {hit.passage: hit.score for hit in others}
    lowest = min(scores.values(), default=first.score)  # which a passage that is no hit does not exceed
    for companion in stating:
        location = companion.location
        document = corpus.passages[location.passage].document
        if document not in group:
            score = scores.get(location.passage, lowest)
            group[document] = Selection(location.passage, score, (location.sentence,))
            passage_is_near = scores.get(location.passage, -inf) >= first.score - LEAD_MARGIN
            sentence_is_near = companion.score >= max(first.sentences) - LEAD_SENTENCE_MARGIN
            if companion.is_sole or (passage_is_near and sentence_is_near):
                leading.add(document)
    order = sorted(group, key=lambda document: (document not in leading, document in corpus.reworded))
    leader, *companions = (group[document] for document in order)
    return replace(leader, score=first.score), *companions  # what leads stands in the first hit's rank


def _companions(first: Hit, others: Sequence[Hit], corpus: Corpus) -> list[_Companion]:
    """Return the locations of every agreement that a highlighted sentence of `first` is in, best first."""
    best = max(range(len(first.sentences)), key=lambda number: first.sentences[number])
    highlighted = best_sentences(first)
    stating = [
        (agreement, stated)
        for agreement in corpus.agreements
        if (
            stated := [
                each for each in agreement if each.passage == first.passage and each.sentence in highlighted
            ]
        )
    ]
    if not stating:  # the others' sentences need no scores
        return []
    scores = {(hit.passage, number): score for hit in others for number, score in enumerate(hit.sentences)}
    found: list[_Companion] = []
    for agreement, stated in stating:
        is_sole = any(each.is_whole and each.sentence == best for each in stated)
        # Where the sentence states other facts too, a location that scores much lower is not about what was asked.
        least = -inf if any(each.is_whole for each in stated) else max(first.sentences) - AGREEMENT_MARGIN
        for location in agreement:
            score = scores.get((location.passage, location.sentence), -inf)
            if score >= least:
                found.append(_Companion(score, location, is_sole))
    return sorted(found, key=lambda companion: -companion.score)
