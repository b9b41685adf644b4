"""The bundled tokenizer frames and cuts a pair of texts as XLM-RoBERTa's own does."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoding import bundled_model
from index.encoding import checkpoints as models
from tests.index.encoding.test_checkpoints import PIECES, data_file

if TYPE_CHECKING:
    from transformers import XLMRobertaTokenizer

WORDS = st.lists(st.text(alphabet="abcdefghij", min_size=1, max_size=6), max_size=4).map(" ".join)
LIMITS = st.integers(min_value=4, max_value=24) | st.none()


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the tokenizer of a model of 17 pieces."""
    folder = tmp_path_factory.mktemp("tiny")
    data = folder / "tiny.bin"
    data.write_bytes(data_file())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundled_model, "_data_file", lambda: (data, hashlib.sha256(data.read_bytes()).hexdigest()))
        return models.load(models.locate("bundled-untuned", cache=Path(folder))).tokenizer


@pytest.fixture(scope="module")
def original() -> XLMRobertaTokenizer:
    """Return transformers' own tokenizer with the same pieces."""
    from transformers import XLMRobertaTokenizer

    return XLMRobertaTokenizer(vocab=[(piece, -float(at)) for at, piece in enumerate(PIECES)], mask_token="<unk>")  # noqa: S106


@given(pairs=st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=3), limit=LIMITS)
def test_pairs_have_the_ids_and_masks_of_the_original(
    tokenizer: Any,
    original: XLMRobertaTokenizer,
    pairs: list[tuple[str, str]],
    limit: int | None,
) -> None:
    options = {"padding": True, "truncation": "longest_first" if limit else False, "max_length": limit}
    found, expected = (each(pairs, return_special_tokens_mask=True, **options) for each in (tokenizer, original))
    for column in ("input_ids", "attention_mask", "special_tokens_mask"):
        assert found[column] == expected[column]


def test_each_text_of_a_pair_has_its_own_offsets(tokenizer: Any) -> None:
    (spans,) = tokenizer([("ab", "ab")], return_offsets_mapping=True)["offset_mapping"]
    assert spans == [(0, 0), (0, 2), (0, 0), (0, 0), (0, 2), (0, 0)]


def test_a_pair_is_the_same_in_either_form(tokenizer: Any) -> None:
    together = tokenizer([("ab c", "dd"), ("a", "b")])["input_ids"]
    assert tokenizer(["ab c", "a"], ["dd", "b"])["input_ids"] == together
    assert tokenizer("ab c", "dd")["input_ids"] == together[0]


def test_a_text_by_itself_is_framed_as_before(tokenizer: Any, original: XLMRobertaTokenizer) -> None:
    assert tokenizer("ab cd")["input_ids"] == original("ab cd")["input_ids"]


def test_cutting_one_text_of_a_pair_only_is_refused(tokenizer: Any) -> None:
    with pytest.raises(NotImplementedError, match="one text only"):
        tokenizer([("ab", "cd")], truncation="only_second", max_length=6)
