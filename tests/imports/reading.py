"""What the tests of imports share: ids that count, files as bytes, and a session read."""

import json
from collections.abc import Iterable
from itertools import count
from typing import Any

from tui.imports import Imported, read

NOW = 1_700_000_000.0


def ids() -> Any:
    """A maker of ids that counts."""
    numbers = count(1)
    return lambda: f"id{next(numbers)}"


def as_bytes(value: Any) -> bytes:
    """A JSON file; text as it is."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=True)
    return text.encode()


def as_lines(values: Iterable[Any]) -> bytes:
    """A file of JSON lines."""
    return "".join(json.dumps(value) + "\n" for value in values).encode()


def imported(data: Any, **options: Any) -> Imported:
    """What is read from ``data``, a JSON value, text or bytes."""
    data = data if isinstance(data, bytes) else as_bytes(data)
    return read("file", data, now=NOW, new_id=ids(), **options)


def classes(found: Imported) -> set[str]:
    """The classes of its warnings."""
    return {finding.cls for finding in found.warnings}
