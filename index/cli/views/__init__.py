"""What the terminal shows of answers, builds and settings, as lines or as JSON."""
