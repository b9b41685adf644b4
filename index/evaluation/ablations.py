"""Ablations: the system measured without each of its parts in turn.

A part is left out of the documents' sidecars, of the corpus or of the ranking configuration. The confidence is not
fitted again.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.corpus.annotations.sidecars import AGREEMENTS, ANNOTATIONS_SUFFIX, GLOSSARY, UNANSWERABLE
from index.corpus.corpus import Corpus, build_corpus
from index.corpus.loader import parse_documents
from index.corpus.sources import read_sources
from index.evaluation.datasets.dataset import read_questions
from index.evaluation.runner import Measurement, Runner
from index.retrieval.ranking_config import DEFAULT_RANKING, RankingConfig, TokenWeighting

Sidecars = Mapping[str, bytes]


def _whole(sidecars: Sidecars) -> Sidecars:
    return sidecars


def _unchanged(corpus: Corpus) -> Corpus:
    return corpus


def _without_answered(corpus: Corpus) -> Corpus:
    return replace(corpus, answered={})


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the system, and the sidecars, corpus and ranking without it."""

    name: str
    lighten: Callable[[Sidecars], Sidecars] = _whole
    reduce: Callable[[Corpus], Corpus] = _unchanged
    ranking: RankingConfig = DEFAULT_RANKING


def without_keys(*names: str) -> Callable[[Sidecars], Sidecars]:
    """Return a function that removes the keys `names` from annotation sidecars: at the top and in each annotation."""

    def lighten(sidecars: Sidecars) -> Sidecars:
        return {
            name: _without(content, names) if name.endswith(ANNOTATIONS_SUFFIX) else content
            for name, content in sidecars.items()
        }

    return lighten


def without_file(name: str) -> Callable[[Sidecars], Sidecars]:
    """Return a function that removes the sidecar `name`."""
    return lambda sidecars: {each: content for each, content in sidecars.items() if each != name}


PARTS = (
    Part("restatements", without_keys("restatement")),
    Part("translations", without_keys("translation")),
    Part("written questions", without_keys("questions")),
    Part("any annotation", without_keys("restatement", "translation", "questions")),
    Part("word corrections", without_keys("words")),
    Part("answerability", reduce=_without_answered),
    Part("unanswerable", without_file(UNANSWERABLE)),
    Part("glossary", without_file(GLOSSARY)),
    Part("agreements", without_file(AGREEMENTS)),
    Part("the reader's order", ranking=RankingConfig(reader_weight=0)),
    Part("BM25", ranking=RankingConfig(bm25_weight=0)),
    Part("centering", ranking=RankingConfig(centering=0)),
    Part("token weights", ranking=RankingConfig(token_weighting=TokenWeighting.UNIFORM)),
)


def measure_ablations(documents: Path, files: Sequence[Path], runner: Runner) -> Iterator[Measurement]:
    """Measure the system without each of its parts that the documents have; `system` names the missing part.

    Texts are encoded again for every part unless the runner's encoder caches them (`index.evaluation.caching_encoder`).
    """
    sources = read_sources(documents)
    library = parse_documents(documents, sources)
    questions = {path.stem: read_questions(path) for path in files}
    for part in PARTS:
        sidecars = part.lighten(sources.sidecars)
        if part.ranking == DEFAULT_RANKING and part.reduce is _unchanged and sidecars == sources.sidecars:
            continue
        corpus = part.reduce(build_corpus(library, sidecars))
        ask = runner.ask_with(runner.index(corpus), part.ranking)
        for name, each in questions.items():
            system = f"without {part.name}"
            yield Measurement(name, system, runner.measure(f"{name} {system}", each, ask))


def _without(content: bytes, names: Sequence[str]) -> bytes:
    """Remove keys from a sidecar; one that is not TOML stays, and is reported where it is read."""
    try:
        table = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return content
    kept = {key: value for key, value in table.items() if key not in names}
    annotations = kept.get("paragraph", [])
    kept["paragraph"] = [
        {key: value for key, value in annotation.items() if key not in names} for annotation in annotations
    ]
    return content if kept == table else "".join(f"{_key(key)} = {_toml(kept[key])}\n" for key in kept).encode()


def _toml(value: Any) -> str:  # noqa: ANN401  whatever TOML holds
    """Return a value as TOML on one line; its strings and arrays are those of JSON but for the delete character."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {_toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return _toml(name)
