"""The loss of a reader: which passage of a list answers, and whether each does, from one forward pass."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from sentence_transformers import CrossEncoder
from sentence_transformers.util import batch_to_device
from torch import Tensor, nn


class ReadingLoss(nn.Module):
    """Cross-entropy of the answer among its list (as ListNet, Cao et al. 2007) plus binary cross-entropy of each pair.

    sentence-transformers' own losses run the model once each. A list without an answer has the second part alone:
    it teaches a scale on which no passage may be good enough.
    """

    def __init__(self, model: CrossEncoder) -> None:
        super().__init__()
        self.model = model

    def forward(
        self,
        inputs: tuple[Sequence[str], Sequence[Sequence[str]]],
        labels: Sequence[Tensor],
        prompt: str | None = None,
        task: str | None = None,
    ) -> dict[str, Tensor]:
        """Return the two parts for a batch of questions and their lists; the trainer adds them up."""
        questions, lists = inputs
        pairs = [(question, passage) for question, of in zip(questions, lists, strict=True) for passage in of]
        features = batch_to_device(self.model.preprocess(pairs, prompt=prompt, task=task), self.model.device)
        scores = self.model(features)["scores"].view(-1)
        expected = torch.cat(list(labels)).to(scores)
        sizes = [len(of) for of in lists]
        return {
            "listwise": _listwise(torch.split(scores, sizes), torch.split(expected, sizes)),
            "binary": nn.functional.binary_cross_entropy_with_logits(scores, expected),
        }


def _listwise(scores: Sequence[Tensor], expected: Sequence[Tensor]) -> Tensor:
    """Return the mean cross-entropy of the lists that have an answer; 0 if none has."""
    losses = [
        nn.functional.cross_entropy(of, labels / labels.sum())
        for of, labels in zip(scores, expected, strict=True)
        if labels.any()
    ]
    return torch.stack(losses).mean() if losses else torch.zeros_like(scores[0]).sum()
