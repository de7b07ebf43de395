"""What a waiting call is about, to be read before deciding: the change, then all its arguments; pure."""

from __future__ import annotations

from tui.chat.conversation import arguments_object
from tui.chat.events import ApprovalNeeded
from tui.chat.parts import ToolCall
from tui.clean import exposed
from tui.ui.arguments import Section, sections_of
from tui.ui.transcript.model import DrawnBlock
from tui.ui.transcript.reader import heading, source


def asked_blocks(needed: ApprovalNeeded) -> list[DrawnBlock]:
    """Everything the call would do, with what is hidden in it made visible."""
    sections = _arguments(needed.call)
    if needed.ask.diff:
        sections = [Section("change", _hunks(needed.ask.diff), "diff"), *sections]
    blocks: list[DrawnBlock] = []
    for number, section in enumerate(sections):
        if number:
            # What comes first needs no title: it is what the form asks about.
            blocks.append(heading(f"title-{number}", exposed(section.title)))
        blocks += source(f"section-{number}", section.text, section.language, shown=bare)
    return blocks


def _arguments(call: ToolCall) -> list[Section]:
    """All arguments, as they are read when the call runs."""
    given = arguments_object(call.arguments)
    if given is None:
        return [Section("arguments, which are not a JSON object", call.arguments)]
    return sections_of(call.name, given)


def _hunks(diff: str) -> str:
    """A diff without the two lines that name the file: the form names it, and rows are dear."""
    lines = diff.split("\n", 2)
    named = len(lines) == 3 and lines[0].startswith("--- ") and lines[1].startswith("+++ ")
    return lines[2] if named else diff


def bare(text: str) -> str:
    """``text`` with its lines and tabs as they are, and nothing in them hidden."""
    if text.isascii() and text.isprintable():
        return text
    return "\n".join("\t".join(map(exposed, line.split("\t"))) for line in text.split("\n"))
