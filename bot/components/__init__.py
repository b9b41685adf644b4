"""What a clicked button or a chosen option does."""
