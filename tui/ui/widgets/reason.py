"""The line a no is explained in: what is written there, the model reads."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class Reason(Input):
    """Why not, in words for the model."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", "Back", show=False)]

    class Left(Message):
        """The person thought better of it."""

    def __init__(self) -> None:
        super().__init__(placeholder="why not? the model reads it", compact=True)

    def action_back(self) -> None:
        """Back to the answers."""
        self.post_message(self.Left())
