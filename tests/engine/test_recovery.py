"""What a dead program left becomes messages: whatever had come, at any frame, and it can be sent."""

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.engine.recording import Left, LeftResult, RecordingWriter, left_by
from tests.engine.scripted import (
    ScriptedGateway,
    answer,
    call_block,
    collect,
    session,
    text_block,
    thinking_block,
)
from tui.chat.conversation import CANCELLED
from tui.chat.events import StepFinished, ToolFinished, TurnFailed, TurnFinished
from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.messages import AssistantMessage, ToolMessage
from tui.chat.parts import Json
from tui.chat.record import Exchange, Purpose, SessionRecord, SessionState, Wire
from tui.chat.route import Accepts
from tui.chat.settings import ToolSpec
from tui.chat.usage import UNKNOWN_COST
from tui.engine.recovery import recover
from tui.tools.toolbox import Toolbox

FULL = answer(
    thinking_block(0, "think", "SEAL"),
    text_block(1, "Let me see"),
    call_block(2, "toolu_1", "echo", '{"text": "a"}'),
    stop="tool_use",
)


class Echo:
    spec = ToolSpec("echo", "Say it back.", {"type": "object", "properties": {"text": {"type": "string"}}})

    async def run(self, arguments: Mapping[str, Json]) -> str:
        return str(arguments.get("text"))


TOOLS = Toolbox([Echo()])


async def left_at(frames: int | None) -> tuple[SessionRecord, Left]:
    """A record and what is left of it when a program died after so many frames of its second answer."""
    writer = RecordingWriter()
    gateway = ScriptedGateway([answer(text_block(0, "first")), FULL, answer(text_block(0, "end"))])
    chat = session(gateway, toolbox=TOOLS, writer=writer)
    await collect(chat.send("one"))
    before = chat.state
    await collect(chat.send("two"))
    prompt = next(node for node in writer.record().nodes if node.message.id == chat.path[2].message.id)
    first, second, _ = writer.exchanges.values()
    assert second.wire is not None
    wire = replace(second.wire, frames=second.wire.frames[:frames] if frames is not None else ())
    opened = replace(
        second,
        answer=None,
        state="open",
        seconds=None,
        usage=None,
        cost=UNKNOWN_COST,
        failure=None,
        served=second.served if frames else None,
        status=200 if frames else None,
        wire=wire,
    )
    nodes = (*chat.path[:2], prompt)
    state = replace(before, leaf=prompt.message.id)
    record = replace(writer.record(), nodes=nodes, state=state, exchanges=(first, opened))
    return record, Left([opened], [])


def writer_of(record: SessionRecord) -> RecordingWriter:
    writer = RecordingWriter(record.nodes)
    writer.kept = record.state
    writer.exchanges = {one.id: one for one in record.exchanges}
    return writer


@pytest.mark.parametrize("count", range(1, len(FULL) + 1))
async def test_an_answer_that_died_at_any_frame_is_kept_and_can_be_gone_on_with(count: int) -> None:
    record, left = await left_at(count)
    writer = writer_of(record)
    whole = await recover(left, record, writer)
    assert writer.record(whole.info.id) == replace(whole, exchanges=tuple(writer.exchanges.values()))
    ended = whole.exchanges[-1]
    last = whole.nodes[-1].message
    assert ended.state == ("done" if count == len(FULL) else "lost")
    if count == 1:
        assert ended.answer is None
        assert (whole.state.leaf, whole.state.refused) == (record.nodes[1].message.id, last.id)
    else:
        assert isinstance(last, AssistantMessage)
        assert (whole.state.leaf, ended.answer) == (last.id, last.id)
        assert last.stop == ("tool_use" if count == len(FULL) else "failed")
        assert last.cost.at_least == (count < len(FULL))
        assert whole.state.totals.steps == record.state.totals.steps + 1
    assert whole.state.totals.turns == 2
    gateway = ScriptedGateway([answer(text_block(0, "on"))])
    late = session(gateway, writer=writer, resumed=whole, available=TOOLS, prefix="n")
    events = await collect(late.send("three"))
    assert not [e for e in events if isinstance(e, TurnFailed)]
    roles = [m["role"] for m in gateway.requests[0]["messages"]]
    assert all(a != b for a, b in pairwise(roles))
    sent = json.dumps(gateway.requests[0])
    assert ('"SEAL"' in sent) == (count >= 7)
    assert (CANCELLED in sent) == (count >= 12)


