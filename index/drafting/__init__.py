"""Annotations drafted by the user's own language model, before any question is asked."""
