"""Which reranker is found, that each fault is one line, and that scoring stops at the first failure."""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from index.encoding import hub
from index.encoding.checkpoints import ModelFolder
from index.encoding.reranker import CrossEncoderReranker, load_reranker
from index.encoding.reranker_checkpoints import load_cross_encoder, locate_reranker
from index.errors import ModelError
from tests.cross_encoders import LENGTH, save_bi_encoder, save_cross_encoder

PASSAGES = ["hello wor ld", "駱馬模型", "", "open source"]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_cross_encoder(tmp_path_factory.mktemp("models") / "cross-encoder")


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    """Return a copy of the model, to be damaged."""
    return shutil.copytree(saved, tmp_path / "copy")


def located(folder: Path) -> ModelFolder:
    found = locate_reranker(str(folder))
    assert found is not None
    return found


def fault_of(folder: Path) -> str:
    """Return the one line that a folder's fault is, wherever it shows."""
    with pytest.raises(ModelError) as caught:
        load_cross_encoder(located(folder))
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", ["none", "", " ", "bundled"])
def test_none_is_no_reranker_and_no_warning(name: str, caplog: pytest.LogCaptureFixture) -> None:
    assert load_reranker(name) is None
    assert caplog.text == ""


@pytest.mark.parametrize("name", ["/no/such/folder", "./none", "a b", "a/b/c"])
def test_a_name_that_cannot_be_used_is_one_warning(name: str, caplog: pytest.LogCaptureFixture) -> None:
    assert load_reranker(name) is None
    [record] = caplog.records
    assert record.getMessage().startswith("CHRONICLE_RERANKER: ")
    assert record.getMessage().endswith("answering without a reranker")


@pytest.mark.parametrize(
    ("name", "source"), [("BAAI/bge-reranker-base", "BAAI/bge-reranker-base"), ("tiny", "cross-encoder/tiny")]
)
def test_a_hub_name_is_passed_on(name: str, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    newest_is(monkeypatch, "0" * 40)
    found = locate_reranker(name)
    assert found == ModelFolder(source, f"hub-{source}@000000000000", "hub", "0" * 40)


def newest_is(monkeypatch: pytest.MonkeyPatch, commit: str) -> None:
    """Simulate a hub with that commit of every model, none of which is in the cache."""
    monkeypatch.setattr(hub, "_used", set())
    monkeypatch.setattr("huggingface_hub.try_to_load_from_cache", lambda *_: None)
    monkeypatch.setattr("huggingface_hub.HfApi.model_info", lambda *_, **__: SimpleNamespace(sha=commit))


def test_two_revisions_of_a_hub_reranker_are_two_models(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for commit in ("1" * 40, "2" * 40):
        newest_is(monkeypatch, commit)
        found.append(locate_reranker("some/model"))
    assert found[0].fingerprint != found[1].fingerprint


def test_a_hub_reranker_that_is_here_is_loaded_as_it_was_when_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "_used", set())
    here = tmp_path / "snapshots" / ("3" * 40) / "config.json"
    monkeypatch.setattr("huggingface_hub.try_to_load_from_cache", lambda *_: str(here))
    asked: list[object] = []

    def load(_source: str, **options: object) -> None:
        asked.append(options["revision"])
        raise OSError("enough")

    monkeypatch.setattr("sentence_transformers.CrossEncoder", load)
    located = locate_reranker("some/model")
    assert located is not None
    with pytest.raises(ModelError, match="enough"):
        load_cross_encoder(located)
    assert (located.fingerprint, asked) == ("hub-some/model@333333333333", ["3" * 40])


def test_a_hub_that_cannot_be_reached_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import HfApi

    def unreachable(*_: object, **__: object) -> None:
        raise OSError("no network\nand more")

    monkeypatch.setattr(hub, "_used", set())
    monkeypatch.setattr(HfApi, "model_info", unreachable)
    with pytest.raises(ModelError, match=r"\ACHRONICLE_RERANKER: no-such/model is no folder here, .*no network\Z"):
        load_cross_encoder(ModelFolder("no-such/model", "hub-no-such/model", "hub"))


def test_a_hub_s_model_keeps_the_hub_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    newest_is(monkeypatch, "0" * 40)
    monkeypatch.delenv("HF_HUB_OFFLINE")
    locate_reranker("BAAI/bge-reranker-base")
    hub.disable_unless_used()
    assert "HF_HUB_OFFLINE" not in os.environ
    monkeypatch.setattr(hub, "_used", set())
    hub.disable_unless_used()
    assert os.environ["HF_HUB_OFFLINE"] == "1"


def test_each_passage_has_the_logit_that_the_model_gives_it_alone(saved: Path) -> None:
    reranker = CrossEncoderReranker(located(saved))
    together = reranker.scores("who left", PASSAGES * 2)
    alone = [reranker.scores("who left", [passage]) for passage in PASSAGES]
    assert together is not None
    assert np.allclose(together, np.concatenate([score for score in alone if score is not None] * 2), atol=1e-5)
    assert len(set(together[: len(PASSAGES)].tolist())) == len(PASSAGES)
    assert together.max() > 1  # no sigmoid


def test_a_folder_that_sentence_transformers_saved_scores_alike(saved: Path, tmp_path: Path) -> None:
    from sentence_transformers import CrossEncoder

    CrossEncoder(str(saved), device="cpu", local_files_only=True).save_pretrained(str(tmp_path / "again"))
    again = CrossEncoderReranker(located(tmp_path / "again")).scores("who left", PASSAGES)
    assert again is not None
    direct = CrossEncoderReranker(located(saved)).scores("who left", PASSAGES)
    assert direct is not None
    assert np.allclose(again, direct)


@pytest.mark.parametrize("times", [LENGTH, 100 * LENGTH])
def test_a_pair_longer_than_the_model_takes_is_truncated(saved: Path, times: int) -> None:
    reranker = CrossEncoderReranker(located(saved))
    first = reranker.scores("who left", ["ab " * times])
    assert first is not None
    longer = reranker.scores("who left", ["ab " * LENGTH + "other words"])
    assert longer is not None
    assert np.allclose(first, longer)
    assert reranker.scores("long " * times, ["ab " * times]) is not None


def test_no_passages_have_no_scores(saved: Path) -> None:
    found = CrossEncoderReranker(located(saved)).scores("who left", [])
    assert found is not None
    assert found.shape == (0,)


def test_a_bi_encoder_is_refused(tmp_path: Path) -> None:
    whole = save_bi_encoder(tmp_path)
    with pytest.raises(ModelError, match="is a SentenceTransformer, no CrossEncoder"):
        locate_reranker(str(whole))
    with pytest.raises(ModelError, match="is a BertModel, no CrossEncoder"):
        locate_reranker(str(whole / "base"))


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"is no CrossEncoder folder: it has no config\.json"):
        locate_reranker(str(tmp_path))


