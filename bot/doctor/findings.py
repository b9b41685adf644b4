"""What an examination finds, and how it is told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from index import visible


class Level(StrEnum):
    """How bad it is: only an error keeps the bot from working."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact about the installation, and what to do about it where it is not as it should be."""

    area: str
    level: Level
    message: str
    remedy: str = ""


def ok(area: str, message: str) -> Finding:
    """Return a finding that all is well."""
    return Finding(area, Level.OK, message)


def warning(area: str, message: str, *, remedy: str) -> Finding:
    """Return a finding with which the bot works, though not as it could."""
    return Finding(area, Level.WARNING, message, remedy)


def error(area: str, message: str, *, remedy: str) -> Finding:
    """Return a finding with which the bot does not work."""
    return Finding(area, Level.ERROR, message, remedy)


def skipped(area: str, message: str, *, remedy: str) -> Finding:
    """Return a finding that something could not be examined."""
    return Finding(area, Level.SKIPPED, message, remedy)


def is_sound(findings: Sequence[Finding]) -> bool:
    """Return whether none of `findings` keeps the bot from working."""
    return all(finding.level is not Level.ERROR for finding in findings)


def as_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield `findings` for a terminal: level, area and message, the remedy below, and a count at the end."""
    areas = [_one_line(finding.area) for finding in findings]
    width = max(map(len, areas), default=0)
    for area, finding in zip(areas, findings, strict=True):
        yield f"{finding.level:<8} {area:<{width}}  {_one_line(finding.message)}"
        if finding.remedy:
            yield f"{'':<8} {'':<{width}}  → {_one_line(finding.remedy)}"
    errors = sum(finding.level is Level.ERROR for finding in findings)
    warnings = sum(finding.level is Level.WARNING for finding in findings)
    yield f"{errors or 'no'} {'error' if errors == 1 else 'errors'}, {warnings or 'no'} {_plural(warnings)}"


def as_json(findings: Sequence[Finding]) -> str:
    """Return `findings` as one line of JSON."""
    row = {"ok": is_sound(findings), "findings": [asdict(finding) for finding in findings]}
    return json.dumps(row, ensure_ascii=False)


def _plural(warnings: int) -> str:
    return "warning" if warnings == 1 else "warnings"


def _one_line(text: str) -> str:
    return "".join(visible(text)).replace("\n", " ")
