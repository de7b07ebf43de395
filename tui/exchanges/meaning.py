"""What a piece of a request means whatever format it is written in, so that formats can be compared."""

from __future__ import annotations

from collections.abc import Hashable

from tui.chat.json_text import dump_text, load_text
from tui.chat.parts import Json
from tui.exchanges.anatomy import Piece, name_of
from tui.wire.sealed import seals_in


def meaning(piece: Piece) -> tuple[Hashable, ...]:
    """Equal for pieces that say the same; ids of calls and results do not count, seals do."""
    value = piece.value
    if piece.kind == "tool":
        return _tool(value)
    role = "system" if piece.role == "developer" else piece.role
    if isinstance(value, str):
        return ("thinking" if piece.label.endswith("· thinking") else "text", role, value)
    if not isinstance(value, dict):
        return ("other", piece.hash)
    inner = value.get("function")
    call: dict[str, Json] = inner if isinstance(inner, dict) else value
    if " · call " in piece.label:
        return ("call", dump_text(call.get("name")), _arguments(call.get("input", call.get("arguments"))))
    if " · result of " in piece.label:
        return ("result", _text(value.get("content", value.get("output"))))
    if piece.label.endswith(("· thinking", "· reasoning")):
        words = _text(value.get("thinking", value.get("summary")))
        return ("thinking", role, words, *(seal.hash for seal in seals_in(value)))
    if piece.label.endswith("· text"):
        return ("text", role, _text(value.get("text", value.get("content"))))
    return ("other", piece.hash)


def _tool(tool: Json) -> tuple[Hashable, ...]:
    inner = tool.get("function") if isinstance(tool, dict) else None
    told = inner if isinstance(inner, dict) else tool
    if not isinstance(told, dict):
        return ("tool", dump_text(told))
    schema = told.get("input_schema", told.get("parameters"))
    return ("tool", name_of(tool), dump_text(told.get("description")), dump_text(schema))


def _arguments(value: Json) -> str:
    if isinstance(value, str):
        try:
            return dump_text(load_text(value))
        except ValueError:
            return value
    return dump_text(value)


def _text(value: Json) -> str:
    """The text in a string, or in a list of blocks with nothing but text; else the value itself."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        texts = [block.get("text") if isinstance(block, dict) else block for block in value]
        plain = [text for text in texts if isinstance(text, str)]
        if len(plain) == len(texts):
            return "".join(plain)
    return dump_text(value)
