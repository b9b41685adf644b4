"""Probes: questions about nothing in particular, for the mean token of any question in their language."""

from __future__ import annotations

import numpy as np

from index.text.normalize import normalize
from index.types import Encoder, Vector

# What the mean token of a question is, by language: questions about nothing in particular. On xquad-en2zh
# they do as well as the mean over the set's own 603 questions (0.851 and 0.847).
_PROBES = {
    True: (
        "这是什么？|他是谁？|这件事发生在什么时候？|它在哪里？|为什么会这样？|这是怎么做到的？|一共有多少？|哪一个最重要？|"
        "谁创立了这家公司？|结果怎么样？|有哪些人参加了？|这本书讲了什么？|它和别的有什么不同？|后来发生了什么？|"
        "费用是多少钱？|是否允许这样做？"
    ),
    False: (
        "What is this?|Who is he?|When did it happen?|Where is it?|Why is that so?|How was it done?|"
        "How many are there?|Which one is the most important?|Who founded the company?|What was the result?|"
        "Who took part in it?|What is the book about?|How is it different from the others?|"
        "What happened afterwards?|How much did it cost?|Is it allowed to do that?"
    ),
}


def question_mean(encoder: Encoder, *, han: bool) -> Vector:
    """Give the mean token vector of questions, Chinese (`han`) or English ones: (dimensions,)."""
    probes = [normalize(probe) for probe in _PROBES[han].split("|")]
    tokens = np.concatenate([each.tokens for each in encoder.encode_questions(probes)])
    return np.asarray(tokens.mean(axis=0, dtype=np.float64), dtype=np.float32)
