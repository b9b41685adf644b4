"""The network of the bundled reader: one transformer layer over the tokens of a question and a passage.

It reads the token vectors that late interaction compares (MORES: Gao et al. 2020; PreTTR: MacAvaney et al. 2020), so no
text is encoded once more. What it adds to late interaction is learned as a correction of it: the cosines between the
tokens of both sides bias attention, and the engine's own scores are inputs of the output.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn

from index.retrieval.interaction.token_vectors import MOST_TOKENS
from index.retrieval.reading.scores import WIDTH

_HEADS = 4
_STEEPEST = 8.0  # what a cosine is multiplied with at first, in the head that minds it most
_THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)  # of the matches whose share of a question's weight is counted
_SOFTNESS = 0.05
_ABSENT = -1e4
_NO_HEADINGS = -0.2
_FARTHEST = 4.0  # deviations of a score from its mean
_NOISE = 0.01  # of a vector's components, in training
_LEFT_OUT = 0.1  # of a question's tokens and of the scores, in training
_FIRST_LATE, _FIRST_BEST, _FIRST_BIAS = (
    8.0,
    4.0,
    -7.0,
)  # so that an untrained reader orders as late interaction does


@dataclass(frozen=True, slots=True)
class PairBatch:
    """Pairs of a question and a passage, padded.

    asked: (pairs, question tokens, dimensions); weights: (pairs, question tokens), 0 for padding; vectors: (pairs,
    tokens, dimensions); tokens, headings: (pairs, tokens) of 0 and 1; scores: (pairs, WIDTH) as `ComparedScores` has
    them.
    """

    asked: Tensor
    weights: Tensor
    vectors: Tensor
    tokens: Tensor
    headings: Tensor
    scores: Tensor


class ReaderNetwork(nn.Module):
    """Returns a logit for each pair: whether the passage answers the question.

    dimensions: of a token vector. width: of what is made of it. layers: of the transformer. dropout: of activations, in
    training.
    """

    score_means: Tensor
    score_scales: Tensor
    places: Tensor
    thresholds: Tensor

    def __init__(self, dimensions: int, *, width: int = 64, layers: int = 1, dropout: float = 0.15) -> None:
        super().__init__()
        self.project = nn.Linear(dimensions, width)
        with torch.no_grad():
            self.project.weight.copy_(2 * nn.init.orthogonal_(torch.empty(width, dimensions)))
        self.of_question, self.of_passage = nn.Linear(4, width), nn.Linear(4, width)
        self.layers = nn.ModuleList(_Layer(width, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.gate = nn.Linear(width, 1)
        self.late = nn.Linear(3, 1)
        scores = WIDTH + 2 * len(_THRESHOLDS)
        self.scored = nn.Linear(scores, 1)
        self.correction = nn.Sequential(
            nn.Linear(3 * width + 3 + scores, width), nn.GELU(), nn.Dropout(dropout), nn.Linear(width, 1)
        )
        with torch.no_grad():
            self.late.weight.copy_(torch.tensor([[_FIRST_LATE, _FIRST_BEST, 0.0]]))
            self.late.bias.fill_(_FIRST_BIAS)
            self.scored.weight.zero_()
            cast("nn.Linear", self.correction[-1]).weight.mul_(0.1)
        self.register_buffer("score_means", torch.zeros(WIDTH))
        self.register_buffer("score_scales", torch.ones(WIDTH))
        self.register_buffer("thresholds", torch.tensor(_THRESHOLDS), persistent=False)
        self.register_buffer("places", 0.3 * _sinusoids(MOST_TOKENS, width), persistent=False)

    def forward(self, batch: PairBatch) -> Tensor:
        """Return the logit of each pair: (pairs,)."""
        if self.training:
            batch = self._disturbed(batch)
        asked, weights, own = batch.asked, batch.weights, batch.tokens > 0
        is_asked = weights > 0
        cosines = torch.bmm(asked, batch.vectors.transpose(1, 2))
        among_passage = torch.where(own.unsqueeze(1), cosines, -1.0)
        matches = among_passage.amax(dim=2)
        in_headings = torch.where(batch.headings.unsqueeze(1) > 0, among_passage, -1.0).amax(dim=2)
        in_headings = in_headings.clamp_min(_NO_HEADINGS)
        late = (matches * weights).sum(dim=1)
        matched = torch.where(is_asked.unsqueeze(2), cosines, -1.0).amax(dim=1)
        shares = torch.bmm(weights.unsqueeze(1), cosines).squeeze(1)
        above_late = matches - late.unsqueeze(1)
        question = self.project(asked) + self.of_question(
            torch.stack([4 * matches, 4 * in_headings, 8 * weights, 4 * above_late], dim=2)
        )
        passage = self.project(batch.vectors) + self.of_passage(
            torch.stack([4 * matched, 8 * shares, batch.headings, batch.tokens], dim=2)
        )
        passage = passage + self.places[: passage.shape[1]]
        hidden = self._joined(question, passage, cosines, torch.cat([is_asked, own], dim=1))
        of_question, of_passage = hidden[:, : asked.shape[1]], hidden[:, asked.shape[1] :]
        mean = (of_question * weights.unsqueeze(2)).sum(dim=1)
        most = torch.where(is_asked.unsqueeze(2), of_question, _ABSENT).amax(dim=1)
        gates = torch.where(own, self.gate(of_passage).squeeze(2), _ABSENT).softmax(dim=1)
        gated = torch.bmm(gates.unsqueeze(1), of_passage).squeeze(1)
        best = torch.where(own, matched, -1.0).amax(dim=1)
        worst = torch.where(is_asked, matches, 1.0).amin(dim=1)
        interaction = torch.stack([late, best, worst], dim=1)
        scores = self._standardized(batch.scores)
        scores = torch.cat([scores, self._above(matches, weights), self._above(in_headings, weights)], dim=1)
        corrected = self.correction(torch.cat([mean, most, gated, interaction, scores], dim=1))
        logits: Tensor = (self.late(interaction) + self.scored(scores) + corrected).squeeze(1)
        return logits

    def _joined(self, question: Tensor, passage: Tensor, cosines: Tensor, present: Tensor) -> Tensor:
        """Return the tokens of question and passage after the layers: (pairs, all tokens, width)."""
        asked, read = cosines.shape[1:]
        upper = nn.functional.pad(cosines, (asked, 0))
        lower = nn.functional.pad(cosines.transpose(1, 2), (0, read))
        bias = torch.cat([upper, lower], dim=1)
        absent = torch.where(present, 0.0, _ABSENT).unsqueeze(1)
        hidden = torch.cat([question, passage], dim=1)
        for layer in self.layers:
            hidden = layer(hidden, bias, absent)
        normed: Tensor = self.norm(hidden)
        return normed

    def _standardized(self, scores: Tensor) -> Tensor:
        found = ((scores - self.score_means) / self.score_scales).clamp(-_FARTHEST, _FARTHEST)
        if self.training:
            found = found * (torch.rand_like(found) > _LEFT_OUT)
        return found

    def _above(self, matches: Tensor, weights: Tensor) -> Tensor:
        """Return the share of a question's weight that is matched above each threshold: (pairs, thresholds)."""
        above = torch.sigmoid((matches.unsqueeze(2) - self.thresholds) / _SOFTNESS)
        return torch.bmm(weights.unsqueeze(1), above).squeeze(1)

    def _disturbed(self, batch: PairBatch) -> PairBatch:
        """Return pairs with some of the question's tokens left out and a little noise."""
        kept = (torch.rand_like(batch.weights) > _LEFT_OUT) & (batch.weights > 0)
        weights = torch.where(kept.any(dim=1, keepdim=True), batch.weights * kept, batch.weights)
        return PairBatch(
            asked=batch.asked + _NOISE * torch.randn_like(batch.asked),
            weights=weights / weights.sum(dim=1, keepdim=True).clamp_min(1e-6),
            vectors=batch.vectors + _NOISE * torch.randn_like(batch.vectors),
            tokens=batch.tokens,
            headings=batch.headings,
            scores=batch.scores,
        )


