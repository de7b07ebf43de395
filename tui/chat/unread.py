"""Values that are kept as bytes until somebody looks at them: at its first look each becomes an ordinary one.

To build the ten thousand messages of a long session takes ten times as long as to read their rows, and
their objects take four times the room; most are never looked at one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import fields
from threading import RLock
from typing import Any, Generic, TypeAlias, TypeVar

T = TypeVar("T")
Setter: TypeAlias = Callable[[Any, object], None]
"""Sets a field of an object, frozen or not."""

_READING = RLock()
"""Two threads may look at the same value: the second waits until it is whole."""


class Unread(Generic[T]):
    """Makes values of a frozen, slotted dataclass that know a few of their fields.

    ``bytes_in`` is the field whose slot holds the bytes meanwhile; ``read`` makes a whole value of the known
    part of one and its bytes, and may raise a SightlineError, which then comes from whatever field was
    looked at. Until then ``type(value)`` is a subclass; ``isinstance`` holds throughout.
    """

    def __init__(
        self, plain: type[T], known: Collection[str], bytes_in: str, read: Callable[[Any, bytes], T]
    ) -> None:
        self._slots = {field.name: getattr(plain, field.name) for field in fields(plain)}  # type: ignore[arg-type]
        self._known = tuple(setters(plain, known))
        self._keep = self._slots[bytes_in].__set__
        self._bytes = self._slots[bytes_in].__get__
        self._read = read
        self._plain: Any = plain
        self._late: Any = type(f"Unread{plain.__name__}", (plain,), self._body(known))

    def _body(self, known: Collection[str]) -> dict[str, Any]:
        plain = self._plain

        def looked_at(name: str) -> property:
            return property(lambda value: getattr(self._filled(value), name))

        return {
            "__slots__": (),
            "__new__": lambda _, *given, **named: plain(*given, **named),
            "__eq__": lambda value, other: self._filled(value) == other,
            "__hash__": lambda value: hash(self._filled(value)),
            "__repr__": lambda value: repr(self._filled(value)),
            "_peeked": self._peeked,
            "_filled": self._filled,
            **{name: looked_at(name) for name in self._slots if name not in known},
        }

    @property
    def maker(self) -> tuple[type[T], Setter, tuple[Setter, ...]]:
        """For a loop that has no time for a call: the class of a value that is not read, what puts its bytes
        there, and what puts each known field there, in the order they were named."""
        return self._late, self._keep, self._known

    def _peeked(self, value: T) -> T:
        with _READING:
            if type(value) is self._plain:
                return value
            return self._read(value, self._bytes(value))

    def _filled(self, value: T) -> T:
        with _READING:
            if type(value) is not self._plain:
                whole = self._read(value, self._bytes(value))
                for name, slot in self._slots.items():
                    slot.__set__(value, getattr(whole, name))
                # Last: from here on nobody waits who looks at it.
                object.__setattr__(value, "__class__", self._plain)
            return value


def setters(plain: type[Any], names: Iterable[str]) -> Iterator[Setter]:
    """What sets each field of a slotted class: making frozen objects with it takes a quarter of the time."""
    return (getattr(plain, name).__set__ for name in names)


def peeked(value: T) -> T:
    """``value`` as it reads, for one look: one that was not read stays so, and takes no more room."""
    peek = getattr(type(value), "_peeked", None)
    return value if peek is None else peek(value)


def unread_of(values: Iterable[T]) -> list[T]:
    """Those of ``values`` that nobody has looked at."""
    return [value for value in values if hasattr(type(value), "_filled")]


def read(values: Iterable[object]) -> None:
    """Look at each of ``values``: for a thread, where all are needed and there are thousands."""
    for value in values:
        fill = getattr(type(value), "_filled", None)
        if fill is not None:
            fill(value)
