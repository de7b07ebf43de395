"""The terminal driver, with pastes guarded."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.message import Message

from tui.ui.paste import PasteGuard


class GuardedParser(XTermParser):
    """Textual's parser behind a ``PasteGuard``."""

    def __init__(self, debug: bool = False) -> None:
        self._guard = PasteGuard()
        self._carets = 0
        super().__init__(debug)

    def feed(self, data: str) -> Iterable[Message]:
        """Parse input; empty data is its end."""
        if not data:
            return super().feed(data)
        guarded = self._guard.feed(data)
        self._carets += guarded.count("^")
        return self._escapes(super().feed(guarded)) if guarded else ()

    def tick(self) -> Iterable[Message]:
        """Deliver what waited for the rest of a sequence that did not come."""
        messages = list(self._escapes(super().tick()))
        first = messages[0] if len(messages) > 1 else None
        if isinstance(first, events.Key) and first.key.startswith("alt+") and first.character:
            # One character behind ESC is an Alt key; a whole text was typed after an Esc, over a slow line.
            messages[:1] = [events.Key("escape", "\x1b"), *XTermParser().feed(first.character)]
        return messages

    def _escapes(self, messages: Iterable[Message]) -> Iterable[Message]:
        """An Esc that text follows at once is an Esc: Textual makes a caret of it."""
        for message in messages:
            if isinstance(message, events.Paste):
                self._carets -= message.text.count("^")
            elif isinstance(message, events.Key) and message.character == "^":
                if self._carets > 0:
                    self._carets -= 1
                else:
                    yield events.Key("escape", "\x1b")
                    continue
            yield message


class GuardedDriver(linux_driver.LinuxDriver):
    """The driver for Linux and macOS."""

    def run_input_thread(self) -> None:
        """Read input with the guarded parser."""
        # The driver makes its parser from this name and offers no other way to give it one.
        setattr(linux_driver, "XTermParser", GuardedParser)  # noqa: B010
        super().run_input_thread()
