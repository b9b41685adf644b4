"""The loss of late interaction as the index scores it: MaxSim of centered tokens, a question's weighted by rarity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from torch import Tensor, nn

from index.retrieval.ranking_config import DEFAULT_RANKING
from index.text.chinese import has_han

_TEMPERATURE = 0.04  # of MaxSim
_POOLED_TEMPERATURE = 0.03  # of the pooled vectors' cosine
_POOLED_SHARE = 0.5  # of the pooled vectors' loss against late interaction's
_MOMENTUM = 0.9  # of the mean token vectors


class LateInteractionLoss(nn.Module):
    """Cross-entropy of each question's answer among all answers and negatives of a batch.

    Half as much of the same over the pooled vectors is added, by which candidates are found. The mean token vectors
    of each language, (2, dimensions) for questions and for passages, follow the batches and carry no gradient.

    frequencies: how many of the texts hold each token, (vocabulary,); texts: their number. mixed_precision: whether
    the transformer computes in bfloat16 where that is precise enough.
    """

    words: Tensor
    rarity: Tensor
    han: Tensor
    means: Tensor

    def __init__(
        self, model: SentenceTransformer, frequencies: Tensor, texts: int, *, mixed_precision: bool = False
    ) -> None:
        super().__init__()
        self.model = model
        self._mixed_precision = mixed_precision
        tokenizer: Any = model.tokenizer
        pieces = [piece or "" for piece in tokenizer.convert_ids_to_tokens(range(tokenizer.vocab_size))]
        pieces += [""] * (len(frequencies) - len(pieces))  # the model has more rows than there are pieces
        special = set(tokenizer.all_special_ids)
        words = [at not in special and any(map(str.isalnum, piece)) for at, piece in enumerate(pieces)]
        self.register_buffer("words", torch.tensor(words), persistent=False)
        self.register_buffer("han", torch.tensor([has_han(piece) for piece in pieces]), persistent=False)
        rarity = torch.log1p((texts - frequencies + 0.5) / (frequencies + 0.5))
        self.register_buffer("rarity", rarity, persistent=False)
        dimensions = int(model.get_embedding_dimension() or 0)
        self.register_buffer("means", torch.zeros(2, 2, dimensions), persistent=False)
        # The space that ends a prompt is of the text's first token.
        prompts = [(model.prompts[name] or "").rstrip() for name in ("query", "passage")]
        self._prompts = [len(tokenizer(prompt)["input_ids"]) - 1 for prompt in prompts]

    def forward(
        self,
        sentence_features: Iterable[Mapping[str, Tensor]],
        labels: Tensor | None = None,  # noqa: ARG002  the trainer passes it
    ) -> Tensor:
        """Return the loss of a batch of questions, answers and negatives. `labels` is not used."""
        question, *passages = [self._pass(each) for each in sentence_features]
        asked, weights = self._tokens(question, side=0)
        pooled = torch.cat([each["sentence_embedding"] for each in passages])
        scores = torch.cat([_max_sim(asked, weights, *self._tokens(each, side=1)) for each in passages], dim=1)
        target = torch.arange(len(asked), device=scores.device)
        cosines = question["sentence_embedding"] @ pooled.T
        late = nn.functional.cross_entropy(scores / _TEMPERATURE, target)
        return late + _POOLED_SHARE * nn.functional.cross_entropy(cosines / _POOLED_TEMPERATURE, target)

    def _pass(self, features: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Return the output of the model for a batch of texts; pooling is in single precision."""
        transformer, *others = self.model
        with torch.autocast(features["input_ids"].device.type, torch.bfloat16, enabled=self._mixed_precision):
            made: dict[str, Tensor] = transformer(dict(features))
        made["token_embeddings"] = made["token_embeddings"].float()
        for module in others:
            made = module(made)
        return made

    def _tokens(self, features: Mapping[str, Tensor], *, side: int) -> tuple[Tensor, Tensor]:
        """Return centered unit vectors, (texts, tokens, dimensions), and their weights, (texts, tokens), summing to 1.

        A token that is no word, or of the prompt, weighs 0. `side`: 0 for questions, 1 for passages.
        """
        ids = features["input_ids"]
        kept = self.words[ids] & features["attention_mask"].bool()
        kept[:, : self._prompts[side]] = False
        vectors = nn.functional.normalize(features["token_embeddings"], dim=-1)
        chinese = (self.han[ids] & kept).sum(dim=1) > 0.2 * kept.sum(dim=1)
        self._follow(vectors.detach(), kept, chinese, side)
        mean = self.means[side][chinese.long()].unsqueeze(1)
        centered = nn.functional.normalize(vectors - DEFAULT_RANKING.centering * mean, dim=-1)
        weights = self.rarity[ids] * kept
        return centered, weights / weights.sum(dim=1, keepdim=True).clamp_min(1e-6)

    def _follow(self, vectors: Tensor, kept: Tensor, chinese: Tensor, side: int) -> None:
        """Move the mean token vectors towards those of a batch."""
        for language in (0, 1):
            of = kept & (chinese == bool(language)).unsqueeze(1)
            if not of.any():
                continue
            mean, known = vectors[of].mean(dim=0), self.means[side, language]
            momentum = _MOMENTUM if known.any() else 0.0
            self.means[side, language] = momentum * known + (1 - momentum) * mean


def _max_sim(asked: Tensor, weights: Tensor, passages: Tensor, kept: Tensor) -> Tensor:
    """Return the score of each question with each passage: (questions, passages)."""
    similarity = torch.einsum("qid,pjd->qipj", asked, passages)
    similarity = similarity.masked_fill(kept[None, None] <= 0, -1.0)
    return (similarity.amax(dim=-1) * weights.unsqueeze(-1)).sum(dim=1)
