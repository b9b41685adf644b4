"""The command line in this process, apart from the settings of whoever runs the tests."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index import cli
from tests.fakes import FakeEncoder

Run = Callable[..., int]


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Remove the caller's settings from the environment."""
    for name in [name for name in os.environ if name.startswith("CHRONICLE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(documents: Path, store: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs the command line in this process with the fake encoder."""
    monkeypatch.setattr("index.encoding.encoder.load_encoder", lambda *_, **__: encoder)
    monkeypatch.setenv("CHRONICLE_STORE", str(store))
    # The folder `documents` is the default one, in the working folder: nobody names it.

    def run(*arguments: str, stdin: bytes | None = None) -> int:
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        return cli.main(arguments)

    return run
