"""Which questions can be asked."""

from __future__ import annotations

from index.errors import QuestionError
from index.text.normalize import normalize

MAX_QUESTION_LENGTH = 1000  # code points


def normalize_question(question: str) -> str:
    """Return the question normalized. Raises QuestionError when it is empty or too long."""
    if len(question) > MAX_QUESTION_LENGTH:
        raise QuestionError(
            f"the question has {len(question)} characters; at most {MAX_QUESTION_LENGTH} can be asked"
        )
    normalized = normalize(question)
    if not normalized:
        raise QuestionError("the question is empty")
    return normalized
