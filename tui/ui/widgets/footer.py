"""The footer line: the keys that work now, clickable, and how full the context is."""

from __future__ import annotations

from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from tui.ui.commands import COMMANDS, Command

DROPPED_FIRST = (
    "settings",
    "endpoint.switch",
    "tools.fold",
    "help",
    "thinking.fold",
    "turn.stop",
    "inspector.toggle",
    "session.pick",
    "palette",
)
"""What goes when the line is too short, in this order."""


def footer_commands(
    width: int, commands: tuple[Command, ...] = COMMANDS, *, busy: bool = True
) -> tuple[Command, ...]:
    """The commands with a label that fit into ``width`` cells; while nothing runs, stop goes first."""
    shown = [c for c in commands if c.label]
    for id in DROPPED_FIRST if busy else ("turn.stop", *DROPPED_FIRST):
        if sum(len(c.shown) + len(c.label) + 3 for c in shown) <= width:
            break
        shown = [c for c in shown if c.id != id]
    return tuple(shown)


class FooterBar(Widget):
    """One line at the bottom of the screen."""

    gauge: reactive[str] = reactive("ctx ?")
    """How full the context is, in words."""
    busy: reactive[bool] = reactive(False)
    """Whether there is something to stop."""
    asks: reactive[str] = reactive("")
    """What a waiting form wants pressed; empty when none waits."""

    def __init__(self, commands: tuple[Command, ...] = COMMANDS) -> None:
        super().__init__()
        self._commands = commands

    def render(self) -> RenderResult:
        """Keys left, gauge right; each key can be clicked."""
        width = self.size.width
        asks = Content.styled(f" {self.asks} ", "bold $text-warning reverse") if self.asks else Content("")
        asks = asks.stylize(Style.from_meta({"@click": "screen.answer"}))
        room = width - len(self.gauge) - asks.cell_length - 2
        commands = footer_commands(room, self._commands, busy=self.busy)
        pieces: list[Content] = [asks]
        for command in commands:
            idle_stop = command.id == "turn.stop" and not self.busy
            click = Style.from_meta({"@click": f"screen.{command.action}"})
            label = Content.assemble(
                (command.shown, "$foreground-muted" if idle_stop else "bold $text-primary"),
                (f" {command.label}", "$foreground-muted"),
            )
            pieces.append(Content.assemble(" ", label.stylize(click), " "))
        left = Content("").join(pieces)
        pad = max(width - left.cell_length - len(self.gauge) - 1, 1)
        return Content.assemble(left, " " * pad, (self.gauge, "$foreground-muted"), " ")
