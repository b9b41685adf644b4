"""TOML files that people write, read so that a hostile one costs neither time nor a traceback."""

from __future__ import annotations

import re
import tomllib
from typing import Any

LARGEST = 2**20  # bytes; tomllib reads 5 MB a second
_MAX_DEPTH = 20  # tables and lists within one another; deeper ones overflow the stack of who walks them
# tomllib takes quadratic time over the parts of a dotted key. One of 200 parts is a bomb.
_KEY_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(rf"(?<![\w-]){_KEY_PART}(?:[ \t]*+\.[ \t]*+{_KEY_PART}){{199}}")


class TomlError(ValueError):
    """The content is no TOML that can be read; the message is one line."""


def parse_toml(content: bytes, *, largest: int = LARGEST) -> dict[str, Any]:
    """Return the table that `content` holds. Raises TomlError, also if it has more than `largest` bytes."""
    if len(content) > largest:
        raise TomlError(f"larger than {largest // 2**20} MiB; split it")
    try:
        text = content.decode("utf-8")
        if _LONG_KEY.search(text):
            raise TomlError("nested too deeply")
        table = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise TomlError(f"not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except RecursionError as error:
        raise TomlError("nested too deeply") from error
    except tomllib.TOMLDecodeError as error:
        raise TomlError(" ".join(str(error).split())) from error
    if _is_deeper_than(table, _MAX_DEPTH):
        raise TomlError("nested too deeply")
    return table


def _is_deeper_than(value: object, depth: int) -> bool:
    """Return whether `value` has more than `depth` levels; without recursion beyond that."""
    level = [value]
    for _ in range(depth):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return any(isinstance(each, dict | list) for each in level)
