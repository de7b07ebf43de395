"""From a YAML file to nodes that know their line; complaints name the place and hold no value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from tui.config.node import Node
from tui.errors import ConfigError

MOST_BYTES = 1_000_000
_MOST_NODES = 20_000
_DEEPEST = 40


def read_bytes(path: Path) -> bytes:
    """What stands in a configuration file; ConfigError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        hint = "check the path after --config, or in SIGHTLINE_CONFIG"
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}", hint=hint) from error


@lru_cache(maxsize=1)
def compose(raw: bytes, file: str) -> Node | None:
    """The root of a file's YAML; None for an empty file, ConfigError for anything but one document.

    The last is remembered: what the first frame needs of it is read before the rest.
    """
    if len(raw) > MOST_BYTES:
        raise ConfigError(f"{file}: is larger than {MOST_BYTES} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ConfigError(f"{file}:{line}: is not UTF-8", hint="save the file as UTF-8") from error
    try:
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        return None if root is None else _Converter(loader, file).node(root, 0)
    except yaml.YAMLError as error:
        raise _yaml_complaint(error, text, file) from error
    except RecursionError as error:
        raise ConfigError(f"{file}: is nested too deeply") from error


class _Converter:
    """YAML nodes to ours; counts them, because an alias may stand for a million."""

    def __init__(self, loader: yaml.SafeLoader, file: str) -> None:
        self._loader = loader
        self._file = file
        self._seen = 0

    def node(self, node: Any, depth: int) -> Node:
        line = node.start_mark.line + 1
        self._seen += 1
        if self._seen > _MOST_NODES or depth > _DEEPEST:
            raise ConfigError(f"{self._file}:{line}: has too many values or is nested too deeply")
        if isinstance(node, yaml.MappingNode):
            return Node(dict(self._pairs(node, depth)), line)
        if isinstance(node, yaml.SequenceNode):
            return Node(tuple(self.node(child, depth + 1) for child in node.value), line)
        return Node(self._scalar(node, line), line, node.value)

    def _pairs(self, node: Any, depth: int) -> Iterator[tuple[str, Node]]:
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise ConfigError(f"{self._file}:{line}: a key must be a text")
            if key.value in seen:
                raise ConfigError(
                    f"{self._file}:{line}: {key.value}: stands twice, first in line {seen[key.value]}",
                    hint="keep one of them",
                )
            seen[key.value] = line
            child = self.node(value, depth + 1)
            yield key.value, replace(child, line=line)

    def _scalar(self, node: Any, line: int) -> str | int | float | bool | None:
        tag = node.tag.rpartition(":")[2]
        if tag in ("null", "bool", "int", "float"):
            try:
                value = self._loader.construct_object(node)
            except (ValueError, OverflowError, LookupError):
                # The value may be a secret, and a tag written before anything at all makes a number of it.
                raise ConfigError(f"{self._file}:{line}: the value is not what its tag says") from None
            return value  # type: ignore[no-any-return]  # one of the four tags
        if tag not in ("str", "timestamp", "merge", "value") or not node.tag.startswith("tag:yaml.org,2002:"):
            raise ConfigError(f"{self._file}:{line}: the tag {node.tag} is not known here")
        return str(node.value)


def _yaml_complaint(error: yaml.YAMLError, text: str, file: str) -> ConfigError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        position = getattr(error, "position", None)
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else 1
        return ConfigError(f"{file}:{line}: holds a character YAML does not allow")
    line = mark.line + 1
    lines = text.splitlines()
    written = lines[mark.line] if mark.line < len(lines) else ""
    problem = getattr(error, "problem", None) or "is not YAML"
    hint = "indent with blanks, not tabs" if "\t" in written else "check the indentation and the quotes"
    return ConfigError(f"{file}:{line}: {problem}", hint=hint)
