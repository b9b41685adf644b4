"""What the machine that runs the bot may ask of it: whether it is well, and its metrics."""
