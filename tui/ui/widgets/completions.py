"""The popup above the prompt that completes slash commands and names of files."""

from __future__ import annotations

from typing import Literal

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.clean import visible
from tui.ui.commands import Command, completions


class Completions(OptionList):
    """Shown while a slash command or, after ``@``, a path is being typed; never takes the focus."""

    can_focus = False
    kind: Literal["slash", "file"] = "slash"
    """What is offered."""

    @property
    def open(self) -> bool:
        """Whether there is anything to complete."""
        return self.has_class("-on")

    @property
    def chosen(self) -> str | None:
        """The name under the highlight; None when nothing is offered."""
        if not self.open or self.highlighted is None:
            return None
        return self.get_option_at_index(self.highlighted).id

    def follow(self, text: str) -> None:
        """Offer what continues ``text``."""
        found = completions(text)
        if found or self.kind == "slash":
            self._offer("slash", [Option(_line(name, command), id=name) for name, command in found])

    def offer_files(self, names: list[str]) -> None:
        """Offer these paths."""
        self._offer("file", [Option(Content(visible(name)), id=name) for name in names])

    def _offer(self, kind: Literal["slash", "file"], options: list[Option]) -> None:
        self.kind = kind
        self.set_class(bool(options), "-on")
        self.clear_options()
        if options:
            self.add_options(options)
            self.highlighted = 0

    def close(self) -> None:
        """Offer nothing."""
        self.set_class(False, "-on")
        self.clear_options()


def _line(name: str, command: Command) -> Content:
    call = f"/{name} {command.argument}".rstrip()
    return Content.assemble((f"{call:<24.24} ", "bold"), (command.does, "$foreground-muted"))
