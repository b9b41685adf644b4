"""The use cases: ask, index versions, documents, query log, permissions, folder watch."""
