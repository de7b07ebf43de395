"""An empty Textual application with an Input: the least a Textual screen can take to be ready."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Input

READY = "Type here"


class EmptyApp(App[None]):
    """One input, nothing else."""

    def compose(self) -> ComposeResult:
        """The input alone."""
        yield Input(placeholder=READY)


if __name__ == "__main__":
    EmptyApp().run()
