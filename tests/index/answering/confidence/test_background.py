"""What a store's passages score for questions that they do not answer."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.confidence.background import BACKGROUND, Background, Scale
from index.answering.confidence.signals import Signals
from index.answering.confidence.unrelated_questions import unrelated_questions
from index.answering.engine import Index
from index.errors import StoreError
from index.store.manifest import file_checksums
from index.store.store import Store
from index.text.chinese import has_han
from index.text.query import normalize_question
from tests.fakes import FakeEncoder
from tests.index.conftest import Build

SIGNALS = Signals(0.9, 0.5, 0.3, 0.8, 0.4, 2.0)


@pytest.fixture(autouse=True)
def _background_measured_once() -> None:
    """Measure the background at each build: it is what is tested here."""


def background(*, english: float, chinese: float, spread: float = 0.5) -> Background:
    return Background(
        *(dict.fromkeys(asdict(SIGNALS), Scale(middle, spread)) for middle in (english, chinese)),
    )


@given(st.lists(st.floats(-1, 2), min_size=3, max_size=40))
def test_a_scale_has_a_spread_that_can_be_divided_by(values: list[float]) -> None:
    scale = Scale.of(values)
    assert min(values) <= scale.middle <= max(values)
    assert scale.spread > 0


@given(st.lists(st.floats(0, 1), min_size=20, max_size=40), st.integers(1, 5))
def test_a_few_questions_that_the_documents_do_answer_change_little(values: list[float], answered: int) -> None:
    scale = Scale.of([*values, *[100.0] * answered])
    assert scale.middle <= max(values)
    assert scale.spread <= 1.5 * (max(values) - min(values)) + 0.001


@pytest.mark.parametrize("chinese", [True, False])
def test_signals_are_measured_from_those_of_the_question_s_language(chinese: bool) -> None:
    found = background(english=0.4, chinese=0.9).normalize(SIGNALS, chinese=chinese)
    assert found.max_sim == pytest.approx(0.0 if chinese else 1.0)


@pytest.mark.parametrize("chinese", [True, False])
def test_a_store_where_everything_scores_higher_says_no_more(chinese: bool) -> None:
    higher = Signals(**{name: value + 7 for name, value in asdict(SIGNALS).items()})
    low, high = background(english=0.4, chinese=0.5), background(english=7.4, chinese=7.5)
    found, expected = high.normalize(higher, chinese=chinese), low.normalize(SIGNALS, chinese=chinese)
    assert asdict(found) == pytest.approx(asdict(expected))


def test_a_version_has_its_background_and_a_rebuild_measures_it_anew(
    build: Build, store: Path, documents: Path, encoder: FakeEncoder
) -> None:
    folder = Store(store).path(build().version)
    before = Background.load(folder)
    (documents / "more.txt").write_text("Bananas are berries.\n\nThe capital of Mongolia is Ulaanbaatar.", "utf-8")
    after = Background.load(Store(store).path(build().version))
    assert BACKGROUND in file_checksums(folder)
    assert set(before.english) == set(before.chinese) == set(asdict(SIGNALS))
    assert before != after
    assert encoder.questions.count(normalize_question(unrelated_questions()[-1])) == 2


def test_the_same_documents_have_the_same_background(build: Build, store: Path, documents: Path) -> None:
    first = Background.load(Store(store).path(build().version))
    text = (documents / "llama.md").read_text("utf-8")
    (documents / "llama.md").write_text(text + "\n\n再見。", "utf-8")
    build()
    (documents / "llama.md").write_text(text, "utf-8")
    assert Background.load(Store(store).path(build().version)) == first


@pytest.mark.parametrize("language", ["en", "zh"])
def test_documents_in_one_language_have_a_background_for_questions_in_both(
    build: Build, store: Path, documents: Path, language: str
) -> None:
    (documents / ("llama.md" if language == "en" else "alpaca.txt")).unlink()
    found = Background.load(Store(store).path(build().version))
    assert all(scale.spread > 0 for scales in (found.english, found.chinese) for scale in scales.values())


@pytest.mark.parametrize("chinese", [True, False])
def test_questions_that_the_documents_repeat_raise_the_scale_of_their_language(
    build: Build, store: Path, documents: Path, chinese: bool
) -> None:
    repeated = [question for question in unrelated_questions() if has_han(question) == chinese]
    (documents / "repeated.txt").write_text("\n\n".join(repeated), "utf-8")
    found = Background.load(Store(store).path(build().version))
    raised, other = (found.chinese, found.english) if chinese else (found.english, found.chinese)
    assert raised["segment"].middle > other["segment"].middle + 0.2


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"english": {}, "chinese": {}}'])
def test_a_damaged_background_is_a_damaged_version(
    build: Build, store: Path, encoder: FakeEncoder, content: bytes
) -> None:
    folder = Store(store).path(build().version)
    (folder / BACKGROUND).write_bytes(content)
    with pytest.raises(StoreError, match=r"^[^\n]*run `python -m index build`$"):
        Index.open(store, encoder)
