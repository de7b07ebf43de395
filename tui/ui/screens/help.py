"""All keys and slash commands on one page."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.ui.commands import COMMANDS, PROMPT_KEYS, Command
from tui.ui.screens.dialog import Dialog

GROUPS = ("Chat", "Model", "Reading", "Screen")
MOUSE = (
    ("drag", "select text, ^C copies it"),
    ("click", "fold or unfold a block; press a key of the footer; take a suggestion or a queued prompt"),
    ("wheel", "scroll"),
)
KEYS_WIDTH = 30


def help_page(width: int, commands: tuple[Command, ...] = COMMANDS) -> Content:
    """The page for ``width`` cells: the prompt's own keys, then every command by group."""
    lines: list[Content] = [Content.styled("Prompt", "bold $text-primary")]
    for keys, does in PROMPT_KEYS:
        lines += _entry(keys, does, width)
    for group in GROUPS:
        lines += [Content(""), Content.styled(group, "bold $text-primary")]
        for command in commands:
            if command.group == group:
                slash = f"/{command.slash[0]} {command.argument}".rstrip() if command.slash else ""
                lines += _entry("  ".join(x for x in (command.shown, slash) if x), command.does, width)
    lines += [Content(""), Content.styled("Mouse", "bold $text-primary")]
    for keys, does in MOUSE:
        lines += _entry(keys, does, width)
    return Content("\n").join(lines)


def _entry(keys: str, does: str, width: int) -> list[Content]:
    """The keys in their column, the explanation wrapped beside it; long keys stand alone above."""
    rows = Content.styled(does, "$foreground-muted").wrap(max(width - KEYS_WIDTH, 20))
    heads = [f"  {keys}"]
    if len(heads[0]) >= KEYS_WIDTH:
        return [Content.styled(heads[0], "bold"), *(Content.assemble(" " * KEYS_WIDTH, row) for row in rows)]
    heads += [""] * (len(rows) - 1)
    return [
        Content.assemble((f"{head:<{KEYS_WIDTH}}", "bold"), row)
        for head, row in zip(heads, rows, strict=True)
    ]


class Help(Dialog[None]):
    """Closed by Esc, F1 or q."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1,q", "cancel", "Close", show=False)]

    def __init__(self, commands: tuple[Command, ...] = COMMANDS) -> None:
        super().__init__()
        self._commands = commands

    def compose(self) -> ComposeResult:
        """The page in a scroll."""
        with VerticalScroll(classes="dialog tall"):
            yield Static(id="help-page", markup=False)

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self.query_one(VerticalScroll).focus()

    def on_resize(self) -> None:
        """The page is wrapped to the width."""
        self.query_one("#help-page", Static).update(help_page(self.size.width - 8, self._commands))
