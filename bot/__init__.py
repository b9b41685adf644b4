"""The Discord bot: ask in a channel, get the documents' own words."""
