"""What the form that asks says around the arguments, and how many rows it leaves to them; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from textual.content import Content

from tui.chat.events import ApprovalNeeded
from tui.clean import exposed

LEAST_ROWS = 10
"""The form is never lower than this where the screen has the room."""
LEAST_FREE = 6
"""Header, a row of transcript, what goes on, prompt and footer."""
LOWEST_FRAMED = 16
"""In a terminal lower than this the form has no border."""
LOW_ROWS = 12
"""In a form lower than this all words but the arguments are cut to a line each."""
KEPT_FREE = 9
"""Rows a tall form leaves to everything else."""
GAP = 2
"""Blanks between two answers."""


class Choice(NamedTuple):
    """One answer: its id, the key as it is written, and what it does."""

    id: str
    key: str
    does: str

    @property
    def cells(self) -> int:
        """Columns it takes as a button: a blank or a mark before it, a blank behind it."""
        return len(self.key) + len(self.does) + 3


@dataclass(frozen=True, slots=True)
class Layout:
    """The words of the form for one size."""

    says: tuple[Content, ...]
    covers: tuple[Content, ...]
    room: int
    """Rows that are left to the arguments; at least one."""
    framed: bool


def layout(
    needed: ApprovalNeeded,
    count: str,
    choices: tuple[Choice, ...],
    width: int,
    height: int,
    *,
    tall: bool = False,
) -> Layout:
    """The form for ``width`` cells within its frame in a terminal of ``height`` rows.

    ``count`` is said at the right, such as ``1 of 3``.
    """
    most = height - KEPT_FREE if tall else height // 2
    most = max(min(LEAST_ROWS, height - LEAST_FREE), most)
    low, framed = most < LOW_ROWS, height >= LOWEST_FRAMED
    name = Content.styled(f"{exposed(needed.call.name)}  ", "bold $text-warning")
    says = _short(Content.assemble(name, exposed(needed.ask.says)), width - len(count) - GAP, 1 if low else 3)
    pad = " " * max(1, width - says[0].cell_length - len(count))
    says[0] = Content.assemble(says[0], pad, (count, "bold"))
    granted = Content.assemble(("this session: ", "$foreground-muted"), exposed(needed.ask.grants))
    covers = _short(granted, width, 1 if low else 2)
    taken = len(says) + len(covers) + len(answer_rows(choices, width)) + 2 * framed
    return Layout(tuple(says), tuple(covers), max(1, most - taken), framed)


def answers(waiting: int, keys: Mapping[str, str]) -> tuple[Choice, ...]:
    """What can be answered; ``keys`` are those of each answer, ``waiting`` how many calls wait."""
    words = {"once": "once", "session": "session", "no": "no…", "never": "never"}
    if waiting > 1:
        words["all"] = f"all {waiting} once"
    return tuple(Choice(id, keys.get(id, ""), does) for id, does in words.items())


def answer_rows(choices: tuple[Choice, ...], width: int) -> list[list[Choice]]:
    """The answers by row, none wider than ``width`` as long as a single one fits."""
    rows: list[list[Choice]] = [[]]
    used = 0
    for choice in choices:
        if rows[-1] and used + GAP + choice.cells > width:
            rows.append([])
            used = 0
        used += choice.cells + (GAP if rows[-1] else 0)
        rows[-1].append(choice)
    return rows


def _short(words: Content, width: int, rows: int) -> list[Content]:
    """``words`` wrapped, an ellipsis where they need more than ``rows``."""
    wrapped = words.wrap(max(16, width))
    if len(wrapped) <= rows:
        return wrapped
    return [*wrapped[: rows - 1], Content.assemble(wrapped[rows - 1].truncate(max(14, width - 2)), " …")]
