"""The bot's own settings, which extend the library's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from index import Settings, SettingsError


def _split_list(value: object) -> object:
    """Split `123, 456`, as an environment variable has it; keep a TOML list."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return (value,) if isinstance(value, int) else value


Snowflake = Annotated[int, Field(ge=1, lt=2**64)]
Snowflakes = Annotated[tuple[Snowflake, ...], NoDecode, BeforeValidator(_split_list)]


class BotSettings(Settings):
    """The bot's settings; the key of each but the token is `CHRONICLE_` and its name in capitals."""

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

    def library(self) -> Settings:
        """Return the library's settings alone, which child processes receive: they need no token."""
        return Settings.model_construct(**{name: getattr(self, name) for name in Settings.model_fields})

    def token(self) -> str:
        """Return the token. Raises SettingsError naming DISCORD_TOKEN if there is none."""
        token = self.discord_token.get_secret_value().strip()
        if not token:
            raise SettingsError(
                "DISCORD_TOKEN is missing: set it in the environment or in .env "
                "(Discord developer portal, your application, Bot, Reset Token)"
            )
        return token
