"""Tools as a conversation was offered them before: the old description with whatever runs now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui.chat.events import Ask
from tui.chat.parts import Json
from tui.chat.settings import ToolSpec
from tui.tools.toolbox import AskingTool, Tool, Toolbox, ToolError


class _Past:
    """A tool under the spec it had."""

    def __init__(self, spec: ToolSpec, tool: Tool) -> None:
        self.spec = spec
        self._tool = tool

    async def run(self, arguments: Mapping[str, Json]) -> str:
        """What the tool of that name does now."""
        return await self._tool.run(arguments)


class _PastAsking(_Past):
    """The same for a tool that runs only after a yes."""

    def __init__(self, spec: ToolSpec, tool: AskingTool) -> None:
        super().__init__(spec, tool)
        self._asking = tool

    async def ask(self, arguments: Mapping[str, Json]) -> Ask:
        """What the tool of that name asks now."""
        return await self._asking.ask(arguments)


class _Gone:
    """A tool nobody offers any more; it stays on the list, because the list may not change."""

    def __init__(self, spec: ToolSpec) -> None:
        self.spec = spec

    async def run(self, arguments: Mapping[str, Json]) -> str:  # noqa: ARG002
        """Tell the model."""
        raise ToolError(f"{self.spec.name} is no longer available")


def as_they_were(specs: Sequence[ToolSpec], available: Toolbox) -> Toolbox:
    """The tools of ``specs``, told to the model to the letter as then, run by those available now."""
    return Toolbox(_as_it_was(spec, available.get(spec.name)) for spec in specs)


def _as_it_was(spec: ToolSpec, tool: Tool | None) -> Tool:
    if tool is None:
        return _Gone(spec)
    if tool.spec == spec:
        return tool
    return _PastAsking(spec, tool) if isinstance(tool, AskingTool) else _Past(spec, tool)
