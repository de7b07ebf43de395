"""Edits, other answers and the way back: branches of one tree, none of which loses anything."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.engine.recording import RecordingWriter
from tests.engine.scripted import (
    ScriptedGateway,
    answer,
    call_block,
    collect,
    opening,
    session,
    text_block,
    thinking_block,
)
from tui.chat.events import Event, TurnFinished, Warned
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage
from tui.chat.parts import Json
from tui.chat.route import Accepts
from tui.chat.settings import ToolSpec
from tui.engine.offers import FORK
from tui.engine.session import Session
from tui.errors import CallFailed, UsageError
from tui.tools.toolbox import Toolbox

BOUND = Accepts(thinking=frozenset({"adaptive"}), thinking_default="always", prefix_bound=True)


class Echo:
    def __init__(self, description: str = "Say it back.") -> None:
        self.spec = ToolSpec("echo", description, {"type": "object", "properties": {}})

    async def run(self, arguments: Mapping[str, Json]) -> str:
        return "echo"


def said(*texts: str) -> ScriptedGateway:
    return ScriptedGateway(
        [answer(thinking_block(0, "hm", f"S-{text}"), text_block(1, text)) for text in texts]
    )


def texts(chat: Session) -> list[str]:
    return [message.text for message in chat.conversation.messages]  # type: ignore[union-attr]


def seals(body: dict[str, Any]) -> list[str]:
    blocks = (b for m in body["messages"] if m["role"] == "assistant" for b in m["content"])
    return [block["signature"] for block in blocks if block["type"] == "thinking"]


def asked(gateway: ScriptedGateway) -> list[str]:
    return [m["content"][-1]["text"] for m in gateway.requests[-1]["messages"] if m["role"] == "user"]


def aside(chat: Session) -> str | None:
    return chat.state.refused


def refusal() -> CallFailed:
    return CallFailed("refused", cls="vendor-error", layer="vendor", status=500)


def forks(events: list[Event]) -> list[Finding]:
    return [e.finding for e in events if isinstance(e, Warned) and e.finding.cls == FORK]


def end(events: list[Event]) -> str:
    assert isinstance(events[-1], TurnFinished)
    return events[-1].stop


async def test_an_edited_prompt_is_a_branch_beside_the_old_one() -> None:
    gateway = said("A1", "A2", "B1", "B2")
    chat = session(gateway)
    for prompt in ("one", "two"):
        await collect(chat.send(prompt))
    old = chat.path
    assert end(await collect(chat.edit(old[2].message.id, "other two"))) == "end"
    assert texts(chat) == ["one", "A1", "other two", "B1"]
    assert asked(gateway) == ["one", "other two"]
    assert seals(gateway.requests[-1]) == ["S-A1"]
    tree = await chat.tree()
    new = chat.path[2].message.id
    assert tree.alternatives(new) == (old[2].message.id, new)
    await chat.go_to(old[2].message.id)
    assert (texts(chat), chat.path) == (["one", "A1", "two", "A2"], old)
    await chat.go_to(new)
    await collect(chat.edit(chat.path[0].message.id, "from the start"))
    assert texts(chat) == ["from the start", "B2"]
    assert len((await chat.tree()).children(None)) == 2


async def test_another_answer_is_an_alternative_and_can_be_flipped() -> None:
    chat = session(said("A1", "A2", "other A1"))
    await collect(chat.send("one"))
    await collect(chat.send("two"))
    first = chat.path[1].message.id
    await collect(chat.regenerate(first))
    assert texts(chat) == ["one", "other A1"]
    beside = (await chat.tree()).alternatives(first)
    assert beside == (first, chat.path[1].message.id)
    await chat.go_to(first)
    assert texts(chat) == ["one", "A1", "two", "A2"]
    await chat.go_to(first, exact=True)
    assert texts(chat) == ["one", "A1"]


async def test_within_a_tool_loop_the_step_alone_is_asked_again() -> None:
    call = call_block(0, "toolu_1", "echo", "{}")
    gateway = ScriptedGateway(
        [answer(call, stop="tool_use"), answer(text_block(0, "old")), answer(text_block(0, "new"))]
    )
    chat = session(gateway, toolbox=Toolbox([Echo()]))
    await collect(chat.send("go"))
    await collect(chat.regenerate(chat.path[3].message.id))
    assert gateway.requests[2]["messages"] == gateway.requests[1]["messages"]
    last = chat.conversation.messages[-1]
    assert isinstance(last, AssistantMessage)
    assert (last.text, len(chat.path)) == ("new", 4)


async def test_an_answer_that_was_retried_stays_as_an_alternative() -> None:
    gateway = ScriptedGateway([[opening(), *text_block(0, "half")[:-1]], answer(text_block(0, "whole"))])
    chat = session(gateway)
    await collect(chat.send("hi"))
    old = chat.path[1].message.id
    await collect(chat.retry())
    tree = await chat.tree()
    assert tree.alternatives(old) == (old, chat.path[1].message.id)
    assert tree[old].stop == "failed"


async def test_a_prompt_nobody_answered_stays_in_the_tree_and_is_asked_again_where_it_was() -> None:
    writer = RecordingWriter()
    gateway = ScriptedGateway(
        [
            answer(text_block(0, "A1")),
            answer(text_block(0, "A2")),
            refusal(),
            refusal(),
            answer(text_block(0, "B")),
        ]
    )
    chat = session(gateway, writer=writer)
    await collect(chat.send("one"))
    await collect(chat.send("two"))
    before = chat.path
    await collect(chat.edit(before[2].message.id, "edited"))
    assert (chat.path, chat.refused is not None) == (before, True)
    assert chat.refused is not None
    refused = chat.refused.id
    await collect(chat.retry())
    assert (chat.path, chat.state.refused) == (before, refused)
    # The program ends, another takes it up.
    late = session(
        gateway, writer=RecordingWriter(writer.record().nodes), resumed=writer.record(), prefix="n"
    )
    assert late.path == before
    assert (late.refused, late.state) == (chat.refused, chat.state)
    await collect(late.retry())
    assert texts(late) == ["one", "A1", "edited", "B"]
    assert late.path[2].message.id == refused
    assert late.refused is None
    assert asked(gateway) == ["one", "edited"]


async def test_a_retry_under_other_tools_is_another_prompt_of_the_tree() -> None:
    gateway = ScriptedGateway([answer(text_block(0, "A1")), refusal(), answer(text_block(0, "A2"))])
    chat = session(gateway)
    await collect(chat.send("one"))
    await collect(chat.send("two"))
    assert chat.refused is not None
    old = chat.refused.id
    chat.revise(system="be brief", toolbox=chat.toolbox)
    await collect(chat.retry())
    assert texts(chat) == ["one", "A1", "two", "A2"]
    assert chat.path[2].message.id != old
    assert (chat.path[2].system, chat.path[2].bound_from) == ("be brief", 2)


async def test_rewinding_takes_back_turn_after_turn_and_gives_their_prompts() -> None:
    gateway = ScriptedGateway([answer(text_block(0, "A1")), answer(text_block(0, "A2")), refusal()])
    chat = session(gateway)
    assert await chat.rewind() is None
    for prompt in ("one", "two", "three"):
        await collect(chat.send(prompt))
    taken = [await chat.rewind() for _ in range(4)]
    assert [None if t is None else t.text for t in taken] == ["three", "two", "one", None]
    assert texts(chat) == []
    await chat.go_to(None)
    assert len(chat.path) >= 2


async def test_going_to_a_prompt_nobody_answered_stands_before_it() -> None:
    gateway = ScriptedGateway([answer(text_block(0, "A1")), refusal(), answer(text_block(0, "A2"))])
    chat = session(gateway)
    await collect(chat.send("one"))
    await collect(chat.send("two"))
    refused = aside(chat)
    assert refused
    await collect(chat.send("three"))
    assert not aside(chat)
    await chat.go_to(refused)
    assert texts(chat) == ["one", "A1"]
    assert aside(chat) == refused
    # Where a branch was answered, its end goes before a prompt that never was.
    await chat.go_to(chat.path[0].message.id)
    assert texts(chat) == ["one", "A1", "three", "A2"]


async def test_a_message_is_cut_with_all_that_follows() -> None:
    chat = session(said("A1", "A2", "B2"))
    await collect(chat.send("one"))
    await collect(chat.send("two"))
    await collect(chat.regenerate(chat.path[3].message.id))
    second = chat.path[2].message.id
    await chat.cut(second)
    assert texts(chat) == ["one", "A1"]
    assert len((await chat.tree()).twigs) == 2
    assert set(chat.exchanges) == {chat.path[1].message.id}
    with pytest.raises(UsageError, match="no message"):
        await chat.cut(second)
    await chat.cut(chat.path[0].message.id)
    assert (texts(chat), chat.state.leaf) == ([], None)


async def test_what_is_no_prompt_or_no_message_is_refused() -> None:
    chat = session(said("A1"))
    await collect(chat.send("one"))
    with pytest.raises(UsageError, match="no prompt"):
        await collect(chat.edit(chat.path[1].message.id, "x"))
    for move in (chat.edit("nobody", "x"), chat.regenerate("nobody")):
        with pytest.raises(UsageError, match="no message nobody"):
            await collect(move)
    with pytest.raises(UsageError, match="no message nobody"):
        await chat.go_to("nobody")
    assert texts(chat) == ["one", "A1"]
    assert not chat.busy


async def test_nothing_moves_while_a_turn_runs() -> None:
    chat = session(said("A1", "A2"))
    await collect(chat.send("one"))
    first = chat.path[0].message.id
    running = chat.send("two")
    await anext(running)
    for move in (chat.edit(first, "x"), chat.regenerate(first), chat.retry(), chat.send("x")):
        with pytest.raises(UsageError, match="a turn is running"):
            await collect(move)
    for call in (chat.go_to(first), chat.rewind(), chat.cut(first)):
        with pytest.raises(UsageError, match="a turn is running"):
            await call
    await running.aclose()


async def test_each_branch_keeps_the_system_prompt_and_seals_it_was_made_with() -> None:
    gateway = said("A1", "A2", "B1", "C1", "A3")
    chat = session(gateway, accepts=BOUND)
    await collect(chat.send("one"))
    first = chat.path[1].message.id
    await collect(chat.send("two"))
    old = chat.path[-1].message.id
    await chat.go_to(first, exact=True)
    chat.revise(system="be brief", toolbox=chat.toolbox)
    assert chat.fork_needed() is not None
    chat.accept_fork()
    events = await collect(chat.send("brief"))
    assert not forks(events)
    assert seals(gateway.requests[-1]) == []
    await collect(chat.send("brief again"))
    assert seals(gateway.requests[-1]) == ["S-B1"]
    brief = chat.path[-1].message.id
    await chat.go_to(old)
    assert (chat.system, chat.conversation.bound_from, chat.fork_needed()) == (None, 0, None)
    await collect(chat.send("three"))
    assert seals(gateway.requests[-1]) == ["S-A1", "S-A2"]
    assert "system" not in gateway.requests[-1]
    await chat.go_to(brief)
    assert (chat.system, chat.conversation.bound_from) == ("be brief", 2)


async def test_a_branch_made_with_other_tools_is_offered_as_a_fork_or_kept_as_it_was() -> None:
    gateway = said("A1", "B1", "A2", "A3")
    plain = Toolbox([Echo()])
    chat = session(gateway, toolbox=plain, accepts=BOUND)
    await collect(chat.send("one"))
    old = chat.path[-1].message.id
    chat.revise(system=None, toolbox=Toolbox([Echo("Repeat it.")]))
    events = await collect(chat.send("two"))
    (warned,) = forks(events)
    assert "The tools (echo is described anew) have changed" in warned.says
    assert "1 sealed part of thinking" in warned.says
    await chat.go_to(old, exact=True)
    assert chat.fork_needed() == warned
    chat.keep_as_made()
    assert (chat.fork_needed(), chat.toolbox.specs) == (None, plain.specs)
    await collect(chat.send("three"))
    assert seals(gateway.requests[-1]) == ["S-A1"]
    assert gateway.requests[-1]["tools"] == gateway.requests[0]["tools"]


async def test_a_change_taken_back_before_the_next_turn_is_no_fork() -> None:
    gateway = said("A1", "A2")
    chat = session(gateway, accepts=BOUND)
    await collect(chat.send("one"))
    chat.revise(system="be brief", toolbox=chat.toolbox)
    assert chat.conversation.bound_from == 2
    chat.revise(system=None, toolbox=chat.toolbox)
    assert (chat.conversation.bound_from, chat.fork_needed()) == (0, None)
    await collect(chat.send("two"))
    assert seals(gateway.requests[-1]) == ["S-A1"]
