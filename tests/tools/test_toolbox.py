"""A call always gets a result the model can read, whatever goes wrong."""

import json
from collections.abc import Mapping

import pytest

from tui.chat.parts import Json, ToolCall
from tui.chat.settings import ToolSpec
from tui.errors import UsageError
from tui.tools.results import MODEL_CHARS
from tui.tools.toolbox import Toolbox, ToolError


class Echo:
    spec = ToolSpec(
        "echo",
        "Say it back.",
        {
            "type": "object",
            "properties": {"text": {"type": "string"}, "times": {"type": ["integer", "null"]}},
            "required": ["text", "times"],
            "additionalProperties": False,
        },
    )

    async def run(self, arguments: Mapping[str, Json]) -> str:
        if arguments["text"] == "refuse":
            raise ToolError("it was refused")
        if arguments["text"] == "crash":
            raise KeyError("lost")
        return str(arguments["text"]) * (1 if arguments["times"] is None else int(arguments["times"]))


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("nope", "{}", "there is no tool 'nope'; the tools are: echo"),
        ("echo", "[1]", "the arguments were not a JSON object"),
        ("echo", '{"text": ', "the arguments were not a JSON object"),
        ("echo", '{"text": NaN}', "the arguments were not a JSON object"),
        ("echo", "{}", "missing argument: text"),
        ("echo", '{"text": "a", "loud": true}', 'unknown argument: "loud"; it takes text, times'),
        ("echo", '{"txet": "a"}', 'missing argument: text; unknown argument: "txet"; it takes text, times'),
        ("echo", '{"text": 7}', "text is 7 (a number); it must be text"),
        ("echo", '{"text": "a", "times": "2"}', 'times is "2" (text); it must be a whole number or null'),
        ("echo", '{"text": "a", "times": true}', "times is true (true or false); it must be a whole number"),
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


async def test_a_nullable_argument_may_be_left_out_and_a_whole_float_is_a_whole_number() -> None:
    box = Toolbox([Echo()])
    assert (await box.run(ToolCall("c", "echo", '{"text": "hi", "times": 2.0}'))).text == "hihi"
    assert (await box.run(ToolCall("c", "echo", '{"text": "hi", "times": null}'))).text == "hi"


async def test_a_long_result_is_cut_for_the_model_and_whole_in_full() -> None:
    result = await Toolbox([Echo()]).run(ToolCall("c", "echo", '{"text": "0123456789", "times": 10000}'))
    assert len(result.text) <= MODEL_CHARS
    assert result.full == "0123456789" * 10_000


async def test_a_long_error_is_cut_as_well() -> None:
    result = await Toolbox([Echo()]).run(ToolCall("c", "echo", json.dumps({"text": "a", "x" * 100_000: 1})))
    assert result.is_error
    assert len(result.text) < 1_000


def test_only_names_the_unknown_tool_and_the_known_ones() -> None:
    assert Toolbox([Echo()]).only(["echo"]).specs == (Echo.spec,)
    with pytest.raises(UsageError) as caught:
        Toolbox([Echo()]).only(["ecco"])
    assert "ecco" in str(caught.value)
    assert "echo" in caught.value.hint
