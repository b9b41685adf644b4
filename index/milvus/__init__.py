"""Index versions in Milvus: connections, collections, aliases, and copies of their files."""
