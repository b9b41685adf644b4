"""The write path: build, diff, verify."""
