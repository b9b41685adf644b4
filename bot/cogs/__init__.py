"""Slash commands, the message menu, and listeners."""
