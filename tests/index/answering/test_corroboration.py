"""What goes with the first hit because another document says the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.answering.corroboration import (
    AGREEMENT_MARGIN,
    LEAD_MARGIN,
    LEAD_SENTENCE_MARGIN,
    Matched,
    agrees,
    guessed,
    written,
)
from index.corpus.annotations.agreements import FactLocation
from index.corpus.corpus import Corpus, build_corpus
from index.retrieval.bm25 import BM25Index
from index.text.terms import terms
from index.types import Hit, Library
from tests.index.texts import document

SAME = "The behemoth rollout was postponed until autumn, insiders whispered."
DOCUMENTS = (
    document("a.txt", SAME),
    document("b.txt", "Insiders whispered: behemoth rollout postponed, autumn at best."),
    document("c.txt", "The alpaca paper cost six hundred dollars."),
    *(document(f"filler{number}.txt", f"Filler about thing{number}.") for number in range(40)),
)


@pytest.fixture(scope="module")
def matched() -> Matched:
    corpus = build_corpus(Library(DOCUMENTS), {})
    return Matched(
        corpus,
        BM25Index.build([representation.text for representation in corpus.representations]),
        {at: [at] for at in range(43)},
    )


def hit(passage: int, score: float = 1.0) -> Hit:
    return Hit(passage, score, (1.0,))


def test_two_documents_that_share_rare_words_agree(matched: Matched) -> None:
    assert agrees(hit(0), hit(1), terms("why the delay"), matched=matched)


def test_two_documents_without_words_in_common_do_not(matched: Matched) -> None:
    assert not agrees(hit(0), hit(2), terms("why the delay"), matched=matched)


def test_the_question_s_own_words_do_not_count(matched: Matched) -> None:
    assert not agrees(hit(0), hit(1), terms(SAME.lower()), matched=matched)


def test_a_hit_that_answers_much_worse_does_not_agree(matched: Matched) -> None:
    assert not agrees(hit(0, 3.0), hit(1, 1.0), terms("why the delay"), matched=matched)


ASKED = terms("why the delay")


def test_a_guess_groups_the_hits_that_agree(matched: Matched) -> None:
    assert guessed(hit(0), [hit(2), hit(1)], asked=ASKED, matched=matched, top=3) == (hit(0), hit(1))


def test_a_guess_has_one_hit_for_each_document(matched: Matched) -> None:
    assert guessed(hit(0), [hit(1), hit(1), hit(0)], asked=ASKED, matched=matched, top=9) == (hit(0), hit(1))


@pytest.mark.parametrize(("top", "expected"), [(1, 1), (2, 1), (3, 2)])
def test_a_guess_looks_no_further_than_what_is_shown(matched: Matched, top: int, expected: int) -> None:
    assert len(guessed(hit(0), [hit(2), hit(1)], asked=ASKED, matched=matched, top=top)) == expected


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Give a clean document (passage 0), a reworded one (1) and another of either kind (2, 3)."""
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
    places = tuple(tuple(FactLocation(*place, is_whole=whole) for place in each) for each in agreements)
    first, *others = [Hit(passage, -at * step, tuple(each)) for at, (passage, each) in enumerate(scores.items())]
    return [each.passage for each in written(first, others, corpus=replace(corpus, agreements=places))]


LEFT, STAYED = [(0, 0), (1, 0)], [(0, 1), (1, 1)]


def test_a_document_whose_words_were_swapped_is_known(corpus: Corpus) -> None:
    assert corpus.reworded == ("b.txt", "d.txt")


def test_the_other_place_corroborates(corpus: Corpus) -> None:
    assert grouped(corpus, LEFT, scores={0: [0.5, 0.1], 1: [0.5, 0.1]}) == [0, 1]


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
    scores = {3: [0.5], 1: [0.45, 0.1], 0: [0.47, 0.1], 2: [0.42]}
    agreement = [(0, 0), (1, 0), (2, 0), (3, 0)]
    assert grouped(corpus, agreement, scores=scores, step=LEAD_MARGIN * 0.4) == [0, 3, 2, 1]


def test_of_one_document_s_places_the_best_goes_with_the_first(corpus: Corpus) -> None:
    first = Hit(0, 1.0, (0.5, 0.1))
    places = tuple(FactLocation(*place, is_whole=False) for place in [(0, 0), (1, 0), (1, 1)])
    known = replace(corpus, agreements=(places,))
    assert written(first, [Hit(1, 0.5, (0.45, 0.47))], corpus=known)[1].sentences == (0.0, 1.0)


def test_another_sentence_than_the_highlighted_one_meets_no_agreement(corpus: Corpus) -> None:
    assert grouped(corpus, STAYED, scores={0: [0.5, 0.1], 1: [0.5, 0.5]}) == [0]


def test_a_place_that_answers_much_worse_says_something_else(corpus: Corpus) -> None:
    worse = 0.5 - AGREEMENT_MARGIN * 1.1
    assert grouped(corpus, LEFT, scores={1: [0.5, 0.1], 0: [worse, 0.1]}) == [1]


def test_a_sentence_that_says_nothing_else_needs_no_comparison(corpus: Corpus) -> None:
    assert grouped(corpus, LEFT, scores={1: [0.5, 0.1]}, whole=True) == [0, 1]


def test_a_second_sentence_that_says_nothing_else_lets_no_other_document_lead(corpus: Corpus) -> None:
    assert grouped(corpus, STAYED, scores={1: [0.5, 0.48]}, whole=True) == [1, 0]


def test_of_two_agreements_the_one_that_answers_decides(corpus: Corpus) -> None:
    scores = {0: [0.5, 0.49], 1: [0.41, 0.45]}
    assert grouped(corpus, LEFT, STAYED, scores=scores) == [0, 1]


def test_what_leads_stands_in_the_first_hit_s_rank_with_its_place_highlighted(corpus: Corpus) -> None:
    places = tuple(FactLocation(*place, is_whole=False) for place in LEFT)
    lead, first = written(
        Hit(1, 3.0, (0.5, 0.1)), [Hit(0, 2.5, (0.5, 0.6))], corpus=replace(corpus, agreements=(places,))
    )
    assert lead == Hit(0, 3.0, (1.0, 0.0))
    assert first == Hit(1, 3.0, (0.5, 0.1))
