"""Scoring and ranking: BM25, dense, late interaction, fusion."""
