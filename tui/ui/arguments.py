"""The arguments of a call as a person reads them: commands and texts as they are, the rest as JSON; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from tui.chat.parts import Json
from tui.tools.patterns import COMMAND_TOOLS

SHORT = 72
"""Plain arguments that fit into so many characters stand on one line."""


class Section(NamedTuple):
    """A text to read, what it is called, and the language it is in."""

    title: str
    text: str
    language: str = ""


def sections_of(tool: str, given: Mapping[str, Json]) -> list[Section]:
    """Commands and texts of several lines by themselves, then everything else."""
    texts = {name: value for name, value in given.items() if _stands_alone(tool, name, value)}
    sections = [Section(name, text, "bash" if tool in COMMAND_TOOLS else "") for name, text in texts.items()]
    rest = {name: value for name, value in given.items() if name not in texts}
    if not texts or any(value is not None for value in rest.values()):
        # Null alone is how a strict schema says that nothing else was given.
        sections.append(Section("other arguments" if texts else "arguments", _pretty(rest), "json"))
    return sections


def _stands_alone(tool: str, name: str, value: Json) -> bool:
    if not isinstance(value, str):
        return False
    return "\n" in value or (tool in COMMAND_TOOLS and name == "command")


def _pretty(value: Mapping[str, Json]) -> str:
    line = json.dumps(value, ensure_ascii=False)
    if len(line) <= SHORT and not any(isinstance(item, dict | list) for item in value.values()):
        return line
    return json.dumps(value, ensure_ascii=False, indent=2)
