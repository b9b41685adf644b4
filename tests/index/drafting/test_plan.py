"""What there is to draft: which paragraphs, in which requests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from index.corpus.annotations.paragraphs import paragraph_hash
from index.drafting.paragraphs import open_paragraphs, source_paragraphs
from index.drafting.plan import plan_drafts
from index.text.sentences import split_sentences
from index.types import Document
from tests.index.texts import DOCUMENTS, document

MARKDOWN = """\
# The handbook

Rooms are booked at the *front desk*, on any day. Bring a card.

- The quiet room has no telephone at all.
- Yes.

| room | seats |
|---|---|
| the blue room on the second floor | 12 |

```
book --room blue --seats 12 --day monday
```
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def write(folder: Path, name: str, *paragraphs: str) -> None:
    (folder / name).write_text("\n\n".join(paragraphs) + "\n", "utf-8")


def test_paragraphs_are_what_a_reader_sees_without_headings_code_and_bare_words() -> None:
    found = list(source_paragraphs(document("a.md", MARKDOWN)))
    assert [each.sentences for each in found] == [
        ("Rooms are booked at the front desk, on any day.", "Bring a card."),
        ("The quiet room has no telephone at all.",),
        (found[2].text,),
    ]
    assert "blue room" in found[2].text
    assert found[0].context == ("The handbook",)
    assert "seats" in found[2].context[-1]


@pytest.mark.parametrize("marker", ["1. ", "12) ", "- ", "* ", "+ ", "- [ ] ", "- [x] "])
def test_the_marker_of_a_list_item_is_no_part_of_it(marker: str) -> None:
    (item,) = source_paragraphs(document("a.md", f"{marker}The quiet room has no telephone. It has 3 chairs."))
    assert item.sentences == ("The quiet room has no telephone.", "It has 3 chairs.")


@given(DOCUMENTS)
def test_a_paragraph_has_the_sentences_that_its_questions_belong_to(document: Document) -> None:
    blocks = {paragraph_hash(document.slice(block.span)): block for block in document.blocks}
    for paragraph in source_paragraphs(document):
        spans = list(split_sentences(document.text, blocks[paragraph.hash].span))
        assert len(paragraph.sentences) == len(spans)


def test_a_paragraph_that_occurs_twice_is_asked_for_once() -> None:
    twice = document("a.txt", "The llama lives high up in Peru.\n" * 2)
    assert len(open_paragraphs(twice, ()).paragraphs) == 1


def test_annotated_and_overlong_paragraphs_are_counted_and_left_out() -> None:
    texts = ["The llama lives high up in Peru.", "The alpaca lives in Chile, they say.", "very long " * 700]
    found = open_paragraphs(document("a.md", "\n\n".join(texts)), {paragraph_hash(texts[0])})
    assert ([each.text for each in found.paragraphs], found.annotated, found.too_long) == ([texts[1]], 1, 1)


def test_a_request_has_a_few_neighbouring_paragraphs_of_one_document(folder: Path) -> None:
    short = [f"Room number {at} is on the ground floor." for at in range(8)]
    write(folder, "a.md", *short)
    write(folder, "b.md", "A room. " * 120, "Another room. " * 60, "One more room, which is blue and quiet.")
    plan = plan_drafts(folder)
    assert [len(batch) for batch in plan.batches] == [6, 2, 1, 2]
    assert plan.paragraphs == 11
    assert all(len({each.document for each in batch}) == 1 for batch in plan.batches)


def test_more_text_takes_more_tokens(folder: Path) -> None:
    write(folder, "a.md", "A room is booked at the front desk.")
    little = plan_drafts(folder).tokens
    write(folder, "b.md", "會議室在櫃檯預訂，請帶證件。" * 20)
    assert plan_drafts(folder).tokens > little + 7 * 200
