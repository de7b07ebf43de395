"""What a session sends its turns with: configured, laid over by the user, revised on the way."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.engine.scripted import ScriptedGateway, answer, collect, session, text_block, thinking_block
from tui.chat.conversation import Conversation
from tui.chat.events import Event, TurnFailed, TurnFinished
from tui.chat.parts import Json
from tui.chat.route import Accepts, Route
from tui.chat.settings import Overrides, Settings, ToolSpec
from tui.engine.session import Session
from tui.errors import UsageError
from tui.tools.toolbox import Toolbox

THINKS = frozenset({"enabled", "disabled"})
BOUND = Accepts(thinking=frozenset({"adaptive"}), thinking_default="always", prefix_bound=True)


class Echo:
    spec = ToolSpec("echo", "Say it back.", {"type": "object", "properties": {}})

    async def run(self, arguments: Mapping[str, Json]) -> str:
        return "echo"


def _answers(count: int) -> ScriptedGateway:
    return ScriptedGateway(
        [answer(thinking_block(0, "hm", f"S{n}"), text_block(1, "hello")) for n in range(count)]
    )


def _session(
    gateway: ScriptedGateway,
    configured: Settings | None = None,
    overrides: Overrides | None = None,
    **route: Any,
) -> Session:
    made = session(gateway, **route)
    made._settings_for = lambda _: configured or Settings()
    made.overrides = overrides or {}
    return made


def _sealed(body: dict[str, Any]) -> list[str]:
    blocks = (b for m in body["messages"] if m["role"] == "assistant" for b in m["content"])
    return [block["signature"] for block in blocks if block["type"] == "thinking"]


def _end(events: list[Event]) -> TurnFinished:
    assert isinstance(events[-1], TurnFinished)
    return events[-1]


async def test_what_the_user_set_lies_over_what_is_configured() -> None:
    configured = Settings(max_tokens=500, temperature=0.5, extra={"a": 1, "b": 1}, headers={"x-a": "1"})
    gateway = _answers(2)
    chat = _session(gateway, configured, {"temperature": None, "extra": {"b": 2}})
    assert chat.settings == Settings(max_tokens=500, extra={"a": 1, "b": 2}, headers={"x-a": "1"})
    await collect(chat.send("hi"))
    first = gateway.requests[0]
    assert (first["max_tokens"], first["a"], first["b"], "temperature" in first) == (500, 1, 2, False)
    assert gateway.headers[0] == {"x-a": "1"}
    chat.overrides = {"max_tokens": 90, "headers": {"x-b": "2"}}
    await collect(chat.send("and?"))
    assert (gateway.requests[1]["max_tokens"], gateway.requests[1]["temperature"]) == (90, 0.5)
    assert gateway.headers[1] == {"x-a": "1", "x-b": "2"}


async def test_without_a_known_model_the_settings_are_the_users() -> None:
    chat = _session(_answers(0), Settings(max_tokens=500), {"temperature": 0.5})

    def nobody(*_: object) -> Route:
        raise UsageError("model", "unknown")

    chat._router.route_for = nobody
    assert chat.settings == Settings(temperature=0.5)
    assert chat.system is None


async def test_what_the_model_does_not_take_is_not_sent_and_can_be_set_right() -> None:
    gateway = _answers(1)
    chat = _session(gateway, None, {"temperature": 0.5, "top_k": 3}, accepts=Accepts(sampling=False))
    events = await collect(chat.send("hi"))
    (failed,) = [event for event in events if isinstance(event, TurnFailed)]
    assert "takes no temperature" in str(failed.error)
    assert "temperature=default" in failed.error.hint
    assert (gateway.requests, chat.conversation.messages) == ([], ())
    _, findings = chat.preview("smart")
    assert [(f.path, f.fatal) for f in findings] == [("temperature", True), ("top_k", True)]
    assert chat.switch("smart")[1] == findings
    chat.overrides = {}
    assert _end(await collect(chat.retry())).stop == "end"
    assert len(gateway.requests) == 1


async def test_a_system_prompt_and_tools_chosen_before_the_first_prompt_are_no_fork() -> None:
    gateway = _answers(1)
    chat = _session(gateway)
    chat._offers.begin = lambda _: Conversation("configured", foreign_reasoning="text")
    assert chat.system == "configured"
    chat.revise(system="mine", toolbox=Toolbox([Echo()]))
    assert (chat.system, [spec.name for spec in chat.toolbox.specs]) == ("mine", ["echo"])
    await collect(chat.send("hi"))
    assert gateway.requests[0]["system"] == "mine"
    assert [tool["name"] for tool in gateway.requests[0]["tools"]] == ["echo"]
    assert (chat.conversation.bound_from, chat.conversation.foreign_reasoning) == (0, "text")


async def test_without_a_system_prompt_of_the_users_the_configured_one_counts() -> None:
    gateway = _answers(1)
    chat = _session(gateway)
    chat._offers.begin = lambda _: Conversation("configured")
    chat.revise(system="configured", toolbox=chat.toolbox)
    chat._offers.begin = lambda _: Conversation("of another model")
    await collect(chat.send("hi"))
    assert gateway.requests[0]["system"] == "of another model"


@pytest.mark.parametrize("bound", [True, False])
async def test_a_change_once_something_was_said_is_a_fork(bound: bool) -> None:
    gateway = _answers(4)
    chat = _session(gateway, accepts=BOUND if bound else Accepts(thinking=THINKS))
    await collect(chat.send("one"))
    history = chat.conversation.messages
    chat.revise(system="be brief", toolbox=chat.toolbox)
    assert (chat.conversation.messages, chat.system, chat.conversation.bound_from) == (history, "be brief", 2)
    await collect(chat.send("two"))
    await collect(chat.send("three"))
    assert [body.get("system") for body in gateway.requests] == [None, "be brief", "be brief"]
    assert _sealed(gateway.requests[1]) == ([] if bound else ["S0"])
    assert _sealed(gateway.requests[2]) == (["S1"] if bound else ["S0", "S1"])
    chat.revise(system="be brief", toolbox=Toolbox([Echo()]))
    await collect(chat.send("four"))
    assert _sealed(gateway.requests[3]) == ([] if bound else ["S0", "S1", "S2"])
    assert [tool["name"] for tool in gateway.requests[3]["tools"]] == ["echo"]


async def test_nothing_changed_is_no_fork_though_the_tools_are_made_anew() -> None:
    gateway = _answers(2)
    chat = _session(gateway, accepts=BOUND)
    chat.revise(system=None, toolbox=Toolbox([Echo()]))
    await collect(chat.send("one"))
    anew = Toolbox([Echo()])
    chat.revise(system=None, toolbox=anew)
    assert chat.toolbox is anew
    await collect(chat.send("two"))
    assert chat.conversation.bound_from == 0
    assert _sealed(gateway.requests[1]) == ["S0"]


async def test_nothing_is_revised_while_a_turn_runs() -> None:
    chat = _session(_answers(1))
    events = chat.send("hi")
    await anext(events)
    with pytest.raises(UsageError, match="a turn is running"):
        chat.revise(system="new", toolbox=chat.toolbox)
    await events.aclose()
    chat.revise(system="new", toolbox=chat.toolbox)
    assert chat.system == "new"


async def test_other_tools_leave_the_configured_system_prompt_to_the_model_chosen_later() -> None:
    gateway = _answers(1)
    chat = _session(gateway)
    chat._offers.begin = lambda route: Conversation(f"for {route.requested}")
    chat.revise(system=chat.system, toolbox=Toolbox([Echo()]))
    chat.switch("other")
    await collect(chat.send("go"))
    assert gateway.requests[0]["system"] == "for other"


async def test_a_new_session_takes_over_what_was_set_but_nothing_that_was_said() -> None:
    gateway = _answers(2)
    old = _session(gateway)
    old.overrides = {"max_tokens": 7777}
    await collect(old.send("one"))
    old.revise(system="mine", toolbox=Toolbox([Echo()]))
    new = _session(gateway)
    new.take_over(old)
    await collect(new.send("two"))
    sent = gateway.requests[1]
    assert (sent["system"], sent["max_tokens"], [t["name"] for t in sent["tools"]]) == (
        "mine",
        7777,
        ["echo"],
    )
    assert len(sent["messages"]) == 1
