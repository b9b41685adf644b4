"""Marked-up text as runs that a reader sees."""
