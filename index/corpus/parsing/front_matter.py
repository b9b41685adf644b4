"""Front matter: the YAML, TOML, JSON or Logseq properties with which some Markdown files open."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

# Front matter is written by hand; what is longer is text. The loaders' time is linear up to it.
_LONGEST = 2**16
_OPENING = re.compile(
    r"\ufeff?(?:[ \t]*(?:\r\n|\r|\n))*(?P<mark>---|\+\+\+|\{)[ \t]*(?:\r\n|\r|\n)(?![ \t]*[\r\n])"
)
_CLOSING = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE),
}
_LINE_END = re.compile(r"\r\n?")
_KEY = re.compile(r"[^\s:]+(?: [^\s:]+){0,2}")
_REST = re.compile(r"[ \t]*(?:\r\n|\r|\n|\Z)")
_LANGUAGE_KEYS = ("lang", "language", "locale")
# The properties of a page of Logseq, a line each, above an empty line or the page's first item.
_PROPERTIES = re.compile(
    r"\ufeff?(?P<properties>(?:[a-z][\w-]{0,40}::[ \t][^\r\n]*(?:\r\n?|\n|\Z)){1,100})"
    r"(?=[ \t]*(?:[\r\n]|\Z)|[-*+][ \t])"
)
_MOST_BRACKETS = 200  # nested deeper, no loader is asked


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What front matter says. `end` is where the text after it starts."""

    end: int
    title: str | None = None
    language: str | None = None


def read_front_matter(text: str) -> FrontMatter | None:
    """Return the front matter that opens `text`; None where there is none, or none that parses.

    As in Pandoc, no empty line may follow the opening mark, so that a rule is not taken for it.
    """
    opening = _OPENING.match(text)
    if opening is None:
        return _properties(text)
    if opening["mark"] == "{":
        return _json(text, opening.start("mark"))
    # `$` and `^` know line feeds only.
    head = _LINE_END.sub(lambda end: "\n" * len(end[0]), text[opening.end() : opening.end() + _LONGEST])
    closing = _CLOSING[opening["mark"]].search(head)
    if closing is None or head.count("[", 0, closing.start()) > _MOST_BRACKETS:
        return None
    source = head[: closing.start()]
    found = _yaml(source) if opening["mark"] == "---" else _toml(source)
    if found is None:
        return None
    return _front_matter(opening.end() + closing.end(), found)


def _front_matter(end: int, found: Mapping[str, str]) -> FrontMatter:
    language = next((found[key] for key in _LANGUAGE_KEYS if found.get(key)), None)
    return FrontMatter(end, found.get("title", "").strip() or None, language)


def _yaml(source: str) -> dict[str, str] | None:
    """Return the scalars of a mapping.

    Events are read instead of values, so that aliases are not expanded and no depth is recursed into.
    """
    try:
        found = dict(_yaml_scalars(source))
    except (yaml.YAMLError, ValueError):
        return None
    return found if found and all(_KEY.fullmatch(key) for key in found) else None


def _yaml_scalars(source: str) -> Iterator[tuple[str, str]]:
    depth, key = 0, None
    for event in yaml.parse(source, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            if depth == 0 and not isinstance(event, yaml.MappingStartEvent):
                raise ValueError(source)
            if depth == 1:
                if key is None:
                    raise ValueError(source)
                yield key, ""
                key = None
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif depth == 0 and isinstance(event, yaml.ScalarEvent):
            raise ValueError(source)
        elif depth == 1 and isinstance(event, yaml.ScalarEvent | yaml.AliasEvent):
            value = event.value if isinstance(event, yaml.ScalarEvent) else ""
            if key is None:
                key = value
            else:
                yield key, value
                key = None


def _toml(source: str) -> dict[str, str] | None:
    try:
        return _strings(tomllib.loads(source))
    except (tomllib.TOMLDecodeError, ValueError, RecursionError):
        return None


def _json(text: str, start: int) -> FrontMatter | None:
    try:
        value, length = json.JSONDecoder().raw_decode(text[start : start + _LONGEST])
    except (ValueError, RecursionError):
        return None
    rest = _REST.match(text, start + length)
    return _front_matter(start + length, _strings(value)) if value and rest else None


def _properties(text: str) -> FrontMatter | None:
    found = _PROPERTIES.match(text)
    if found is None:
        return None
    lines = (line.partition("::") for line in found["properties"].splitlines())
    return _front_matter(found.end(), {key: value.strip() for key, _, value in lines})


def _strings(values: Mapping[str, object]) -> dict[str, str]:
    return {key: value for key, value in values.items() if isinstance(value, str)}
