"""The popup above the prompt that completes slash commands."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.ui.commands import Command, completions


class Completions(OptionList):
    """Shown while a slash command is being typed; never takes the focus."""

    can_focus = False

    @property
    def open(self) -> bool:
        """Whether there is anything to complete."""
        return self.has_class("-on")

    @property
    def chosen(self) -> str | None:
        """The slash name under the highlight; None when nothing is offered."""
        if not self.open or self.highlighted is None:
            return None
        return self.get_option_at_index(self.highlighted).id

    def follow(self, text: str) -> None:
        """Offer what continues ``text``."""
        found = completions(text)
        self.set_class(bool(found), "-on")
        self.clear_options()
        if found:
            self.add_options(Option(_line(name, command), id=name) for name, command in found)
            self.highlighted = 0

    def close(self) -> None:
        """Offer nothing."""
        self.set_class(False, "-on")
        self.clear_options()


def _line(name: str, command: Command) -> Content:
    call = f"/{name} {command.argument}".rstrip()
    return Content.assemble((f"{call:<24.24} ", "bold"), (command.does, "$foreground-muted"))
