"""The answers a waiting call can get, each with its key; they can be clicked."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from tui.ui.approval_layout import GAP, Choice, answer_rows


class Answers(Widget):
    """One row of answers, or as many as the width asks for."""

    choices: reactive[tuple[Choice, ...]] = reactive((), layout=True)
    """What can be answered now."""
    chosen: reactive[str] = reactive("")
    """The id of the answer that is about to be given."""

    @dataclass
    class Clicked(Message):
        """An answer was clicked, by a press at ``at``."""

        id: str
        at: float

    def get_content_height(self, container: object, viewport: object, width: int) -> int:  # noqa: ARG002
        """The rows the answers need."""
        return len(answer_rows(self.choices, width))

    def render(self) -> RenderResult:
        """The rows, the chosen answer marked."""
        rows = answer_rows(self.choices, self.size.width)
        return Content("\n").join(
            Content(" " * GAP).join(_button(choice, chosen=choice.id == self.chosen) for choice in row)
            for row in rows
        )

    def on_click(self, event: events.Click) -> None:
        """Tell which answer was clicked."""
        id = event.style.meta.get("answer")
        if id:
            event.stop()
            self.post_message(self.Clicked(str(id), event.time))


def _button(choice: Choice, *, chosen: bool) -> Content:
    key = "bold $text-primary reverse" if chosen else "bold $text-primary on $panel"
    words = "bold reverse" if chosen else "on $panel"
    mark = "✓" if chosen else " "
    button = Content.assemble((f"{mark}{choice.key}", key), (f" {choice.does} ", words))
    return button.stylize(Style.from_meta({"answer": choice.id}))
