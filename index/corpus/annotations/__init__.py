"""What people or tools wrote beside a document, read from sidecar files."""
