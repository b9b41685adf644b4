"""Training: the bundled encoder is tuned for late interaction, and readers are made of its layers."""
