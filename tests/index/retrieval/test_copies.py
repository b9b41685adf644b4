"""Copies and near copies of a passage are one hit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.corpus.corpus import Corpus
from index.retrieval import copies
from index.retrieval.copies import CopyFinder, distinct_texts
from index.retrieval.fusion import CandidateScores
from index.retrieval.ranking_config import DEFAULT_RANKING
from index.retrieval.searcher import Searcher
from tests.index.retrieval.test_searcher import build, documents, query

RULE = (
    "Visitors park at the east gate, and the first two hours are free of charge for all of them. "
    "Whoever stays longer pays at the desk of the guard beside the gate."
)
OTHERS = {"wool.md": "# Wool\n\nTheir wool is soft and warm.", "food.md": "# Food\n\nLlamas eat grass in Peru."}


def first_group(folder: Path, *texts: str) -> list[str]:
    """Return the documents of the first hit and of its copies."""
    numbered = {f"v{number}.md": f"# Parking\n\n{text}" for number, text in enumerate(texts)}
    corpus, hybrid = build(folder, numbered | OTHERS)
    ranking = Searcher(corpus, hybrid).search(query("Where do visitors park?"), top=3)
    first = ranking.hits[0].passage
    return sorted(
        _document(corpus, each) for each in (first, *(hit.passage for hit in ranking.copies.get(first, ())))
    )


def _document(corpus: Corpus, passage: int) -> str:
    return corpus.passages[passage].document


def test_equal_passages_are_one_hit_with_the_others_as_copies(tmp_path: Path) -> None:
    assert first_group(tmp_path, RULE, RULE, RULE) == ["v0.md", "v1.md", "v2.md"]


def test_the_hits_are_distinct_and_as_many_as_asked_for(tmp_path: Path) -> None:
    texts = {f"v{number}.md": f"# Parking\n\n{RULE}" for number in range(5)} | OTHERS
    corpus, hybrid = build(tmp_path, texts)
    found = documents(Searcher(corpus, hybrid), corpus, "Where do visitors park?", top=3)
    assert (found[0][0], sorted(found[1:])) == ("v", sorted(OTHERS))


def test_copies_do_not_narrow_the_margin(tmp_path: Path) -> None:
    margins = []
    for count in (1, 4):
        folder = tmp_path / str(count)
        folder.mkdir()
        texts = {f"v{number}.md": f"# Parking\n\n{RULE}" for number in range(count)} | OTHERS
        corpus, hybrid = build(folder, texts)
        first, second = Searcher(corpus, hybrid).search(query("Where do visitors park?"), top=1).candidates[:2]
        margins.append(first.max_sim - second.max_sim)
    assert margins[1] > margins[0] / 2


@pytest.mark.parametrize(
    "changed",
    [
        RULE.replace("charge", "fee"),
        RULE.replace("the east", "an east"),
        RULE + " Thanks.",
        RULE.replace("east", "EAST").replace(",", " ,"),
    ],
)
def test_a_passage_with_one_other_word_is_a_copy(tmp_path: Path, changed: str) -> None:
    assert first_group(tmp_path, RULE, changed) == ["v0.md", "v1.md"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The first 2 hours are free for all visitors at the east gate of the old campus.",) * 2,
        (RULE, RULE),
    ],
)
def test_a_passage_with_another_number_or_a_negation_is_no_copy(tmp_path: Path, one: str, other: str) -> None:
    other = other.replace("first 2", "first 3").replace("are free", "are not free")
    assert len(first_group(tmp_path, one, other)) == 1


def test_a_short_passage_with_another_word_is_no_copy(tmp_path: Path) -> None:
    one = "委托开发合同的当事人违反约定造成研究开发工作停滞、延误或者失败的，应当承担违约责任。"
    assert len(first_group(tmp_path, one, one.replace("委托", "合作"))) == 1


def test_chinese_copies_are_found_and_negations_told_apart(tmp_path: Path) -> None:
    texts = {
        "a.md": "# 停車\n\n訪客停車請走東門，前兩小時免費，之後每小時收費三十元，請付現金給警衛。",
        "b.md": "# 停車\n\n访客停车请走东门，前两小时免费，之后每小时收费三十元，请付现金给警卫。",
        "c.md": "# 停車\n\n訪客停車請走東門，前兩小時不免費，之後每小時收費三十元，請付現金給警衛。",
    }
    corpus, hybrid = build(tmp_path, texts)
    ranking = Searcher(corpus, hybrid).search(query("訪客停車走哪個門？"), top=3)
    groups = [
        {_document(corpus, each.passage) for each in (hit, *ranking.copies.get(hit.passage, ()))}
        for hit in ranking.hits
    ]
    assert sorted(map(sorted, groups)) == [["a.md", "b.md"], ["c.md"]]


def test_a_short_text_below_another_heading_is_no_copy(tmp_path: Path) -> None:
    texts = {"a.md": "# Is it open?\n\nYes, it is.", "b.md": "# Is it free?\n\nYes, it is."}
    corpus, hybrid = build(tmp_path, texts)
    assert len(documents(Searcher(corpus, hybrid), corpus, "Is it open?")) == 2


def test_copies_count_as_one_text_and_passages_that_differ_as_several(tmp_path: Path) -> None:
    texts = {
        "a.md": f"# Parking\n\n{RULE}",
        "b.md": f"# Parking\n\n{RULE}",
        "c.md": f"# Parking\n\n{RULE.replace('charge', 'fee')}",
        "d.md": f"# Parking\n\n{RULE.replace('are free', 'are not free')}",
    }
    corpus, _ = build(tmp_path, texts | OTHERS)
    numbers = distinct_texts(corpus)
    by_document = dict(
        zip((_document(corpus, each.passage) for each in corpus.representations), numbers, strict=True)
    )
    assert by_document["a.md"] == by_document["b.md"] == by_document["c.md"]
    assert len(set(by_document.values())) == len(texts) + len(OTHERS) - 2


def test_copies_leave_the_weights_of_a_question_and_the_mean_token(tmp_path: Path) -> None:
    weights, means = [], []
    for count in (1, 5):
        folder = tmp_path / str(count)
        folder.mkdir()
        corpus, hybrid = build(folder, {f"v{at}.md": f"# Parking\n\n{RULE}" for at in range(count)} | OTHERS)
        asked = query("Where do visitors park?")
        weights.append(hybrid.max_sim(asked, [len(corpus.representations) - 1], DEFAULT_RANKING).weights)
        means.append(hybrid.tokens.means)
    assert np.array_equal(weights[0], weights[1])
    assert np.allclose(means[0], means[1])


@pytest.mark.parametrize(
    ("distinct", "expected"), [(0, [[0, 3], [1], [2], [4], [5]]), (2, [[0, 3], [1, 4], [2], [5]])]
)
def test_where_all_are_nearly_alike_only_copies_of_the_first_few_are_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, distinct: int, expected: list[list[int]]
) -> None:
    monkeypatch.setattr(copies, "_LEAST_DISTINCT", 1)
    hours = [2, 3, 4, 2, 3, 4]
    corpus, _ = build(
        tmp_path, {f"v{at}.md": f"# Parking\n\n{RULE.replace('two', str(of))}" for at, of in enumerate(hours)}
    )
    ranked = [CandidateScores(at, 1.0, 0.0, (at,)) for at in range(len(hours))]
    groups = CopyFinder(corpus).group(ranked, distinct=distinct)
    assert [[each.passage for each in group] for group in groups] == expected
