"""The settings of the next turns in one form; only what the target takes is offered."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.chat.settings import Overrides, layered
from tui.clean import clean, visible
from tui.config.text_file import read_text
from tui.errors import SightlineError
from tui.knobs import KNOBS, parse_assignment
from tui.ui.ports import SessionPort, route_of
from tui.ui.screens.dialog import Dialog
from tui.ui.setting_rows import SettingRow, rows_of, stepped
from tui.ui.widgets.keys import Key, Keys

TYPING = (Key("Enter", "set", "enter"), Key("Esc", "leave as it was", "cancel"))
CLOSE = Key("Esc", "close", "cancel")
CHOOSING = (
    Key("Enter", "change", "enter"),
    Key("←", "", "step(-1)"),
    Key("→", "choose", "step(1)"),
    Key("Del", "unset", "unset"),
    Key("^E", "system prompt", "leave('system')"),
    Key("^S", "preset", "leave('preset')"),
    CLOSE,
)


def with_assignment(session: SessionPort, text: str) -> Overrides:
    """The session's overrides with ``NAME=VALUE`` added; UsageError when it is wrong."""
    field, value = parse_assignment(text, read_text)
    return layered(session.overrides, {field: value})


class SettingsForm(Dialog[str]):
    """Changes the session's overrides as it goes; ends with ``system``, ``preset`` or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move('cursor_down')", show=False, priority=True),
        Binding("up", "move('cursor_up')", show=False, priority=True),
        Binding("pagedown", "move('page_down')", show=False, priority=True),
        Binding("pageup", "move('page_up')", show=False, priority=True),
        Binding("right,plus", "step(1)", "next word", show=False),
        Binding("left,minus", "step(-1)", "word before", show=False),
        Binding("delete,backspace", "unset", "as configured", show=False),
        Binding("f6", "cancel", show=False),
        Binding("ctrl+e", "leave('system')", "system prompt", show=False, priority=True),
        Binding("ctrl+s", "leave('preset')", "save as preset", show=False, priority=True),
    ]

    def __init__(self, session: SessionPort, changed: Callable[[], None]) -> None:
        super().__init__()
        self._session = session
        self._changed = changed
        self._rows: list[SettingRow] = []
        self._complaint = ""

    def compose(self) -> ComposeResult:
        """The knobs, what the highlighted one does, a field to type into, the keys."""
        with Vertical(classes="dialog settings"):
            yield Static(id="settings-title", classes="title", markup=False)
            yield OptionList(id="settings", markup=False, compact=True)
            yield Static(id="setting-help", markup=False)
            yield Input(id="setting-value", compact=True)
            yield Keys(CLOSE)

    def on_mount(self) -> None:
        """Show what holds now."""
        self.query_one("#setting-value", Input).display = False
        self.query_one(OptionList).focus()
        self._fill()

    def on_resize(self) -> None:
        """Columns follow the width."""
        self._fill()

    def show_catalog(self) -> None:
        """The models are read: there may be a route now."""
        if self.query("#settings"):
            self._fill()

    def _fill(self) -> None:
        route = route_of(self._session)
        title, rows = self.query_one("#settings-title", Static), self.query_one(OptionList)
        if route is None:
            title.update("No model is known yet: its settings come with it.")
            return
        title.update(Content(f"From the next prompt on: {visible(route.requested)} · {route.endpoint}"))
        self._rows = rows_of(route, self._session.settings, self._session.overrides)
        width = max(self.size.width - 8, 40)
        before = rows.highlighted_option.id if rows.highlighted_option else None
        rows.set_options([Option(_line(row, width), id=row.name) for row in self._rows])
        names = [row.name for row in self._rows]
        rows.highlighted = names.index(before) if before in names else 0
        self._explain()

    @property
    def _row(self) -> SettingRow | None:
        place = self.query_one(OptionList).highlighted
        return self._rows[place] if place is not None and place < len(self._rows) else None

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        self._complaint = ""
        self._explain()

    def _explain(self) -> None:
        row = self._row
        if row is None:
            return
        says = [Content(row.help)]
        if self._complaint:
            says.append(Content.styled(clean(self._complaint), "$text-error"))
        elif row.refused:
            says.append(Content.styled(f"Not taken here: {clean(row.refused)}", "$text-warning"))
        elif row.choices:
            says.append(Content.styled(f"takes: default, {', '.join(row.choices)}", "$foreground-muted"))
        else:
            says.append(Content.styled(f"unset: {KNOBS[row.name].absent}", "$foreground-muted"))
        self.query_one("#setting-help", Static).update(Content("\n").join(says))
        editing = self.query_one("#setting-value", Input).display
        self.query_one(Keys).tell(*(TYPING if editing else CHOOSING))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a value is typed the keys belong to the field: ^E is the end of its line there."""
        if action in ("leave", "move") and self.query("#setting-value"):
            return not self.query_one("#setting-value", Input).display
        return super().check_action(action, parameters)

    def action_move(self, how: str) -> None:
        """Move in the list."""
        getattr(self.query_one(OptionList), f"action_{how}")()

    def action_enter(self) -> None:
        """What Enter does: type into the highlighted row, or set what was typed."""
        field = self.query_one("#setting-value", Input)
        if field.display:
            self.call_later(field.action_submit)
        else:
            self.query_one(OptionList).action_select()

    def action_step(self, by: int) -> None:
        """The next word the knob takes."""
        row = self._row
        word = stepped(row, by) if row is not None and not row.refused else None
        if row is not None and word is not None:
            self._assign(f"{row.name}={word}")

    def action_unset(self) -> None:
        """Leave the knob to the configuration again."""
        if self._row is not None:
            self._set({k: v for k, v in self._session.overrides.items() if k != self._row.name})

    def action_leave(self, where: str) -> None:
        """Close, and go on with the system prompt or with saving a preset."""
        self.dismiss(where)

    def action_cancel(self) -> None:
        """Leave the field being typed into, else the form."""
        if self.query_one("#setting-value", Input).display:
            self._done_typing()
        else:
            self.dismiss(None)

    @on(OptionList.OptionSelected)
    def _type(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        row = self._row
        if row is None:
            return
        if row.refused and row.source == "default":
            self._complaint = f"{row.title} is not taken here: {row.refused}"
            self._explain()
            return
        field = self.query_one("#setting-value", Input)
        prefix = KNOBS[row.name].prefix
        field.value = prefix or ("" if row.value == "default" else row.value)
        field.placeholder = f"{prefix}NAME=VALUE" if prefix else "a value, or default"
        field.display = True
        field.focus()
        field.cursor_position = len(field.value)
        self._explain()

    @on(Input.Submitted, "#setting-value")
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        row = self._row
        if row is None:
            return
        text = event.value
        if not text.strip():
            self.action_unset()
            self._done_typing()
            return
        prefix = KNOBS[row.name].prefix
        assignment = text if prefix else f"{row.name}={text}"
        if self._assign(assignment):
            self._done_typing()

    def _assign(self, assignment: str) -> bool:
        try:
            self._set(with_assignment(self._session, assignment))
        except SightlineError as error:
            self._complaint = f"{error}; {error.hint}" if error.hint else str(error)
            self._explain()
            return False
        return True

    def _set(self, overrides: Overrides) -> None:
        self._session.overrides = overrides
        self._complaint = ""
        self._changed()
        self._fill()

    def _done_typing(self) -> None:
        self.query_one("#setting-value", Input).display = False
        self.query_one(OptionList).focus()
        self._complaint = ""
        self._fill()


def _line(row: SettingRow, width: int) -> Content:
    """Title, value and where it comes from, in columns."""
    off = bool(row.refused) and row.source == "default"
    mark = "!" if row.refused and not off else " "
    value = "–" if off else visible(row.value, max(width - 40, 12))
    source = {"you": "set by you", "configured": "configured", "default": "not taken" if off else ""}
    style = "$foreground-muted" if off or row.source == "default" else "bold"
    gap = " " * max(width - 26 - len(value) - 12, 1)
    return Content.assemble(
        (f"{mark} ", "bold $text-error"),
        (f"{row.title:<22} ", "$foreground-muted" if off else ""),
        (value, style),
        (f"{gap}{source[row.source]:>11}", "$foreground-muted"),
    )
