"""What is kept of the answers, for how long, and how it is removed again: no user id among it."""
