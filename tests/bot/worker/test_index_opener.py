"""Opening an index and warming it up with a question about the documents there are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

import index
from bot.worker.index_opener import StoreOpener, warm_up_question
from index import Answer, Library, QuestionError, Settings
from tests.bot.world import library

SETTINGS = Settings(model="fake")


@pytest.mark.parametrize(
    ("starters", "question"),
    [
        ({"zh-Hant": ("誰離開了？", "為什麼？"), "en": ("Who left?",)}, "誰離開了？"),
        ({"zh-Hant": (), "zh-Hans": (" ",), "en": ("Who left?",)}, "Who left?"),
        ({"zh-Hant": (), "zh-Hans": (), "en": ()}, "Meta最初的Llama團隊已嚴重縮編。"),
        ({}, "Meta最初的Llama團隊已嚴重縮編。"),
    ],
)
def test_the_warm_up_question_is_the_first_starter_or_the_first_words_of_a_document(
    starters: dict[index.Language, tuple[str, ...]], question: str
) -> None:
    assert warm_up_question(replace(library(), starters=starters)).startswith(question)


@dataclass
class FakeIndex:
    """Records what it is asked."""

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
def test_an_opened_index_is_warmed_up_and_answers_even_if_that_question_is_unusable(
    starter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = FakeIndex(replace(library(), starters={"en": (starter,)}))
    monkeypatch.setattr(index, "load_encoder", lambda *_, **__: None)
    monkeypatch.setattr(index.Index, "open", lambda *_, **__: opened)

    answering: object = StoreOpener(SETTINGS)(recover=False).index
    assert answering is opened
    assert opened.asked == [starter]
