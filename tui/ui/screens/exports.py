"""The form that asks in which format a session is exported."""

from __future__ import annotations

from typing import ClassVar, get_args

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label, OptionList, Static
from textual.widgets.option_list import Option

from tui.exports import FORMATS, Format
from tui.ui.exporting import Wish
from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.keys import Key, Keys


class ExportForm(Dialog[Wish]):
    """Ends with what is wished for, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("t", "texts", "Texts", show=False)]

    def __init__(self, wish: Wish) -> None:
        super().__init__()
        self._wish = wish
        self._hides = wish.hides_texts

    def compose(self) -> ComposeResult:
        """The formats, what becomes of secrets and texts, the keys."""
        with Vertical(classes="dialog form"):
            yield Label("Export the session", classes="title")
            yield OptionList(
                *(
                    Option(Content.assemble((f"{name:<6}", "bold"), (says, "$foreground-muted")), id=name)
                    for name, says in FORMATS.items()
                ),
                id="formats",
                markup=False,
                compact=True,
            )
            yield Static(id="export-told", markup=False)
            yield Keys(
                Key("Enter", "export", "export"),
                Key("t", "hide or show texts", "texts"),
                Key("Esc", "cancel", "cancel"),
            )

    def on_mount(self) -> None:
        """Choose at once."""
        listed = self.query_one(OptionList)
        listed.highlighted = 0
        listed.focus()
        self._tell()

    def _tell(self) -> None:
        says = (
            "Secrets are masked and every text is hidden: shapes, lengths and hashes stay."
            if self._hides
            else "Secrets are masked; what was said stands there in full."
        )
        self.query_one("#export-told", Static).update(Content.styled(says, "$foreground-muted"))

    def action_texts(self) -> None:
        """Hide what was said, or show it."""
        self._hides = not self._hides
        self._tell()

    def action_export(self) -> None:
        """Take the highlighted format."""
        self.query_one(OptionList).action_select()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        format: Format = get_args(Format)[event.option_index]
        self.dismiss(Wish(format, self._hides, self._wish.path))
