"""Candidates for a question: dense and BM25, in this process or by Milvus."""
