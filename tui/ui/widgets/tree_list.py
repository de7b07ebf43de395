"""The list of the tree screen: one row a turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from tui.clean import cells, cut, visible
from tui.ui.figures import money
from tui.ui.session_rows import age
from tui.ui.transcript.reader import SCROLLING
from tui.ui.tree_rows import TurnRow
from tui.ui.widgets.cursor_list import CursorList

OUTCOMES = {"": "", "failed": "✗ failed", "stopped": "■ stopped", "no answer": "? no answer"}
MODEL_CELLS = 18


def branch_sign(row: TurnRow) -> str:
    """The lines before a row that show which branch it is in."""
    if not row.depth:
        return ""
    return "│ " * (row.depth - 1) + ("├─" if row.is_fork else "│ ")


def line_of(row: TurnRow, width: int, now: float) -> Content:
    """The line of a turn: texts are shortened before facts go."""
    who = f"{visible(row.model, MODEL_CELLS)}  " if row.model and width >= 70 else ""
    steps = f"{row.steps} steps  " if row.steps > 1 else ""
    cost = money(row.cost) if row.cost.usd is not None else "cost ?" if row.model else ""
    when = age(max(0.0, now - row.at)) if row.at else ""
    right = f"{who}{steps}{cost:>8}{when:>5} {'◀' if row.is_here else ' '}"
    outcome = OUTCOMES[row.outcome]
    alternative = f"‹{row.alternative.place}/{row.alternative.of}› " if row.alternative else ""
    sign = branch_sign(row)
    mark = "● " if row.is_on_path else "○ "
    kind = "" if row.role == "user" else "↳ "
    room = width - cells(sign + mark + alternative + kind + right + outcome) - 4
    asked = visible(row.preview, max(8, room)) or "(nothing)"
    left_over = room - cells(asked) - 3
    said = f" → {visible(row.said, left_over)}" if row.said and left_over >= 12 else ""
    used = cells(sign + mark + alternative + kind + asked + said + right + outcome)
    gap = max(1, width - used - (2 if outcome else 0))
    bold = "bold" if row.is_on_path else ""
    return Content.assemble(
        (sign, "$text-accent"),
        (mark, "bold $text-primary" if row.is_on_path else "$foreground-muted"),
        (alternative, "$text-primary"),
        (kind, "$foreground-muted"),
        (asked, bold),
        (said, "$foreground-muted"),
        " " * gap,
        (outcome, "$text-error" if row.outcome == "failed" else "$text-warning"),
        "  " if outcome else "",
        (right, "$foreground-muted"),
    )


class TreeList(CursorList, can_focus=True):
    """Shows rows and which of them is marked; the first click marks one, the next on it chooses it."""

    MARK = "▌ "

    BINDINGS: ClassVar[list[BindingType]] = [Binding(key, f"move('{key}')", show=False) for key in SCROLLING]

    DEFAULT_CSS = "TreeList { background: $surface; }"

    @dataclass
    class Marked(Message):
        """Another row is marked."""

        rows: TreeList

    @dataclass
    class Chosen(Message):
        """The marked row was clicked again."""

        rows: TreeList

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: Sequence[TurnRow] = ()
        self.now = 0.0
        """Unix time in seconds, for the ages."""

    def fill(self, rows: Sequence[TurnRow], now: float, mark: str | None) -> None:
        """Show other rows, the one that holds message ``mark`` marked."""
        self.rows, self.now = rows, now
        place = next((at for at, row in enumerate(rows) if mark in (row.id, row.last)), None)
        if place is None:
            place = next((at for at, row in enumerate(rows) if row.is_here), 0)
        self._take(len(rows), place)

    @property
    def row(self) -> TurnRow | None:
        """The marked row; None where there is none at all."""
        return self.rows[self.here] if self.here < len(self.rows) else None

    def drawn(self, at: int, width: int) -> Content:
        """The line of a turn."""
        return line_of(self.rows[at], width, self.now)

    def watch_here(self, before: int, now: int) -> None:
        """Tell that another row is marked."""
        super().watch_here(before, now)
        self.post_message(self.Marked(self))

    def action_move(self, key: str) -> None:
        """Mark another row."""
        self.move(key)

    def on_click(self, event: events.Click) -> None:
        """Mark the clicked row; where it is marked, choose it."""
        at = self.row_of(event)
        if at is not None:
            if at == self.here:
                self.post_message(self.Chosen(self))
            else:
                self.here = at


def full_preview(row: TurnRow, width: int) -> str:
    """What a row stands for on one line of its own: what was asked, what was answered."""
    said = f"  → {visible(row.said)}" if row.said else ""
    return cut(f"{visible(row.preview)}{said}", width)
