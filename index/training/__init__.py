"""Training: tuning the bundled encoder for late interaction, and the reader of the first passages."""
