"""A configuration file as values that know their line, and complaints that name the place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn, TypeAlias, TypeVar

from tui.errors import ConfigError
from tui.nearest import nearest

if TYPE_CHECKING:
    from tui.chat.parts import Json

_T = TypeVar("_T")

Value: TypeAlias = "str | int | float | bool | tuple[Node, ...] | dict[str, Node] | None"


@dataclass(frozen=True, slots=True)
class Node:
    """A YAML value; ``text`` is a scalar as it was written, so that ``off`` need not mean false."""

    value: Value
    line: int
    text: str = ""


EXAMPLE = "config.example.yaml shows every key and what it may be"


@dataclass(frozen=True, slots=True)
class Place:
    """A node of a named file under its key path; every reader below complains with all three."""

    file: str
    path: str
    node: Node

    def wrong(self, what: str, *, hint: str = "") -> NoReturn:
        """Raise the ConfigError for this place."""
        raise ConfigError(f"{self.at}: {self.path or 'the file'}: {what}", hint=hint or EXAMPLE)

    @property
    def at(self) -> str:
        """File and line."""
        return f"{self.file}:{self.node.line}"

    @property
    def name(self) -> str:
        """The last key of the path."""
        return self.path.rpartition(".")[2]

    def entries(self) -> dict[str, Place]:
        """The children of a mapping by key; an empty value is an empty mapping."""
        if self.node.value is None:
            return {}
        if not isinstance(self.node.value, dict):
            self.wrong(f"must be a mapping of keys to values, not {_kind(self.node.value)}")
        return {key: self._child(key, child) for key, child in self.node.value.items()}

    def fields(self, known: Collection[str]) -> dict[str, Place]:
        """The children of a mapping whose keys are fixed; empty values count as absent."""
        children = self.entries()
        for key, child in children.items():
            if key not in known:
                child.wrong("unknown key", hint=nearest(key, known, "valid keys"))
        return {key: child for key, child in children.items() if child.node.value is not None}

    def items(self) -> tuple[Place, ...]:
        """The children of a list."""
        if not isinstance(self.node.value, tuple):
            self.wrong(f"must be a list, not {_kind(self.node.value)}")
        return tuple(Place(self.file, f"{self.path}[{i}]", n) for i, n in enumerate(self.node.value))

    def string(self) -> str:
        """A text that is not blank."""
        if not isinstance(self.node.value, str):
            self.wrong(f"must be a text, not {_kind(self.node.value)}", hint="put it in quotes")
        if not self.node.value.strip():
            self.wrong("must not be empty")
        return self.node.value

    def word(self, allowed: Collection[str]) -> str:
        """One of ``allowed``, compared as written, because YAML reads a bare ``off`` as false."""
        written = self.node.text
        if written not in allowed:
            self.wrong(
                f"{written or _kind(self.node.value)!r} is not valid", hint=nearest(written, allowed, "valid")
            )
        return written

    def whole(self) -> int:
        """A positive whole number."""
        value = self.node.value
        if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
            self.wrong(f"must be a positive whole number, not {self.node.text or _kind(value)!r}")
        return value

    def seconds(self) -> float:
        """A positive number of seconds."""
        value = self.node.value
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e6:
            self.wrong(f"must be a positive number of seconds, not {self.node.text or _kind(value)!r}")
        return float(value)

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self.node.value, bool):
            self.wrong(f"must be true or false, not {self.node.text or _kind(self.node.value)!r}")
        return self.node.value

    def json(self) -> Json:
        """Any value, without lines."""
        return _plain(self.node)

    def _child(self, key: str, node: Node) -> Place:
        return Place(self.file, f"{self.path}.{key}" if self.path else key, node)


def optional(fields: Mapping[str, Place], key: str, read: Callable[[Place], _T], default: _T) -> _T:
    """What ``read`` makes of the field ``key``; ``default`` where it is absent."""
    place = fields.get(key)
    return default if place is None else read(place)


def _plain(node: Node) -> Json:
    if isinstance(node.value, dict):
        return {key: _plain(child) for key, child in node.value.items()}
    if isinstance(node.value, tuple):
        return [_plain(child) for child in node.value]
    return node.value


def _kind(value: Value) -> str:
    kinds = {dict: "a mapping", tuple: "a list", str: "a text", bool: "true or false", type(None): "nothing"}
    return kinds.get(type(value), "a number")