class OneQuestion(nn.Module):
    """Networks for one question and several passages, as onnxruntime runs them; see `passage_reader.INPUTS`.

    What they say is the mean of what each says (Lakshminarayanan et al. 2017).
    """

    def __init__(self, networks: Sequence[ReaderNetwork]) -> None:
        super().__init__()
        self._networks = nn.ModuleList(networks).eval()

    def forward(self, asked: Tensor, weights: Tensor, vectors: Tensor, *others: Tensor) -> Tensor:
        """Return the logit of each passage: (passages,). others: which vectors are tokens, of headings, and scores."""
        passages = vectors.shape[0]
        asked = asked.unsqueeze(0).expand(passages, -1, -1)
        weights = weights.unsqueeze(0).expand(passages, -1)
        tokens, headings, scores = others
        batch = PairBatch(asked, weights, vectors, tokens, headings, scores)
        return torch.stack([network(batch) for network in self._networks]).mean(dim=0)


class _Layer(nn.Module):
    """A transformer layer, normalised before each part, whose attention is biased by the cosines of tokens."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.before_attention, self.before_mixing = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attend, self.attended = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mix = nn.Sequential(
            nn.Linear(width, 2 * width), nn.GELU(), nn.Dropout(dropout), nn.Linear(2 * width, width)
        )
        self.steepness = nn.Parameter(torch.linspace(0, _STEEPEST, _HEADS))
        self.dropout = nn.Dropout(dropout)

    def forward(self, hidden: Tensor, bias: Tensor, absent: Tensor) -> Tensor:
        parts = self.attend(self.before_attention(hidden)).unflatten(2, (3, _HEADS, -1))
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        biases = bias.unsqueeze(1) * self.steepness.view(1, -1, 1, 1) + absent.unsqueeze(1)
        # By hand: the exporter does not follow PyTorch's own attention through a number of tokens that is a sum.
        shares = (query @ key.transpose(2, 3) / query.shape[3] ** 0.5 + biases).softmax(dim=3)
        found = shares @ value
        hidden = hidden + self.dropout(self.attended(found.transpose(1, 2).flatten(2)))
        mixed: Tensor = hidden + self.dropout(self.mix(self.before_mixing(hidden)))
        return mixed


def _sinusoids(places: int, width: int) -> Tensor:
    """Return a vector for each place, (places, width), as Vaswani et al. 2017 do, with shorter waves."""
    angles = torch.arange(places).unsqueeze(1) / 1000 ** (torch.arange(0, width, 2) / width)
    return torch.cat([angles.sin(), angles.cos()], dim=1)
