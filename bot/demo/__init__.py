"""`python -m bot demo`: the bot in a simulated Discord in the browser, without a token."""
