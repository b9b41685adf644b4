"""`evaluate` and `calibrate`: the engine and the plain baseline over sets of questions, in one run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from index.answering.confidence import FITS, Calibration
from index.answering.engine import MOST_HITS, Index
from index.answering.policy import AnswerPolicy
from index.corpus.corpus import Corpus
from index.corpus.loader import UNANSWERABLE, parse_documents, read_sources
from index.errors import DocumentsError
from index.evaluation.baselines import DenseBaseline, paragraphs_of, passages_of
from index.evaluation.calibration import Example, Fit, fit, write_calibration
from index.evaluation.metrics import (
    Ask,
    Outcome,
    Question,
    Reply,
    Scores,
    ask_all,
    read_questions,
    reply_of,
    score,
)
from index.evaluation.public_sets import PublicSet, in_other_script, read_public_sets
from index.indexing.builder import build_corpus
from index.retrieval.hybrid_index import HybridIndex, Report, ReusableEncodings
from index.retrieval.ranking_config import DEFAULT_RANKING, Arm, RankingConfig
from index.settings import DEFAULT_THRESHOLD
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
class Measurement:
    """What became of every question of one set, asked of one system; `variant`: how the set was changed before."""

    questions: str
    system: str
    outcomes: tuple[Outcome, ...]
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Engine:
    """The engine to be measured; `report` is told the stage, how much of it is done, and of how much."""

    encoder: Encoder
    threshold: float = DEFAULT_THRESHOLD
    report: Report = _silent

    def hold(self, corpus: Corpus) -> HybridIndex:
        """Make the indexes of `corpus`, in memory."""
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # what is mapped of it outlives it
            return HybridIndex.write(
                Path(folder), corpus, self.encoder, known=ReusableEncodings(), report=self.report
            )[0]

    def open(self, corpus: Corpus, matching: HybridIndex, ranking: RankingConfig = DEFAULT_RANKING) -> Index:
        """Open what `hold` made for questions."""
        policy = AnswerPolicy(threshold=self.threshold, ranking=ranking)
        return Index("in memory", corpus, matching, self.encoder, policy=policy)

    def measure(self, name: str, questions: Sequence[Question], ask: Ask) -> tuple[Outcome, ...]:
        """Ask every question of the set `name`."""
        outcomes: list[Outcome] = []
        for start in range(0, len(questions), _STEP):
            self.report(f"asking {name}", start, len(questions))
            outcomes += ask_all(questions[start : start + _STEP], ask)
        return tuple(outcomes)


def measure_documents(
    documents: Path, files: Sequence[Path], engine: Engine, *, baseline: bool
) -> Iterator[Measurement]:
    """Measure the engine on files of questions about `documents`, and the plain baseline beside it."""
    sources = read_sources(documents)
    library = parse_documents(documents, sources)
    corpus = build_corpus(library, sources.sidecars)
    systems = _systems(corpus, engine, arms=baseline)
    if baseline:
        kinds = {
            "paragraphs": paragraphs_of(library.documents),
            "passages": passages_of(library.documents, corpus.passages),
        }
        systems |= {
            f"plain, {kind}": DenseBaseline.build(items, engine.encoder).ask for kind, items in kinds.items()
        }
    for path in files:
        questions = read_questions(path)
        for system, ask in systems.items():
            yield Measurement(path.stem, system, engine.measure(path.stem, questions, ask))


def measure_public(
    folder: Path, engine: Engine, *, baseline: bool, variants: bool = False
) -> Iterator[Measurement]:
    """Measure the engine on every public set below `folder`: no annotation, no glossary.

    With `variants` it is also measured on each set with its questions, then its corpus, in the other script.
    """
    for each in read_public_sets(folder):
        corpus = build_corpus(each.library, {})
        systems = _systems(corpus, engine, arms=baseline)
        if baseline:
            items = passages_of(each.library.documents, corpus.passages)
            systems["plain, passages"] = DenseBaseline.build(items, engine.encoder).ask
        for system, ask in systems.items():
            yield Measurement(each.name, system, engine.measure(each.name, each.questions, ask))
        if variants:
            yield from _variants(each, engine)


def rows_of(measured: Measurement, *, by_language: bool) -> Iterator[Row]:
    """Score a set, and each of its languages by itself."""
    yield Row(measured.questions, "all", measured.system, score(measured.outcomes))
    languages = dict.fromkeys(outcome.question.language for outcome in measured.outcomes) if by_language else ()
    for language in languages:
        of = [outcome for outcome in measured.outcomes if outcome.question.language == language]
        yield Row(measured.questions, language, measured.system, score(of))


def calibrate(documents: Path, questions: Path, bench: Path | None, engine: Engine) -> dict[str, Fit]:
    """Fit the confidence and write it.

    It is fitted on `questions` with all that the documents have beside them, without the answerability, without unanswerable,
    without annotations, and without either; for passages with neither, also on the public sets of `bench` that hold
    questions without an answer.
    """
    sources = read_sources(documents)
    library = parse_documents(documents, sources)
    own = read_questions(questions)
    examples: dict[str, list[Example]] = {name: [] for name in FITS}
    for name, corpus in _lessened(library, sources.sidecars).items():
        found = _examples("own", corpus, own, engine)
        examples[name] += (each for each in found if each.features.fit == name)
    for each in _with_unanswerable(read_public_sets(bench)) if bench else ():
        examples["plain"] += _examples(each.name, build_corpus(each.library, {}), each.questions, engine)
    if lacking := [name for name in FITS if not examples[name]]:
        raise DocumentsError(
            f"{documents} gives no example of {' and '.join(lacking)}: it needs annotations with questions, and unanswerable"
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


def _systems(corpus: Corpus, engine: Engine, *, arms: bool) -> dict[str, Ask]:
    """Give the engine over `corpus`, held in memory, and on demand each of its arms alone."""
    arm_of = {
        ENGINE: Arm.FUSED,
        "late interaction alone": Arm.LATE_INTERACTION,
        "keywords alone": Arm.BM25,
    }
    matching = engine.hold(corpus)
    return {
        name: asking(engine.open(corpus, matching, RankingConfig(arm=arm)))
        for name, arm in arm_of.items()
        if arms or name == ENGINE
    }


def _variants(of: PublicSet, engine: Engine) -> Iterator[Measurement]:
    for variant, changed in in_other_script(of).items():
        corpus = build_corpus(changed.library, {})
        ask = asking(engine.open(corpus, engine.hold(corpus)))
        yield Measurement(of.name, ENGINE, engine.measure(of.name, changed.questions, ask), variant)


def _lessened(library: Library, sidecars: Mapping[str, bytes]) -> dict[str, Corpus]:
    """Give the documents' corpus for each fit of the confidence: with fewer of their sidecars, or all."""

    def without(*suffixes: str) -> Corpus:
        kept = {name: content for name, content in sidecars.items() if not name.endswith(suffixes)}
        return build_corpus(library, kept)

    whole, bare = build_corpus(library, sidecars), without(*sidecars)
    return {
        "annotated, answerability": whole,
        "annotated, unanswerable": replace(whole, answered={}),
        "annotated": without(UNANSWERABLE),
        "plain, unanswerable": replace(bare, unanswerable=whole.unanswerable),
        "plain": bare,
    }


def _examples(source: str, corpus: Corpus, questions: Iterable[Question], engine: Engine) -> Iterator[Example]:
    index = engine.open(corpus, engine.hold(corpus))
    for question in questions:
        yield Example(index.search(question.text).features, question, source)


def _with_unanswerable(sets: Iterable[PublicSet]) -> Iterator[PublicSet]:
    return (each for each in sets if not all(question.is_answerable for question in each.questions))
