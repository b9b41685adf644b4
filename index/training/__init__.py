"""Training: the bundled encoder is tuned for late interaction on questions whose passages are known."""
