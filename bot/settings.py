"""The bot's own settings, on top of the library's; the token is a secret."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from index import Settings, SettingsError


def _listed(value: object) -> object:
    """Split `123, 456` as an environment variable gives it; a TOML list stays."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return (value,) if isinstance(value, int) else value


Snowflake = Annotated[int, Field(ge=1, lt=2**64)]
Snowflakes = Annotated[tuple[Snowflake, ...], NoDecode, BeforeValidator(_listed)]


class BotSettings(Settings):
    """What the bot can be told; every key but the token is `CHRONICLE_` and its name in capitals."""

    discord_token: Annotated[SecretStr, Field(validation_alias=AliasChoices("DISCORD_TOKEN", "discord_token"))] = (
        SecretStr("")
    )
    data: Path = Path("data")
    admin_guilds: Snowflakes = ()
    ask_channels: Snowflakes = ()
    cooldown_seconds: Annotated[float, Field(ge=0, le=3600)] = 3.0
    queue_limit: Annotated[int, Field(ge=1, le=1000)] = 64
    answer_timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 20.0
    log_questions: bool = False
    keep_questions: bool = True
    watch: bool = False
    watch_channel: Annotated[int, Field(ge=0, lt=2**64)] = 0
    demo_port: Annotated[int, Field(ge=0, le=65535)] = 0

    def token(self) -> str:
        """Give the token; raise SettingsError naming DISCORD_TOKEN when there is none."""
        token = self.discord_token.get_secret_value().strip()
        if not token:
            raise SettingsError(
                "DISCORD_TOKEN is missing: set it in the environment or in .env "
                "(Discord developer portal, your application, Bot, Reset Token)"
            )
        return token
