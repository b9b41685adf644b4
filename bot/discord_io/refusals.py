"""What Discord's refusals mean, and where the bot need not ask to be refused."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

import discord

# https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
_NO_HISTORY: Final = 160002


class Refusal(Enum):
    """Why Discord refuses a request; none of these goes away by trying again."""

    BLOCKED = auto()  # by the server's AutoMod
    FORBIDDEN = auto()  # the bot lacks a permission, or the person takes no direct messages
    ARCHIVED = auto()  # the thread is archived and locked
    DELETED = auto()  # the message or the channel is gone


_CODES: Final = {
    200000: Refusal.BLOCKED,
    200001: Refusal.BLOCKED,
    50083: Refusal.ARCHIVED,
    10003: Refusal.DELETED,
    10008: Refusal.DELETED,
}


def refusal_of(error: BaseException) -> Refusal | None:
    """Return what Discord's refusal `error` means; None for a fault that may pass, and for anything else."""
    if not isinstance(error, discord.HTTPException):
        return None
    known = _CODES.get(error.code)
    return Refusal.FORBIDDEN if known is None and isinstance(error, discord.Forbidden) else known


def wants_no_reference(error: discord.HTTPException) -> bool:
    """Return whether a reply was refused only because the bot may not read the message that it refers to."""
    return error.code == _NO_HISTORY


def permissions_in(channel: object) -> discord.Permissions:
    """Return the bot's permissions in `channel`, as far as its own memory has them; all where it does not."""
    place = channel.parent if isinstance(channel, discord.Thread) else channel
    if not isinstance(place, discord.abc.GuildChannel) or place.guild.me is None:
        return discord.Permissions.all()
    return place.permissions_for(place.guild.me)


def may_write(channel: object) -> bool:
    """Return whether the bot may write in `channel`; asking Discord costs a refused request, which it counts."""
    permissions = permissions_in(channel)
    if isinstance(channel, discord.Thread):
        return permissions.view_channel and permissions.send_messages_in_threads
    return permissions.view_channel and permissions.send_messages
