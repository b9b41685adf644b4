"""Fit the confidence: logistic regression on questions whose answers are known."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from index.answering.confidence import CALIBRATION, FITS, Calibration, Features, Weights
from index.corpus.annotations.sidecars import UNANSWERABLE
from index.corpus.corpus import Corpus, build_corpus
from index.corpus.loader import parse_documents
from index.corpus.sources import read_sources
from index.errors import DocumentsError
from index.evaluation.dataset import Benchmark, EvaluationQuestion, read_benchmark, read_questions
from index.evaluation.metrics import Decisions, ReliabilityBin, auroc, decide_at, reliability
from index.evaluation.runner import Runner
from index.settings import DEFAULT_THRESHOLD
from index.types import Library

_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Example:
    """One question of a set: its features, and whether the documents hold an answer."""

    features: Features
    question: EvaluationQuestion
    source: str


@dataclass(frozen=True, slots=True)
class Fit:
    """Fitted weights, and their cross-validated quality on unseen facts (5 folds).

    decisions: at the default threshold. left_out: AUROC and decisions on each source when fitted on the other sources;
    empty if there is only one.
    """

    weights: Weights
    auroc: float
    decisions: Decisions
    reliability: tuple[ReliabilityBin, ...]
    left_out: Mapping[str, tuple[float, Decisions]]


def calibrate(documents: Path, questions: Path, bench: Path | None, runner: Runner) -> dict[str, Fit]:
    """Fit the confidence once for each kind of documents and write the calibration. Raises DocumentsError.

    The documents are those of `questions` with all of their sidecars, then without the annotations' questions, without
    known-unanswerable questions, without annotations, and without either. The last fit also uses the folder corpora
    below `bench`, and its public datasets that hold questions without an answer.
    """
    sources = read_sources(documents)
    library = parse_documents(documents, sources)
    own = read_questions(questions)
    examples: dict[str, list[Example]] = {name: [] for name in FITS}
    for name, corpus in _corpora(library, sources.sidecars).items():
        found = _examples("own", corpus, own, runner)
        examples[name] += (each for each in found if each.features.fit == name)
    examples["plain"] += _bench_examples(read_benchmark(bench), runner) if bench else ()
    if lacking := [name for name in FITS if not examples[name]]:
        raise DocumentsError(
            f"{documents} gives no example of {' and '.join(lacking)}: it needs annotations with questions, and "
            "known-unanswerable questions"
        )
    fits = {name: fit(examples[name]) for name in FITS}
    write_calibration(Calibration({name: each.weights for name, each in fits.items()}))
    return fits


def fit(examples: Sequence[Example]) -> Fit:
    """Fit the confidence; every source weighs the same, and in it the answerable as much as the others."""
    table = np.array([list(example.features.values().values()) for example in examples])
    answerable = np.array([example.question.is_answerable for example in examples])
    sources = np.array([example.source for example in examples])
    weights = _balanced(sources, answerable)
    model = make_pipeline(StandardScaler(), LogisticRegression())
    held_out = cross_val_predict(
        model,
        table,
        answerable,
        groups=[example.question.fact for example in examples],
        cv=GroupKFold(_FOLDS),
        method="predict_proba",
        params={"logisticregression__sample_weight": weights},
    )[:, 1]
    model.fit(table, answerable, logisticregression__sample_weight=weights)
    counts = {str(source): int((sources == source).sum()) for source in np.unique(sources)}
    return Fit(
        _weights_of(model, tuple(examples[0].features.values()), counts),
        auroc=auroc(held_out, answerable),
        decisions=decide_at(DEFAULT_THRESHOLD, held_out, answerable),
        reliability=reliability(held_out, answerable),
        left_out=dict(_left_out(model, table, answerable, sources)),
    )


def write_calibration(calibration: Calibration, path: Path = CALIBRATION) -> None:
    """Write the calibration that `read_calibration` reads."""
    path.write_text(json.dumps(asdict(calibration)["fits"], indent=1) + "\n", "utf-8")


def _corpora(library: Library, sidecars: Mapping[str, bytes]) -> dict[str, Corpus]:
    """Return the corpus that each fit of the confidence is for: with fewer of the sidecars, or all."""

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


def _examples(
    source: str, corpus: Corpus, questions: Iterable[EvaluationQuestion], runner: Runner
) -> Iterator[Example]:
    index = runner.open(runner.index(corpus))
    for question in questions:
        yield Example(index.search(question.text).features, question, source)


def _bench_examples(bench: Benchmark, runner: Runner) -> Iterator[Example]:
    for dataset in bench.datasets:
        if not all(question.is_answerable for question in dataset.questions):
            yield from _examples(dataset.name, build_corpus(dataset.library, {}), dataset.questions, runner)
    for folder in bench.folders:
        library = parse_documents(folder.documents, read_sources(folder.documents))
        yield from _examples(folder.name, build_corpus(library, {}), folder.questions, runner)


def _left_out(
    model: Pipeline, table: NDArray[np.float64], answerable: NDArray[np.bool_], sources: NDArray[np.str_]
) -> Iterator[tuple[str, tuple[float, Decisions]]]:
    """Yield the quality on each source of a fit on all others."""
    names = np.unique(sources)
    for name in names if len(names) > 1 else ():
        of, others = sources == name, sources != name
        weights = _balanced(sources[others], answerable[others])
        fitted = clone(model).fit(table[others], answerable[others], logisticregression__sample_weight=weights)
        confidences = fitted.predict_proba(table[of])[:, 1]
        yield (
            str(name),
            (
                auroc(confidences, answerable[of]),
                decide_at(DEFAULT_THRESHOLD, confidences, answerable[of]),
            ),
        )


def _balanced(sources: NDArray[np.str_], answerable: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return sample weights with mean 1."""
    weights = np.empty(len(answerable))
    for source in np.unique(sources):
        for kind in (True, False):
            of = (sources == source) & (answerable == kind)
            weights[of] = 1 / max(1, of.sum())
    return np.asarray(weights * len(answerable) / weights.sum(), dtype=np.float64)


def _weights_of(model: Pipeline, names: Sequence[str], fitted_on: Mapping[str, int]) -> Weights:
    scaler, logistic = model[0], model[1]
    return Weights(
        weights=dict(zip(names, logistic.coef_[0].tolist(), strict=True)),
        means=dict(zip(names, scaler.mean_.tolist(), strict=True)),
        scales=dict(zip(names, scaler.scale_.tolist(), strict=True)),
        intercept=float(logistic.intercept_[0]),
        fitted_on=fitted_on,
    )
