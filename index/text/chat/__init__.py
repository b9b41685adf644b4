"""What people write in a chat: mark-up around a question, its parts, and follow-ups."""
