"""All keys and slash commands on one page."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.ui.commands import COMMANDS, PROMPT_KEYS
from tui.ui.screens.dialog import Dialog

GROUPS = ("Chat", "Model", "Reading", "Screen")


def help_page() -> Content:
    """The page: the prompt's own keys, then every command by group."""
    lines: list[Content] = [Content.styled("Prompt", "bold $text-primary")]
    lines += [_line(keys, does) for keys, does in PROMPT_KEYS]
    for group in GROUPS:
        lines += [Content(""), Content.styled(group, "bold $text-primary")]
        for command in COMMANDS:
            if command.group == group:
                slash = f"/{command.slash[0]} {command.argument}".rstrip() if command.slash else ""
                lines.append(_line("  ".join(x for x in (command.shown, slash) if x), command.does))
    lines += [
        Content(""),
        Content.styled("Mouse", "bold $text-primary"),
        _line("drag", "select text, ^C copies it"),
        _line("click", "fold or unfold a block; keys in the footer; suggestions; queued prompts"),
    ]
    return Content("\n").join(lines)


def _line(keys: str, does: str) -> Content:
    if len(keys) > 27:
        return Content.assemble((f"  {keys}", "bold"), "\n", (" " * 30 + does, "$text-muted"))
    return Content.assemble((f"  {keys:<28}", "bold"), (does, "$text-muted"))


class Help(Dialog[None]):
    """Closed by Esc, F1 or q."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1,q", "cancel", "Close", show=False)]

    def compose(self) -> ComposeResult:
        """The page in a scroll."""
        with VerticalScroll(classes="dialog tall"):
            yield Static(help_page(), markup=False)

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self.query_one(VerticalScroll).focus()
