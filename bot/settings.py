"""The bot's own settings, which extend the library's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from index import Settings, SettingsError


def _split_list(value: object) -> object:
    """Split `123, 456`, as an environment variable has it; keep a TOML list."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return (value,) if isinstance(value, int) else value


def _check_proxy(proxy: SecretStr) -> SecretStr:
    """Return `proxy` if it is empty or an address of HTTP, the only kind that aiohttp can use."""
    if proxy.get_secret_value() and not _is_http(proxy.get_secret_value()):
        raise ValueError("is no proxy's address such as http://127.0.0.1:3128; SOCKS is not supported")
    return proxy


def _is_http(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 80) > 0
    except ValueError:
        return False


def _check_address(address: str) -> str:
    """Return `address` if it is empty, or a host and a port."""
    try:
        parts = urlsplit(f"//{address}")
        is_address = bool(parts.hostname) and parts.port is not None and parts.netloc == address
    except ValueError:
        is_address = False
    if address and not is_address:
        raise ValueError("is no address such as 127.0.0.1:9100")
    return address


def _count_shards(value: object) -> object:
    """Return 0 for `auto`, and any other value as it is."""
    return 0 if value == "auto" else value


Snowflake = Annotated[int, Field(ge=1, lt=2**64)]
Snowflakes = Annotated[tuple[Snowflake, ...], NoDecode, BeforeValidator(_split_list)]


class BotSettings(Settings):
    """The bot's settings; the key of each but the token is `CHRONICLE_` and its name in capitals."""

    discord_token: Annotated[SecretStr, Field(validation_alias=AliasChoices("DISCORD_TOKEN", "discord_token"))] = (
        SecretStr("")
    )
    proxy: Annotated[SecretStr, AfterValidator(_check_proxy)] = SecretStr("")
    data: Path = Path("data")
    admin_guilds: Snowflakes = ()
    ask_channels: Snowflakes = ()
    cooldown_seconds: Annotated[float, Field(ge=0, le=3600)] = 3.0
    queue_limit: Annotated[int, Field(ge=1, le=1000)] = 64
    answer_timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 20.0
    log_questions: bool = False
    keep_questions: bool = True
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 90
    watch: bool = False
    watch_channel: Annotated[int, Field(ge=0, lt=2**64)] = 0
    metrics: Annotated[str, AfterValidator(_check_address)] = ""
    shards: Annotated[int, BeforeValidator(_count_shards), Field(ge=0, le=1000)] = 1  # 0: as Discord recommends
    demo_port: Annotated[int, Field(ge=0, le=65534)] = 0

    @property
    def metrics_address(self) -> tuple[str, int] | None:
        """The host and port of the health and the metrics; None where they are not served."""
        parts = urlsplit(f"//{self.metrics}")
        return (parts.hostname or "", parts.port or 0) if self.metrics else None

    def library(self) -> Settings:
        """Return the library's settings alone, which child processes receive: they need no token and no key."""
        return self.for_library()

    def proxy_for(self, address: str) -> str | None:
        """Return the proxy to reach `address` through, None for none: the setting, else the environment's.

        HTTPS_PROXY and NO_PROXY count as in urllib and aiohttp. Raises SettingsError for a proxy that is not HTTP.
        """
        if self.proxy.get_secret_value():
            return self.proxy.get_secret_value()
        target = urlsplit(address)
        proxy = getproxies().get(target.scheme)
        if not proxy or proxy_bypass(target.hostname or ""):
            return None
        proxy = proxy if "://" in proxy else f"http://{proxy}"
        if not _is_http(proxy):
            raise SettingsError(
                f"{target.scheme.upper()}_PROXY is no proxy's address such as http://127.0.0.1:3128 (SOCKS is not "
                f"supported): set CHRONICLE_PROXY to one that is, or NO_PROXY={target.hostname} to connect directly"
            )
        return proxy

    def token(self) -> str:
        """Return the token. Raises SettingsError naming DISCORD_TOKEN if there is none."""
        token = self.discord_token.get_secret_value().strip()
        if not token:
            raise SettingsError(
                "DISCORD_TOKEN is missing: set it in the environment or in .env "
                "(Discord developer portal, your application, Bot, Reset Token)"
            )
        return token


def secret_variables() -> frozenset[str]:
    """Return the environment variables that hold a secret, in capitals: child processes are started without them."""
    prefix = BotSettings.model_config.get("env_prefix", "")
    names: set[str] = set()
    for name, of in BotSettings.model_fields.items():
        if of.annotation is SecretStr:
            alias = of.validation_alias
            names |= {str(each) for each in alias.choices} if isinstance(alias, AliasChoices) else {prefix + name}
    return frozenset(name.upper() for name in names)
