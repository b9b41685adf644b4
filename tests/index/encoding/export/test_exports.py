"""A sentence-transformers model becomes a graph once, gives the same vectors, or is left to sentence-transformers."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoding.checkpoints import ModelFolder, locate, no_report
from index.encoding.export import exports
from index.encoding.export.exports import exported_folder
from index.encoding.onnx.runtime import OnnxRuntime
from index.encoding.preferred_runtime import PreferredRuntime, RuntimeOptions
from index.encoding.runtime import EncoderRuntime, ForwardPass
from index.encoding.sentence_transformers_runtime import SentenceTransformersRuntime
from index.errors import ModelError
from tests.cross_encoders import save_bi_encoder

# Letters that the model knows and others, marks, spaces, and what its normalization changes.
TEXTS = st.lists(
    st.text(st.sampled_from("abc 12駱馬的é。？\n\u3000\u0301🙂Ａ"), max_size=120), min_size=1, max_size=5
)


def check(expected: ForwardPass, found: ForwardPass) -> None:
    from index.encoding.export import exporter  # imports torch: not when tests are collected

    exporter.check(expected, found)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> ModelFolder:
    return locate(str(save_bi_encoder(tmp_path_factory.mktemp("model"))))


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def graph(model: ModelFolder, cache: Path) -> Path:
    """Export the model by a process of its own, as a first question does."""
    folder = exported_folder(model, cache, no_report)
    assert folder is not None
    return folder


@pytest.fixture(scope="session")
def reference(model: ModelFolder) -> EncoderRuntime:
    return SentenceTransformersRuntime(model)


@given(texts=TEXTS)
def test_tokens_are_the_same_and_vectors_nearly_so(
    graph: Path, reference: EncoderRuntime, texts: list[str]
) -> None:
    check(reference.forward(texts), OnnxRuntime.load(graph, fingerprint="same").forward(texts))


def test_a_graph_is_exported_once(graph: Path, model: ModelFolder, cache: Path) -> None:
    told: list[str] = []
    assert exported_folder(model, cache, lambda stage, _: told.append(stage)) == graph
    assert told == []


def test_a_graph_with_other_vectors_is_refused(graph: Path, reference: EncoderRuntime) -> None:
    exported = OnnxRuntime.load(graph, fingerprint="same")
    with pytest.raises(ModelError, match="differ from sentence-transformers'"):
        check(reference.forward(["one"]), exported.forward(["two"]))


@pytest.mark.parametrize("exporter", ["no.such.exporter", "tests.index.encoding.export.killed"])
def test_what_cannot_be_exported_is_said_once_and_not_tried_again(
    model: ModelFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    exporter: str,
) -> None:
    monkeypatch.setattr(exports, "_EXPORTER", exporter)
    assert [exported_folder(model, tmp_path, no_report) for _ in range(2)] == [None, None]
    (line,) = caplog.messages
    assert model.source in line
    assert "\n" not in line


def test_without_room_for_a_graph_one_line_says_so(model: ModelFolder, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match=r"^no graph can be written to [^\n]*$"):
        exported_folder(model, tmp_path / "file", no_report)


def test_a_damaged_graph_is_left_to_sentence_transformers_and_said_once(
    graph: Path, model: ModelFolder, reference: EncoderRuntime, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for path in graph.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "graph.onnx").write_bytes(b"not a graph")
    options = RuntimeOptions(threads=1, report=no_report)
    runtime = PreferredRuntime(model.source, tmp_path, fingerprint=model.fingerprint, options=options)
    with caplog.at_level(logging.WARNING, "index"):
        check(reference.forward(["one"]), runtime.forward(["one"]))
        runtime.forward(["two"])
    (line,) = [each.getMessage() for each in caplog.records if each.name.startswith("index")]
    assert line.startswith(f"the graph in {tmp_path} cannot be loaded")
    assert runtime.fingerprint == model.fingerprint
