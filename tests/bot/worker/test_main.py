"""The question a worker asks first: of the documents there are, whatever they are about."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

import index
from bot.worker.main import StoreOpener, first_question
from bot.worker.protocol import Setup
from index import Answer, Library, QuestionError
from tests.bot.world import library

SETUP = Setup(Path("documents"), Path("store"), "fake", threads=1, keep=5, threshold=0.5)


@pytest.mark.parametrize(
    ("starters", "question"),
    [
        ({"zh-Hant": ("誰離開了？", "為什麼？"), "en": ("Who left?",)}, "誰離開了？"),
        ({"zh-Hant": (), "zh-Hans": (" ",), "en": ("Who left?",)}, "Who left?"),
        ({"zh-Hant": (), "zh-Hans": (), "en": ()}, "Meta最初的Llama團隊已嚴重縮編。"),
        ({}, "Meta最初的Llama團隊已嚴重縮編。"),
    ],
)
def test_it_is_the_first_starter_or_else_the_documents_own_words(
    starters: dict[index.Language, tuple[str, ...]], question: str
) -> None:
    assert first_question(replace(library(), starters=starters)).startswith(question)


@dataclass
class Opened:
    """Stands in for an index that was opened."""

    library: Library
    version: str = "1"
    asked: list[str] = field(default_factory=list)

    def ask(self, question: str, *, top: int) -> Answer | None:
        self.asked.append(question)
        if not question.strip("?"):
            raise QuestionError("the question is empty")
        assert top == 1
        return None


@pytest.mark.parametrize("starter", ["Who keeps the lions?", "???"])
def test_an_opened_index_was_asked_it_and_serves_even_if_it_cannot_be_asked(
    starter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Opened(replace(library(), starters={"en": (starter,)}))
    monkeypatch.setattr(index, "load_encoder", lambda *_, **__: None)
    monkeypatch.setattr(index.Index, "open", lambda *_, **__: opened)

    engine: object = StoreOpener(SETUP)(build=False).engine
    assert engine is opened
    assert opened.asked == [starter]
