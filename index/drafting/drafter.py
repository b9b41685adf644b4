"""A run: ask for the open paragraphs, keep what holds up, and write it down after each reply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.drafting.client import Completion, DraftClient
from index.drafting.gaps import GapChecker
from index.drafting.languages import Languages
from index.drafting.paragraphs import SourceParagraph
from index.drafting.plan import DraftPlan
from index.drafting.prompts import drafting_prompt
from index.drafting.replies import DraftedParagraph, UnusableReplyError, parse_drafts
from index.drafting.sidecars import Sidecars
from index.drafting.validation.names import KnownWords
from index.drafting.validation.validator import Draft, Dropped, Validator, count_reasons
from index.errors import DraftError

_MOST_UNUSABLE = 4  # replies in a row; then the model is not up to it

Note = Callable[[str], None]
Progress = Callable[["DraftReport"], None]


@dataclass(frozen=True, slots=True)
class DraftReport:
    """What a run did so far.

    done, planned: paragraphs. failed: paragraphs for which there was no usable reply. translations, restatements,
    questions, unanswerable: texts that were kept. dropped: those that were not, by reason.
    """

    done: int
    planned: int
    failed: int
    translations: int
    restatements: int
    questions: int
    unanswerable: int
    dropped: Mapping[str, int]
    requests: int
    tokens_read: int
    tokens_written: int


@dataclass
class _Totals:
    counts: Counter[str] = field(default_factory=Counter)
    dropped: Counter[Dropped] = field(default_factory=Counter)
    unusable_in_a_row: int = 0


class Drafter:
    """Drafts the annotations of one plan."""

    def __init__(self, folder: Path, plan: DraftPlan, client: DraftClient, *, note: Note) -> None:
        self._plan = plan
        self._client = client
        self._note = note
        self._sidecars = Sidecars(folder, client.model)
        self._known = KnownWords.of((document.text for document in plan.library.documents), plan.terms)
        self._gaps = GapChecker(plan.library)
        self._totals = _Totals()

    def run(self, progress: Progress) -> DraftReport:
        """Draft all that is planned; `progress` is called after each request that was written down.

        Raises DraftError; what was drafted before is kept then, and when it is interrupted.
        """
        for batch in self._plan.batches:
            self._draft(batch)
            progress(self.report())
        return self.report()

    def report(self) -> DraftReport:
        """Return what was done so far."""
        counts = self._totals.counts
        return DraftReport(
            done=counts["done"],
            planned=self._plan.paragraphs,
            failed=counts["failed"],
            translations=counts["translations"],
            restatements=counts["restatements"],
            questions=counts["questions"],
            unanswerable=counts["unanswerable"],
            dropped=count_reasons(self._totals.dropped),
            requests=self._client.requests,
            tokens_read=counts["tokens read"],
            tokens_written=counts["tokens written"],
        )

    def _draft(self, batch: Sequence[SourceParagraph]) -> None:
        """Draft and write down one batch; paragraph by paragraph if the model's reply for all cannot be used."""
        try:
            drafts = self._validated(batch)
        except UnusableReplyError as error:
            self._count_unusable(error)
            if len(batch) > 1:
                for paragraph in batch:
                    self._draft([paragraph])
                return
            self._totals.counts["failed"] += 1
            self._note(f"{batch[0].document}: a paragraph is left out: {error}")
            return
        if drafts:
            checked = self._checked(drafts)
            self._sidecars.add(checked)
            self._count(checked)

    def _validated(self, batch: Sequence[SourceParagraph]) -> list[Draft]:
        """Return what may be kept of the model's reply. Raises UnusableReplyError."""
        completion = self._client.complete(drafting_prompt(batch))
        self._count_tokens(completion)
        parsed = parse_drafts(completion.content)
        written = {each.id: each for each in parsed.paragraphs}
        asked = {each.id: each for each in batch}
        if not written.keys() & asked.keys():
            raise UnusableReplyError("the model wrote about none of the paragraphs that it was given")
        self._totals.unusable_in_a_row = 0
        self._totals.dropped[Dropped.FORM] += parsed.malformed
        self._totals.dropped[Dropped.OTHER] += len(written.keys() - asked.keys())
        missing = len(asked.keys() - written.keys())
        if missing:
            self._totals.counts["failed"] += missing
            self._note(f"{batch[0].document}: {missing} paragraphs are left out: the model wrote nothing of them")
        return [self._validate(asked[each], written[each]) for each in asked if each in written]

    def _validate(self, paragraph: SourceParagraph, written: DraftedParagraph) -> Draft:
        languages = Languages.of(paragraph.language)
        return Validator(paragraph, languages, self._known, self._totals.dropped).validate(written)

    def _checked(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Return `drafts` with only those unanswerable questions that no paragraph answers."""
        questions = list(dict.fromkeys(question for draft in drafts for question in draft.unanswerable))
        if not questions:
            return list(drafts)
        try:
            kept, completion = self._gaps.check(questions, [draft.paragraph for draft in drafts], self._client)
        except UnusableReplyError:
            kept = frozenset()
        else:
            self._count_tokens(completion)
        self._totals.dropped[Dropped.ANSWERED] += len(questions) - len(kept)
        return [
            replace(draft, unanswerable=tuple(each for each in draft.unanswerable if each in kept))
            for draft in drafts
        ]

    def _count_unusable(self, error: UnusableReplyError) -> None:
        self._totals.unusable_in_a_row += 1
        if self._totals.unusable_in_a_row >= _MOST_UNUSABLE:
            why = f"{_MOST_UNUSABLE} replies in a row could not be used: {error}; name a larger model with --model"
            raise DraftError(f"{self._client.model}: {why}") from error

    def _count_tokens(self, completion: Completion) -> None:
        self._totals.counts["tokens read"] += completion.tokens_read
        self._totals.counts["tokens written"] += completion.tokens_written

    def _count(self, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            self._totals.counts.update(
                {
                    "done": 1,
                    "translations": bool(draft.translation),
                    "restatements": bool(draft.restatement),
                    "questions": sum(map(len, draft.questions)),
                    "unanswerable": len(draft.unanswerable),
                }
            )
