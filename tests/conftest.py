"""What every test can count on: no hub, the same examples in every run, and one real store for all."""

from __future__ import annotations

import fcntl
import itertools
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from index.milvus import local_copies
from index.types import MilvusAddress

if TYPE_CHECKING:
    from index.types import Encoder

os.environ["HF_HUB_OFFLINE"] = "1"  # before any library that reads it on import

ROOT = Path(__file__).parents[1]
DOCUMENTS = ROOT / "documents"

_USUAL_EXAMPLES = 30
# A shared machine is no clock: no deadlines, and the same examples every time.
settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    max_examples=_USUAL_EXAMPLES,
    suppress_health_check=[HealthCheck.too_slow],
)
# What `make slow` tries: more of the same.
settings.register_profile("thorough", settings.get_profile("house"), max_examples=10 * _USUAL_EXAMPLES)
# `HYPOTHESIS_PROFILE=search` looks for new examples.
settings.register_profile(
    "search", settings.get_profile("house"), derandomize=False, max_examples=1500, database=None
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


def examples(usual: int) -> int:
    """Return how many examples to try where the usual profile should try `usual`; another tries as many times more."""
    return usual * settings.default.max_examples // _USUAL_EXAMPLES


@pytest.fixture(autouse=True)
def root_logger() -> Iterator[None]:
    """Leave the root logger as it was: a handler that a test adds writes to a stream that ends with the test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def environment(**settings: str) -> dict[str, str]:
    """Return an environment with these settings, and none of those of whoever runs the tests.

    Nor PYTHONUNBUFFERED, which would hide that a line waits in a buffer.
    """
    kept = (name for name in os.environ if not name.startswith("CHRONICLE_") and name != "PYTHONUNBUFFERED")
    return {name: os.environ[name] for name in kept} | settings


@dataclass(frozen=True, slots=True)
class RealBuild:
    """A store that the command line built, and what it wrote meanwhile."""

    store: Path
    output: str


@pytest.fixture(scope="session")
def real_build(tmp_path_factory: pytest.TempPathFactory) -> RealBuild:
    """Build the project's documents with the real model, once for the tests of all processes: it takes 20 s.

    In the folder that REAL_BUILD names, if set: `make` shares it between its two runs of the tests.
    """
    folder = Path(os.environ.get("REAL_BUILD") or tmp_path_factory.getbasetemp())
    if "PYTEST_XDIST_WORKER" in os.environ and "REAL_BUILD" not in os.environ:
        folder = folder.parent  # each process has a folder below that of the run
    store, output = folder / "real-store", folder / "real-output.txt"
    with (folder / "real.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not output.exists():
            command = [
                sys.executable,
                "-m",
                "index",
                "build",
                "--documents",
                str(DOCUMENTS),
                "--store",
                str(store),
            ]
            done = subprocess.run(
                command,
                capture_output=True,
                encoding="utf-8",
                cwd=ROOT,
                env=environment(),
                timeout=250,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            output.write_text(done.stdout, "utf-8")
    return RealBuild(store, output.read_text("utf-8"))


@pytest.fixture(scope="session")
def real_store(real_build: RealBuild) -> Path:
    """Return the store of the project's documents with the real model, to be read only."""
    return real_build.store


@pytest.fixture(scope="session")
def bundled_encoder() -> Encoder:
    """Return the bundled model, loaded once in each process of the tests."""
    from index.encoding.encoder import load_encoder

    return load_encoder("bundled")


@pytest.fixture(scope="session")
def small_front_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a front desk of a few examples for small stores to take over: the bundled one is 98 % of their bytes."""
    from index.answering.front_desk.classifier import BUNDLED, FRONT_DESK, FrontDesk

    bundled, folder = FrontDesk.load(BUNDLED), tmp_path_factory.mktemp("front-desk")
    replace(bundled, vectors=bundled.vectors[::100], weights=bundled.weights[::100]).save(folder)
    return folder / FRONT_DESK


@pytest.fixture(scope="session")
def light_builds(small_front_desk: Path) -> Callable[[], AbstractContextManager[None]]:
    """Return a context manager for small builds, in which nothing is flushed and equal documents are measured once."""
    from index.answering.confidence.background import Background
    from index.indexing import embedding_reuse
    from tests.index.backgrounds import measure_once

    @contextmanager
    def lighten() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "fsync", lambda _handle: None)
            patch.setattr(Background, "measure", measure_once)
            patch.setattr(embedding_reuse, "BUNDLED", small_front_desk)
            yield

    return lighten


@pytest.fixture
def quick_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fit a front desk for a model that is not bundled to a few of the examples, where it is not what is tested."""
    from index.answering.front_desk import classifier
    from index.answering.front_desk.examples import front_desk_examples

    examples = front_desk_examples()[::20]
    monkeypatch.setattr(classifier, "front_desk_examples", lambda: examples)


_indexes = itertools.count()


@pytest.fixture(scope="session")
def milvus_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve Milvus Lite over HTTP to all tests and return its address; each has an index of its own."""
    pytest.importorskip("pymilvus", reason="the extra milvus is not installed")
    grpc_server = pytest.importorskip(
        "milvus_lite.adapter.grpc.server", reason="the extra milvus is not installed"
    )
    server, database, port = grpc_server.start_server_in_thread(str(tmp_path_factory.mktemp("milvus") / "lite.db"))
    yield f"http://127.0.0.1:{port}"
    server.stop(grace=0)
    database.close()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that goes on as the machine of that name, which has copies of its own."""

    def go_on_as(name: str) -> None:
        monkeypatch.setattr(local_copies, "user_cache_path", lambda _application: tmp_path / "caches" / name)

    go_on_as("one")
    return go_on_as


@pytest.fixture
def milvus(milvus_server: str, machine: Callable[[str], None]) -> MilvusAddress:
    """Return the address of an index in Milvus; nothing is there yet."""
    return MilvusAddress(milvus_server, f"llamas_{next(_indexes)}")
