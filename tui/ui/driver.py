"""The terminal driver: pastes are guarded, and a terminal that is gone ends the application."""

from __future__ import annotations

import os
import selectors
import sys
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable
from io import TextIOWrapper
from typing import Any, TextIO, cast

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui.ui.host import Host
from tui.ui.paste import PasteGuard

WAIT_S = 0.1
"""How often it is looked whether the driver is to stop, and whether the rest of a sequence did not come."""
READ_AT_ONCE = 4096


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


class Line:
    """What is written to a terminal; once that is gone it is said to ``gone``, and nobody minds the rest.

    The thread that writes would die of the first error, and the application wait for it for ever.
    """

    def __init__(self, file: TextIO, gone: Callable[[], bool]) -> None:
        self._file = file
        self._gone = gone

    def write(self, text: str) -> None:
        """Write; raises OSError only where the terminal is still there."""
        try:
            self._file.write(text)
        except OSError:
            if not self._gone():
                raise

    def flush(self) -> None:
        """Send what was written; raises OSError only where the terminal is still there."""
        try:
            self._file.flush()
        except OSError:
            if not self._gone():
                raise

    def fileno(self) -> int:
        """The terminal's descriptor."""
        return self._file.fileno()


class GuardedDriver(LinuxDriver):
    """The driver for Linux and macOS; its application is a ``Host``."""

    def __init__(self, app: Host, **options: Any) -> None:
        super().__init__(app, **options)
        self._hung_up = app.hung_up
        self._is_gone = False
        # Textual draws on the errors, which may go to a file; that the output is a terminal is checked.
        errors, output = sys.__stderr__, sys.__stdout__
        drawn_on = errors if errors is not None and errors.isatty() else output
        assert drawn_on is not None
        self._file = cast("TextIOWrapper", Line(drawn_on, self._tell_gone))

    def _tell_gone(self) -> bool:
        """Whether the terminal is gone; told once."""
        # A terminal that is gone does not say any more that it is one. A living one always does, also when
        # it has nothing to read or does not let us write, as in the background.
        if not self._is_gone and not os.isatty(self.fileno):
            self._is_gone = True
            self._hung_up()
        return self._is_gone

    def run_input_thread(self) -> None:
        """Read until the driver stops or the terminal is gone; Textual's would read its end for ever."""
        parser = GuardedParser(self._debug)
        decode = getincrementaldecoder("utf-8")().decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(WAIT_S):
                    try:
                        data = os.read(self.fileno, READ_AT_ONCE)
                    except OSError:
                        if not self._tell_gone():
                            raise
                        return
                    if not data and self._tell_gone():
                        return
                    if text := decode(data):
                        self._take(parser.feed(text))
                self._take(parser.tick())

    def _take(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)
