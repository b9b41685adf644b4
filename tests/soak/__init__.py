"""The real bot for minutes or hours, against a stand-in for Discord, while everything around it fails in turn."""
