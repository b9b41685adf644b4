"""The Discord bot: it answers questions in the documents' own words."""
