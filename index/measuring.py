"""`evaluate` and `calibrate`: the engine and the plain baseline over sets of questions, in one run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from index.baseline import Baseline, paragraphs_of, passages_of
from index.build import make_records
from index.calibrate import Example, Fit, fit, write_calibration
from index.confidence import FITS, Calibration
from index.documents import GAPS, parse_documents, read_sources
from index.errors import DocumentsError
from index.evaluate import Ask, Outcome, Question, Reply, Scores, ask_all, read_questions, reply_of, score
from index.fusion import Fuse, fuse, keywords_alone, late_alone
from index.matching import Earlier, Matching, Report
from index.public_sets import PublicSet, in_other_script, read_public_sets
from index.records import Records
from index.search import MOST_HITS, THRESHOLD, Index, Policy
from index.types import Encoder, Library

ENGINE = "Llama Chronicle"

_STEP = 16  # questions between two reports of progress


def _silent(_stage: str, _done: int, _total: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a report: which questions, which of their languages, which system, and its scores."""

    questions: str
    language: str
    system: str
    scores: Scores


@dataclass(frozen=True, slots=True)
class Measured:
    """What became of every question of one set, asked of one system; `variant`: how the set was changed before."""

    questions: str
    system: str
    outcomes: tuple[Outcome, ...]
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Engine:
    """The engine to be measured; `report` is told the stage, how much of it is done, and of how much."""

    encoder: Encoder
    threshold: float = THRESHOLD
    report: Report = _silent

    def hold(self, records: Records) -> Matching:
        """Make the indexes of `records`, in memory."""
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # what is mapped of it outlives it
            return Matching.write(Path(folder), records, self.encoder, known=Earlier(), report=self.report)[0]

    def open(self, records: Records, matching: Matching, fuse: Fuse = fuse) -> Index:
        """Open what `hold` made for questions."""
        policy = Policy(threshold=self.threshold, fuse=fuse)
        return Index("in memory", records, matching, self.encoder, policy=policy)

    def measure(self, name: str, questions: Sequence[Question], ask: Ask) -> tuple[Outcome, ...]:
        """Ask every question of the set `name`."""
        outcomes: list[Outcome] = []
        for start in range(0, len(questions), _STEP):
            self.report(f"asking {name}", start, len(questions))
            outcomes += ask_all(questions[start : start + _STEP], ask)
        return tuple(outcomes)


def measure_documents(
    documents: Path, files: Sequence[Path], engine: Engine, *, baseline: bool
) -> Iterator[Measured]:
    """Measure the engine on files of questions about `documents`, and the plain baseline beside it."""
    sources = read_sources(documents)
    library = parse_documents(documents, sources)
    records = make_records(library, sources.sidecars)
    systems = _systems(records, engine, arms=baseline)
    if baseline:
        kinds = {
            "paragraphs": paragraphs_of(library.documents),
            "passages": passages_of(library.documents, records.passages),
        }
        systems |= {f"plain, {kind}": Baseline.build(items, engine.encoder).ask for kind, items in kinds.items()}
    for path in files:
        questions = read_questions(path)
        for system, ask in systems.items():
            yield Measured(path.stem, system, engine.measure(path.stem, questions, ask))


def measure_public(folder: Path, engine: Engine, *, baseline: bool, variants: bool = False) -> Iterator[Measured]:
    """Measure the engine on every public set below `folder`: no gloss, no glossary.

    With `variants` it is also measured on each set with its questions, then its corpus, in the other script.
    """
    for each in read_public_sets(folder):
        records = make_records(each.library, {})
        systems = _systems(records, engine, arms=baseline)
        if baseline:
            items = passages_of(each.library.documents, records.passages)
            systems["plain, passages"] = Baseline.build(items, engine.encoder).ask
        for system, ask in systems.items():
            yield Measured(each.name, system, engine.measure(each.name, each.questions, ask))
        if variants:
            yield from _variants(each, engine)


