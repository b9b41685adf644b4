"""Examines Python and the packages: what is required, and the versions that were tested."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from bot.doctor.findings import Finding, error, ok, warning

_DISTRIBUTION: Final = "llama-chronicle"
_LOCK: Final = "constraints.txt"
_PIN: Final = re.compile(r"([A-Za-z0-9._-]+)==([^\s;]+)")
_NAMED: Final = 6  # packages in one line


def check_python() -> Iterator[Finding]:
    """Yield which Python runs; an older one than is supported cannot have come this far."""
    yield ok("python", f"{platform.python_version()} on {platform.system()} {platform.machine()}")


def check_packages() -> Iterator[Finding]:
    """Yield the required packages that are missing or too old or new, and those other than tested."""
    try:
        wanted = _applying(metadata.requires(_DISTRIBUTION))
    except metadata.PackageNotFoundError:
        yield warning("packages", f"{_DISTRIBUTION} is not installed", remedy="run `pip install --editable .`")
        return
    faults = [fault for each in wanted if (fault := _fault(each))]
    for fault in faults:
        yield error("packages", fault, remedy=f"run `pip install --constraint {_LOCK} '.'` again")
    if not faults:
        yield from _compare_with_lock(wanted)


def _fault(requirement: Requirement) -> str | None:
    """Return what is wrong with the package that `requirement` asks for; None if it is as required."""
    try:
        found = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return f"{requirement.name} is missing"
    if requirement.specifier.contains(found, prereleases=True):
        return None
    return f"{requirement.name} is {found}, required is {requirement.specifier}"


def _compare_with_lock(requirements: list[Requirement]) -> Iterator[Finding]:
    pinned = _pinned()
    if not pinned:
        yield ok("packages", f"all {len(requirements)} required are there; no {_LOCK} to compare with")
        return
    installed = _closure({canonicalize_name(each.name) for each in requirements})
    others = [
        f"{name} {version} (tested: {pinned[name]})"
        for name, version in sorted(installed.items())
        if name in pinned and Version(version).public != pinned[name]
    ]
    if not others:
        yield ok("packages", f"all {len(installed)} have the tested versions")
        return
    more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
    yield warning(
        "packages",
        f"other versions than tested: {', '.join(others[:_NAMED])}{more}",
        remedy=f"if something fails, run `pip install --constraint {_LOCK} '.'`",
    )


def _closure(names: set[str]) -> Mapping[str, str]:
    """Return the installed packages that `names` require, themselves included, with their versions."""
    found: dict[str, str] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # only for another platform
            continue
        found[name] = distribution.version
        waiting.extend(canonicalize_name(each.name) for each in _applying(distribution.requires))
    return found


def _applying(requirements: Sequence[str] | None) -> list[Requirement]:
    """Return the requirements without extras that apply to this Python on this platform."""
    parsed = map(Requirement, requirements or ())
    return [each for each in parsed if each.marker is None or each.marker.evaluate({"extra": ""})]


def _pinned() -> Mapping[str, str]:
    """Return the tested version of each package, from the checkout or from beside this module in a wheel."""
    folders = (Path(__file__).parents[2], Path(__file__).parent)
    lock = next((folder / _LOCK for folder in folders if (folder / _LOCK).is_file()), None)
    lines = lock.read_text("utf-8").splitlines() if lock else ()
    pins = (match for line in lines if (match := _PIN.match(line)))
    return {canonicalize_name(pin[1]): pin[2] for pin in pins}
