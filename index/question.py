"""What can be asked: a question with something in it, of bearable length."""

from __future__ import annotations

from index.errors import QuestionError
from index.fold import fold

LONGEST_QUESTION = 1000  # code points


def fold_question(question: str) -> str:
    """Fold a question; raise QuestionError when it is empty or over-long."""
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"the question has {len(question)} characters; at most {LONGEST_QUESTION} can be asked"
        )
    folded = fold(question)
    if not folded:
        raise QuestionError("the question is empty")
    return folded
