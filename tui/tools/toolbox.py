"""The tools offered to a model, and the running of one call with every failure turned into words."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Protocol, runtime_checkable

from tui.chat.conversation import BAD_ARGUMENTS, arguments_object
from tui.chat.events import Ask
from tui.chat.parts import Json, ToolCall, ToolResult
from tui.chat.settings import ToolSpec
from tui.errors import UsageError
from tui.tools.arguments import completed, misfit
from tui.tools.results import result


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


@runtime_checkable
class AskingTool(Tool, Protocol):
    """A tool that runs only after a yes."""

    async def ask(self, arguments: Mapping[str, Json]) -> Ask:
        """What the user is asked; ToolError where the call would fail anyway. Changes nothing."""
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

    def get(self, name: str) -> Tool | None:
        """The tool of that name, if it is here."""
        return self._tools.get(name)

    def asks(self, name: str) -> bool:
        """Whether the tool of that name runs only after a yes."""
        return isinstance(self._tools.get(name), AskingTool)

    async def ask(self, call: ToolCall) -> Ask | ToolResult | None:
        """What to ask before ``run``; None when nothing, and the error result when it cannot work at all."""
        tool = self._tools.get(call.name)
        if not isinstance(tool, AskingTool):
            return None
        try:
            return await tool.ask(await self._checked(call, tool))
        except ToolError as error:
            return _error(call, str(error))
        except Exception as error:
            return _error(call, f"{call.name} failed: {type(error).__name__}: {error}")

    async def run(self, call: ToolCall) -> ToolResult:
        """Run one call; whatever goes wrong becomes an error result the model can read.

        What is too long for the model is cut in the middle, and whole in the result's ``full``.
        """
        tool = self._tools.get(call.name)
        try:
            if tool is None:
                known = ", ".join(self._tools) or "none"
                raise ToolError(f"there is no tool {call.name!r}; the tools are: {known}")
            return result(call.id, await tool.run(await self._checked(call, tool)))
        except ToolError as error:
            return _error(call, str(error))
        except Exception as error:
            # A tool's own fault must not break the turn: the calls of a step all need a result.
            return _error(call, f"{call.name} failed: {type(error).__name__}: {error}")

    @staticmethod
    async def _checked(call: ToolCall, tool: Tool) -> Mapping[str, Json]:
        """The call's arguments, complete and as the tool's schema has them; ToolError for any others."""
        arguments = arguments_object(call.arguments)
        if arguments is None:
            raise ToolError(BAD_ARGUMENTS)
        whole = completed(arguments, tool.spec.schema)
        # In a thread, because the first check of all imports the validator.
        problem = await asyncio.to_thread(misfit, whole, tool.spec.schema)
        if problem:
            raise ToolError(problem)
        return whole


def _error(call: ToolCall, says: str) -> ToolResult:
    return result(call.id, says, is_error=True)
