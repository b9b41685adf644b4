"""The questions that the answers are measured with, and how they are read."""
