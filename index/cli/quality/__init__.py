"""The commands that measure the answers, fit the confidence, and train the encoder."""
