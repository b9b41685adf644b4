"""Embedding models: where they come from, and texts as pooled and token vectors."""
