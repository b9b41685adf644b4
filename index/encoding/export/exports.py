"""The graphs of exported models in the user's cache folder: exported once, by a process of its own."""

from __future__ import annotations

import hashlib
import json
import logging
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from index.encoding.bundled_model import Report
from index.encoding.cached_folder import make_once
from index.encoding.checkpoints import ModelFolder
from index.errors import ModelError

logger = logging.getLogger(__name__)

_FORMAT = 1  # of an exported folder, whose weights are float32; raise it when index/encoding/export writes another
_FAULT = "fault.txt"  # in place of a graph: why there is none
_EXPORTER = "index.encoding.export.exporter"
_LONGEST = 600.0  # seconds of an export, which takes about 30


def exported_folder(model: ModelFolder, cache: Path, report: Report) -> Path | None:
    """Return the folder with the graph of `model`, which is exported if it is not there undamaged.

    None if it cannot be exported, which is logged when it is tried, once. Raises ModelError if nothing can be written.
    """
    folder = _folder(model, cache)
    try:
        make_once(folder, lambda fresh: _export(model, fresh, report, target=folder))
    except OSError as error:
        raise ModelError(f"no graph can be written to {folder}: {error.strerror or error}") from error
    return None if (folder / _FAULT).exists() else folder


def export_fault(model: ModelFolder, cache: Path) -> str | None:
    """Return why `model` could not be exported; None if it was, or was not tried yet."""
    fault = _folder(model, cache) / _FAULT
    return fault.read_text("utf-8") if fault.is_file() else None


def _folder(model: ModelFolder, cache: Path) -> Path:
    name = hashlib.sha256(f"{model.fingerprint}/{_FORMAT}".encode()).hexdigest()[:16]
    return cache / "models" / f"graph-{name}"


def _export(model: ModelFolder, folder: Path, report: Report, *, target: Path) -> None:
    """Export `model` into `folder`, which becomes `target`, or leave there why it cannot be."""
    report("exporting the embedding model, once; half a minute", 0.0)
    command = [sys.executable, "-m", _EXPORTER, str(folder)]
    try:
        done = subprocess.run(  # noqa: S603  fixed, but for a folder of its own
            command,
            input=json.dumps(asdict(model)),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_LONGEST,
            check=False,
        )
        lines = done.stderr.strip().splitlines() or [f"the export ended with {done.returncode}"]
        fault = (
            lines[-1].removeprefix(f"{ModelError.__module__}.{ModelError.__name__}: ") if done.returncode else ""
        )
    except subprocess.TimeoutExpired:
        fault = f"it took more than {_LONGEST:.0f} seconds"
    if fault:
        logger.warning(
            "%s cannot be exported for onnxruntime (%s): sentence-transformers runs it; delete %s to try again",
            *(model.source, fault, target),
        )
        for path in folder.iterdir():
            path.unlink()
        (folder / _FAULT).write_text(fault, "utf-8")
    report("exporting the embedding model, once; half a minute", 1.0)
