"""Sending the commands to Discord only when they changed: it allows 200 creations a day."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import discord
from discord import app_commands

log = logging.getLogger(__name__)


async def sync_if_changed(tree: app_commands.CommandTree[Any], *, application: int, record: Path) -> bool:
    """Sync `tree` unless the file `record` holds its hash; return whether it was sent."""
    current = f"{application} {await _hash(tree)}"
    if _recorded(record) == current:
        return False
    try:
        commands = await tree.sync()
    except discord.HTTPException as error:
        log.warning("the commands could not be synced: %s", error)
        return False
    _write(record, current)
    log.info("synced %d commands", len(commands))
    return True


async def _hash(tree: app_commands.CommandTree[Any]) -> str:
    """Return the hash of what would be sent, including translations."""
    commands = tree.get_commands()
    translator = tree.translator
    payload = [
        await command.get_translated_payload(tree, translator) if translator else command.to_dict(tree)
        for command in commands
    ]
    payload.sort(key=lambda command: (command.get("type", 1), command["name"]))
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def _recorded(record: Path) -> str:
    return record.read_text("utf-8") if record.is_file() else ""


def _write(record: Path, current: str) -> None:
    try:
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(current, "utf-8")
    except OSError as error:
        log.warning("%s cannot be written, so the commands are synced at each start: %s", record, error)