@pytest.mark.parametrize("purpose", ["replay", "shadow"])
@pytest.mark.parametrize("count", [4, len(FULL)])
async def test_what_was_sent_once_more_and_died_is_paid_for_and_no_message(
    count: int, purpose: Purpose
) -> None:
    record, left = await left_at(count)
    (opened,) = left.exchanges
    first = record.exchanges[0]
    rerun = replace(opened, purpose=purpose, repeats=first.id, after=first.answer)
    record = replace(
        record,
        nodes=record.nodes[:2],
        state=replace(record.state, leaf=first.answer),
        exchanges=(first, rerun),
    )
    writer = writer_of(record)
    whole = await recover(Left([rerun], []), record, writer)
    ended = whole.exchanges[-1]
    assert (ended.answer, ended.purpose) == (None, purpose)
    assert ended.state == ("done" if count == len(FULL) else "lost")
    assert (whole.nodes, whole.state.leaf) == (record.nodes, first.answer)
    assert whole.state.totals.steps == record.state.totals.steps
    late = session(ScriptedGateway([answer(text_block(0, "on"))]), writer=writer, resumed=whole)
    assert not [e for e in await collect(late.send("three")) if isinstance(e, TurnFailed)]


async def test_recovering_twice_is_recovering_once() -> None:
    record, left = await left_at(8)
    writer = writer_of(record)
    whole = await recover(left, record, writer)
    again = writer_of(record)
    assert await recover(left, record, again) == whole
    assert again.record() == writer.record()
    assert await recover(left_by(writer), whole, writer) == whole


async def test_a_frame_that_cannot_be_read_loses_only_what_follows() -> None:
    record, left = await left_at(10)
    (opened,) = left.exchanges
    assert opened.wire is not None
    frames = list(opened.wire.frames)
    frames[7] = Frame("content_block_delta", '{"type": "content_', frames[7].at)
    broken = replace(opened, wire=replace(opened.wire, frames=tuple(frames)))
    whole = await recover(Left([broken], []), record, writer_of(record))
    last = whole.nodes[-1].message
    assert isinstance(last, AssistantMessage)
    assert last.text == "Let"
    assert last.stop == "failed"


async def test_a_request_nobody_answered_leaves_a_prompt_to_be_retried() -> None:
    record, left = await left_at(None)
    writer = writer_of(record)
    whole = await recover(left, record, writer)
    assert whole.exchanges[-1].state == "lost"
    assert whole.exchanges[-1].cost.usd is None
    gateway = ScriptedGateway([answer(text_block(0, "at last"))])
    late = session(gateway, writer=writer, resumed=whole, available=TOOLS, prefix="n")
    assert late.refused is not None
    assert late.refused.text == "two"
    events = await collect(late.retry())
    assert isinstance(events[-1], TurnFinished)
    assert events[-1].text == "at last"


async def test_a_refusal_that_was_read_and_not_noted_makes_no_message() -> None:
    record, left = await left_at(None)
    (opened,) = left.exchanges
    body = Frame(WHOLE_BODY, '{"error": {"message": "no"}}', 0.1)
    refused = replace(opened, status=400, wire=Wire(b"{}", frames=(body,)))
    whole = await recover(Left([refused], []), record, writer_of(record))
    assert whole.exchanges[-1].answer is None
    assert len(whole.nodes) == len(record.nodes)


