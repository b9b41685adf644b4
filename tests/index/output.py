"""What the command line wrote, read back."""

from __future__ import annotations

import json
from typing import Any


def rows(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.split("\n")[:-1]]


def is_one_line(error: str) -> bool:
    return error.startswith("llama-chronicle: ") and error.count("\n") == 1 and error.endswith("\n")


def items(row: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = row["quotes"] + row["nearest"]
    return found
