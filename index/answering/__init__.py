"""Ranked passages as an outcome, quotes, highlights and corroboration."""
