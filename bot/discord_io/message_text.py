"""What a message says, wherever Discord keeps its text, and whom it addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, cast

import discord

from bot.discord_io.mark_up import Names, Said
from bot.discord_io.respond import Interaction
from bot.rendering.text.markdown import is_blank

Person: TypeAlias = discord.abc.User


def said_in_message(message: discord.Message, *, me: Person | None) -> Said:
    """Return what `message` says: its content, or else that of what it forwards, of its poll, embeds or components.

    The bot's own mention, which calls it, is no part of that.
    """
    people = {person.id: person.display_name for person in message.mentions}
    names = _names(people, me=me, guild=message.guild, place=message.channel)
    found = (Said.of(text, names) for text in _texts(message))
    return next((said for said in found if not is_blank(said.text)), Said("", ""))


def said_in_option(text: str, interaction: Interaction) -> Said:
    """Return what a person typed as `text` of a slash command."""
    resolved = cast(dict[str, Any], interaction.data or {}).get("resolved", {})
    nicknames = {number: member.get("nick") for number, member in resolved.get("members", {}).items()}
    people = {
        int(number): str(nicknames.get(number) or user.get("global_name") or user.get("username") or "")
        for number, user in resolved.get("users", {}).items()
    }
    me = interaction.client.user
    return Said.of(text, _names(people, me=me, guild=interaction.guild, place=interaction.channel))


def addresses(message: discord.Message, me: Person) -> bool:
    """Return whether `message` mentions the bot, or the role that Discord made for it in this server."""
    if any(user.id == me.id for user in message.mentions):
        return True
    return message.guild is not None and any(
        role.id in _own_roles(message.guild) for role in message.role_mentions
    )


def has_content(message: discord.Message) -> bool:
    """Return whether `message` holds anything that is no text, such as an image or a sticker."""
    return bool(message.attachments or message.stickers or message.embeds or message.message_snapshots)


def _texts(message: discord.Message) -> Iterator[str]:
    """Yield the texts of `message`, the most likely to be meant first."""
    yield message.content
    for snapshot in message.message_snapshots:
        yield snapshot.content
        yield _text_of_embeds(snapshot.embeds)
        yield _text_of_components(snapshot.components)
    if message.poll is not None:
        yield message.poll.question
    yield _text_of_embeds(message.embeds)
    yield _text_of_components(message.components)


def _text_of_embeds(embeds: Iterable[discord.Embed]) -> str:
    parts: list[str] = []
    for embed in embeds:
        parts += [embed.title or "", embed.description or ""]
        for each in embed.fields:
            parts += [each.name or "", each.value or ""]
    return "\n".join(filter(None, parts))


def _text_of_components(components: Sequence[discord.Component]) -> str:
    return "\n".join(_displayed(components))


def _displayed(components: Iterable[discord.Component]) -> Iterator[str]:
    for component in components:
        if isinstance(component, discord.TextDisplay):
            yield component.content
        elif isinstance(component, discord.Container | discord.SectionComponent):
            yield from _displayed(component.children)


def _names(people: Mapping[int, str], *, me: Person | None, guild: discord.Guild | None, place: object) -> Names:
    """Return the names to show in `place`, of the `people` but for `me`."""

    def user(number: int) -> str:
        return people.get(number, "") if me is None or number != me.id else ""

    if guild is None:
        return Names(user)
    own = _own_roles(guild)

    def role(number: int) -> str:
        found = guild.get_role(number)
        return found.name if found is not None and number not in own else ""

    def channel(number: int) -> str:
        found = guild.get_channel_or_thread(number)
        return found.name if found is not None and _is_seen_by_all(found, place) else ""

    return Names(user, role, channel)


def _own_roles(guild: discord.Guild) -> frozenset[int]:
    """Return the ids of the roles that Discord manages for the bot."""
    me: discord.Member | None = (
        guild.me
    )  # annotated as never None, which it is until the bot's own member is known
    return frozenset(role.id for role in me.roles if role.managed) if me is not None else frozenset()


def _is_seen_by_all(channel: discord.abc.GuildChannel | discord.Thread, place: object) -> bool:
    """Return whether every role that can read in `place` can see `channel`, whose name may be a secret."""
    if isinstance(channel, discord.Thread):
        if channel.is_private() or channel.parent is None:
            return channel is place
        channel = channel.parent
    here = place.parent if isinstance(place, discord.Thread) else place
    if not isinstance(here, discord.abc.GuildChannel):
        return False
    readers = (role for role in channel.guild.roles if here.permissions_for(role).view_channel)
    return all(channel.permissions_for(role).view_channel for role in readers)
