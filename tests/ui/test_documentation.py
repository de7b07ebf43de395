"""docs/screen.md names every command, key and id there is, and none that is not."""

import re
from pathlib import Path

import pytest
import yaml

from tui.ui.command_table import COMMANDS, Command
from tui.ui.form_keys import FORMS
from tui.ui.key_table import PLACES, Place
from tui.ui.widgets.inspector_seals import VERDICTS

PAGE = (Path(__file__).parents[2] / "docs" / "screen.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in re.findall(r"^\|.*\|$", PAGE, re.MULTILINE)
]
PLACE_NAMES = dict(zip(("prompt", "transcript", "approval", "budget"), PLACES, strict=True))
IDS = {command.id: command for command in COMMANDS}


def _quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def _keys(text: str) -> list[str]:
    """Each key by itself, however they are put side by side."""
    return re.sub(r"[`·,]", " ", text).split()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.id)
def test_every_command_stands_there_with_its_key_and_its_names(command: Command) -> None:
    (row,) = (row for row in ROWS if row[2:3] == [f"`{command.id}`"])
    assert _keys(row[0]) == _keys(command.shown)
    first, *others = _quoted(row[1]) or [""]
    called = f"/{command.slash[0]} {command.argument}".strip() if command.slash else ""
    assert [first, *others] == [called, *(f"/{name}" for name in command.slash[1:])]


def test_the_groups_hold_their_commands() -> None:
    for group in {command.group for command in COMMANDS}:
        section = PAGE.split(f"\n### {group}\n")[1].split("\n#")[0]
        ids = {id for id in _quoted(section) if id in IDS}
        assert ids == {command.id for command in COMMANDS if command.group == group}


@pytest.mark.parametrize(("name", "place"), PLACE_NAMES.items(), ids=list(PLACE_NAMES))
def test_every_key_of_a_place_stands_there_and_no_other(name: str, place: Place) -> None:
    shown = [(_keys(row[1]), row[2].strip("`")) for row in ROWS if row[0] == name]
    assert shown == [(_keys(key.shown), key.id) for key in place.keys]


def test_nothing_is_named_that_is_not_there() -> None:
    names = {name for command in COMMANDS for name in command.slash}
    assert set(re.findall(r"`/([a-z-]+)[` ]", PAGE)) == names
    there = {key for command in COMMANDS for key in _keys(command.shown)}
    there |= {token for place in (*PLACES, *FORMS) for key in place.keys for token in _keys(key.shown)}
    assert {key for key in _quoted(PAGE) if re.fullmatch(r"\^.|⇧?F\d+", key)} <= there
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    known = set(IDS) | {key.id for place in PLACES for key in place.keys}
    assert set(yaml.safe_load(example)["ui"]["keymap"]) <= known


def test_every_verdict_of_the_seals_is_explained() -> None:
    table = PAGE.split("| verdict |")[1].split("\n\n")[0]
    assert {word for word in _quoted(table) if word} == set(VERDICTS.values())
