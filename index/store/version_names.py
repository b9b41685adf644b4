"""Names of versions: the time of their build (UTC), each after the one before, whatever the clock says."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

from index.errors import StoreError
from index.types import StoreLocation

LONGEST_NAME = 200  # code points; with what marks a version that is built or removed, a file system takes 255

_FORM = "%Y%m%dT%H%M%S.%fZ"
# Code points of `2026-11-28 01:24:34.123456` up to the minutes, the seconds, and the end.
_LABEL_LENGTHS = (16, 19, 26)
# A plus for each version that earlier programs built within a clock that had been set back.
_NAME = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)\+*", re.ASCII)


def is_version_name(name: str) -> bool:
    """Return whether `name` is one that a build gives: what else lies among the versions is none."""
    return _time_of(name) is not None


def new_version_name(taken: Iterable[str]) -> str:
    """Return a name for a new version: its time, or just after the latest of `taken` if the clock was set back.

    Raises StoreError if no time comes after that.
    """
    latest = max(filter(is_version_name, taken), default="")
    after = _time_of(latest)
    try:
        time = max(datetime.now(UTC), after + timedelta(microseconds=1)) if after else datetime.now(UTC)
    except OverflowError as error:
        raise StoreError(f"no version can come after {latest}; remove its folder") from error
    return time.strftime(_FORM)


def version_label(name: str, versions: Iterable[str] = ()) -> str:
    """Return how people read the name of a version: its minute (UTC), and more of its time only if others share that.

    versions: those that it has to be told apart from. What is no version's name is returned as it is.
    """
    others = [each for each in versions if each != name]
    for length in _LABEL_LENGTHS:
        label = _labelled(name, length)
        if all(_labelled(other, length) != label for other in others):
            return label
    return name


def find_version(label: str, versions: Collection[str]) -> str | None:
    """Return the version of that name or label; None if there is none, or if there are several."""
    found = [name for name in versions if label in (name, version_label(name, versions))]
    return found[0] if len(found) == 1 else None


def require_version(label: str, versions: Collection[str], *, store: StoreLocation) -> str:
    """Return the version of that name or label in `store`. Raises StoreError."""
    found = find_version(label, versions)
    if found is None:
        known = ", ".join(version_label(name, versions) for name in versions)
        raise StoreError(f"no version {label} in {store}; there are {known or 'none'}")
    return found


def _labelled(name: str, length: int) -> str:
    if _NAME.fullmatch(name) is None:
        return name
    date, time = f"{name[:4]}-{name[4:6]}-{name[6:8]}", f"{name[9:11]}:{name[11:13]}:{name[13:22]}"
    return f"{date} {time}"[:length]


def _time_of(name: str) -> datetime | None:
    found = _NAME.fullmatch(name) if len(name) <= LONGEST_NAME else None
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], _FORM).replace(tzinfo=UTC)
    except ValueError:  # a month 13
        return None
