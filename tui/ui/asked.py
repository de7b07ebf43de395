"""What a waiting call is about, to be read before deciding: the change, then all its arguments; pure."""

from __future__ import annotations

import json
from typing import NamedTuple

from tui.chat.conversation import arguments_object
from tui.chat.events import ApprovalNeeded
from tui.chat.parts import Json, ToolCall
from tui.clean import exposed
from tui.tools.patterns import COMMAND_TOOLS
from tui.ui.transcript.model import DrawnBlock
from tui.ui.transcript.reader import heading, source

SHORT = 60
"""Plain arguments that fit into so many characters stand on one line."""


class Section(NamedTuple):
    """A text to read, what it is called, and the language it is in."""

    title: str
    text: str
    language: str = ""


def asked_blocks(needed: ApprovalNeeded) -> list[DrawnBlock]:
    """Everything the call would do, with what is hidden in it made visible."""
    sections = argument_sections(needed.call)
    if needed.ask.diff:
        sections = [Section("change", needed.ask.diff, "diff"), *sections]
    blocks: list[DrawnBlock] = []
    for number, section in enumerate(sections):
        if len(sections) > 1:
            blocks.append(heading(f"title-{number}", exposed(section.title), gap=1 if number else 0))
        blocks += source(f"section-{number}", section.text, section.language, shown=bare)
    return blocks


def argument_sections(call: ToolCall) -> list[Section]:
    """The arguments: commands and texts of several lines as they are, the rest as JSON."""
    given = arguments_object(call.arguments)
    if given is None:
        return [Section("arguments, which are not a JSON object", call.arguments)]
    texts = {name: value for name, value in given.items() if _stands_alone(call.name, name, value)}
    sections = [
        Section(name, text, "bash" if call.name in COMMAND_TOOLS else "") for name, text in texts.items()
    ]
    rest = {name: value for name, value in given.items() if name not in texts}
    if rest or not texts:
        sections.append(Section("arguments" if not texts else "other arguments", _pretty(rest), "json"))
    return sections


def bare(text: str) -> str:
    """``text`` with its lines and tabs as they are, and nothing in them hidden."""
    if text.isascii() and text.isprintable():
        return text
    return "\n".join("\t".join(map(exposed, line.split("\t"))) for line in text.split("\n"))


def _stands_alone(tool: str, name: str, value: Json) -> bool:
    if not isinstance(value, str):
        return False
    return "\n" in value or (tool in COMMAND_TOOLS and name == "command")


def _pretty(value: dict[str, Json]) -> str:
    line = json.dumps(value, ensure_ascii=False)
    if len(line) <= SHORT and not any(isinstance(item, dict | list) for item in value.values()):
        return line
    return json.dumps(value, ensure_ascii=False, indent=2)
