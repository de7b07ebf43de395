"""What is attached to the prompt being written, one line a file, above it."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.clean import visible
from tui.ui.prompted import Attached

SHOWN = 4
"""Lines at most."""


class Chips(Widget):
    """Shows the files; a click takes one away."""

    attached: reactive[tuple[Attached, ...]] = reactive((), layout=True)
    """The files, in the order they are sent."""

    @dataclass
    class Removed(Message):
        """A file was clicked away."""

        chips: Chips
        index: int

    def watch_attached(self, attached: tuple[Attached, ...]) -> None:
        """Appear with the first file, go with the last."""
        self.set_class(bool(attached), "-on")

    def get_content_height(self, *_: object) -> int:
        """One line a file, at most ``SHOWN``."""
        return min(len(self.attached), SHOWN)

    def render(self) -> RenderResult:
        """The lines; the last one tells how many more there are, and how to take one away."""
        lines: list[Content] = []
        last = min(len(self.attached), SHOWN)
        for number, file in enumerate(self.attached[:SHOWN], 1):
            hidden = len(self.attached) - SHOWN
            more = f"  +{hidden} more" if number == SHOWN and hidden > 0 else ""
            tail = f"{more}  click or ⌫ removes" if number == last else ""
            room = max(self.size.width - len(tail) - 4, 8)
            lines.append(
                Content.assemble(
                    ("▣ ", "$text-accent"), visible(file.label, room), (tail, "$foreground-muted")
                )
            )
        return Content("\n").join(lines)

    def on_click(self, event: events.Click) -> None:
        """Take the clicked file away."""
        if 0 <= event.y < min(len(self.attached), SHOWN):
            self.post_message(self.Removed(self, event.y))
