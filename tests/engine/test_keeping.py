"""What is durable when: always before it is shown as done, whatever becomes of the turn."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest

from tests.engine.recording import RecordingExchange, RecordingWriter
from tests.engine.scripted import (
    ScriptedAnswer,
    ScriptedGateway,
    answer,
    call_block,
    collect,
    opening,
    session,
    text_block,
    thinking_block,
)
from tui.chat.events import (
    Answer,
    ApprovalNeeded,
    Ask,
    PartDelta,
    StepFinished,
    ToolFinished,
    TurnFailed,
    TurnFinished,
    Warned,
)
from tui.chat.finding import Finding
from tui.chat.frame import WHOLE_BODY
from tui.chat.messages import AssistantMessage, ToolMessage
from tui.chat.parts import Json
from tui.chat.record import Exchange, Node, SessionState
from tui.chat.route import Route
from tui.chat.settings import ToolSpec
from tui.engine.resuming import has_spent
from tui.errors import CallFailed, RawAnswer
from tui.tools.toolbox import Toolbox

LOOP = answer(
    call_block(0, "toolu_1", "echo", '{"text": "a"}'),
    call_block(1, "toolu_2", "echo", '{"text": "b"}'),
    stop="tool_use",
)


class Echo:
    spec = ToolSpec("echo", "Say it back.", {"type": "object", "properties": {"text": {"type": "string"}}})

    async def run(self, arguments: Mapping[str, Json]) -> str:
        return str(arguments.get("text"))


class Asking(Echo):
    async def ask(self, arguments: Mapping[str, Json]) -> Ask:
        return Ask("echo it", "echo", "echo", "every echo")


class NotingGateway(ScriptedGateway):
    """Notes in the writer's log when a request goes out."""

    log: list[str]
    bodies: list[bytes]

    @asynccontextmanager
    async def open(
        self, route: Route, body: bytes, *, stream: bool, headers: Mapping[str, str] | None = None
    ) -> AsyncIterator[ScriptedAnswer]:
        self.log.append("sent")
        self.bodies.append(body)
        async with super().open(route, body, stream=stream, headers=headers) as opened:
            yield opened


def noting(writer: RecordingWriter, answers: list[Any]) -> NotingGateway:
    gateway = NotingGateway(answers)
    gateway.log, gateway.bodies = writer.log, []
    return gateway


def only(writer: RecordingWriter) -> Exchange:
    (kept,) = writer.exchanges.values()
    return kept


async def test_each_thing_is_durable_before_it_is_shown_as_done() -> None:
    writer = RecordingWriter()
    gateway = noting(writer, [LOOP, answer(text_block(0, "done"))])
    chat = session(gateway, toolbox=Toolbox([Echo()]), writer=writer)
    shown: list[str] = []
    async for event in chat.send("go"):
        if isinstance(event, StepFinished):
            shown.append(f"step {writer.log.count('finish done')}")
            assert chat.exchanges[event.message.id].state == "done"
        elif isinstance(event, ToolFinished):
            assert f"result {event.call.id}" in writer.log
    assert shown == ["step 1", "step 2"]
    assert writer.log[:5] == ["node UserMessage", "exchange", "sent", "answering 200", "finish done"]
    assert sorted(writer.log[5:7]) == ["result toolu_1", "result toolu_2"]
    assert writer.log[7:] == ["node ToolMessage", "exchange", "sent", "answering 200", "finish done"]
    assert [one.wire.body for one in writer.exchanges.values() if one.wire] == gateway.bodies
    assert writer.kept == chat.state
    assert writer.kept.totals == chat.totals


async def test_an_exchange_says_what_was_seen_of_it() -> None:
    writer = RecordingWriter()
    chat = session(
        ScriptedGateway([answer(thinking_block(0, "hm", "SEAL"), text_block(1, "yes"))]), writer=writer
    )
    events = await collect(chat.send("go"))
    done = next(e for e in events if isinstance(e, StepFinished))
    kept = only(writer)
    prompt, said = chat.conversation.messages
    assert (kept.turn, kept.step, kept.after, kept.answer) == (1, 1, prompt.id, said.id)
    assert (kept.status, kept.seals_received, kept.cost) == (200, 1, done.message.cost)
    assert set(kept.thinking_seconds) == {0}
    assert kept.usage == done.message.usage
    assert kept.wire is not None
    assert kept.wire.headers == (("content-type", "text/event-stream"),)
    assert [f.event for f in kept.wire.frames][:2] == ["message_start", "content_block_start"]
    assert all(frame.at >= 0 for frame in kept.wire.frames)


async def test_a_refusal_is_kept_as_it_came() -> None:
    error = CallFailed("refused", "no", cls="vendor-error", layer="vendor", status=500)
    error.answer = RawAnswer((("x-sent", "1"),), (("x-came", "2"),), '{"error": "no"}')
    writer = RecordingWriter()
    chat = session(ScriptedGateway([error]), writer=writer)
    await collect(chat.send("go"))
    kept = only(writer)
    assert (kept.state, kept.status, kept.answer) == ("failed", 500, None)
    assert kept.failure is not None
    assert (kept.failure.cls, kept.failure.title, kept.failure.what) == ("vendor-error", "refused", "no")
    assert kept.wire is not None
    assert (kept.wire.request_headers, kept.wire.headers) == ((("x-sent", "1"),), (("x-came", "2"),))
    assert [(f.event, f.data) for f in kept.wire.frames] == [(WHOLE_BODY, '{"error": "no"}')]
    assert chat.fruitless == [next(iter(chat.fruitless))]
    assert chat.state.refused is not None
    assert chat.state.leaf is None
    assert writer.kept == chat.state


