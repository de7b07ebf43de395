"""The tools offered to a model, and the running of one call with every failure turned into words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from tui.chat.conversation import BAD_ARGUMENTS, arguments_object
from tui.chat.parts import Json, Text, ToolCall, ToolResult
from tui.chat.settings import ToolSpec
from tui.errors import UsageError


class ToolError(Exception):
    """A tool could not do what was asked; the model reads the message."""


class Tool(Protocol):
    """One tool: what the model sees, and what runs."""

    @property
    def spec(self) -> ToolSpec:
        """Name, description and argument schema."""
        ...

    async def run(self, arguments: Mapping[str, Json]) -> str:
        """The result text; ToolError with a sentence the model can act on."""
        ...


class Toolbox:
    """The tools of one session by name, in the order they are offered."""

    def __init__(self, tools: Iterable[Tool] = ()) -> None:
        self._tools = {tool.spec.name: tool for tool in tools}

    @property
    def specs(self) -> tuple[ToolSpec, ...]:
        """What is offered to the model."""
        return tuple(tool.spec for tool in self._tools.values())

    def only(self, names: Iterable[str]) -> Toolbox:
        """A toolbox of the named tools; UsageError for a name it does not hold."""
        wanted = list(names)
        unknown = [name for name in wanted if name not in self._tools]
        if unknown:
            known = ", ".join(self._tools) or "none"
            raise UsageError("unknown tool", ", ".join(unknown), hint=f"the tools are: {known}")
        return Toolbox(self._tools[name] for name in wanted)

    async def run(self, call: ToolCall) -> ToolResult:
        """Run one call; whatever goes wrong becomes an error result the model can read."""
        tool = self._tools.get(call.name)
        arguments = arguments_object(call.arguments)
        if tool is None:
            known = ", ".join(self._tools) or "none"
            return _error(call, f"there is no tool {call.name!r}; the tools are: {known}")
        if arguments is None:
            return _error(call, BAD_ARGUMENTS)
        problem = _misfit(arguments, tool.spec.schema)
        if problem:
            return _error(call, problem)
        try:
            return ToolResult(call.id, (Text(await tool.run(arguments)),))
        except ToolError as error:
            return _error(call, str(error))
        except Exception as error:
            # A tool's own fault must not break the turn: the calls of a step all need a result.
            return _error(call, f"{call.name} failed: {type(error).__name__}: {error}")


def _error(call: ToolCall, says: str) -> ToolResult:
    return ToolResult(call.id, (Text(says),), is_error=True)


def _misfit(arguments: Mapping[str, Json], schema: Json) -> str:
    """What is wrong with the argument names, or an empty string."""
    known = schema.get("properties", {})
    missing = [name for name in schema.get("required", ()) if name not in arguments]
    strange = [name for name in arguments if name not in known]
    if missing:
        return f"missing argument: {', '.join(missing)}"
    if strange:
        return f"unknown argument: {', '.join(strange)}; it takes {', '.join(known) or 'none'}"
    return ""
