"""Typed settings from the environment, a `.env` file or `chronicle.toml`; unknown keys are refused."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Self

from dotenv import dotenv_values
from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from index.errors import SettingsError

PREFIX = "CHRONICLE_"
DOTENV = Path(".env")
TOML = Path("chronicle.toml")

# Keys of bot/settings.py: one environment serves both entry points, so the library's command line must
# not call them unknown. A test holds the two lists equal.
BOT_KEYS = frozenset(
    {
        "admin_guilds",
        "ask_channels",
        "cooldown_seconds",
        "queue_limit",
        "answer_timeout_seconds",
        "log_questions",
        "keep_questions",
        "data",
        "demo_port",
        "watch",
        "watch_channel",
    }
)


class Settings(BaseSettings):
    """What the library can be told; every key is `CHRONICLE_` and its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=DOTENV, toml_file=TOML, extra="ignore", frozen=True
    )

    documents: Path = Path("documents")
    store: Path = Path(".index")
    model: Annotated[str, Field(min_length=1)] = "bundled"
    threads: Annotated[int, Field(ge=1, le=64)] = 1
    threshold: Annotated[float, Field(ge=0, le=1)] = 0.5
    keep_versions: Annotated[int, Field(ge=2, le=100)] = 5

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Rank the sources: the environment, then `.env`, then `chronicle.toml`."""
        return init_settings, env_settings, dotenv_settings, TomlConfigSettingsSource(settings_cls)

    @classmethod
    def load(cls) -> Self:
        """Read the settings; raise SettingsError naming the first key that is unknown or out of range."""
        try:
            refuse_unknown(frozenset(cls.model_fields) | BOT_KEYS)
            return cls()
        except ValidationError as error:
            first = error.errors()[0]
            name = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
            raise SettingsError(f"{name}: {first['msg']}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise SettingsError(f"{TOML} or {DOTENV} cannot be read: {error}") from error


def refuse_unknown(known: frozenset[str]) -> None:
    """Raise SettingsError for the first `CHRONICLE_` key, in any source, that is not in `known`."""
    toml = tomllib.loads(TOML.read_text("utf-8")) if TOML.is_file() else {}
    dotenv = dotenv_values(DOTENV) if DOTENV.is_file() else {}
    prefixed = [*os.environ, *dotenv]
    keys = [key.upper().removeprefix(PREFIX).lower() for key in prefixed if key.upper().startswith(PREFIX)]
    for key in [*keys, *toml]:
        if key not in known:
            raise SettingsError(f"unknown setting {PREFIX}{key.upper()}: known are {', '.join(sorted(known))}")