async def test_a_stop_and_a_cut_say_so() -> None:
    writer = RecordingWriter()
    half = [opening(), *text_block(0, "half")[:-1]]
    chat = session(ScriptedGateway([half, answer(text_block(0, "whole"))]), writer=writer)
    await collect(chat.send("go"))
    async for event in chat.send("on"):
        if isinstance(event, PartDelta):
            chat.stop()
    cut, stopped = writer.exchanges.values()
    assert (cut.state, stopped.state) == ("failed", "stopped")
    assert cut.failure is not None
    assert cut.failure.cls == "stream-cut"
    assert cut.cost.at_least
    assert stopped.failure is None


@pytest.mark.parametrize("leave", ["break", "cancel"])
async def test_what_came_is_kept_though_its_reader_has_left(leave: str) -> None:
    writer = RecordingWriter()
    chat = session(ScriptedGateway([answer(text_block(0, "Hello there"))]), writer=writer)
    came = asyncio.Event()

    async def read() -> None:
        async with aclosing(chat.send("hi")) as events:
            async for event in events:
                if isinstance(event, PartDelta):
                    came.set()
                    if leave == "break":
                        break
                    await asyncio.Event().wait()

    reading = asyncio.create_task(read())
    await came.wait()
    if leave == "cancel":
        reading.cancel()
    await asyncio.wait([reading])
    kept = chat.conversation.messages[-1]
    assert isinstance(kept, AssistantMessage)
    assert (kept.text, kept.stop) == ("Hel", "cancelled")
    assert only(writer).state == "stopped"
    assert writer.kept.leaf == kept.id
    assert not chat.busy


async def test_approvals_and_seconds_are_kept_with_the_results() -> None:
    writer = RecordingWriter()
    gateway = ScriptedGateway([LOOP, answer(text_block(0, "done"))])
    chat = session(gateway, toolbox=Toolbox([Asking()]), writer=writer)
    async for event in chat.send("go"):
        if isinstance(event, ApprovalNeeded):
            event.decide(Answer("once" if event.call.id == "toolu_1" else "never", "user"))
    node = next(node for node in chat.path if isinstance(node.message, ToolMessage))
    assert [facts.call_id for facts in node.calls] == ["toolu_1", "toolu_2"]
    decisions = [facts.answer.decision for facts in node.calls if facts.answer]
    assert decisions == ["once", "never"]
    assert all(facts.seconds is not None for facts in node.calls)
    assert not writer.results


async def test_trouble_is_said_once_and_once_when_it_is_over() -> None:
    writer = RecordingWriter()
    chat = session(ScriptedGateway([answer(text_block(0, "x")) for _ in range(3)]), writer=writer)
    writer.failing = Finding("store-failed", "the disk is full")
    said: list[list[str]] = []
    for _ in range(2):
        events = await collect(chat.send("hi"))
        said.append([e.finding.says for e in events if isinstance(e, Warned)])
        assert isinstance(events[-1], TurnFinished)
        assert events[-1].stop == "end"
    writer.failing = None
    events = await collect(chat.send("hi"))
    said.append([e.finding.says for e in events if isinstance(e, Warned)])
    assert said[:2] == [["the disk is full"], []]
    assert len(said[2]) == 1
    assert "stored again" in said[2][0]


class Broken(RecordingWriter):
    async def node(self, node: Node, state: SessionState) -> None:
        raise RuntimeError("boom")

    async def exchange(self, exchange: Exchange, body: bytes) -> Any:
        raise RuntimeError("boom")


async def test_a_writer_that_breaks_breaks_no_turn() -> None:
    chat = session(
        ScriptedGateway([LOOP, answer(text_block(0, "x"))]), toolbox=Toolbox([Echo()]), writer=Broken()
    )
    events = await collect(chat.send("hi"))
    assert not [e for e in events if isinstance(e, TurnFailed)]
    assert [e.finding.cls for e in events if isinstance(e, Warned)] == ["store-failed"]
    assert len(chat.conversation.messages) == 4


async def test_what_is_set_between_turns_is_kept() -> None:
    writer = RecordingWriter()
    chat = session(ScriptedGateway([answer(text_block(0, "x"))]), writer=writer)
    chat.overrides = {"temperature": 0.5}
    await chat.saved()
    assert writer.log == []
    await collect(chat.send("hi"))
    chat.overrides = {"temperature": 0.7}
    chat.switch("other")
    chat.revise(system="be brief", toolbox=Toolbox([Echo()]))
    await chat.saved()
    assert writer.kept == chat.state
    assert (writer.kept.model, writer.kept.overrides, writer.kept.own_system) == (
        "other",
        {"temperature": 0.7},
        ("be brief",),
    )


async def test_a_request_that_never_went_out_took_no_time_and_cost_nothing() -> None:
    writer = RecordingWriter()

    class Getting(ScriptedGateway):
        async def ready(self, *routes: Route) -> None:
            chat.stop()
            await asyncio.Event().wait()

    chat = session(Getting([]), writer=writer)
    await collect(chat.send("hi"))
    kept = only(writer)
    assert (kept.state, kept.seconds) == ("stopped", None)
    assert not has_spent(writer.record())


async def test_who_leaves_while_a_request_is_written_down_leaves_nothing_open() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    class Slow(RecordingWriter):
        async def exchange(self, exchange: Exchange, body: bytes) -> RecordingExchange:  # type: ignore[override]
            begun.set()
            await go_on.wait()
            return await super().exchange(exchange, body)

    writer = Slow()
    chat = session(ScriptedGateway([answer(text_block(0, "Hello"))]), writer=writer)
    sending = asyncio.create_task(collect(chat.send("hi")))
    await begun.wait()
    sending.cancel()
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.wait([sending])
    assert only(writer).state == "stopped"
    assert (chat.state.leaf, chat.busy) == (None, False)
    assert chat.refused is not None
