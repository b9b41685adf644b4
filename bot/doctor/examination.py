"""The whole examination, in the order in which things depend on each other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

from bot.doctor.discord_account import check_discord
from bot.doctor.files import check_documents, check_models, check_settings, check_store
from bot.doctor.findings import Finding, error
from bot.doctor.installation import check_packages, check_python
from bot.settings import BotSettings
from index import SettingsError


def examine() -> tuple[Finding, ...]:
    """Return what is found on this machine and, with a token, at Discord; the token is in none of it."""
    try:
        settings = BotSettings.load()
    except SettingsError as fault:
        remedy = "correct it in the environment, in .env or in chronicle.toml"
        return (*check_python(), *check_packages(), error("settings", str(fault), remedy=remedy))
    token = settings.discord_token.get_secret_value().strip()
    findings = (*_on_this_machine(settings), *asyncio.run(check_discord(settings)))
    return tuple(_without(token, finding) for finding in findings)


def _on_this_machine(settings: BotSettings) -> Iterator[Finding]:
    yield from check_python()
    yield from check_packages()
    yield from check_settings(settings)
    yield from check_models(settings)
    yield from check_documents(settings)
    yield from check_store(settings)


def _without(token: str, finding: Finding) -> Finding:
    if not token:
        return finding
    message, remedy = (text.replace(token, "[token]") for text in (finding.message, finding.remedy))
    return replace(finding, message=message, remedy=remedy)
