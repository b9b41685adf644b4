"""How sure an answer is: the signals of a ranking against the store's background, calibrated to a probability."""
