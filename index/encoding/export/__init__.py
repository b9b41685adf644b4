"""Exporting a sentence-transformers model as a graph for onnxruntime: once, into the user's cache folder."""
