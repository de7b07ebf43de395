"""Presets: a model with its system prompt, settings and tools under one name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from tui.chat.settings import Preset
from tui.clean import clean, visible
from tui.errors import SightlineError
from tui.knobs import KNOBS
from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.keys import Key, Keys

TOLD = 600
"""Characters of a preset that are told at most: a system prompt can be long."""


def told(preset: Preset) -> str:
    """What a preset sets, on one line; headers only by name."""
    facts = [preset.model or "any model"]
    if preset.endpoint != "auto":
        facts.append(preset.endpoint)
    facts += [f"{KNOBS[name].title.lower()} {KNOBS[name].shown(v)}" for name, v in preset.overrides.items()]
    if preset.tools is not None:
        facts.append(f"tools {', '.join(preset.tools) or 'none'}")
    if preset.system:
        facts.append(f"system “{preset.system}”")
    return " · ".join(facts)


class PresetPicker(Dialog[str]):
    """Ends with a preset's name, or None."""

    def __init__(self, presets: Mapping[str, Preset]) -> None:
        super().__init__()
        self._presets = presets

    def compose(self) -> ComposeResult:
        """The list, all of the highlighted one, the keys."""
        with Vertical(classes="dialog"):
            yield Label("Presets", classes="title")
            yield OptionList(id="presets", markup=False, compact=True)
            yield Static(id="preset-told", markup=False)
            yield Keys()

    def on_mount(self) -> None:
        """Show them all."""
        room = max(self.size.width - 27, 20)
        entries = [
            Content.assemble(
                (f"{visible(name, 20):<21}", "bold"), (visible(told(preset), room), "$foreground-muted")
            )
            for name, preset in self._presets.items()
        ]
        listed = self.query_one(OptionList)
        listed.add_options([Option(line, id=name) for line, name in zip(entries, self._presets, strict=True)])
        listed.highlighted = 0 if self._presets else None
        listed.focus()
        use = (Key("Enter", "use", "use"),) if self._presets else ()
        empty = "" if self._presets else "There is none yet: /save-preset saves what is set as one."
        self.query_one(Keys).tell(*use, Key("Esc", "close", "cancel"), before=empty)

    def action_use(self) -> None:
        """Take the highlighted preset."""
        self.query_one(OptionList).action_select()

    @on(OptionList.OptionHighlighted)
    def _tell(self, event: OptionList.OptionHighlighted) -> None:
        preset = self._presets[event.option_id or ""]
        self.query_one("#preset-told", Static).update(
            Content.styled(visible(told(preset), TOLD), "$foreground-muted")
        )

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)


class PresetName(Dialog[None]):
    """Asks under which name to save, and closes once ``save`` took it."""

    def __init__(self, preset: Preset, taken: Mapping[str, Preset], save: Callable[[str], None]) -> None:
        super().__init__()
        self._preset = preset
        self._taken = taken
        self._save = save

    def compose(self) -> ComposeResult:
        """The name and what will be saved."""
        with Vertical(classes="dialog form"):
            yield Label("Save as preset", classes="title")
            yield Static(Content(visible(told(self._preset), TOLD)), id="preset-told", markup=False)
            yield Label("Name")
            yield Input(placeholder="review", id="preset-name", compact=True)
            yield Static(id="preset-remark", markup=False)
            yield Keys(Key("Enter", "save", "save"), Key("Esc", "cancel", "cancel"))

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(Input).focus()
        self._remark()

    @on(Input.Changed)
    def _remark(self) -> None:
        name = self.query_one(Input).value.strip()
        says = (
            f"{name} is there already: choose another name, or change it in the configuration."
            if name in self._taken
            else "It is written into the configuration."
        )
        self.query_one("#preset-remark", Static).update(Content.styled(says, "$foreground-muted"))

    @on(Input.Submitted)
    def _named(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_save()

    def action_save(self) -> None:
        """Save under the name; where that is refused it can be mended."""
        name = self.query_one(Input).value.strip()
        if not name:
            return
        try:
            self._save(name)
        except (SightlineError, OSError) as error:
            self.query_one("#preset-remark", Static).update(
                Content.styled(f"Not saved: {clean(str(error))}", "$text-error")
            )
        else:
            self.dismiss(None)
