"""Files as typed blocks with exact spans: one parser module per format."""
