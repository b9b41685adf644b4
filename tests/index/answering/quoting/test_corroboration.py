"""What goes with the first hit because another document says the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.answering.quoting.corroboration import AGREEMENT_MARGIN, LEAD_MARGIN, LEAD_SENTENCE_MARGIN, corroborate
from index.answering.quoting.highlights import Selection
from index.corpus.annotations.agreements import FactLocation
from index.corpus.corpus import Corpus, build_corpus
from index.types import Hit, Library
from tests.index.texts import document


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Return a clean document (passage 0), a reworded one (1) and another of either kind (2, 3)."""
    texts = ("Ada left. Bob stayed.", "Ada departed. Bob lingered, and sang.", "Ada went.", "Ada exited.")
    documents = [document(f"{name}.txt", text) for name, text in zip("abcd", texts, strict=True)]
    swapped = b'[words]\n"departed" = "left"'
    sidecars = {"b.txt.annotations.toml": swapped, "d.txt.annotations.toml": swapped}
    return build_corpus(Library(tuple(documents)), sidecars)


def grouped(
    corpus: Corpus,
    *agreements: list[tuple[int, int]],
    scores: dict[int, list[float]],
    whole: bool = False,
    step: float = LEAD_MARGIN * 0.3,
) -> list[int]:
    """Group the first of the hits with these sentences' scores; give the passages, the one that leads first.

    From one passage to the next the score falls by `step`.
    """
    locations = tuple(tuple(FactLocation(*location, is_whole=whole) for location in each) for each in agreements)
    first, *others = [Hit(passage, -at * step, tuple(each)) for at, (passage, each) in enumerate(scores.items())]
    group = next(corroborate([first, *others], replace(corpus, agreements=locations)))
    return [each.passage for each in group]


LEFT, STAYED = [(0, 0), (1, 0)], [(0, 1), (1, 1)]


def test_a_document_whose_words_were_swapped_is_known(corpus: Corpus) -> None:
    assert corpus.reworded == ("b.txt", "d.txt")


def test_the_other_document_corroborates(corpus: Corpus) -> None:
    assert grouped(corpus, LEFT, scores={0: [0.5, 0.1], 1: [0.5, 0.1]}) == [0, 1]


def test_what_corroborates_has_the_score_of_its_own_passage_and_one_that_is_no_hit_the_lowest(
    corpus: Corpus,
) -> None:
    locations = tuple(FactLocation(*location, is_whole=True) for location in [(0, 0), (1, 0), (2, 0)])
    hits = [Hit(0, 3.0, (0.5, 0.1)), Hit(1, 2.5, (0.5, 0.1)), Hit(3, 1.0, (0.1,))]
    group = next(corroborate(hits, replace(corpus, agreements=(locations,))))
    assert {each.passage: each.score for each in group} == {0: 3.0, 1: 2.5, 2: 1.0}


def test_a_document_in_its_own_words_leads_one_that_was_reworded(corpus: Corpus) -> None:
    assert grouped(corpus, LEFT, scores={1: [0.5, 0.1], 0: [0.5, 0.1]}) == [0, 1]


def test_it_does_not_lead_where_its_passage_answers_less_well(corpus: Corpus) -> None:
    scores = {1: [0.5, 0.1], 0: [0.5, 0.1]}
    assert grouped(corpus, LEFT, scores=scores, step=LEAD_MARGIN * 0.9) == [0, 1]
    assert grouped(corpus, LEFT, scores=scores, step=LEAD_MARGIN * 1.1) == [1, 0]


def test_it_does_not_lead_where_its_sentence_answers_less_well(corpus: Corpus) -> None:
    worse = 0.5 - LEAD_SENTENCE_MARGIN * 1.1
    assert grouped(corpus, LEFT, scores={1: [0.5, 0.1], 0: [worse, 0.1]}) == [1, 0]


def test_of_two_documents_in_their_own_words_the_first_leads(corpus: Corpus) -> None:
    assert grouped(corpus, [(0, 0), (2, 0)], scores={2: [0.5], 0: [0.5, 0.1]}) == [2, 0]


def test_of_two_reworded_documents_the_first_leads(corpus: Corpus) -> None:
    assert grouped(corpus, [(1, 0), (3, 0)], scores={3: [0.5], 1: [0.5, 0.1]}) == [3, 1]


