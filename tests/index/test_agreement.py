"""Whether two documents say the same."""

from __future__ import annotations

import pytest

from index.agreement import Matched, agrees
from index.build import make_records
from index.keywords import Keywords, terms
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
    records = make_records(Library(DOCUMENTS), {})
    return Matched(records, Keywords.build([view.text for view in records.views]), {at: [at] for at in range(43)})


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
