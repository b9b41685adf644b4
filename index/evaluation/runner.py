"""Run systems over evaluation questions: the index, its arms alone, and the dense baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from index.answering.confidence.calibration import Calibration, read_calibration
from index.answering.confidence.calibration_choice import BUNDLED, CalibrationChoice
from index.answering.engine import MOST_HITS, Index
from index.answering.policy import DEFAULT_POLICY, AnswerPolicy
from index.answering.stored_index import StoredIndex
from index.corpus.corpus import Corpus, build_corpus
from index.corpus.loader import parse_documents
from index.corpus.sources import read_sources
from index.evaluation.baselines import DenseBaseline, block_items, passage_items
from index.evaluation.datasets.dataset import (
    Dataset,
    EvaluationQuestion,
    FolderCorpus,
    read_questions,
    script_variants,
)
from index.evaluation.datasets.talk import TalkSet, judge_talk
from index.evaluation.judgement import Ask, Judgement, Response, judge, response_of
from index.evaluation.passage_quality import CutDocument, PassageQuality, measure_quality
from index.evaluation.talk_results import TalkMeasurement
from index.indexing.embedding_reuse import CorpusEncoder, ReusableEncodings
from index.retrieval.ranking_config import DEFAULT_RANKING, Arm, RankingConfig
from index.text.markup import RunKind, render
from index.types import Document, Encoder, Markup, Reranker, Span

SYSTEM = "Llama Chronicle"

_STEP = 16  # questions between two reports of progress
_TALK_QUOTES = 10  # the limit with which the bot asks


def _no_progress(_stage: str, _done: int, _total: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Measurement:
    """The judgements of one system on one set of questions; `variant` names how the set was changed."""

    questions: str
    system: str
    judgements: tuple[Judgement, ...]
    variant: str = ""


@dataclass(frozen=True, slots=True)
class FolderMeasurement:
    """The system on one folder corpus: its judgements and how its documents are cut."""

    folder: str
    documents: int
    judgements: tuple[Judgement, ...]
    quality: PassageQuality


@dataclass(frozen=True, slots=True)
class Runner:
    """Builds indexes in memory and asks them; `report` receives the stage, the steps done, and their total."""

    encoder: Encoder
    policy: AnswerPolicy = DEFAULT_POLICY
    calibration: Calibration = field(default_factory=partial(read_calibration, BUNDLED))
    reranker: Reranker | None = None
    report: Callable[[str, int, int], None] = _no_progress

    @property
    def threshold(self) -> float:
        """The confidence from which questions are answered."""
        return self.policy.thresholds(self.calibration.thresholds).answer

    def index(self, corpus: Corpus) -> StoredIndex:
        """Return the indexes of `corpus`, in memory."""
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # memory-mapped files outlive it
            CorpusEncoder(self.encoder, ReusableEncodings(), self.report).write(Path(folder), corpus)
            return StoredIndex.of(corpus, Path(folder))

    def ask_with(self, stored: StoredIndex, ranking: RankingConfig = DEFAULT_RANKING) -> Ask:
        """Return a function that asks `stored` for the longest list."""
        index = self.open(stored, ranking)

        def ask(question: str) -> Response:
            return response_of(index.ask(question, top=MOST_HITS))

        return ask

    def open(self, stored: StoredIndex, ranking: RankingConfig = DEFAULT_RANKING) -> Index:
        """Return an `Index` over `stored` with this runner's policy and calibration; an arm alone has no reranker."""
        reranker = self.reranker if ranking.arm is Arm.FUSED else None
        policy = replace(self.policy, ranking=ranking)
        index = Index("in memory", stored, self.encoder, policy=policy, reranker=reranker)
        index.calibration = CalibrationChoice(self.calibration)
        return index

    def measure(self, name: str, questions: Sequence[EvaluationQuestion], ask: Ask) -> tuple[Judgement, ...]:
        """Ask and judge every question of the set `name`."""
        judgements: list[Judgement] = []
        for start in range(0, len(questions), _STEP):
            self.report(f"asking {name}", start, len(questions))
            judgements += (judge(each, ask(each.text)) for each in questions[start : start + _STEP])
        return tuple(judgements)


