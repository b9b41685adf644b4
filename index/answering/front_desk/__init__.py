"""Messages that are no question of the documents: which they are, and what is replied."""
