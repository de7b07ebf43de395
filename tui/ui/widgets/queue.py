"""Prompts that wait until the model has spoken, one line each, above the prompt."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.clean import visible
from tui.ui.prompted import Prompted

SHOWN = 4
"""Lines at most."""


class Queue(Widget):
    """Shows what waits; a click takes a prompt back for editing."""

    waiting: reactive[tuple[Prompted, ...]] = reactive(())
    """The prompts, first the one that goes next."""
    held: reactive[bool] = reactive(False)
    """Whether the turn before ended badly, so that nothing goes out by itself."""

    _lines = 0
    """Lines the screen is laid out for."""

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of the prompts."""
        return tuple(prompted.text for prompted in self.waiting)

    @dataclass
    class Picked(Message):
        """A queued prompt was clicked."""

        queue: Queue
        index: int

    def watch_waiting(self) -> None:
        """Appear with the first prompt, go with the last."""
        # Most prompts go out at once: the screen is not laid out for what nobody sees.
        self.call_next(self._fit)

    def _fit(self) -> None:
        lines = self.get_content_height()
        if lines != self._lines:
            self._lines = lines
            self.set_class(lines > 0, "-on")
            self.refresh(layout=True)

    def get_content_height(self, *_: object) -> int:
        """One line a prompt, at most ``SHOWN``."""
        return min(len(self.waiting), SHOWN)

    def render(self) -> RenderResult:
        """The lines; the last one tells how many more there are, and what to do."""
        width = self.size.width
        lines: list[Content] = []
        hint = "Enter sends it, ↑ edits" if self.held else "↑ edits"
        for number, prompted in enumerate(self.waiting[:SHOWN], 1):
            more = f"  +{len(self.waiting) - SHOWN} more" if number == SHOWN < len(self.waiting) else ""
            tail = f"{more}  {hint}" if number == min(SHOWN, len(self.waiting)) else more
            head = f"{'held  ' if self.held else 'queued'} {number} "
            head += f"▣{len(prompted.attached)} " if prompted.attached else ""
            room = max(width - len(head) - len(tail) - 1, 8)
            lines.append(
                Content.assemble(
                    (head, "$text-warning"), visible(prompted.text, room), (tail, "$foreground-muted")
                )
            )
        return Content("\n").join(lines)

    def on_click(self, event: events.Click) -> None:
        """Take the clicked prompt back."""
        if 0 <= event.y < len(self.waiting):
            self.post_message(self.Picked(self, event.y))
