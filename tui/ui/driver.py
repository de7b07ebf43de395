"""The terminal driver, with pastes guarded."""

from __future__ import annotations

from collections.abc import Iterable

from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.message import Message

from tui.ui.paste import PasteGuard


class GuardedParser(XTermParser):
    """Textual's parser behind a ``PasteGuard``."""

    def __init__(self, debug: bool = False) -> None:
        self._guard = PasteGuard()
        super().__init__(debug)

    def feed(self, data: str) -> Iterable[Message]:
        """Parse input; empty data is its end."""
        if not data:
            return super().feed(data)
        guarded = self._guard.feed(data)
        return super().feed(guarded) if guarded else ()


class GuardedDriver(linux_driver.LinuxDriver):
    """The driver for Linux and macOS."""

    def run_input_thread(self) -> None:
        """Read input with the guarded parser."""
        # The driver makes its parser from this name and offers no other way to give it one.
        setattr(linux_driver, "XTermParser", GuardedParser)  # noqa: B010
        super().run_input_thread()
