"""What the bot needs of a server, and the link by which an admin adds it."""

from __future__ import annotations

from typing import Final

import discord

SCOPES: Final = ("bot", "applications.commands")
# No more than replying to messages takes: reading where it is mentioned, and the message that it replies to.
NEEDED: Final = ("view_channel", "send_messages", "send_messages_in_threads", "read_message_history")


def invite_link(application: int) -> str:
    """Return the address at which an admin adds the application with that id to a server."""
    permissions = discord.Permissions(**dict.fromkeys(NEEDED, True))
    return discord.utils.oauth_url(application, permissions=permissions, scopes=SCOPES)


def missing_permissions(granted: discord.Permissions) -> tuple[str, ...]:
    """Return the names of the permissions that the bot needs and `granted` lacks, as discord.py writes them."""
    return tuple(name for name in NEEDED if not getattr(granted, name))
