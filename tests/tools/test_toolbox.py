"""A call always gets a result the model can read, whatever goes wrong."""

from collections.abc import Mapping

import pytest

from tui.chat.parts import Json, ToolCall
from tui.chat.settings import ToolSpec
from tui.errors import UsageError
from tui.tools.toolbox import Toolbox, ToolError


class Echo:
    spec = ToolSpec(
        "echo", "Say it back.", {"type": "object", "properties": {"text": {}}, "required": ["text"]}
    )

    async def run(self, arguments: Mapping[str, Json]) -> str:
        if arguments["text"] == "refuse":
            raise ToolError("it was refused")
        if arguments["text"] == "crash":
            raise KeyError("lost")
        return str(arguments["text"])


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("nope", "{}", "there is no tool 'nope'; the tools are: echo"),
        ("echo", "[1]", "the arguments were not a JSON object"),
        ("echo", '{"text": ', "the arguments were not a JSON object"),
        ("echo", '{"text": NaN}', "the arguments were not a JSON object"),
        ("echo", "{}", "missing argument: text"),
        ("echo", '{"text": "a", "loud": true}', "unknown argument: loud"),
        ("echo", '{"text": "refuse"}', "it was refused"),
        ("echo", '{"text": "crash"}', "echo failed: KeyError"),
    ],
)
async def test_failures_become_error_results(name: str, arguments: str, says: str) -> None:
    result = await Toolbox([Echo()]).run(ToolCall("id+/=1", name, arguments))
    assert result.is_error
    assert result.call_id == "id+/=1"
    assert says in result.text


async def test_a_good_call() -> None:
    result = await Toolbox([Echo()]).run(ToolCall("c", "echo", '{"text": "hi"}'))
    assert (result.is_error, result.text) == (False, "hi")


def test_only_names_the_unknown_tool_and_the_known_ones() -> None:
    assert Toolbox([Echo()]).only(["echo"]).specs == (Echo.spec,)
    with pytest.raises(UsageError) as caught:
        Toolbox([Echo()]).only(["ecco"])
    assert "ecco" in str(caught.value)
    assert "echo" in caught.value.hint
