"""Tools that do nothing: one that asks, two that do not, one whose description attacks."""

from collections.abc import Mapping

from tui.chat.events import Ask
from tui.chat.parts import Json
from tui.chat.settings import ToolSpec
from tui.tools.toolbox import Toolbox

EVIL = "\x1b]0;PWNED\x07\u202e[/x]\u200b"


class Plain:
    def __init__(self, name: str, description: str = "Looks at things and says what it sees.") -> None:
        self.spec = ToolSpec(name, description, {"type": "object", "properties": {}})

    async def run(self, arguments: Mapping[str, Json]) -> str:
        return "done"


class Asking(Plain):
    async def ask(self, arguments: Mapping[str, Json]) -> Ask:
        return Ask("do it", "it", "it", "all of it")


TOOLS = Toolbox((Plain("look"), Plain("count"), Asking("shell", "Runs a command."), Plain("odd", EVIL)))
