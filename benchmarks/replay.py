"""What stands on a terminal's screen after the bytes a program wrote, by pyte."""

from __future__ import annotations

import re

import pyte

_BEYOND = re.compile(
    rb"\x1b\[[<=>][0-9;:]*[a-zA-Z~]|\x1b\[\?[0-9;]*\$p|\x1b\[\?u|\x1b\[[0-9;]* q|\x1b\[[0-9:;]*:[0-9:;]*m"
    rb"|\x1b[P_^X].*?\x1b\\|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)",
    re.DOTALL,
)
"""What pyte does not know and would print: newer modes, questions, strings to the terminal, titles."""
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;:<=>?]*[ $]?|[P_^X\]][^\x07\x1b]{0,100000}\x1b?)?$")


class Replay:
    """A screen of its own that is fed bytes."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Show more of what the program wrote."""
        data = self._rest + data
        unfinished = _UNFINISHED.search(data)
        cut = unfinished.start() if unfinished else len(data)
        self._rest = data[cut:]
        self._screen.dirty.clear()
        self._stream.feed(_BEYOND.sub(b"", data[:cut]))

    def resize(self, columns: int, rows: int) -> None:
        """The terminal has another size."""
        self._screen.resize(rows, columns)

    def lines(self) -> list[str]:
        """The rows from the top."""
        return [self.line(row) for row in range(self._screen.lines)]

    def line(self, row: int) -> str:
        """One row, with its blanks."""
        cells = self._screen.buffer[row]
        return "".join(cells[column].data for column in range(self._screen.columns))

    def shows(self, text: str) -> bool:
        """Whether ``text`` stands in one row."""
        return any(text in self.line(row) for row in range(self._screen.lines))

    @property
    def changed(self) -> set[int]:
        """The rows that the newest bytes wrote to."""
        return {row for row in self._screen.dirty if row < self._screen.lines}

    def changed_to_show(self, text: str) -> bool:
        """Whether a row that was written by the newest bytes has ``text``."""
        return any(text in self.line(row) for row in self.changed)
