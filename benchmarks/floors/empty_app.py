"""An empty Textual application with an Input: the least a Textual screen can take to be ready.

Given a word it ends after its first frame, and prints the seconds of CPU it took to get there.
"""

from __future__ import annotations

import sys
import time
from typing import Any

from textual.app import App, ComposeResult
from textual.widgets import Input

READY = "Type here"


class EmptyApp(App[float]):
    """One input, nothing else."""

    def compose(self) -> ComposeResult:
        """The input alone."""
        yield Input(placeholder=READY)

    def _display(self, screen: Any, renderable: Any) -> None:
        super()._display(screen, renderable)
        if sys.argv[1:]:
            self.exit(time.process_time())


if __name__ == "__main__":
    spent = EmptyApp().run()
    if spent is not None:
        print(f"first frame after {spent:.6f} s")