def measure_documents(
    documents: Path, files: Sequence[Path], runner: Runner, *, baseline: bool
) -> Iterator[Measurement]:
    """Measure files of questions about `documents`; with `baseline` also the arms alone and the dense baseline."""
    corpus = read_corpus(documents)
    library = corpus.library
    systems = _systems(corpus, runner, arms=baseline)
    if baseline:
        kinds = {
            "paragraphs": block_items(library.documents),
            "passages": passage_items(library.documents, corpus.passages),
        }
        for kind, items in kinds.items():
            systems[f"dense, {kind}"] = DenseBaseline.build(items, runner.encoder).ask
    for path in files:
        questions = read_questions(path)
        for system, ask in systems.items():
            yield Measurement(path.stem, system, runner.measure(path.stem, questions, ask))


def measure_talks(documents: Path, talks: Sequence[TalkSet], runner: Runner) -> Iterator[TalkMeasurement]:
    """Measure files of real-talk questions about `documents`, their annotations included."""
    if not talks:
        return
    index = runner.open(runner.index(read_corpus(documents)))
    for talk in talks:
        runner.report(f"asking {talk.name}", 0, len(talk.questions))
        judgements = (
            judge_talk(each, index.ask(each.text, top=_TALK_QUOTES, previous=each.previous))
            for each in talk.questions
        )
        yield TalkMeasurement(talk.name, tuple(judgements))


def read_corpus(folder: Path) -> Corpus:
    """Return the corpus of a folder of documents. Raises DocumentsError."""
    sources = read_sources(folder)
    return build_corpus(parse_documents(folder, sources), sources.sidecars)


def measure_datasets(
    datasets: Sequence[Dataset], runner: Runner, *, baseline: bool, variants: bool = False
) -> Iterator[Measurement]:
    """Measure public datasets, which have neither annotations nor a glossary.

    With `variants` the index is also measured with the questions, then the corpus, in the other Chinese script.
    """
    for dataset in datasets:
        corpus = build_corpus(dataset.library, {})
        systems = _systems(corpus, runner, arms=baseline)
        if baseline:
            items = passage_items(dataset.library.documents, corpus.passages)
            systems["dense, passages"] = DenseBaseline.build(items, runner.encoder).ask
        for system, ask in systems.items():
            yield Measurement(dataset.name, system, runner.measure(dataset.name, dataset.questions, ask))
        if variants:
            yield from _measure_variants(dataset, runner)


def measure_folder(folder: FolderCorpus, runner: Runner) -> FolderMeasurement:
    """Measure the system on a folder corpus. Nothing is written to the folder. Raises DocumentsError."""
    corpus = read_corpus(folder.documents)
    library = corpus.library
    ask = runner.ask_with(runner.index(corpus))
    spans: dict[str, list[Span]] = {document.name: [] for document in library.documents}
    for passage in corpus.passages:
        spans[passage.document].append(passage.span)
    quality = measure_quality(_cut_document(document, spans[document.name]) for document in library.documents)
    judgements = runner.measure(folder.name, folder.questions, ask)
    return FolderMeasurement(folder.name, len(library.documents), judgements, quality)


def _cut_document(document: Document, spans: Sequence[Span]) -> CutDocument:
    rendered = [render(document.slice(span), document.markup) for span in spans]
    return CutDocument(
        text=document.text,
        title=document.title,
        passages=tuple((span.start, span.end) for span in spans),
        shown=tuple("".join(run.text for run in runs if run.kind is RunKind.TEXT) for runs in rendered),
        is_markdown=document.markup is Markup.MARKDOWN,
    )


def _systems(corpus: Corpus, runner: Runner, *, arms: bool) -> dict[str, Ask]:
    """Return the index over `corpus` and, with `arms`, it without its reranker and each of its arms alone, by name."""
    arms_by_name = {SYSTEM: Arm.FUSED} | {arm.value: arm for arm in (Arm.LATE_INTERACTION, Arm.BM25) if arms}
    stored = runner.index(corpus)
    systems = {name: runner.ask_with(stored, RankingConfig(arm=arm)) for name, arm in arms_by_name.items()}
    if arms and runner.reranker is not None:
        systems["without the reranker"] = replace(runner, reranker=None).ask_with(stored)
    return systems


def _measure_variants(dataset: Dataset, runner: Runner) -> Iterator[Measurement]:
    for variant, changed in script_variants(dataset).items():
        corpus = build_corpus(changed.library, {})
        ask = runner.ask_with(runner.index(corpus))
        yield Measurement(dataset.name, SYSTEM, runner.measure(dataset.name, changed.questions, ask), variant)
