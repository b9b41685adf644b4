"""Sending, editing and replying: interactions, messages, channels."""
