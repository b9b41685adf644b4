"""Sending, editing and replying on Discord, and what a network fault means there."""
