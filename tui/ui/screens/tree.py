"""The tree of the session: every branch turn by turn; Enter goes there, a branch can be cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.chat.tree import Tree
from tui.errors import SightlineError
from tui.ui.beside import beside
from tui.ui.ports import SessionPort
from tui.ui.screens.dialog import Dialog
from tui.ui.tree_rows import TurnRow, branch_size, rows_of
from tui.ui.widgets.keys import Key, Keys
from tui.ui.widgets.tree_list import TreeList, full_preview

KEYS = (
    Key("Enter", "go there", "take"),
    Key("c", "go on after it", "take_after"),
    Key("Del", "cut the branch", "cut"),
    Key("Esc", "close", "cancel"),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Where to go: to the branch through a message, or right behind it."""

    message: str
    is_end: bool = False
    """Whether what is said next follows this message, whatever did before."""


class TreeScreen(Dialog[Chosen]):
    """Ends with where to go, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", show=False),
        Binding("c", "take_after", show=False),
        Binding("delete,d,backspace", "cut", show=False),
        Binding("f7", "cancel", show=False),
    ]

    def __init__(
        self, session: SessionPort, tree: Tree, now: Callable[[], float], mark: str | None = None
    ) -> None:
        super().__init__()
        self._session = session
        self._tree = tree
        self._now = now
        self._mark = mark
        self._list = TreeList(id="tree")
        self._asked = ""
        """The branch that is cut when asked once more."""
        self.was_cut = False
        """Whether any branch was cut."""

    def compose(self) -> ComposeResult:
        """How many there are, the rows, the marked one in full, the keys."""
        with Vertical(classes="dialog tall"):
            yield Static(id="tree-title", markup=False)
            yield self._list
            yield Static(id="tree-said", markup=False)
            yield Keys(*KEYS)

    def on_mount(self) -> None:
        """Show the tree, the present turn marked."""
        self._list.focus()
        self._fill(self._mark)

    @property
    def _leaf(self) -> str | None:
        messages = self._session.conversation.messages
        refused = self._session.refused
        return refused.id if refused is not None else messages[-1].id if messages else None

    def _fill(self, mark: str | None) -> None:
        rows = rows_of(self._tree, self._leaf)
        self._list.fill(rows, self._now(), mark)
        turns = sum(row.role == "user" for row in rows)
        branches = max(1, len(self._tree.leaves))
        said = f"Branches   {_plural(turns, 'prompt')} · {_plural(branches, 'branch', 'branches')}"
        self.query_one("#tree-title", Static).update(Content.styled(said, "bold $text-primary"))
        self._tell()

    @on(TreeList.Marked)
    def _tell(self) -> None:
        self._asked = ""
        row = self._list.row
        said = full_preview(row, max(20, self.size.width - 6)) if row else "Nothing was said yet."
        self.query_one("#tree-said", Static).update(Content.styled(said, "$foreground-muted"))

    @on(TreeList.Chosen)
    def action_take(self) -> None:
        """Go to the branch through the marked turn."""
        if row := self._list.row:
            self.dismiss(Chosen(row.id))

    def action_take_after(self) -> None:
        """Go on right after the marked turn: what is said next is a branch of its own."""
        if row := self._list.row:
            self.dismiss(Chosen(row.last, is_end=True))

    def action_cut(self) -> None:
        """Delete the marked turn and all that follows it, once it was asked for twice."""
        row = self._list.row
        if row is None:
            return
        if row.is_on_path:
            self._warn("You are on this branch: go to another one first.")
        elif self._asked != row.id:
            self._asked = row.id
            messages, prompts = branch_size(self._tree, row.id)
            size = f"{_plural(messages, 'message')}, {_plural(prompts, 'prompt')}"
            self._warn(f"Cut this branch for good, {size}? Del once more cuts it.")
        else:
            beside(self, partial(self._cut, row), "cut", exclusive=True)

    async def _cut(self, row: TurnRow) -> None:
        try:
            await self._session.cut(row.id)
            self._tree = await self._session.tree()
        except SightlineError as error:
            self._warn(f"{error}; {error.hint}")
            return
        self.was_cut = True
        beside = self._list.here
        self._fill(None)
        self._list.here = beside

    def _warn(self, says: str) -> None:
        self.query_one("#tree-said", Static).update(Content.styled(says, "$text-warning"))


def _plural(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
