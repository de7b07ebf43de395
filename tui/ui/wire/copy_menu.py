"""The menu that asks what a request is copied as."""

from __future__ import annotations

from typing import ClassVar, get_args

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from tui.exchanges.copy_as import KINDS, Kind
from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.keys import Key, Keys


class CopyMenu(Dialog[Kind]):
    """Ends with the kind chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(kind[0], f"take({place})", kind, show=False) for place, kind in enumerate(KINDS)
    ]

    def compose(self) -> ComposeResult:
        """The kinds, the keys."""
        with Vertical(classes="dialog form"):
            yield Label("Copy the request as", classes="title")
            yield OptionList(
                *(
                    Option(Content.assemble((f"{kind:<8}", "bold"), (says, "$foreground-muted")))
                    for kind, says in KINDS.items()
                ),
                id="formats",
                markup=False,
                compact=True,
            )
            yield Keys(Key("Enter", "copy", "take_this"), Key("Esc", "cancel", "cancel"))

    def on_mount(self) -> None:
        """Choose at once."""
        listed = self.query_one(OptionList)
        listed.highlighted = 0
        listed.focus()

    def action_take(self, place: int) -> None:
        """Take one by its first letter."""
        self.dismiss(get_args(Kind)[place])

    def action_take_this(self) -> None:
        """Take the highlighted one."""
        self.query_one(OptionList).action_select()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.action_take(event.option_index)
