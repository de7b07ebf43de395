"""Whatever can be done is written in the help, and can be done with the mouse alone."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from textual.binding import Binding
from textual.pilot import Pilot

import tui.ui
from tests.ui.pilots import NARROW, WIDE, chat, ready, running, shown, until
from tests.ui.scripted_session import ScriptedSession, deps_for
from tui.ui.app import SightlineApp
from tui.ui.commands import COMMANDS
from tui.ui.form_keys import FORMS
from tui.ui.key_table import PLACES
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.dialog import Dialog
from tui.ui.screens.help import help_page
from tui.ui.widgets.keys import Key, key_lines

WRITTEN = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "tab": "Tab",
    "shift+tab": "⇧Tab",
    "shift+enter": "⇧Enter",
    "shift+f2": "⇧F2",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "delete": "Del",
    "backspace": "⌫",
    "plus": "+",
    "minus": "-",
    "slash": "/",
    "question_mark": "?",
    "ctrl+underscore": "^_",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
}
SAME = {
    "f14": "what terminals send for shift+f2",
    "shift+y": "Y",
    "shift+g": "G",
    "shift+n": "N",
    "ctrl+shift+z": "undo, where the terminal tells it apart",
    "super+z": "undo on a Mac",
    "super+y": "redo on a Mac",
}
"""Keys that are another key's other name."""
EVERYWHERE = "Every form"
SECTION = {
    "Prompt": "Prompt",
    "Deciding": "Prompt",
    "Transcript": "Transcript",
    "Approval": "The form that asks before a tool runs",
    "Answers": "The form that asks before a tool runs",
    "Reason": EVERYWHERE,
    "Dialog": EVERYWHERE,
    "ModelPicker": "Model picker",
    "ProbeScreen": "Try a model out",
    "SessionPicker": "Sessions",
    "SessionSearch": "Sessions",
    "SettingsForm": "Settings",
    "SystemPrompt": "System prompt",
    "PresetPicker": "Presets",
    "PresetName": "Presets",
    "ExportForm": "Export",
    "EarlierPrompts": "Earlier prompts",
    "Connect": "Connect",
    "Tools": "Tools",
    "TreeScreen": "Branches",
    "TreeList": "Branches",
    "FindBar": "Find",
    "ForkOffer": "Newer tools or system prompt",
    "InspectorScreen": "Inspector, full screen",
    "CopyMenu": "Copy a request as",
    "ReplayForm": "Send a request again",
    "ShadowForm": "Ask elsewhere",
    "LanesScreen": "Side by side",
    "Viewer": "Exchange viewer",
    "Searching": "Exchange viewer",
    "NothingYet": "Exchange viewer",
    "ExchangePicker": "Exchanges",
    "DiffScreen": "Two exchanges compared",
    "Costs": "Costs",
    "Limits": "What is left",
    "BudgetForm": "The form that asks before a limit on spending is broken",
    "Help": "Help",
}
"""Where the help tells a class's keys."""


def written(key: str) -> str:
    if key in WRITTEN:
        return WRITTEN[key]
    if key.startswith("ctrl+"):
        return f"^{key.removeprefix('ctrl+').upper()}"
    return key.upper() if re.fullmatch(r"f\d+", key) else key


def modules() -> list[ModuleType]:
    found = pkgutil.walk_packages(tui.ui.__path__, "tui.ui.")
    return [importlib.import_module(one.name) for one in found]


def bound() -> list[tuple[type, str]]:
    """Every class of ours with keys, and each of its keys."""
    classes = {
        one
        for module in modules()
        for _, one in inspect.getmembers(module, inspect.isclass)
        if one.__module__.startswith("tui.ui") and one is not ChatScreen and "BINDINGS" in vars(one)
    }
    pairs = []
    for one in sorted(classes, key=lambda c: c.__name__):
        for binding in vars(one)["BINDINGS"]:
            assert isinstance(binding, Binding)
            pairs += [(one, key.strip()) for key in binding.key.split(",")]
    return pairs


def test_the_help_names_every_key_of_every_place() -> None:
    told = {
        place.title: {word for key in place.keys for word in key.shown.split()} for place in (*PLACES, *FORMS)
    }
    missing = [
        (one.__name__, key)
        for one, key in bound()
        if key not in SAME
        and written(key) not in told.get(SECTION.get(one.__name__, ""), set()) | told[EVERYWHERE]
    ]
    assert not missing


def test_every_section_and_every_command_is_on_the_help_page() -> None:
    page = " ".join(help_page(100).plain.split())
    for place in (*PLACES, *FORMS):
        assert place.title in page
        for key in place.keys:
            assert " ".join(f"{key.shown} {key.does}".split()) in page
    for command in COMMANDS:
        assert command.does in page
        assert not command.keys or command.shown in page
        assert all(f"/{slash}" in page for slash in command.slash[:1])