async def test_results_without_their_message_become_it_in_the_order_of_the_calls() -> None:
    calls = [call_block(i, f"c{i}", "echo", f'{{"text": "{i}"}}') for i in range(3)]
    gateway = ScriptedGateway([answer(*calls, stop="tool_use"), answer(text_block(0, "done"))])
    writer = RecordingWriter()
    chat = session(gateway, toolbox=TOOLS, writer=writer)
    caught: list[LeftResult] = []
    state = SessionState()
    async for event in chat.send("go"):
        if isinstance(event, StepFinished) and not caught:
            state = chat.state
        if isinstance(event, ToolFinished):
            caught = [one for one in writer.results if one.result.call_id in ("c2", "c0")] or caught
    assert {one.result.call_id for one in caught} == {"c0", "c2"}
    nodes = chat.path[:2]
    record = replace(
        writer.record(), nodes=nodes, state=state, exchanges=tuple(writer.exchanges.values())[:1]
    )
    again = writer_of(record)
    whole = await recover(Left([], list(reversed(caught))), record, again)
    made = whole.nodes[-1]
    assert isinstance(made.message, ToolMessage)
    assert [r.call_id for r in made.message.results] == ["c0", "c2"]
    assert [facts.call_id for facts in made.calls] == ["c0", "c2"]
    assert (made.parent, whole.state.leaf) == (nodes[-1].message.id, made.message.id)
    late_gateway = ScriptedGateway([answer(text_block(0, "on"))])
    late = session(late_gateway, writer=again, resumed=whole, available=TOOLS, prefix="n")
    await collect(late.retry())
    sent = late_gateway.requests[0]["messages"][2]["content"]
    assert [(b["tool_use_id"], b.get("is_error", False)) for b in sent] == [
        ("c0", False),
        ("c1", True),
        ("c2", False),
    ]


async def test_what_was_asked_again_under_other_tools_is_kept_as_made_under_them() -> None:
    bound = Accepts(thinking=frozenset({"adaptive"}), thinking_default="always", prefix_bound=True)
    said = [answer(thinking_block(0, "hm", f"S{n}"), text_block(1, f"A{n}")) for n in range(3)]
    gateway = ScriptedGateway([*said])
    writer = RecordingWriter()
    chat = session(gateway, toolbox=Toolbox(), writer=writer, accepts=bound)
    await collect(chat.send("one"))
    chat.revise(system="brief", toolbox=TOOLS)
    saved: list[tuple[SessionRecord, Exchange]] = []
    async for event in chat.regenerate(chat.path[1].message.id):
        if isinstance(event, StepFinished):
            second = list(writer.exchanges.values())[1]
            saved.append((replace(writer.record(), nodes=chat.path[:1]), second))
            expected = chat.path[-1]
    (record, second), *_ = saved
    state = replace(record.state, leaf=record.nodes[0].message.id)
    opened = replace(second, answer=None, state="open")
    record = replace(record, state=state, exchanges=(opened,))
    whole = await recover(Left([opened], []), record, writer_of(record))
    made = whole.nodes[-1]
    assert (made.system, made.bound_from, made.tools) == (
        expected.system,
        expected.bound_from,
        expected.tools,
    )


async def test_a_prompt_with_another_answer_is_left_to_that() -> None:
    writer = RecordingWriter()
    chat = session(ScriptedGateway([answer(text_block(0, "old"))]), writer=writer)
    await collect(chat.send("one"))
    prompt, old = chat.path
    record = replace(writer.record(), state=replace(writer.kept, leaf=prompt.message.id))
    whole = await recover(Left([], []), record, writer_of(record))
    assert (whole.state.leaf, whole.state.refused) == (old.message.id, None)


@pytest.mark.parametrize("breaks", ["feed", "finish", "decoder"])
async def test_an_answer_no_decoder_can_read_does_not_keep_the_session_from_opening(
    breaks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, left = await left_at(10)

    class Broken:
        done, error = False, None

        def feed(self, frame: Frame) -> list[object]:
            if breaks == "feed":
                raise KeyError("index")
            return []

        def finish(self) -> object:
            raise TypeError("no parts")

    class Codec:
        def decoder(self, origin: object) -> Broken:
            if breaks == "decoder":
                raise RuntimeError("no decoder")
            return Broken()

    monkeypatch.setattr("tui.engine.recovery.codec_for", lambda route: Codec())
    writer = writer_of(record)
    whole = await recover(left, record, writer)
    assert whole.exchanges[-1].state == "lost"
    assert not left_by(writer).exchanges
    kept = next(reversed(writer.exchanges.values())).wire
    assert left.exchanges[0].wire is not None
    assert kept is not None
    assert kept.frames == left.exchanges[0].wire.frames
    late = session(ScriptedGateway([answer(text_block(0, "on"))]), writer=writer, resumed=whole, prefix="n")
    assert late.refused is not None
    await collect(late.retry())
    assert late.conversation.messages[-1].text == "on"  # type: ignore[union-attr]
