"""All keys and slash commands on one page."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.ui.commands import COMMANDS, Command
from tui.ui.form_keys import FORMS
from tui.ui.key_table import PLACES, Place
from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.keys import Key, Keys

GROUPS = ("Chat", "Model", "Sessions", "Reading", "Wire and cost", "Screen")
MOUSE = (
    ("drag", "select text, ^C copies it"),
    ("click", "fold or unfold a block; press a key or an answer; open a tab; take a suggestion"),
    ("click above the prompt", "take a queued prompt back, an attached file away"),
    ("click in the header", "on the model: choose another; on the endpoint: the next one"),
    ("wheel", "scroll"),
)
KEYS_WIDTH = 30


def help_page(
    width: int, commands: tuple[Command, ...] = COMMANDS, places: tuple[Place, ...] = PLACES
) -> Content:
    """The page for ``width`` cells: the prompt's keys, every command by group, the keys of other places."""
    prompt, *others = (*places, *FORMS)
    sections = [(prompt.title, [(key.shown, key.does) for key in prompt.keys])]
    sections += [(group, [_row(c) for c in commands if c.group == group]) for group in GROUPS]
    sections += [(place.title, [(key.shown, key.does) for key in place.keys]) for place in others]
    lines: list[Content] = []
    for title, rows in (*sections, ("Mouse", MOUSE)):
        lines += [*([Content("")] if lines else []), Content.styled(title, "bold $text-primary")]
        for keys, does in rows:
            lines += _entry(keys, does, width)
    return Content("\n").join(lines)


def _row(command: Command) -> tuple[str, str]:
    """The key and the slash names of a command, and what it does."""
    slash = f"/{command.slash[0]} {command.argument}".rstrip() if command.slash else ""
    return "  ".join(x for x in (command.shown, slash) if x), command.does


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

    def __init__(
        self, commands: tuple[Command, ...] = COMMANDS, places: tuple[Place, ...] = PLACES, at: str = ""
    ) -> None:
        super().__init__()
        self._at = at
        """The section that is shown first, by its title; empty: the top."""
        self._commands = commands
        self._places = places

    def compose(self) -> ComposeResult:
        """The page in a scroll."""
        with Vertical(classes="dialog tall"):
            with VerticalScroll():
                yield Static(id="help-page", markup=False)
            yield Keys(Key("↑ ↓  PgUp PgDn", "scroll", "page"), Key("Esc", "close", "cancel"))

    def action_page(self) -> None:
        """A screen further."""
        self.query_one(VerticalScroll).scroll_page_down()

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self.query_one(VerticalScroll).focus()

    def on_resize(self) -> None:
        """The page is wrapped to the width."""
        page = help_page(self.size.width - 8, self._commands, self._places)
        self.query_one("#help-page", Static).update(page)
        titles = page.plain.split("\n")
        if self._at and self._at in titles:
            top = titles.index(self._at)
            self.call_after_refresh(self.query_one(VerticalScroll).scroll_to, y=top, animate=False)
            self._at = ""