def test_every_key_line_of_a_form_names_actions_there_are() -> None:
    checked = 0
    for module in modules():
        dialogs = [
            c for _, c in inspect.getmembers(module, inspect.isclass) if c.__module__ == module.__name__
        ]
        dialogs = [c for c in dialogs if issubclass(c, Dialog) and c is not Dialog]
        names = [n for n in vars(module).values() if isinstance(n, tuple) and n and isinstance(n[0], Key)]
        for key in (key for keys in names for key in keys):
            action = key.action.partition("(")[0]
            assert any(hasattr(dialog, f"action_{action}") for dialog in dialogs), key
            checked += 1
    assert checked > 10


def test_keys_wrap_and_none_is_torn_apart() -> None:
    keys = (Key("^E", "system prompt", "a"), Key("Esc", "close", "b"))
    assert [line.plain for line in key_lines(keys, 40)] == ["^E system prompt  Esc close"]
    assert [line.plain for line in key_lines(keys, 20, "3 found")] == [
        "3 found",
        "^E system prompt",
        "Esc close",
    ]


OPENS: tuple[tuple[str, Callable[[ChatScreen], None]], ...] = (
    ("settings", lambda screen: screen.action_settings()),
    ("presets", lambda screen: screen.action_preset()),
    ("save a preset", lambda screen: screen.action_save_preset()),
    ("system prompt", lambda screen: screen.action_system()),
    ("model picker", lambda screen: screen.action_pick_model()),
    ("earlier prompts", lambda screen: screen.action_search_prompts()),
    ("connect", lambda screen: screen.action_connect()),
    ("help", lambda screen: screen.action_help()),
)


async def click_text(app: SightlineApp, pilot: Pilot[None], text: str) -> None:
    """Click on the last place where ``text`` stands."""
    lines = shown(app).splitlines()
    row = max(number for number, line in enumerate(lines) if text in line)
    await pilot.click(offset=(lines[row].rindex(text) + 1, row))


@pytest.mark.parametrize(("name", "opens"), OPENS, ids=[name for name, _ in OPENS])
async def test_every_form_is_closed_by_a_click(
    tmp_path: Path, name: str, opens: Callable[[ChatScreen], None]
) -> None:
    del name
    session = ScriptedSession()
    deps = deps_for(tmp_path, session)
    deps = replace(deps, home=replace(deps.home, save_preset=lambda *_: tmp_path))
    async with running(deps, NARROW) as (app, pilot):
        await ready(app)
        opens(chat(app))
        await until(lambda: isinstance(app.screen, Dialog) and app.screen.painted)
        word = next(word for word in ("Esc close", "Esc cancel", "Cancel") if word in shown(app))
        await click_text(app, pilot, word)
        await until(lambda: isinstance(app.screen, ChatScreen))
        assert app.focused is chat(app).prompt


async def test_a_setting_is_changed_typed_and_unset_by_clicks(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session), NARROW) as (app, pilot):
        await ready(app)
        await pilot.press("f6")
        await until(lambda: "Enter change" in shown(app))
        await click_text(app, pilot, "→ choose")
        await until(lambda: "thinking" in session.overrides)
        await click_text(app, pilot, "Del unset")
        await until(lambda: not session.overrides)
        await click_text(app, pilot, "Most tokens")
        await until(lambda: "Enter set" in shown(app))
        await pilot.press("9")
        await click_text(app, pilot, "Enter set")
        await until(lambda: session.overrides == {"max_tokens": 9})
        assert isinstance(app.screen, Dialog)


async def test_the_first_screen_leads_on_by_clicks(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path), NARROW) as (app, pilot):
        await ready(app)
        for words in ("choose a model", "use a LiteLLM proxy", "all keys"):
            await click_text(app, pilot, words)
            await until(lambda: isinstance(app.screen, Dialog) and app.screen.painted)
            await pilot.press("escape")
            await until(lambda: isinstance(app.screen, ChatScreen))


async def test_every_command_can_be_clicked_in_the_palette_and_found_by_each_of_its_names(
    tmp_path: Path,
) -> None:
    async with running(deps_for(tmp_path), WIDE) as (app, pilot):
        await ready(app)
        offered = {command.title for command in app.get_system_commands(chat(app))}
        for command in COMMANDS:
            if command.id != "palette":
                names = (command.title, command.shown, *(f"/{name}" for name in command.slash[:1]))
                assert "  ".join(filter(None, names)) in offered
        await pilot.press("ctrl+p", *"budget")
        await until(lambda: "Limits on spending  /budget" in shown(app))
        assert any(command.id == "palette" and command.label for command in COMMANDS)
