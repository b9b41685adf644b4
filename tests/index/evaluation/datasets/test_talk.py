"""Real-talk questions: read, judged by outcome and by what is shown, and scored by kind and language."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import DocumentsError
from index.evaluation.datasets.dataset import read_benchmark
from index.evaluation.datasets.talk import Expectation, TalkQuestion, judge_talk, read_talk
from index.evaluation.runner import Runner, measure_talks
from index.evaluation.talk_results import (
    HEADINGS,
    TalkMeasurement,
    TalkScores,
    score_talk,
    talk_as_json,
    talk_row,
)
from index.types import Answer, FrontDeskIntent, Outcome, Quote, Span
from tests.fakes import FakeEncoder

ROW = {
    "id": "t1",
    "lang": "en",
    "kind": "list",
    "question": "who left",
    "expect": "answer",
    "evidence": [["Ada left", "Ada went"], ["Bob left"]],
}


def quote(text: str, *highlighted: str, start: int = 100, also: tuple[Quote, ...] = ()) -> Quote:
    """Return a quote of `text` with the named parts highlighted."""
    spans = tuple(
        Span(start + text.index(part), start + text.index(part) + len(part)) for part in highlighted or (text,)
    )
    return Quote(
        document="a.md",
        title="A",
        language="en",
        provenance={},
        section=None,
        start=start,
        end=start + len(text),
        start_line=1,
        end_line=1,
        text=text,
        highlights=spans,
        score=1.0,
        sha256="",
        also=also,
    )


def answer(outcome: Outcome, *shown: Quote) -> Answer:
    """Return an answer that shows these quotes, or has them nearest."""
    answered = outcome is Outcome.ANSWERED
    return Answer("who left", outcome, 0.5, shown if answered else (), () if answered else shown, 1.0, "1")


def question(kind: str, expected: Expectation) -> TalkQuestion:
    return TalkQuestion("who left", "en", kind, expected, (("Ada left", "Ada went"), ("Bob left",)))


def test_a_file_is_found_in_a_benchmark_and_read(tmp_path: Path) -> None:
    rows = [
        ROW,
        ROW | {"kind": "followup", "previous": "who stayed"},
        ROW | {"expect": "frontdesk", "evidence": []},
    ]
    (tmp_path / "talk-few.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    (talk,) = read_benchmark(tmp_path).talks
    assert talk.name == "talk-few"
    first, followup, chat = talk.questions
    assert first == TalkQuestion(
        "who left", "en", "list", Expectation.ANSWER, (("Ada left", "Ada went"), ("Bob left",))
    )
    assert followup.previous == "who stayed"
    assert chat.expected is Expectation.FRONTDESK


def test_an_unknown_expectation_is_one_error_that_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "talk.jsonl"
    path.write_text(json.dumps(ROW | {"expect": "poem"}), "utf-8")
    with pytest.raises(
        DocumentsError, match=r"^[^\n]*talk\.jsonl is no file of real-talk questions[^\n]*poem[^\n]*$"
    ):
        read_talk(path)


def test_a_list_is_right_by_the_share_of_its_items_that_are_highlighted() -> None:
    first = quote("In May Ada went away. It rained.", "In May Ada went away.")
    second = quote("Bob left too. So it is said.", "So it is said.")
    third = quote("Nobody else.")
    judged = judge_talk(question("list", Expectation.ANSWER), answer(Outcome.ANSWERED, first, second, third))
    assert (judged.found, judged.highlighted) == (True, True)
    assert judged.completeness == 0.5
    assert judged.precision == pytest.approx(2 / 3)
    assert judged.right == 0.5


def test_another_question_is_right_if_the_first_passage_holds_an_item() -> None:
    held = quote("Ada left. It rained.", "It rained.")
    asked = question("short", Expectation.ANSWER)
    judged = judge_talk(asked, answer(Outcome.ANSWERED, held))
    assert (judged.found, judged.highlighted, judged.right) == (True, False, 1.0)
    assert judge_talk(asked, answer(Outcome.ANSWERED, quote("No."), held)).right == 0.0


def test_a_quote_that_says_the_same_counts_with_its_passage() -> None:
    first = quote("Two went.", also=(quote("Ada left and Bob left."),))
    judged = judge_talk(question("list", Expectation.ANSWER), answer(Outcome.ANSWERED, first))
    assert (judged.completeness, judged.precision) == (1.0, 1.0)


def test_the_nearest_passage_counts_as_found_but_not_as_right_where_an_answer_is_expected() -> None:
    near = answer(Outcome.UNSURE, quote("Ada left."))
    expected_answer = judge_talk(question("short", Expectation.ANSWER), near)
    assert (expected_answer.found, expected_answer.right) == (True, 0.0)
    assert judge_talk(question("count", Expectation.UNSURE), near).right == 1.0


@pytest.mark.parametrize(
    ("expected", "outcome", "right"),
    [
        (Expectation.DECLINE, Outcome.DECLINED, 1.0),
        (Expectation.DECLINE, Outcome.UNSURE, 0.0),
        (Expectation.DECLINE, Outcome.ANSWERED, 0.0),
        (Expectation.FRONTDESK, Outcome.DECLINED, 0.0),
        (Expectation.FRONTDESK, Outcome.ANSWERED, 0.0),
    ],
)
def test_without_evidence_only_the_outcome_counts(expected: Expectation, outcome: Outcome, right: float) -> None:
    asked = replace(question("near", expected), items=())
    judged = judge_talk(asked, answer(outcome, quote("Ada left.")))
    assert (judged.found, judged.completeness, judged.right) == (None, None, right)


@pytest.mark.parametrize(("expected", "right"), [(Expectation.FRONTDESK, 1.0), (Expectation.DECLINE, 0.0)])
def test_the_front_desk_is_right_for_small_talk_alone(expected: Expectation, right: float) -> None:
    asked = replace(question("near", expected), items=())
    replied = replace(answer(Outcome.DECLINED), front_desk=FrontDeskIntent.THANKS)
    assert judge_talk(asked, replied).right == right


def test_an_empty_answer_finds_nothing() -> None:
    judged = judge_talk(question("short", Expectation.ANSWER), answer(Outcome.DECLINED))
    assert (judged.found, judged.completeness, judged.precision) == (False, 0.0, None)


def test_scores_are_given_for_all_by_kind_and_by_language() -> None:
    first = judge_talk(question("short", Expectation.ANSWER), answer(Outcome.ANSWERED, quote("Ada left.")))
    second = judge_talk(question("short", Expectation.ANSWER), answer(Outcome.DECLINED, quote("Ada left.")))
    scores = list(score_talk(TalkMeasurement("talk", (first, second))))
    assert [each.group for each in scores] == ["all", "short: answer", "en"]
    assert (scores[0].count, scores[0].right, scores[0].answered, scores[0].found) == (2, 0.5, 0.5, 1.0)


def test_the_front_desks_recall_and_its_false_alarms_have_rows_of_their_own() -> None:
    replied = replace(answer(Outcome.DECLINED), front_desk=FrontDeskIntent.THANKS)
    thanks = replace(question("near", Expectation.FRONTDESK), items=())
    asked = replace(question("near", Expectation.DECLINE), items=())
    judged = [judge_talk(thanks, replied), judge_talk(asked, replied), judge_talk(asked, answer(Outcome.DECLINED))]
    shares = {each.group: each.at_front_desk for each in score_talk(TalkMeasurement("talk", tuple(judged)))}

    assert (shares["near: frontdesk"], shares["no small talk"]) == (1.0, 0.5)


def test_scores_are_json_without_nan_and_a_row_has_a_cell_for_each_heading() -> None:
    nothing = TalkScores("talk", "all", 0, *[float("nan")] * 10)
    assert talk_as_json(nothing)["right"] is None
    assert len(talk_row(nothing)) == len(HEADINGS)


def test_files_are_measured_about_the_documents(documents: Path, tmp_path: Path) -> None:
    row = ROW | {"question": "What did it cost?", "kind": "short", "evidence": [["six hundred dollars"]]}
    (tmp_path / "talk.jsonl").write_text(json.dumps(row), "utf-8")
    talks = read_benchmark(tmp_path).talks
    (measurement,) = measure_talks(documents, talks, Runner(FakeEncoder()))
    assert measurement.judgements[0].found
