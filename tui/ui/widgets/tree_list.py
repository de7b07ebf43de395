"""The list of the tree screen: one row a turn, painted only where it is on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style as ContentStyle

from tui.clean import cells, cut, visible
from tui.ui.figures import money
from tui.ui.session_rows import age
from tui.ui.tree_rows import TurnRow

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


class TreeList(ScrollView, can_focus=True):
    """Shows rows and which of them is marked; the first click marks one, the next on it chooses it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "end(0)", show=False),
        Binding("end", "end(1)", show=False),
    ]

    DEFAULT_CSS = """
    TreeList {
        height: 1fr; background: $surface; scrollbar-size-vertical: 1; overflow-x: hidden;
        & > .tree--marked { background: $primary 30%; }
    }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"tree--marked"}

    marked: reactive[int] = reactive(0)
    """The row that keys mean."""

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
        self.virtual_size = Size(self.scrollable_content_region.width, len(rows))
        self.marked = place
        self.refresh()
        self.call_after_refresh(self._reveal)

    @property
    def row(self) -> TurnRow | None:
        """The marked row; None where there is none at all."""
        return self.rows[self.marked] if self.marked < len(self.rows) else None

    def validate_marked(self, marked: int) -> int:
        """A row there is."""
        return max(0, min(marked, len(self.rows) - 1))

    def watch_marked(self, before: int, now: int) -> None:
        """Paint both rows, and bring the new one on the screen."""
        for row in (before, now):
            self.refresh(Region(0, row - self.scroll_offset.y, self.size.width, 1))
        self._reveal()
        self.post_message(self.Marked(self))

    def _reveal(self) -> None:
        height, top = max(1, self.scrollable_content_region.height), self.scroll_offset.y
        if not top <= self.marked < top + height:
            target = self.marked if self.marked < top else self.marked - height + 1
            self.scroll_to(y=target, animate=False, force=True)

    def render_line(self, y: int) -> Strip:
        """The strip of row ``y`` of the screen."""
        at = self.scroll_offset.y + y
        width = self.scrollable_content_region.width
        base = self.rich_style
        if at >= len(self.rows):
            return Strip.blank(width, base)
        content = line_of(self.rows[at], width - 2, self.now)
        sign = "▌ " if at == self.marked else "  "
        style = self.get_component_rich_style("tree--marked") if at == self.marked else base
        spans = content.render_segments(ContentStyle.from_rich_style(style))
        return Strip([Segment(sign, style), *spans]).adjust_cell_length(width, style)

    def action_move(self, step: int) -> None:
        """To the next row or the one before."""
        self.marked += step

    def action_page(self, step: int) -> None:
        """A screen of rows on or back."""
        self.marked += step * max(1, self.scrollable_content_region.height - 1)

    def action_end(self, last: int) -> None:
        """To the first or the last row."""
        self.marked = len(self.rows) - 1 if last else 0

    def on_click(self, event: events.Click) -> None:
        """Mark the clicked row; where it is marked, choose it."""
        at = self.scroll_offset.y + event.y
        if at < len(self.rows):
            if at == self.marked:
                self.post_message(self.Chosen(self))
            else:
                self.marked = at


def full_preview(row: TurnRow, width: int) -> str:
    """What a row stands for on one line of its own: what was asked, what was answered."""
    said = f"  → {visible(row.said)}" if row.said else ""
    return cut(f"{visible(row.preview)}{said}", width)
