"""The structure of a document: its title, its sections and their outline."""
