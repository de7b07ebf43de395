"""Tools under the words they had: what is told to the model is old, what runs and asks is of now."""

from collections.abc import Mapping

from tui.chat.events import Ask
from tui.chat.parts import Json, ToolCall
from tui.chat.settings import ToolSpec
from tui.engine.past_tools import as_they_were
from tui.tools.toolbox import Toolbox


def spec(name: str, words: str) -> ToolSpec:
    return ToolSpec(name, words, {"type": "object", "properties": {}})


class Plain:
    spec = spec("plain", "new words")

    async def run(self, arguments: Mapping[str, Json]) -> str:
        return "ran"


class Asking:
    spec = spec("asking", "new words")

    async def run(self, arguments: Mapping[str, Json]) -> str:
        return "ran"

    async def ask(self, arguments: Mapping[str, Json]) -> Ask:
        return Ask("do it", "it", "it", "every it")


OLD = (spec("asking", "old words"), spec("gone", "old words"), spec("plain", "new words"))


async def test_what_the_model_is_told_is_old_and_what_runs_is_of_now() -> None:
    now = Toolbox([Plain(), Asking()])
    then = as_they_were(OLD, now)
    assert then.specs == OLD
    assert then.get("plain") is now.get("plain")
    assert (await then.run(ToolCall("c", "plain", "{}"))).text == "ran"
    assert (await then.run(ToolCall("c", "asking", "{}"))).text == "ran"
    gone = await then.run(ToolCall("c", "gone", "{}"))
    assert (gone.is_error, gone.text) == (True, "gone is no longer available")


async def test_what_asks_now_asks_under_its_old_words_too() -> None:
    then = as_they_were(OLD, Toolbox([Plain(), Asking()]))
    ask = await then.ask(ToolCall("c", "asking", "{}"))
    assert isinstance(ask, Ask)
    assert [then.asks(name) for name in ("asking", "gone", "plain")] == [True, False, False]
