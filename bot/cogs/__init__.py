"""The commands, menus and buttons: Discord's events on one side, the bot's parts on the other."""
