"""Stores of several versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.index.conftest import Build


@pytest.fixture
def three(build: Build, documents: Path) -> list[str]:
    """Build three versions and return their names, oldest first."""
    return build_three(build, documents)


def build_three(build: Build, documents: Path) -> list[str]:
    """Build three versions of `documents`, which differ in one text, and return their names, oldest first."""
    names = []
    for number in range(3):
        (documents / "new.txt").write_text(f"Something new {number}.", "utf-8")
        names.append(build().version)
    return names