def test_every_document_of_an_agreement_goes_with_the_first(corpus: Corpus) -> None:
    scores = {3: [0.5], 1: [0.44, 0.1], 0: [0.47, 0.1], 2: [0.42]}
    agreement = [(0, 0), (1, 0), (2, 0), (3, 0)]
    assert grouped(corpus, agreement, scores=scores, step=LEAD_MARGIN * 0.4) == [0, 3, 2, 1]


def test_of_one_document_s_sentences_the_best_goes_with_the_first(corpus: Corpus) -> None:
    first = Hit(0, 1.0, (0.5, 0.1))
    locations = tuple(FactLocation(*location, is_whole=False) for location in [(0, 0), (1, 0), (1, 1)])
    known = replace(corpus, agreements=(locations,))
    assert next(corroborate([first, Hit(1, 0.5, (0.45, 0.47))], known))[1].sentences == (1,)


def test_another_sentence_than_the_highlighted_one_meets_no_agreement(corpus: Corpus) -> None:
    assert grouped(corpus, STAYED, scores={0: [0.5, 0.1], 1: [0.5, 0.5]}) == [0]


def test_a_sentence_that_answers_much_worse_states_something_else(corpus: Corpus) -> None:
    worse = 0.5 - AGREEMENT_MARGIN * 1.1
    assert grouped(corpus, LEFT, scores={1: [0.5, 0.1], 0: [worse, 0.1]}) == [1]


def test_a_sentence_that_states_nothing_else_needs_no_comparison(corpus: Corpus) -> None:
    assert grouped(corpus, LEFT, scores={1: [0.5, 0.1]}, whole=True) == [0, 1]


def test_a_second_sentence_that_states_nothing_else_lets_no_other_document_lead(corpus: Corpus) -> None:
    assert grouped(corpus, STAYED, scores={1: [0.5, 0.48]}, whole=True) == [1, 0]


def test_of_two_agreements_the_one_that_answers_decides(corpus: Corpus) -> None:
    scores = {0: [0.5, 0.49], 1: [0.41, 0.45]}
    assert grouped(corpus, LEFT, STAYED, scores=scores) == [0, 1]


def test_what_leads_stands_in_the_first_hit_s_rank_with_its_sentence_highlighted(corpus: Corpus) -> None:
    locations = tuple(FactLocation(*location, is_whole=False) for location in LEFT)
    known = replace(corpus, agreements=(locations,))
    lead, first = next(corroborate([Hit(1, 3.0, (0.5, 0.1)), Hit(0, 2.5, (0.5, 0.6))], known))
    assert lead == Selection(0, 3.0, (0,))
    assert first == Selection(1, 3.0, (0,), best=0)


def test_what_corroborates_is_not_yielded_again_and_the_others_stand_alone(corpus: Corpus) -> None:
    locations = tuple(FactLocation(*location, is_whole=False) for location in LEFT)
    hits = [Hit(0, 1.0, (0.5, 0.1)), Hit(1, 0.9, (0.5, 0.1)), Hit(2, 0.8, (0.4,)), Hit(3, 0.7, (0.3,))]
    groups = list(corroborate(hits, replace(corpus, agreements=(locations,))))
    assert [[each.passage for each in group] for group in groups] == [[0, 1], [2], [3]]


def test_without_agreements_every_hit_stands_alone(corpus: Corpus) -> None:
    hits = [Hit(0, 1.0, (0.5, 0.1)), Hit(1, 0.9, (0.5, 0.1))]
    assert list(corroborate(hits, corpus)) == [(Selection.of(hit),) for hit in hits]


def test_nothing_is_corroborated_by_nothing(corpus: Corpus) -> None:
    assert list(corroborate([], corpus)) == []


def test_what_corroborates_carries_the_score_of_its_own_passage(corpus: Corpus) -> None:
    agreements = (tuple(FactLocation(passage, 0, is_whole=True) for passage in (0, 1, 2)),)
    hits = [Hit(0, 3.0, (0.5, 0.1)), Hit(3, 2.0, (0.4,)), Hit(1, 1.0, (0.5, 0.1))]
    group = next(corroborate(hits, replace(corpus, agreements=agreements)))
    # The third is no hit: it scores the last hit's at most.
    assert {each.passage: each.score for each in group} == {0: 3.0, 1: 1.0, 2: 1.0}
