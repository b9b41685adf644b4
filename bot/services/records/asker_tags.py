"""Which records are whose, for `/forget` alone: a keyed hash for each record, and keys that expire.

No user id is written. A record's tag is the HMAC of its asker's id and its own number, so that two records of one
person have nothing in common, and the database by itself, in a copy or a backup, links nothing to anybody. The keys are
random, lie beside it in a file of their own, and are replaced and destroyed with the records that they mark.
"""

from __future__ import annotations

import hmac
import json
import logging
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from filelock import FileLock

from bot.data_folder import write_private

log = logging.getLogger(__name__)

_KEY_BYTES: Final = 32
_TAG_BYTES: Final = 16
_LOCK_SECONDS: Final = 1.0  # another bot holds the lock while it writes one small file


@dataclass(frozen=True, slots=True)
class _Key:
    created: datetime
    secret: bytes


class AskerTags:
    """Makes and recognises tags; used from one thread, and raises OSError where the keys cannot be kept.

    lifetime: how long records are kept. A key makes tags for that long and recognises them for as long again.
    """

    def __init__(self, path: Path, *, lifetime: timedelta) -> None:
        self._path = path
        self._lifetime = lifetime

    def rotate(self) -> None:
        """Destroy the keys whose records have all expired, and make a new one when the newest is of age."""
        self._load()

    def tag(self, asker: int, number: int) -> bytes:
        """Return the tag of the record with that number."""
        return _tag(self._load()[-1], asker, number)

    def owned(self, asker: int, tagged: Iterable[tuple[int, bytes]]) -> Iterator[int]:
        """Yield the numbers of those records, given with their tags, that are the asker's."""
        keys = self._load()
        for number, tag in tagged:
            if any(hmac.compare_digest(_tag(key, asker, number), tag) for key in keys):
                yield number

    def _load(self) -> tuple[_Key, ...]:
        """Return the keys that are of use, oldest first, from the file, which is rewritten where they changed.

        Of two bots that share the file, one changes it and the other reads what that one wrote.
        """
        with FileLock(self._path.with_suffix(".lock"), timeout=_LOCK_SECONDS, mode=0o600):
            kept = self._read()
            keys = self._renewed(kept)
            if keys != kept:
                written = [{"created": key.created.isoformat(), "secret": key.secret.hex()} for key in keys]
                write_private(self._path, json.dumps(written, indent=1).encode())
            return keys

    def _renewed(self, keys: tuple[_Key, ...]) -> tuple[_Key, ...]:
        """Return those of `keys` that are of use, with a new one if the newest is of age."""
        now = datetime.now(UTC)
        used = tuple(key for key in keys if now - key.created < 2 * self._lifetime)
        if not used or now - used[-1].created >= self._lifetime:
            return (*used, _Key(now, secrets.token_bytes(_KEY_BYTES)))
        return used

    def _read(self) -> tuple[_Key, ...]:
        try:
            entries = json.loads(self._path.read_bytes())
            return tuple(_key_of(entry) for entry in entries)
        except FileNotFoundError:
            return ()
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            log.warning("%s is damaged: older records can be forgotten by their age only", self._path)
            return ()


def _key_of(entry: Mapping[str, str]) -> _Key:
    """Return the key that `entry` has. Raises what a damaged one brings about."""
    created, secret = datetime.fromisoformat(entry["created"]), bytes.fromhex(entry["secret"])
    if created.tzinfo is None or len(secret) != _KEY_BYTES:
        raise ValueError("no key")
    return _Key(created, secret)


def _tag(key: _Key, asker: int, number: int) -> bytes:
    return hmac.digest(key.secret, f"{asker}:{number}".encode(), "sha256")[:_TAG_BYTES]
