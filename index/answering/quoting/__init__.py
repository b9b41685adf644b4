"""Ranked passages as quotes: highlights, items of a list, corroboration, reading aids."""
