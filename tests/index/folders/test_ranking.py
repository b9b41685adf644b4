"""What the right passage of a folder is, and when to decline: with the real model."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.answering.engine import Index
from index.types import Answer, Encoder
from tests.index.folders.conftest import OTHERS, Files, open_files

pytestmark = pytest.mark.model

Build = Callable[[Files, Encoder], Index]

HANDBOOK = {
    "mail.md": "# Mail\n\nLetters are collected at four. Parcels are kept for twenty days and then sent back.\n\n"
    "## Abroad\n\nStamps for other countries are sold at the front desk.\n",
    "kitchen.md": "# Kitchen\n\nThe dishwasher runs at night. Whoever cooks cleans the stove.\n\n## Fridge\n\n"
    "Food without a name is thrown away on Fridays.\n",
    "garden.md": "# Garden\n\nThe gate to the garden is locked at nine. Dogs are not allowed on the lawn.\n",
    "tools.md": "# Tools\n\nA ladder is lent for one afternoon. The drill needs a deposit of thirty euros.\n",
    "laundry.md": "# Laundry\n\nA wash costs two tokens, a dryer one. Tokens are sold in the lobby.\n",
}


@pytest.fixture(scope="module")
def handbook(tmp_path_factory: pytest.TempPathFactory, bundled_encoder: Encoder) -> Index:
    """Return the open index of the handbook."""
    return open_files(HANDBOOK, tmp_path_factory.mktemp("handbook"), bundled_encoder)


def first(answer: Answer) -> str:
    return (answer.quotes or answer.nearest)[0].text


@pytest.mark.parametrize("question", ["How do I set up a Kubernetes cluster?", "Who won the world cup in 1998?"])
def test_english_documents_decline_what_they_do_not_hold(question: str, handbook: Index) -> None:
    assert not handbook.ask(question).answered


@pytest.mark.parametrize(
    ("question", "words"), [("包裹會保留多久？", "twenty days"), ("包裹会保留多久？", "twenty days")]
)
def test_english_documents_answer_a_question_in_chinese(question: str, words: str, handbook: Index) -> None:
    answer = handbook.ask(question)
    assert answer.answered
    assert words in first(answer)


def test_the_case_of_an_option_counts(build: Build, bundled_encoder: Encoder) -> None:
    text = (
        "# Options\n\n- `-r` sets the rate of the beacon.\n- `-R` restores the factory state.\n- `-q` is quiet.\n"
    )
    answer = build({"options.md": text, **OTHERS}, bundled_encoder).ask("What does -R do?")
    quote = (answer.quotes or answer.nearest)[0]
    marked = "".join(span.shift(-quote.start).of(quote.text) for span in quote.highlights)
    assert "the rate" not in marked


def test_an_inflected_word_is_found(build: Build, bundled_encoder: Encoder) -> None:
    files = {
        "notes.md": "# Notes\n\nYou can rename a comment on a shared album within a day.\n",
        "albums.md": "# Albums\n\n## Renaming an album\n\nOpen the album, press Details and type the new name.\n",
    }
    answer = build({**files, **OTHERS}, bundled_encoder).ask("How do I rename an album?")
    assert answer.answered
    assert "press Details" in first(answer)


def test_an_answer_that_stands_in_headings_is_quoted_with_all_of_them(
    build: Build, bundled_encoder: Encoder
) -> None:
    text = (
        "# 帶的四樣東西\n\n這篇介紹上山要帶的四樣東西，並說明原因。\n\n## 第一樣：頭燈\n\n天黑以後才走得動。\n\n"
        "## 第二樣：雨衣\n\n山上下午常下雨。\n\n## 第三樣：哨子\n\n求救時用。\n\n## 第四樣：地圖\n\n手機會沒電。\n"
    )
    answer = build({"pack.md": text, **OTHERS}, bundled_encoder).ask("上山要帶哪四樣東西？")
    assert answer.answered
    assert all(word in first(answer) for word in ("頭燈", "雨衣", "哨子", "地圖"))


def test_copies_do_not_change_the_confidence(build: Build, bundled_encoder: Encoder) -> None:
    copies = {f"v{number}/gate.md": "# 大門\n\n送貨請走西側大門，卸貨以二十分鐘為限。\n" for number in range(1, 5)}
    single = build({"v1/gate.md": copies["v1/gate.md"], **OTHERS}, bundled_encoder).ask("送貨要走哪個門？")
    answer = build({**copies, **OTHERS}, bundled_encoder).ask("送貨要走哪個門？")
    assert answer.answered
    assert answer.confidence == pytest.approx(single.confidence, abs=0.01)
