"""The mean token vector of questions in each language, which late interaction subtracts."""

from __future__ import annotations

import numpy as np

from index.text.normalize import normalize
from index.types import Encoder, Vector

VERSION = 1  # raise it when the probes or how their mean is taken change

# Questions about nothing in particular. Recall@1 on xquad-en2zh is 0.851 with their mean and 0.847 with the mean
# of the set's own 603 questions (`python -m index evaluate --bench`).
ENGLISH_PROBES = (
    "What is this?",
    "Who is he?",
    "When did it happen?",
    "Where is it?",
    "Why is that so?",
    "How was it done?",
    "How many are there?",
    "Which one is the most important?",
    "Who founded the company?",
    "What was the result?",
    "Who took part in it?",
    "What is the book about?",
    "How is it different from the others?",
    "What happened afterwards?",
    "How much did it cost?",
    "Is it allowed to do that?",
)
CHINESE_PROBES = (
    "这是什么？",
    "他是谁？",
    "这件事发生在什么时候？",
    "它在哪里？",
    "为什么会这样？",
    "这是怎么做到的？",
    "一共有多少？",
    "哪一个最重要？",
    "谁创立了这家公司？",
    "结果怎么样？",
    "有哪些人参加了？",
    "这本书讲了什么？",
    "它和别的有什么不同？",
    "后来发生了什么？",
    "费用是多少钱？",
    "是否允许这样做？",
)


def question_means(encoder: Encoder) -> Vector:
    """Return the mean token vectors of English and of Chinese questions: (2, dimensions)."""
    return np.stack([_mean(encoder, probes) for probes in (ENGLISH_PROBES, CHINESE_PROBES)])


def _mean(encoder: Encoder, probes: tuple[str, ...]) -> Vector:
    encodings = encoder.encode_questions([normalize(probe) for probe in probes])
    tokens = np.concatenate([each.tokens for each in encodings])
    return np.asarray(tokens.mean(axis=0, dtype=np.float64), dtype=np.float32)
