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

from index import fusion, rerank
from index.build import make_records
from index.documents import AGREEMENTS, GAPS, GLOSSARY, GLOSSES_SUFFIX, parse_documents, read_sources
from index.evaluate import read_questions
from index.measuring import Engine, Measured, asking
from index.precedents import Precedents
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
    """Give what leaves the keys `names` out of every sidecar of glosses: of its top, and of each gloss."""

    def lighten(sidecars: Sidecars) -> Sidecars:
        return {
            name: _without(content, names) if name.endswith(GLOSSES_SUFFIX) else content
            for name, content in sidecars.items()
        }

    return lighten


def without_file(name: str) -> Callable[[Sidecars], Sidecars]:
    """Give what leaves the sidecar `name` out."""
    return lambda sidecars: {each: content for each, content in sidecars.items() if each != name}


def _evenly(_tokens: rerank.TokenVectors, ids: NDArray[np.int32]) -> Vector:
    """Weigh all of a question's tokens alike."""
    return np.full(len(ids), 1 / max(1, len(ids)), dtype=np.float32)


PARTS = (
    Part("plain-Chinese glosses", without_keys("plain")),
    Part("English glosses", without_keys("en")),
    Part("written questions", without_keys("questions")),
    Part("any gloss", without_keys("plain", "en", "questions")),
    Part("swapped words put right", without_keys("words")),
    Part("leaning", settings=((Precedents, "leaning", lambda *_: None),)),
    Part("gaps", without_file(GAPS)),
    Part("glossary", without_file(GLOSSARY)),
    Part("agreements", without_file(AGREEMENTS)),
    Part("keywords", settings=((fusion, "KEYWORD_WEIGHT", np.float32(0)),)),
    Part("pieces", settings=((fusion, "PIECE_WEIGHT", np.float32(0)),)),
    Part("centring", settings=((rerank, "CENTRING", np.float32(0)),)),
    Part("rarity weights", settings=((rerank.TokenVectors, "_rarity", _evenly),)),
)


def measure_ablations(documents: Path, files: Sequence[Path], engine: Engine) -> Iterator[Measured]:
    """Measure the engine without each part that there is; the system is called by what it lacks.

    Texts are encoded again for every part unless the engine's encoder remembers them (`index.remembering`).
    """
    sources = read_sources(documents)
    library = parse_documents(documents, sources)
    questions = {path.stem: read_questions(path) for path in files}
    for part in PARTS:
        sidecars = part.lighten(sources.sidecars)
        if not part.settings and sidecars == sources.sidecars:
            continue
        with part.off():
            records = make_records(library, sidecars)
            ask = asking(engine.open(records, engine.hold(records)))
            found = [
                Measured(name, f"without {part.name}", engine.measure(f"{name} without {part.name}", each, ask))
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
    glosses = kept.get("gloss", [])
    kept["gloss"] = [{key: value for key, value in gloss.items() if key not in names} for gloss in glosses]
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
