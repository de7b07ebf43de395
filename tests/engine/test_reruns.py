"""Requests made once more: kept beside the original, and the conversation is what it was."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.engine.recording import Left, RecordingWriter
from tests.engine.scripted import ScriptedGateway, answer, collect, session, text_block, thinking_block
from tui.chat.budget import Budget
from tui.chat.events import BudgetNeeded, Event, StepFinished
from tui.chat.record import SessionRecord
from tui.chat.settings import Settings
from tui.engine.recovery import recover
from tui.engine.reruns import Edits, Plan, parsed
from tui.engine.routing import Choice
from tui.engine.session import Session
from tui.engine.spending import Spending
from tui.errors import CallFailed, UsageError
from tui.exports.markdown import markdown
from tui.ui.last_turn import last_turn, numbers_of
from tui.ui.transcript.history import Past, history_blocks

FIRST = answer(thinking_block(0, "think", "SEAL"), text_block(1, "first"))
AGAIN = answer(text_block(0, "again"))


async def sent_once(*answers: object, **options: object) -> tuple[Session, ScriptedGateway, RecordingWriter]:
    writer = RecordingWriter()
    gateway = ScriptedGateway([FIRST, *answers])  # type: ignore[list-item]
    chat = session(gateway, writer=writer, **options)  # type: ignore[arg-type]
    await collect(chat.send("hello"))
    return chat, gateway, writer


async def run(chat: Session, plan: Plan, times: int = 1) -> list[Event]:
    return [event async for event in chat.reruns.run(plan, times)]


def only(chat: Session) -> str:
    return next(iter(chat.log))


async def test_a_replay_sends_the_same_bytes_and_changes_nothing_of_the_conversation() -> None:
    chat, gateway, writer = await sent_once(AGAIN, AGAIN)
    before, path = chat.conversation, chat.path
    plan = await chat.reruns.replay(only(chat))
    assert (plan.estimate.cost, plan.findings) == (replace(chat.log[only(chat)].cost, source="estimated"), ())
    await run(chat, plan, 2)
    original, one, two = chat.log.values()
    assert (chat.conversation, chat.path, chat.refused) == (before, path, None)
    assert [e.purpose for e in chat.log.values()] == ["turn", "replay", "replay"]
    assert (one.repeats, one.after, one.answer, one.state) == (original.id, original.after, None, "done")
    assert (one.turn, one.step) == (original.turn, original.step)
    bodies = [kept.wire.body for kept in writer.exchanges.values() if kept.wire]
    assert bodies[0] == bodies[1] == bodies[2]
    assert gateway.requests[0] == gateway.requests[2]
    wire = await chat.wire(two.id)
    assert wire is not None
    assert len(wire.frames) == len(AGAIN)


async def test_their_cost_counts_in_the_session_but_they_are_no_steps() -> None:
    chat, _, _ = await sent_once(AGAIN)
    before = chat.totals
    await run(chat, await chat.reruns.replay(only(chat)))
    assert (chat.totals.turns, chat.totals.steps) == (before.turns, before.steps)
    assert chat.totals.cost.usd == (before.cost.usd or 0) + (list(chat.log.values())[-1].cost.usd or 0)
    assert (chat.totals.usage.output or 0) > (before.usage.output or 0)


async def test_every_consumer_of_a_record_leaves_them_out_of_the_conversation() -> None:
    chat, _, writer = await sent_once(AGAIN, CallFailed("no", "no", cls="x", status=500))
    bare = writer.record()
    for _ in range(2):
        await run(chat, await chat.reruns.replay(only(chat)))
    record = writer.record()
    assert len(record.exchanges) == 3
    assert last_turn(record) == last_turn(bare)
    assert numbers_of(record) == numbers_of(bare)
    blocks = [history_blocks(Past.of(one)) for one in (bare, record)]
    assert blocks[0] == blocks[1]
    text = markdown(record)
    assert text.count("### replay · ") == 2
    again = session(ScriptedGateway([]), resumed=record)
    assert (list(again.log), list(again.exchanges), again.fruitless) == (
        list(chat.log),
        list(chat.exchanges),
        [],
    )


async def test_one_a_dead_program_left_is_lost_and_makes_no_message() -> None:
    chat, _, writer = await sent_once(AGAIN)
    await run(chat, await chat.reruns.replay(only(chat)))
    whole = writer.record()
    kept = whole.exchanges[1]
    assert kept.wire is not None
    cut = replace(kept, state="open", wire=replace(kept.wire, frames=kept.wire.frames[:3]))
    record = SessionRecord(whole.info, whole.state, whole.nodes, (whole.exchanges[0], cut))
    other = RecordingWriter(whole.nodes)
    other.exchanges = {one.id: one for one in record.exchanges}
    found = await recover(Left((cut,), ()), record, other)
    assert found.exchanges[1].state == "lost"
    assert found.exchanges[1].answer is None
    assert found.nodes == whole.nodes
    assert found.state.leaf == whole.state.leaf
    assert found.state.totals.steps == whole.state.totals.steps


async def test_an_edit_sends_what_was_written_and_names_what_is_no_json() -> None:
    chat, gateway, _ = await sent_once(AGAIN)
    body = parsed('{"model": "smart",\n "max_tokens": 7, "stream": true, "messages": []}')
    plan = await chat.reruns.replay(only(chat), Edits(body, {"x-mine": "1"}))
    await run(chat, plan)
    assert gateway.requests[1]["max_tokens"] == 7
    assert gateway.headers[1] == {"x-mine": "1"}
    with pytest.raises(UsageError, match="line 2, column 8"):
        parsed('{"a": 1,\n "b" : }')
    with pytest.raises(UsageError, match="JSON object"):
        parsed("[]")


async def test_another_model_is_written_into_the_body() -> None:
    chat, gateway, _ = await sent_once(AGAIN)
    plan = await chat.reruns.replay(only(chat), Edits(model="other"))
    await run(chat, plan)
    assert gateway.requests[1] == {**gateway.requests[0], "model": "other"}
    assert gateway.routes[1].requested == "other"


async def test_headers_whose_secret_was_not_kept_are_said_or_taken_from_the_settings() -> None:
    chat, _, _ = await sent_once()
    sent = (("x-secret-token", "…"), ("x-mine", "1"), ("user-agent", "sdk"))
    reruns, route = chat.reruns, chat.route
    headers, lost = reruns._headers(sent, Edits(), route)
    assert (headers, [finding.path for finding in lost]) == ({"x-mine": "1"}, ["x-secret-token"])
    chat.overrides = {"headers": {"X-Secret-Token": "known"}}
    headers, lost = reruns._headers(sent, Edits(), route)
    assert (headers["x-secret-token"], lost) == ("known", ())


async def test_a_stored_session_does_not_take_the_key_to_another_proxy() -> None:
    _, gateway, writer = await sent_once()
    record = writer.record()
    evil = replace(record.exchanges[0], route=replace(record.exchanges[0].route, base_url="http://evil"))
    resumed = session(
        ScriptedGateway([AGAIN]), resumed=replace(record, exchanges=(evil,)), writer=writer, prefix="b"
    )
    plan = await resumed.reruns.replay(evil.id)
    assert plan.route.base_url == gateway.routes[0].base_url
    assert "http://evil" in plan.findings[0].says


async def test_a_shadow_is_the_history_of_then_written_for_now() -> None:
    chat, gateway, _ = await sent_once(answer(text_block(0, "second")), AGAIN)
    await collect(chat.send("more"))
    plan = await chat.reruns.shadow(only(chat), Choice("other"))
    assert plan.estimate.cost.source == "estimated"
    await run(chat, plan)
    assert gateway.requests[2] == {**gateway.requests[0], "model": "other"}
    last = list(chat.log.values())[-1]
    assert (last.purpose, last.repeats, last.answer) == ("shadow", only(chat), None)
    assert len(chat.path) == 4


async def test_n_times_can_be_stopped_and_end_where_going_on_is_of_no_use() -> None:
    chat, gateway, _ = await sent_once(AGAIN, AGAIN, AGAIN)
    plan = await chat.reruns.replay(only(chat))
    async for event in chat.reruns.run(plan, 3):
        if isinstance(event, StepFinished):
            chat.stop()
    assert len(gateway.requests) == 2
    assert not chat.busy
    chat, gateway, _ = await sent_once(CallFailed("no", "no", cls="auth", status=401), AGAIN)
    await run(chat, await chat.reruns.replay(only(chat)), 2)
    assert len(gateway.requests) == 2
    last = list(chat.log.values())[-1]
    assert (last.state, last.failure is not None, chat.fruitless) == ("failed", True, [])


async def test_a_limit_asks_before_each_and_no_is_no() -> None:
    spending = Spending()
    chat, gateway, _ = await sent_once(AGAIN, AGAIN, spending=spending)
    spending.budget = Budget(turn=Decimal("0.01"))
    plan = await chat.reruns.replay(only(chat))
    asked = 0
    async for event in chat.reruns.run(plan, 2):
        if isinstance(event, BudgetNeeded):
            asked += 1
            event.decide(False)
    assert (asked, len(gateway.requests)) == (1, 1)


async def test_what_is_not_known_is_said() -> None:
    chat, _, _ = await sent_once()
    with pytest.raises(UsageError, match="no exchange"):
        await chat.reruns.replay("nobody")
    with pytest.raises(UsageError, match="no endpoint"):
        await chat.reruns.replay(only(chat), Edits(endpoint="telnet"))
    assert json.loads((await chat.reruns.replay(only(chat))).request.body)["stream"] is Settings().stream
