"""What `info` says of the reranker, without loading it."""

from __future__ import annotations

from dataclasses import dataclass

from index.answering.policy import DEFAULT_POLICY
from index.encoding.reranker_checkpoints import locate_reranker
from index.errors import ModelError


@dataclass(frozen=True, slots=True)
class RerankerStatus:
    """The reranker that the settings name, None if there is none; why it cannot be used; when and how it is used.

    passages: how many it reads at most. weight: of its score against the engine's. confidence_from,
    confidence_below: where it reads.
    """

    name: str | None
    fault: str | None = None
    passages: int = DEFAULT_POLICY.ranking.reranked
    weight: float = DEFAULT_POLICY.ranking.reranker_weight
    confidence_from: float = DEFAULT_POLICY.open_from
    confidence_below: float = DEFAULT_POLICY.open_below


def reranker_status(name: str) -> RerankerStatus:
    """Return the status of the reranker called `name`."""
    try:
        found = locate_reranker(name)
    except ModelError as error:
        return RerankerStatus(name, fault=str(error))
    return RerankerStatus(found.source if found else None)


def reranker_line(status: RerankerStatus) -> str:
    """Return the line of `info`."""
    if status.fault is not None:
        return f"reranker   not used: {status.fault}"
    if status.name is None:
        return "reranker   none"
    return (
        f"reranker   {status.name}: reads up to {status.passages} passages where the confidence is "
        f"{status.confidence_from:.2f} to {status.confidence_below:.2f}; weight {status.weight:.2f}"
    )
