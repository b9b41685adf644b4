"""The Hugging Face hub: whether this process may ask it, and which of its models are here already."""

from __future__ import annotations

import os
import re
from pathlib import Path

from index.errors import ModelError

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[\w.-]+)?")
_TIMEOUT = 10.0  # seconds

_used: set[str] = set()  # by this process


def use(name: str, *, organisation: str) -> str | None:
    """Return the hub's name of the model called `name`, or None if it can be no model's name.

    A bare name is one of `organisation`'s, as sentence-transformers reads it. From here on the hub stays enabled.
    """
    if not _NAME.fullmatch(name):
        return None
    full = name if "/" in name else f"{organisation}/{name}"
    _used.add(full)
    return full


def disable_unless_used() -> None:
    """Disable the hub for this process, unless one of its models is used. Call it before anything imports the hub."""
    if not _used:
        os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1")


def must_be_fetched(name: str, *, file: str, setting: str) -> bool:
    """Return whether the hub's model, which has `file`, has yet to be downloaded. Raises ModelError if it cannot be.

    sentence-transformers would try for 70 seconds, and at each start also with a model that it has.
    """
    if _commit_here(name, file) is not None:
        return False
    _commit_there(name, setting)
    return True


def find_commit(name: str, *, file: str, setting: str) -> str:
    """Return the commit of the hub's model, which has `file`: of the one that is here, or else of the newest.

    A name alone does not tell the weights: the hub's models change under it. Raises ModelError.
    """
    return _commit_here(name, file) or _commit_there(name, setting)


def _commit_here(name: str, file: str) -> str | None:
    """Return the commit of the model in the cache; None if it is not there."""
    from huggingface_hub import try_to_load_from_cache

    path = try_to_load_from_cache(name, file)
    return Path(path).parent.name if isinstance(path, str) else None  # …/snapshots/COMMIT/FILE


def _commit_there(name: str, setting: str) -> str:
    """Return the commit of the model on the hub. Raises ModelError."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HTTPError  # type: ignore[attr-defined]  # of httpx or its successor

    try:
        return HfApi().model_info(name, timeout=_TIMEOUT).sha or ""
    except (HTTPError, OSError, ValueError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise ModelError(f"{setting}: {name} is no folder here, and the hub does not give it: {reason}") from error
