"""How candidates are chosen, scored and ranked: one frozen value with the measured defaults."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

# Raise it when what `index.retrieval` stores for the same representations changes. It is here because this module
# does not import torch.
VERSION = 3


class Arm(Enum):
    """Which scores rank the candidates."""

    FUSED = "fused"
    LATE_INTERACTION = "late interaction alone"
    BM25 = "BM25 alone"


class TokenWeighting(Enum):
    """How much each token of a question counts in MaxSim; rarity: by the square root of its rarity in nats."""

    RARITY = "rarity"
    UNIFORM = "uniform"


@dataclass(frozen=True, slots=True)
class RankingConfig:
    """Parameters of retrieval.

    The weights were chosen on tests/evaluation/development.jsonl, XQuAD, DRCD and STARD, which
    `python -m index evaluate --bench` scores, and on the folders of `tests/training/sources.toml`.

    bm25_weight: of BM25 against late interaction, both in standard deviations of the candidates.
        Recall@1 of 1,943 questions on ten folders is flat from 0 to 0.2, and on development 0.913 with 0.1 and 0.918
        with 0.2.
    centering: the share of the mean token vector that is subtracted. Recall@1 on xquad-en2zh is 0.756 with 0 for
        questions, 0.846 with 0.5, 0.851 with 0.8 and 0.828 with 1; xquad-zh is flat (0.960 to 0.962).
    token_weighting: recall@1 of those 1,943 questions is 0.676 with uniform weights, 0.679 with the square root of
        rarity and 0.676 with rarity itself.
    candidates: representations that BM25 proposes; dense search, which alone finds across languages, proposes half as
        many more. Of 256 questions about four folders, 115 find their passage first and 143 among the first three with
        96 of each, 116 and 143 with 32; on xquad-en2zh 543 and 590 of 603 with either, on drcd-hant 962 and 995 of
        1,000 with 96, 961 and 993 with 32. Of the English questions of xquad-en2zh dense search has the passage, of
        2,382 Chinese ones, among the first 32 in 0.987, 48 in 0.992 and 96 in 0.995.
    exhaustive: an index with at most this many representations is scored whole.
    reranked: the first passages, which the reader reads, and a reranker where there is one and the outcome is open.
    reader_weight: of the reader's score against the engine's, both in standard deviations of these passages. Recall@1
        on four folders that neither it nor the encoder was trained on (160 questions) is 0.744 with 0, 0.775 with 0.4
        and 0.5, 0.781 with 0.6 and 0.762 with 0.8, and across languages (48) 0.646, 0.646, 0.667, 0.667 and 0.625; on
        four more (680), whose questions were written as the training ones were, 0.774, 0.793, 0.796, 0.797 and 0.796.
    reranker_weight: of a reranker's score against the engine's, both in standard deviations of these passages. None is
        bundled, so it was chosen with simulated ones (the right passage's score is raised, the noise shared by 0.4
        with the engine's score): recall@1 of two real folders is 0.688 without; with weights of 0.2, 0.4 and 0.6 it is
        0.683, 0.680 and 0.649 for a reranker that is right alone in 0.46, and 0.710, 0.755 and 0.805 for one in 0.75.
    """

    arm: Arm = Arm.FUSED
    bm25_weight: float = 0.2
    centering: float = 0.8
    token_weighting: TokenWeighting = TokenWeighting.RARITY
    candidates: int = 32
    exhaustive: int = 256
    reranked: int = 10
    reader_weight: float = 0.5
    reranker_weight: float = 0.4


DEFAULT_RANKING = RankingConfig()
