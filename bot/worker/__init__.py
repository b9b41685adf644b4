"""Child processes that answer and build, and the messages that the bot exchanges with them."""
