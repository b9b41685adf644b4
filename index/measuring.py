"""`evaluate` and `calibrate`: the engine and the plain baseline over sets of questions, in one run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from index.baseline import Baseline, paragraphs_of, passages_of
from index.build import make_records
from index.calibrate import Example, Fit, fit, write_calibration
from index.confidence import Calibration
from index.documents import parse_documents, read_sources
from index.evaluate import Ask, Outcome, Question, Reply, Scores, ask_all, read_questions, reply_of, score
from index.fusion import fuse, keywords_alone, late_alone
from index.matching import Matching
from index.public_sets import PublicSet, read_public_sets
from index.records import Records
from index.search import MOST_HITS, Index, Policy
from index.types import Encoder

ENGINE = "Llama Chronicle"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a report: which questions, which of their languages, which system, and its scores."""

    questions: str
    language: str
    system: str
    scores: Scores


def measure_documents(
    documents: Path, files: Sequence[Path], encoder: Encoder, *, baseline: bool
) -> Iterator[Row]:
    """Score the engine on files of questions about `documents`, and the plain baseline beside it."""
    sources = read_sources(documents)
    library = parse_documents(documents, sources)
    records = make_records(library, sources.sidecars)
    systems = _systems(records, encoder, arms=baseline)
    if baseline:
        kinds = {
            "paragraphs": paragraphs_of(library.documents),
            "passages": passages_of(library.documents, records.passages),
        }
        systems |= {f"plain, {kind}": Baseline.build(items, encoder).ask for kind, items in kinds.items()}
    for path in files:
        questions = read_questions(path)
        for system, ask in systems.items():
            yield from _rows(path.stem, system, ask_all(questions, ask))


def measure_public(folder: Path, encoder: Encoder, *, baseline: bool) -> Iterator[Row]:
    """Score the engine on every public set below `folder`: no gloss, no glossary."""
    for each in read_public_sets(folder):
        records = make_records(each.library, {})
        systems = _systems(records, encoder, arms=baseline)
        if baseline:
            items = passages_of(each.library.documents, records.passages)
            systems["plain, passages"] = Baseline.build(items, encoder).ask
        for system, ask in systems.items():
            yield Row(each.name, "all", system, score(ask_all(each.questions, ask)))


def calibrate(documents: Path, questions: Path, bench: Path | None, encoder: Encoder) -> dict[str, Fit]:
    """Fit the confidence and write it.

    For passages with glosses it is fitted on `questions`; for others on the same without their glosses, and
    on the public sets of `bench` that hold questions without an answer.
    """
    sources = read_sources(documents)
    library = parse_documents(documents, sources)
    own = read_questions(questions)
    glossed = list(_examples("own", make_records(library, sources.sidecars), own, encoder))
    plain = list(_examples("own", make_records(library, {}), own, encoder))
    for each in _with_unanswerable(read_public_sets(bench)) if bench else ():
        plain += _examples(each.name, make_records(each.library, {}), each.questions, encoder)
    fits = {"glossed": fit(glossed), "plain": fit(plain)}
    write_calibration(Calibration(**{name: each.weights for name, each in fits.items()}))
    return fits


def as_json(row: Row) -> dict[str, object]:
    """Give a row as JSON's values; what could not be counted is null."""
    return {
        "set": row.questions,
        "language": row.language,
        "system": row.system,
        **_without_nan(asdict(row.scores)),
    }


def _systems(records: Records, encoder: Encoder, *, arms: bool) -> dict[str, Ask]:
    """Give the engine over `records`, held in memory, and on demand each of its arms alone."""
    fuses = {ENGINE: fuse, "late interaction alone": late_alone, "keywords alone": keywords_alone}
    matching = _matching(records, encoder)
    return {
        name: _asking(Index("in memory", records, matching, encoder, policy=Policy(fuse=each)))
        for name, each in fuses.items()
        if arms or name == ENGINE
    }


def _asking(index: Index) -> Ask:
    def ask(question: str) -> Reply:
        return reply_of(index.ask(question, top=MOST_HITS))

    return ask


def _matching(records: Records, encoder: Encoder) -> Matching:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # what is mapped of it outlives it
        return Matching.write(
            Path(folder), records.views, encoder, known={}, report=lambda _stage, _done, _total: None
        )[0]


def _examples(source: str, records: Records, questions: Iterable[Question], encoder: Encoder) -> Iterator[Example]:
    index = Index("in memory", records, _matching(records, encoder), encoder)
    for question in questions:
        yield Example(index.search(question.text).signals, question, source)


def _with_unanswerable(sets: Iterable[PublicSet]) -> Iterator[PublicSet]:
    return (each for each in sets if not all(question.is_answerable for question in each.questions))


def _rows(questions: str, system: str, outcomes: Sequence[Outcome]) -> Iterator[Row]:
    yield Row(questions, "all", system, score(outcomes))
    for language in dict.fromkeys(outcome.question.language for outcome in outcomes):
        of = [outcome for outcome in outcomes if outcome.question.language == language]
        yield Row(questions, language, system, score(of))


def _without_nan(values: dict[str, object]) -> dict[str, object]:
    return {
        key: _without_nan(value) if isinstance(value, dict) else None if value != value else value  # noqa: PLR0124
        for key, value in values.items()
    }
