"""The system prompt: what every turn of a conversation begins with."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Label, Static, TextArea

from tui.ui.screens.dialog import Dialog


class SystemPrompt(Dialog[str]):
    """Ends with the new text, empty for none at all; None leaves it as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", show=False, priority=True),
    ]

    def __init__(self, text: str, remark: str) -> None:
        super().__init__()
        self._text = text
        self._remark = remark

    def compose(self) -> ComposeResult:
        """The text, what changing it means, the buttons."""
        with Vertical(classes="dialog tall"):
            yield Label("System prompt", classes="title")
            yield TextArea(
                self._text,
                id="system",
                compact=True,
                soft_wrap=True,
                tab_behavior="focus",
                placeholder="none: the model hears nothing before your prompt",
            )
            yield Static(Content.styled(self._remark, "$foreground-muted"), id="system-remark", markup=False)
            with Horizontal(id="buttons"):
                yield Button("Save  ^S", id="save", variant="primary", compact=True)
                yield Button("Cancel  Esc", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Write on at its end."""
        area = self.query_one(TextArea)
        area.cursor_blink = False
        area.move_cursor(area.document.end)
        area.focus()

    def action_save(self) -> None:
        """Take the text over."""
        self.dismiss(self.query_one(TextArea).text)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "save":
            self.action_save()
        else:
            self.action_cancel()