def rows_of(measured: Measured, *, by_language: bool) -> Iterator[Row]:
    """Score a set, and each of its languages by itself."""
    yield Row(measured.questions, "all", measured.system, score(measured.outcomes))
    languages = dict.fromkeys(outcome.question.language for outcome in measured.outcomes) if by_language else ()
    for language in languages:
        of = [outcome for outcome in measured.outcomes if outcome.question.language == language]
        yield Row(measured.questions, language, measured.system, score(of))


def calibrate(documents: Path, questions: Path, bench: Path | None, engine: Engine) -> dict[str, Fit]:
    """Fit the confidence and write it.

    It is fitted on `questions` with all that the documents have beside them, without the leaning, without gaps,
    without glosses, and without either; for passages with neither, also on the public sets of `bench` that hold
    questions without an answer.
    """
    sources = read_sources(documents)
    library = parse_documents(documents, sources)
    own = read_questions(questions)
    examples: dict[str, list[Example]] = {name: [] for name in FITS}
    for name, records in _lessened(library, sources.sidecars).items():
        found = _examples("own", records, own, engine)
        examples[name] += (each for each in found if each.signals.fit == name)
    for each in _with_unanswerable(read_public_sets(bench)) if bench else ():
        examples["plain"] += _examples(each.name, make_records(each.library, {}), each.questions, engine)
    if lacking := [name for name in FITS if not examples[name]]:
        raise DocumentsError(
            f"{documents} gives no example of {' and '.join(lacking)}: it needs glosses with questions, and gaps"
        )
    fits = {name: fit(examples[name]) for name in FITS}
    write_calibration(Calibration({name: each.weights for name, each in fits.items()}))
    return fits


def as_json(row: Row) -> dict[str, object]:
    """Give a row as JSON's values; what could not be counted is null."""
    return {
        "set": row.questions,
        "language": row.language,
        "system": row.system,
        **without_nan(asdict(row.scores)),
    }


def without_nan(values: Mapping[str, object]) -> dict[str, object]:
    """Put null for what is not a number."""
    return {
        key: without_nan(value) if isinstance(value, dict) else None if value != value else value  # noqa: PLR0124
        for key, value in values.items()
    }


def asking(index: Index) -> Ask:
    """Ask `index` for as many items as it gives."""

    def ask(question: str) -> Reply:
        return reply_of(index.ask(question, top=MOST_HITS))

    return ask


def _systems(records: Records, engine: Engine, *, arms: bool) -> dict[str, Ask]:
    """Give the engine over `records`, held in memory, and on demand each of its arms alone."""
    fuses = {ENGINE: fuse, "late interaction alone": late_alone, "keywords alone": keywords_alone}
    matching = engine.hold(records)
    return {
        name: asking(engine.open(records, matching, each))
        for name, each in fuses.items()
        if arms or name == ENGINE
    }


def _variants(of: PublicSet, engine: Engine) -> Iterator[Measured]:
    for variant, changed in in_other_script(of).items():
        records = make_records(changed.library, {})
        ask = asking(engine.open(records, engine.hold(records)))
        yield Measured(of.name, ENGINE, engine.measure(of.name, changed.questions, ask), variant)


def _lessened(library: Library, sidecars: Mapping[str, bytes]) -> dict[str, Records]:
    """Give the documents' records for each fit of the confidence: with fewer of their sidecars, or all."""

    def without(*suffixes: str) -> Records:
        kept = {name: content for name, content in sidecars.items() if not name.endswith(suffixes)}
        return make_records(library, kept)

    whole, bare = make_records(library, sidecars), without(*sidecars)
    return {
        "glossed, leaning": whole,
        "glossed, gaps": replace(whole, answered={}),
        "glossed": without(GAPS),
        "plain, gaps": replace(bare, gaps=whole.gaps),
        "plain": bare,
    }


def _examples(source: str, records: Records, questions: Iterable[Question], engine: Engine) -> Iterator[Example]:
    index = engine.open(records, engine.hold(records))
    for question in questions:
        yield Example(index.search(question.text).signals, question, source)


def _with_unanswerable(sets: Iterable[PublicSet]) -> Iterator[PublicSet]:
    return (each for each in sets if not all(question.is_answerable for question in each.questions))
