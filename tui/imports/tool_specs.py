"""The tools a request offers, in any of the three formats."""

from __future__ import annotations

from tui.chat.parts import Json
from tui.chat.settings import ToolSpec
from tui.imports.fields import obj, text
from tui.imports.limits import quoted
from tui.imports.reading import Reading
from tui.imports.remarks import UNREAD

_EMPTY: dict[str, Json] = {"type": "object", "properties": {}}
_KNOWN = frozenset(
    {"name", "description", "input_schema", "parameters", "type", "function", "strict", "cache_control"}
)


def specs_in(body: dict[str, Json], reading: Reading) -> tuple[tuple[ToolSpec, ...], bool]:
    """The tools that can be offered again, and whether those are all, as they were."""
    tools = body.get("tools")
    found: dict[str, ToolSpec] = {}
    exact = True
    for number, tool in enumerate(tools if isinstance(tools, list) else ()):
        spec, same = _spec(tool)
        exact = exact and same and (spec is None or spec.name not in found)
        if spec is None:
            kind = tool.get("type") or tool.get("name") if isinstance(tool, dict) else tool
            says = f"The tool {quoted(kind)} is the vendor's own and is not kept."
            reading.remarks.say(UNREAD, says, f"tools.{number}")
        else:
            found.setdefault(spec.name, spec)
    return tuple(found.values()), exact


def _spec(tool: Json) -> tuple[ToolSpec | None, bool]:
    told = obj(tool, "function") or tool
    name = text(told, "name")
    if not isinstance(told, dict) or not name:
        return None, False
    schema = told.get("input_schema", told.get("parameters"))
    if schema is None and text(tool, "type") not in ("", "function", "custom"):
        return None, False
    exact = isinstance(schema, dict) and set(tool) | set(told) <= _KNOWN
    return ToolSpec(name, text(told, "description"), schema if isinstance(schema, dict) else _EMPTY), exact
