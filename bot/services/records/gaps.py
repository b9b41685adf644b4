"""What people asked in vain: questions not answered or rated as unhelpful, grouped by their meaning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.errors import UnavailableError
from bot.services.records.query_log import QueryLog
from bot.types import Gap, GapReport, LoggedQuestion, QuestionTally
from bot.worker.grouping import Groups, QuestionGrouper
from index import Outcome


class GapFinder:
    """Finds what the documents lack."""

    def __init__(self, query_log: QueryLog, grouper: QuestionGrouper) -> None:
        self._query_log = query_log
        self._grouper = grouper

    async def find(self, *, days: int) -> GapReport:
        """Return the gaps of the last days, by meaning where the model can be used. Raises RecordsUnavailableError."""
        logged = await self._query_log.unanswered(since=datetime.now(UTC) - timedelta(days=days))
        wordings = tally(logged)
        try:
            groups, by_meaning = await self._grouper.group([wording.text for wording in wordings]), True
        except UnavailableError:
            groups, by_meaning = tuple((number,) for number in range(len(wordings))), False
        without_text = sum(question.text is None for question in logged)
        return GapReport(gaps_of(wordings, groups), days, without_text, by_meaning)


def tally(logged: Sequence[LoggedQuestion]) -> list[QuestionTally]:
    """Return each wording once, upper and lower case alike, the most frequent first, then the latest."""
    by_text: dict[str, list[LoggedQuestion]] = defaultdict(list)
    for question in logged:
        if question.text:
            by_text[question.text.casefold()].append(question)
    return sorted(map(_tally_of, by_text.values()), key=lambda each: (each.times, each.last), reverse=True)


def gaps_of(wordings: Sequence[QuestionTally], groups: Groups) -> tuple[Gap, ...]:
    """Return the groups of `wordings`, the most frequent first, then the latest."""
    gaps = [Gap(tuple(wordings[number] for number in group)) for group in groups]
    return tuple(sorted(gaps, key=lambda gap: (gap.times, max(each.last for each in gap.wordings)), reverse=True))


def _tally_of(asked: Sequence[LoggedQuestion]) -> QuestionTally:
    """Return the tally of one wording, given in order of time."""
    return QuestionTally(
        text=asked[-1].text or "",
        language=asked[-1].language,
        first=asked[0].asked_at,
        last=asked[-1].asked_at,
        times=len(asked),
        declined=sum(each.outcome is Outcome.DECLINED for each in asked),
        unsure=sum(each.outcome is Outcome.UNSURE for each in asked),
        unhelpful=sum(each.unhelpful for each in asked),
        wrong_passage=sum(each.wrong_passage for each in asked),
        no_answer=sum(each.no_answer for each in asked),
        other=sum(each.other for each in asked),
    )