@pytest.mark.parametrize("labels", [2, 3])
def test_a_model_of_several_labels_is_refused(tmp_path: Path, labels: int) -> None:
    assert f"gives {labels} labels where a reranker gives one" in fault_of(
        save_cross_encoder(tmp_path, labels=labels)
    )


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"[" * 100_000, b"\xff"])
def test_a_damaged_configuration_is_one_line(folder: Path, content: bytes) -> None:
    (folder / "config.json").write_bytes(content)
    with pytest.raises(ModelError, match=r"\ACHRONICLE_RERANKER: [^\n]*config\.json [^\n]*\Z"):
        locate_reranker(str(folder))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("hidden_size", value) for value in ("x", 17, 10**12)),
        *(("num_attention_heads", 0), ("vocab_size", 3), ("max_position_embeddings", None)),
        *(("model_type", "nonsense"), ("id2label", "x")),
    ],
)
def test_a_configuration_that_does_not_fit_is_one_line(folder: Path, key: str, value: object) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {key: value}))
    assert "CHRONICLE_RERANKER" in fault_of(folder)


def cut(weights: Path) -> None:
    weights.write_bytes(weights.read_bytes()[:-100])


def empty(weights: Path) -> None:
    weights.write_bytes(b"{")


def without_head(weights: Path) -> None:
    from safetensors.numpy import load_file, save_file

    kept = {name: value for name, value in load_file(weights).items() if not name.startswith("classifier")}
    save_file(kept, weights, metadata={"format": "pt"})


@pytest.mark.parametrize("damage", [cut, empty, Path.unlink, without_head])
def test_damaged_weights_are_one_line(folder: Path, damage: Callable[[Path], Any]) -> None:
    damage(folder / "model.safetensors")
    assert "CHRONICLE_RERANKER" in fault_of(folder)


def test_a_folder_without_a_tokenizer_is_one_line(folder: Path) -> None:
    for path in folder.glob("tokenizer*"):
        path.unlink()
    assert "has no tokenizer" in fault_of(folder)


def test_code_that_a_folder_names_is_not_run(folder: Path) -> None:
    (folder / "modules.json").write_text('[{"idx": 0, "name": "0", "path": "", "type": "os.system"}]')
    (folder / "config_sentence_transformers.json").write_text('{"model_type": "CrossEncoder"}')
    assert "cannot be loaded" in fault_of(folder)


def test_after_a_failure_it_warns_once_and_reads_no_more(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    reranker = load_reranker(str(folder))
    assert reranker is not None
    before = reranker.fault
    assert before is None
    cut(folder / "model.safetensors")
    with caplog.at_level(logging.WARNING):
        assert [reranker.scores("who left", PASSAGES) for _ in range(3)] == [None] * 3
    [record] = caplog.records
    assert record.getMessage().endswith("answering without a reranker")
    assert reranker.fault is not None
    assert reranker.fault in record.getMessage()


def test_scores_that_are_no_numbers_are_a_failure(folder: Path) -> None:
    from safetensors.numpy import load_file, save_file

    weights = folder / "model.safetensors"
    broken = {name: value * np.float32("nan") for name, value in load_file(weights).items()}
    save_file(broken, weights, metadata={"format": "pt"})
    reranker = CrossEncoderReranker(located(folder))
    assert reranker.scores("who left", PASSAGES) is None
    assert "no numbers" in str(reranker.fault)


def test_a_copied_folder_is_the_same_model(saved: Path, folder: Path, tmp_path: Path) -> None:
    other = save_cross_encoder(tmp_path / "other", seed=8)
    one, copy, different = (located(each).fingerprint for each in (saved, folder, other))
    assert one == copy != different
