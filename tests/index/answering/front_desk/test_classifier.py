"""What is no question of the documents is told by its vector, as it was typed, and is not searched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.engine import Index
from index.answering.front_desk import classifier
from index.answering.front_desk.classifier import BUNDLED, FRONT_DESK, FrontDesk
from index.answering.front_desk.examples import Example, front_desk_examples
from index.encoding.checkpoints import locate
from index.errors import StoreError
from index.indexing.builder import build_store
from index.store.manifest import file_checksums
from index.store.store import Store
from index.text.chinese import converter
from index.text.query import normalize_question
from index.types import FrontDeskIntent, Outcome, Query
from tests.fakes import FakeEncoder, encode

SAID = {
    "hello": FrontDeskIntent.GREETING,
    "你好": FrontDeskIntent.GREETING,
    "thanks a lot": FrontDeskIntent.THANKS,
    "謝謝": FrontDeskIntent.THANKS,
    "你會做什麼": FrontDeskIntent.ABILITIES,
    "anything else": FrontDeskIntent.ABILITIES,
    "who made you": FrontDeskIntent.IDENTITY,
    "這些文件在講什麼": FrontDeskIntent.ABOUT,
    "資料可靠嗎": FrontDeskIntent.RELIABILITY,
    "總結全部": FrontDeskIntent.SUMMARY,
}
ASKED = ("What did it cost?", "who made the decision", "開源", "作者", "駱馬什麼時候發布")
MODEL = "fake-front-desk"


@pytest.fixture
def few_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Train the front desk on a handful of messages."""
    examples = [Example(normalize_question(text), intent) for text, intent in SAID.items()]
    examples += [Example(normalize_question(text), None) for text in ASKED]
    monkeypatch.setattr(classifier, "front_desk_examples", lambda: tuple(examples))


@pytest.fixture
def index(few_examples: None, documents: Path, store: Path) -> Index:
    """Return an index whose front desk has learnt `SAID`."""
    build_store(documents, store, FakeEncoder(MODEL))
    return Index.open(store, FakeEncoder(MODEL))


def test_small_talk_is_not_searched(index: Index) -> None:
    answers = index.ask_many([Query(said) for said in SAID])
    assert {answer.question: answer.front_desk for answer in answers} == SAID
    for answer in answers:
        assert (answer.outcome, answer.quotes, answer.nearest) == (Outcome.DECLINED, (), ())
        assert (answer.version, answer.confidence) == (index.version, 0.0)


def test_a_question_of_the_documents_is(index: Index) -> None:
    for question in (*ASKED, "Who was taken down a week later?"):
        answer = index.ask(question)
        assert answer.front_desk is None
        assert answer.quotes or answer.nearest


def test_chat_markup_is_off_before(index: Index) -> None:
    for said in ("<@123> hello <:wave:456>", "hello https://example.org"):
        assert index.ask(said).front_desk is FrontDeskIntent.GREETING


def test_an_earlier_question_changes_nothing(index: Index) -> None:
    assert index.ask("thanks a lot", previous="What did it cost?").front_desk is FrontDeskIntent.THANKS


def test_function_words_alone_go_on_from_an_earlier_question(index: Index) -> None:
    answer = index.ask("anything else", previous="What did it cost?")

    assert answer.front_desk is None
    assert answer.searched_for == "What did it cost? anything else"


@given(text=st.sampled_from([*SAID, *ASKED]), step=st.sampled_from(["s2t", "t2s"]))
def test_both_scripts_of_a_message_are_one_to_the_front_desk(text: str, step: str) -> None:
    assert normalize_question(converter(step).convert(text)) == normalize_question(text)


def test_a_version_has_its_front_desk_and_a_rebuild_takes_it_over(
    few_examples: None, documents: Path, store: Path
) -> None:
    encoder = FakeEncoder(MODEL)
    before = Store(store).path(build_store(documents, store, encoder).version)
    (documents / "more.txt").write_text("Bananas are berries.", "utf-8")
    after = Store(store).path(build_store(documents, store, encoder).version)
    assert FRONT_DESK in file_checksums(before)
    assert (before / FRONT_DESK).read_bytes() == (after / FRONT_DESK).read_bytes()
    assert encoder.questions.count("who made the decision") == 1


def test_the_bundled_one_is_taken_over_for_its_model(documents: Path, store: Path) -> None:
    encoder = FakeEncoder(FrontDesk.load(BUNDLED).model)
    build_store(documents, store, encoder)
    assert not {each.text for each in front_desk_examples() if each.intent} & set(encoder.questions)


def test_one_of_other_intents_is_damaged(index: Index, store: Path, tmp_path: Path) -> None:
    found = FrontDesk.load(Store(store).path(index.version) / FRONT_DESK)
    replace(found, weights=found.weights[:, 1:]).save(tmp_path)
    with pytest.raises(ValueError, match="other intents"):
        FrontDesk.load(tmp_path / FRONT_DESK)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x93NUMPY"])
def test_a_file_that_is_none_is_damaged(index: Index, store: Path, content: bytes) -> None:
    folder = Store(store).path(index.version)
    (folder / FRONT_DESK).write_bytes(content)
    with pytest.raises(StoreError, match="missing or damaged"):
        Index.open(store, FakeEncoder(MODEL))


def test_examples_that_are_alike_and_mean_nothing_raise_the_threshold() -> None:
    vectors = np.stack([encode(text).pooled for text in ("hello you", "hello them", "hello us", "the cost")])
    targets = np.zeros((4, len(FrontDeskIntent)))
    targets[0, 0] = 1
    strict = FrontDesk.of(vectors, targets, model=MODEL)
    assert strict.intent(vectors[3]) is None
    assert strict.intent(vectors[1]) is None


def test_the_bundled_one_was_fitted_to_today_s_examples_with_the_bundled_model() -> None:
    bundled = FrontDesk.load(BUNDLED)
    assert bundled.suits(f"{locate('bundled').fingerprint}/2"), (
        "build a store, and copy its front_desk.npz to index/answering/front_desk/bundled.npz"
    )
    assert len(bundled.vectors) == len(front_desk_examples())
