"""A folder as documents, blocks, passages, annotations and representations."""
