"""What of a reply may be kept: whatever says more than its paragraph is dropped."""
