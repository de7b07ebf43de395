"""Reading the fields of a kept value; whatever is not as it must be is ``Damaged``, with its path."""

from __future__ import annotations

from collections.abc import Callable, Collection
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias, TypeVar

from tui.chat.parts import Json

T = TypeVar("T")
Object: TypeAlias = dict[str, Json]

_FIGURE_DIGITS = 100
"""Digits before or behind the point of a figure at most."""


class Damaged(ValueError):
    """A kept value that cannot be read; ``path`` leads to the place, such as ``parts.0.text``."""

    def __init__(self, path: str, says: str) -> None:
        super().__init__(f"{path}: {says}" if path else says)
        self.path = path
        self.says = says

    def under(self, step: str) -> Damaged:
        """The same as seen from one step further out."""
        return Damaged(f"{step}.{self.path}" if self.path else step, self.says)


def inside(step: str, read: Callable[[Json], T], value: Json) -> T:
    """What ``read`` makes of ``value``, which stands at ``step``."""
    try:
        return read(value)
    except Damaged as damage:
        raise damage.under(step) from None


def whole(data: Json) -> Object:
    """``data`` as an object."""
    if type(data) is dict:
        return data
    raise wrong("", "an object", data)


def text(data: Object, name: str, default: str | None = None) -> str:
    """The text at ``name``; without a default it must be there."""
    value = data.get(name, default)
    if type(value) is str:
        return value
    raise wrong(name, "a text", value)


def maybe_text(data: Object, name: str) -> str | None:
    """The text at ``name``, if any."""
    value = data.get(name)
    if value is None or type(value) is str:
        return value
    raise wrong(name, "a text", value)


def flag(data: Object, name: str, default: bool = False) -> bool:
    """The yes or no at ``name``."""
    value = data.get(name, default)
    if value is True or value is False:
        return bool(value)
    raise wrong(name, "true or false", value)


def count(data: Object, name: str, default: int | None = None) -> int:
    """The whole number at ``name``; without a default it must be there."""
    value = data.get(name, default)
    if type(value) is int:
        return value
    raise wrong(name, "a whole number", value)


def maybe_count(data: Object, name: str) -> int | None:
    """The whole number at ``name``, if any."""
    value = data.get(name)
    if value is None or type(value) is int:
        return value
    raise wrong(name, "a whole number", value)


def number(data: Object, name: str, default: float | None = None) -> float:
    """The number at ``name``; without a default it must be there."""
    value = data.get(name, default)
    if type(value) is float or type(value) is int:
        return value
    raise wrong(name, "a number", value)


def maybe_number(data: Object, name: str) -> float | None:
    """The number at ``name``, if any."""
    value = data.get(name)
    if value is None or type(value) is float or type(value) is int:
        return value
    raise wrong(name, "a number", value)


def word(data: Object, name: str, known: Collection[str], default: str | None = None) -> Any:
    """One of the ``known`` words."""
    value = data.get(name, default)
    if type(value) is str:
        if value in known:
            return value
        raise Damaged(name, f"unknown word {value[:40]!r}")
    raise wrong(name, "a text", value)


def maybe_decimal(data: Object, name: str) -> Decimal | None:
    """The exact figure written as a text at ``name``, if any."""
    value = maybe_text(data, name)
    if value is None:
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        found = Decimal("NaN")
    # No sum of others ever comes out right with an endless figure, and one of a million digits is no figure.
    if not found.is_finite() or abs(found.adjusted()) > _FIGURE_DIGITS:
        raise Damaged(name, f"{value[:40]!r} is no figure")
    return found


def maybe(data: Object, name: str, read: Callable[[Json], T]) -> T | None:
    """What ``read`` makes of the value at ``name``, if any."""
    value = data.get(name)
    return None if value is None else inside(name, read, value)


def items(data: Object, name: str, read: Callable[[Json], T]) -> tuple[T, ...]:
    """What ``read`` makes of each item of the list at ``name``; empty when absent."""
    value = data.get(name)
    if value is None:
        return ()
    if type(value) is not list:
        raise wrong(name, "a list", value)
    at = 0
    out: list[T] = []
    try:
        for item in value:
            out.append(read(item))
            at += 1
    except Damaged as damage:
        raise damage.under(str(at)).under(name) from None
    return tuple(out)


def texts(data: Object, name: str) -> tuple[str, ...]:
    """The texts of the list at ``name``; empty when absent."""
    return items(data, name, a_text)


def object_at(data: Object, name: str) -> Object:
    """The object at ``name``; empty when absent."""
    value = data.get(name)
    return {} if value is None else inside(name, whole, value)


def a_text(value: Json) -> str:
    """``value`` as a text."""
    if type(value) is str:
        return value
    raise wrong("", "a text", value)


def a_count(value: Json) -> int:
    """``value`` as a whole number."""
    if type(value) is int:
        return value
    raise wrong("", "a whole number", value)


def a_number(value: Json) -> float:
    """``value`` as a number."""
    if type(value) is float or type(value) is int:
        return value
    raise wrong("", "a number", value)


def wrong(name: str, wanted: str, found: Json) -> Damaged:
    """That something else is at ``name`` than must be."""
    if found is None:
        return Damaged(name, f"{wanted} is missing")
    return Damaged(name, f"expected {wanted}, found {type(found).__name__}")


def set_fields(value: object, names: tuple[str, ...]) -> Object:
    """These fields of ``value`` whose values are JSON, without those that are None."""
    return {name: found for name in names if (found := getattr(value, name)) is not None}
