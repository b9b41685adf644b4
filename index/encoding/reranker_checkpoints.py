"""Where a reranker comes from, and loading it: a sentence-transformers CrossEncoder with one label."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.encoding.checkpoints import BUNDLED, ModelFolder, fingerprint, model_of_commit
from index.encoding.hub import find_commit, must_be_fetched, use
from index.encoding.loading import one_line, prepare
from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

NONE = "none"

_SETTING = "CHRONICLE_RERANKER"
_REMEDY = "set it to none, or to the folder or name of a sentence-transformers CrossEncoder"
_SCORING = (
    "ForSequenceClassification",
    "ForCausalLM",
)  # the architectures whose outputs CrossEncoder can score with
_CONFIG, _TYPE_CONFIG = "config.json", "config_sentence_transformers.json"


def locate_reranker(name: str) -> ModelFolder | None:
    """Return the reranker called `name`, or None for `none`, `bundled` and the empty name; nothing of it is loaded.

    `bundled` is the reader that ships (index/retrieval/reading), which reads whatever reranker there is beside it.
    Raises ModelError if there is no such folder, or it holds a model of another kind.
    """
    if name.strip() in ("", NONE, BUNDLED):
        return None
    folder = Path(name).expanduser()
    if folder.is_dir():
        _refuse_other_kind(folder)
        return ModelFolder(source=str(folder.resolve()), fingerprint=fingerprint(folder), kind="folder")
    hub_name = use(name, organisation="cross-encoder")
    if hub_name is None:
        raise ModelError(f"{_SETTING}: no such model folder: {name}; {_REMEDY}")
    return model_of_commit(hub_name, find_commit(hub_name, file=_CONFIG, setting=_SETTING))


def load_cross_encoder(model: ModelFolder, *, threads: int = 1) -> CrossEncoder:
    """Return `model` on the CPU, ready to score with `threads` threads. Raises ModelError."""
    prepare(threads=threads)
    from sentence_transformers import CrossEncoder

    fetch = model.kind == "hub" and must_be_fetched(model.source, file=_CONFIG, setting=_SETTING)
    remedy = f"set {_SETTING} to another, or to {NONE}"
    commit = None if fetch else model.commit  # what is fetched is the newest, and has to be found by its name
    with one_line(model.source, remedy=remedy), _complete_weights(model.source):
        loaded: CrossEncoder = CrossEncoder(
            model.source, revision=commit, device="cpu", local_files_only=not fetch
        ).eval()
        architectures = getattr(loaded.config, "architectures", None)
        labels, words = loaded.num_labels, len(loaded.tokenizer) - len(loaded.tokenizer.all_special_ids)
    if model.kind == "hub":
        _refuse_other_architecture(model.source, architectures)
    if labels != 1:
        raise ModelError(f"{_SETTING}: {model.source} gives {labels} labels where a reranker gives one; {_REMEDY}")
    if words < 1:  # transformers makes an empty tokenizer where the files are missing
        raise ModelError(f"{_SETTING}: {model.source} has no tokenizer; {_REMEDY}")
    return loaded


def _refuse_other_kind(folder: Path) -> None:
    """Raise ModelError unless the folder's configuration is a cross-encoder's."""
    if (folder / "modules.json").is_file():
        kind = _read(folder / _TYPE_CONFIG).get("model_type", "SentenceTransformer")
        if kind != "CrossEncoder":
            raise ModelError(f"{_SETTING}: {folder} is a {kind}, no CrossEncoder; {_REMEDY}")
        return
    if not (folder / _CONFIG).is_file():
        raise ModelError(f"{_SETTING}: {folder} is no CrossEncoder folder: it has no {_CONFIG}; {_REMEDY}")
    _refuse_other_architecture(str(folder), _read(folder / _CONFIG).get("architectures"))


def _refuse_other_architecture(source: str, architectures: object) -> None:
    first = architectures[0] if isinstance(architectures, list) and architectures else None
    if not str(first).endswith(_SCORING):
        raise ModelError(
            f"{_SETTING}: {source} is a {first or 'model without a head'}, no CrossEncoder; {_REMEDY}"
        )


def _read(path: Path) -> Mapping[str, Any]:
    """Return a configuration file's keys; none if it does not exist. Raises ModelError if it is damaged."""
    try:
        found = json.loads(path.read_bytes()) if path.is_file() else {}
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{_SETTING}: {path} cannot be read ({error}); {_REMEDY}") from error
    if not isinstance(found, dict):
        raise ModelError(f"{_SETTING}: {path} holds no table; {_REMEDY}")
    return found


class _LoadReport(logging.Filter):
    """Takes transformers' report of a loading, which spans many lines, and notes whether weights are left random.

    With random weights a model scores all the same, and no error says so.
    """

    leaves_random = False

    def filter(self, record: logging.LogRecord) -> bool:
        """Take the report off the log, and leave what else is said."""
        text = record.getMessage()
        is_report = "LOAD REPORT" in text
        self.leaves_random = self.leaves_random or (is_report and ("MISSING" in text or "MISMATCH" in text))
        return not is_report


@contextmanager
def _complete_weights(source: str) -> Iterator[None]:
    """Raise ModelError if the model that is loaded within lacks weights, or has them in another shape."""
    report, logger = _LoadReport(), logging.getLogger("transformers.modeling_utils")
    logger.addFilter(report)
    try:
        yield
    finally:
        logger.removeFilter(report)
        if report.leaves_random:
            raise ModelError(f"{_SETTING}: {source} lacks weights, or has some in another shape; {_REMEDY}")
