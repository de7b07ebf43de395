"""Keeps a bracketed paste one paste: escape bytes inside it must not reach the key parser as keys.

Textual's parser takes an ESC inside a paste for the start of a key sequence and delivers what
follows as key presses, an Enter among them. Here each such ESC becomes a visible sign first.
"""

from __future__ import annotations

START = "\x1b[200~"
END = "\x1b[201~"
SIGN = "␛"
"""What stands for ESC in pasted text."""


class PasteGuard:
    """A filter over the terminal's input, by chunk; anything outside pastes passes untouched."""

    def __init__(self) -> None:
        self._inside = False
        self._seen = ""
        self._held = ""

    def feed(self, data: str) -> str:
        """``data`` with escape bytes inside pastes replaced; a torn end marker is held until it is whole."""
        out: list[str] = []
        while data:
            data = self._paste(data, out) if self._inside else self._keys(data, out)
        return "".join(out)

    def _keys(self, data: str, out: list[str]) -> str:
        """Pass keys up to and with the next start marker, which may have begun in an earlier chunk."""
        joined = self._seen + data
        found = joined.find(START)
        if found < 0:
            out.append(data)
            self._seen = joined[-(len(START) - 1) :]
            return ""
        end = found + len(START) - len(self._seen)
        out.append(data[:end])
        self._inside, self._seen = True, ""
        return data[end:]

    def _paste(self, data: str, out: list[str]) -> str:
        data, self._held = self._held + data, ""
        found = data.find(END)
        if found >= 0:
            out.append(data[:found].replace("\x1b", SIGN) + END)
            self._inside = False
            return data[found + len(END) :]
        for size in range(min(len(END) - 1, len(data)), 0, -1):
            if data.endswith(END[:size]):
                data, self._held = data[:-size], data[-size:]
                break
        out.append(data.replace("\x1b", SIGN))
        return ""
