"""The commands that Discord has, compared with the bot's own, and sent only where the two differ."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, cast

from discord import AppCommandType, app_commands
from discord.http import Route

from bot.discord_io.faults import NETWORK_FAULTS

log = logging.getLogger(__name__)

Payload: TypeAlias = Mapping[str, Any]

# What the bot sends of a command and of an option; Discord adds ids, a version and derived fields.
_COMPARED: Final = (
    *("type", "name", "name_localizations", "description", "description_localizations", "options"),
    *("default_member_permissions", "contexts", "integration_types", "nsfw"),
    *("required", "choices", "value", "channel_types", "autocomplete"),
    *("min_value", "max_value", "min_length", "max_length"),
)
# Left to Discord's defaults where the bot sends none.
_DEFAULTED: Final = ("contexts", "integration_types")
_UNORDERED: Final = (*_DEFAULTED, "channel_types")
# Discord's own kind of command, for apps with Activities, is none that a bot may send or remove.
_KINDS: Final = (AppCommandType.chat_input.value, AppCommandType.user.value, AppCommandType.message.value)


@dataclass(frozen=True, slots=True)
class CommandDifferences:
    """The names of the commands that Discord lacks, that it has otherwise, and that are not the bot's.

    ids: those of the slash commands that Discord has, by name.
    """

    missing: tuple[str, ...]
    changed: tuple[str, ...]
    surplus: tuple[str, ...]
    ids: Mapping[str, int] = field(default_factory=dict, compare=False)

    def __bool__(self) -> bool:
        return bool(self.missing or self.changed or self.surplus)

    def __str__(self) -> str:
        """Return the differences in one line."""
        parts = (("missing", self.missing), ("changed", self.changed), ("not this bot's", self.surplus))
        return "; ".join(f"{label}: {', '.join(names)}" for label, names in parts if names)


async def sync_if_different(tree: app_commands.CommandTree[Any]) -> Mapping[str, int] | None:
    """Send the commands unless Discord has the same; return the ids of the slash commands there, by name.

    None if Discord may not have them now; faults are logged, not raised.
    """
    try:
        differences = await find_differences(tree)
        if not differences:
            return differences.ids
        sent = await tree.sync()
        log.info("the commands at Discord differed (%s): sent %d", differences, len(sent))
        return {command.name: command.id for command in sent if command.type is AppCommandType.chat_input}
    except (app_commands.AppCommandError, *NETWORK_FAULTS) as error:
        log.warning("the commands could not be compared with Discord's or sent: %s", error)
        return None


async def find_differences(tree: app_commands.CommandTree[Any]) -> CommandDifferences:
    """Return how the commands that Discord has differ from those of `tree`, by one request. Raises a network fault.

    `CommandTree.fetch_commands` does not ask for the translations, so that one lost would go unnoticed.
    """
    application = tree.client.application_id
    if application is None:
        raise app_commands.MissingApplicationID
    route = Route("GET", "/applications/{application_id}/commands", application_id=application)
    theirs = await tree.client.http.request(route, params={"with_localizations": "true"})
    return compare_commands(await _payloads(tree), cast(list[Payload], theirs))


def compare_commands(ours: Sequence[Payload], theirs: Sequence[Payload]) -> CommandDifferences:
    """Return how `theirs`, as Discord returns them, differ from `ours`, as the bot sends them."""
    wanted = {_identity(command): command for command in ours}
    present = {_identity(command): command for command in theirs if _identity(command)[0] in _KINDS}
    common = wanted.keys() & present.keys()
    changed = (key for key in common if not _same(wanted[key], present[key]))
    return CommandDifferences(
        missing=_names(wanted.keys() - present.keys()),
        changed=_names(changed),
        surplus=_names(present.keys() - wanted.keys()),
        ids={
            name: int(command["id"])
            for (kind, name), command in present.items()
            if kind == AppCommandType.chat_input.value and "id" in command
        },
    )


async def _payloads(tree: app_commands.CommandTree[Any]) -> list[Payload]:
    """Return what would be sent, translations included."""
    translator = tree.translator
    return [
        await command.get_translated_payload(tree, translator) if translator else command.to_dict(tree)
        for command in tree.get_commands()
    ]


def _identity(command: Payload) -> tuple[int, str]:
    return command.get("type") or AppCommandType.chat_input.value, command["name"]


def _names(keys: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(sorted(name for _, name in keys))


def _same(ours: Payload, theirs: Payload) -> bool:
    wanted, present = _canonical(ours), _canonical(theirs)
    for key in _DEFAULTED:
        if key not in wanted:
            present.pop(key, None)
    return wanted == present


def _canonical(payload: Payload) -> dict[str, Any]:
    """Return what is compared of `payload`: without defaults, which Discord writes out or leaves out as it likes."""
    compared: dict[str, Any] = {}
    for key in _COMPARED:
        value = payload.get(key)
        if key in {"options", "choices"}:
            value = [_canonical(entry) for entry in value or ()]
        elif key in _UNORDERED:
            value = sorted(value or ())
        elif key == "default_member_permissions" and value is not None:
            value = int(value)  # sent as a number, returned as a string
        if value is not None and value is not False and value not in ("", [], {}):
            compared[key] = value
    compared.setdefault("type", AppCommandType.chat_input.value)
    return compared
