"""What members and admins see of the records: why an answer did not help, and what the documents lack."""
