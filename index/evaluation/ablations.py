"""Ablations: the engine measured with each of its parts off in turn.

The documents lose a part by their sidecars, read, lightened and written anew in memory; the code by a constant
or a method set otherwise for the time of one measurement. The confidence is not fitted anew.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.answering.answerability import AnswerabilityModel
from index.corpus.loader import (
    AGREEMENTS,
    ANNOTATIONS_SUFFIX,
    GLOSSARY,
    UNANSWERABLE,
    parse_documents,
    read_sources,
)
from index.evaluation.metrics import read_questions
from index.evaluation.runner import Engine, Measurement, asking
from index.indexing.builder import build_corpus
from index.retrieval import fusion, late_interaction
from index.types import Vector

Sidecars = Mapping[str, bytes]


def _whole(sidecars: Sidecars) -> Sidecars:
    return sidecars


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the engine: what the sidecars are without it, or what to set, where, to what."""

    name: str
    lighten: Callable[[Sidecars], Sidecars] = _whole
    settings: tuple[tuple[object, str, object], ...] = ()

    @contextmanager
    def off(self) -> Iterator[None]:
        """Go without the part while the block runs; then everything is as it was."""
        before = [(owner, name, getattr(owner, name)) for owner, name, _ in self.settings]
        try:
            for owner, name, value in self.settings:
                setattr(owner, name, value)
            yield
        finally:
            for owner, name, value in before:
                setattr(owner, name, value)


def without_keys(*names: str) -> Callable[[Sidecars], Sidecars]:
    """Give what leaves the keys `names` out of every sidecar of annotations: of its top, and of each annotation."""

    def lighten(sidecars: Sidecars) -> Sidecars:
        return {
            name: _without(content, names) if name.endswith(ANNOTATIONS_SUFFIX) else content
            for name, content in sidecars.items()
        }

    return lighten


def without_file(name: str) -> Callable[[Sidecars], Sidecars]:
    """Give what leaves the sidecar `name` out."""
    return lambda sidecars: {each: content for each, content in sidecars.items() if each != name}


def _evenly(_tokens: late_interaction.TokenIndex, ids: NDArray[np.int32]) -> Vector:
    """Weigh all of a question's tokens alike."""
    return np.full(len(ids), 1 / max(1, len(ids)), dtype=np.float32)


PARTS = (
    Part("restatements", without_keys("restatement")),
    Part("translations", without_keys("translation")),
    Part("written questions", without_keys("questions")),
    Part("any annotation", without_keys("restatement", "translation", "questions")),
    Part("swapped words put right", without_keys("words")),
    Part("answerability", settings=((AnswerabilityModel, "answerability", lambda *_: None),)),
    Part("unanswerable", without_file(UNANSWERABLE)),
    Part("glossary", without_file(GLOSSARY)),
    Part("agreements", without_file(AGREEMENTS)),
    Part("keywords", settings=((fusion, "BM25_WEIGHT", np.float32(0)),)),
    Part("segments", settings=((fusion, "SEGMENT_WEIGHT", np.float32(0)),)),
    Part("centring", settings=((late_interaction, "CENTRING", np.float32(0)),)),
    Part("rarity weights", settings=((late_interaction.TokenIndex, "_rarity", _evenly),)),
)


def measure_ablations(documents: Path, files: Sequence[Path], engine: Engine) -> Iterator[Measurement]:
    """Measure the engine without each part that there is; the system is called by what it lacks.

    Texts are encoded again for every part unless the engine's encoder remembers them (`index.encoding.cache`).
    """
    sources = read_sources(documents)
    library = parse_documents(documents, sources)
    questions = {path.stem: read_questions(path) for path in files}
    for part in PARTS:
        sidecars = part.lighten(sources.sidecars)
        if not part.settings and sidecars == sources.sidecars:
            continue
        with part.off():
            corpus = build_corpus(library, sidecars)
            ask = asking(engine.open(corpus, engine.hold(corpus)))
            found = [
                Measurement(name, f"without {part.name}", engine.measure(f"{name} without {part.name}", each, ask))
                for name, each in questions.items()
            ]
        yield from found


def _without(content: bytes, names: Sequence[str]) -> bytes:
    """Leave keys out of a sidecar; one that is not TOML stays, to be reported where it is read."""
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
    """Write a value on one line of TOML, whose strings and arrays are JSON's but for the delete character."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {_toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return _toml(name)
