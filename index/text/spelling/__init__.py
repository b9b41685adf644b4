"""Spelling: misspelt words of a question as the glossary or the documents spell them."""
