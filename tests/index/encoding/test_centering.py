"""The mean token vectors of questions."""

from __future__ import annotations

import numpy as np

from index.encoding.centering import CHINESE_PROBES, ENGLISH_PROBES, question_means
from index.text.chinese import has_han
from index.text.normalize import normalize
from tests.fakes import FakeEncoder, encode


def test_the_means_are_those_of_english_and_of_chinese_questions() -> None:
    expected = [
        np.concatenate([encode(normalize(probe)).tokens for probe in probes]).mean(axis=0)
        for probes in (ENGLISH_PROBES, CHINESE_PROBES)
    ]
    assert np.allclose(question_means(FakeEncoder()), expected, atol=1e-6)


def test_probes_are_encoded_normalized_as_questions() -> None:
    encoder = FakeEncoder()
    question_means(encoder)
    assert encoder.questions == [normalize(probe) for probe in (*ENGLISH_PROBES, *CHINESE_PROBES)]
    assert not encoder.passages


def test_probes_are_in_their_language() -> None:
    assert {has_han(probe) for probe in ENGLISH_PROBES} == {False}
    assert {has_han(probe) for probe in CHINESE_PROBES} == {True}
