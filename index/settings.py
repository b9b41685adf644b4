"""Typed settings from the environment, a `.env` file or `chronicle.toml`; unknown keys are refused."""

from __future__ import annotations

import os
import re
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self, TypeAlias

from dotenv import dotenv_values
from pydantic import BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from index.errors import SettingsError
from index.types import StoreLocation, parse_store_location

PREFIX = "CHRONICLE_"
DOTENV = Path(".env")
TOML = Path("chronicle.toml")

_KEYS = Path(__file__).with_name("settings_keys.toml")


# A confidence; empty or left out: as calibrated.
Threshold: TypeAlias = Annotated[
    Annotated[float, Field(ge=0, le=1)] | None, BeforeValidator(lambda value: None if value == "" else value)
]


class ModelRuntime(StrEnum):
    """What runs the embedding model: `auto` is onnxruntime where there is a graph, `torch` sentence-transformers."""

    AUTO = "auto"
    TORCH = "torch"


class Settings(BaseSettings):
    """The settings of the library; every key is `CHRONICLE_` and its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=DOTENV, toml_file=TOML, extra="ignore", frozen=True
    )

    documents: Path = Path("documents")
    store_token: SecretStr = SecretStr("")  # before `store`, which takes it
    store: StoreLocation = Path(".index")
    model: Annotated[str, Field(min_length=1)] = "bundled"
    runtime: ModelRuntime = ModelRuntime.AUTO
    reranker: str = "none"
    threads: Annotated[int, Field(ge=1, le=64)] = 1
    threshold: Threshold = None
    unsure_threshold: Threshold = None
    keep_versions: Annotated[int, Field(ge=2, le=100)] = 5
    draft_endpoint: str = "http://localhost:11434/v1"  # Ollama's own
    draft_model: str = ""
    draft_key: SecretStr = SecretStr("")
    draft_timeout_seconds: Annotated[float, Field(gt=0, le=3600)] = 300

    @field_validator("store", mode="before")
    @classmethod
    def _parse_store(cls, store: object, info: ValidationInfo) -> object:
        token = info.data.get("store_token", SecretStr("")).get_secret_value()
        return parse_store_location(store, token=token) if isinstance(store, str) else store

    @field_validator("draft_key")
    @classmethod
    def _require_header_value(cls, key: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[!-~]*", key.get_secret_value()):
            raise ValueError("has characters that no key has, such as a space or a line break")
        return key

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources by precedence: the environment, then `.env`, then `chronicle.toml`."""
        return init_settings, env_settings, dotenv_settings, TomlConfigSettingsSource(settings_cls)

    @classmethod
    def load(cls) -> Self:
        """Return the settings. Raises SettingsError naming the first key that is unknown or out of range."""
        try:
            _refuse_unknown_keys()
            return cls()
        except ValidationError as error:
            first = error.errors()[0]
            name = PREFIX + str(first["loc"][0]).upper()  # what follows is a place in a list
            raise SettingsError(f"{name}: {first['msg']}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError, OSError) as error:
            raise SettingsError(f"{TOML} or {DOTENV} cannot be read: {error}") from error

    def for_library(self) -> Settings:
        """Return the library's settings alone, without a subclass's or a secret: fit to be sent to another process.

        A store in Milvus keeps its key, without which no other process could read it.
        """
        kept = [name for name, of in Settings.model_fields.items() if of.annotation is not SecretStr]
        return Settings.model_construct(**{name: getattr(self, name) for name in kept})


def known_keys() -> dict[str, tuple[str, ...]]:
    """Return the keys of each entry point; a test holds them equal to the fields of the settings classes."""
    return {entry: tuple(keys) for entry, keys in tomllib.loads(_KEYS.read_text("utf-8")).items()}


def _refuse_unknown_keys() -> None:
    """Raise SettingsError for the first key, in any source, that no entry point reads."""
    known = sorted(key for keys in known_keys().values() for key in keys)
    toml = tomllib.loads(TOML.read_text("utf-8")) if TOML.is_file() else {}
    dotenv = dotenv_values(DOTENV) if DOTENV.is_file() else {}
    prefixed = [*os.environ, *dotenv]
    keys = [key.upper().removeprefix(PREFIX).lower() for key in prefixed if key.upper().startswith(PREFIX)]
    for key in [*keys, *toml]:
        if key not in known:
            raise SettingsError(f"unknown setting {PREFIX}{key.upper()}: known are {', '.join(known)}")
