"""A document on pages, by its sections."""
