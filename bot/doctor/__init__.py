"""`python -m bot doctor`: what stands in the way of the bot, each with its remedy."""
