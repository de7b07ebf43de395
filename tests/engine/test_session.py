"""Turns as a whole: what is kept, what is sent next, what it cost."""

import asyncio
import threading
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from tests.engine.scripted import (
    ScriptedGateway,
    answer,
    call_block,
    closing,
    collect,
    opening,
    session,
    text_block,
    thinking_block,
)
from tui.chat.events import (
    Event,
    Observed,
    PartDelta,
    Retrying,
    StepFinished,
    StepStarted,
    ToolFinished,
    ToolStarted,
    TurnFailed,
    TurnFinished,
    Warned,
)
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import Json
from tui.chat.route import Served
from tui.chat.settings import ToolSpec
from tui.errors import CallFailed, UsageError
from tui.tools.toolbox import Toolbox
from tui.wire.codec import Request
from tui.wire.messages import MessagesCodec


class Echo:
    spec = ToolSpec("echo", "Say it back.", {"type": "object", "properties": {"text": {"type": "string"}}})

    async def run(self, arguments: Mapping[str, Json]) -> str:
        return str(arguments.get("text"))


class Forever:
    """A tool that never answers; tells when it was entered and left."""

    spec = ToolSpec("forever", "Wait.", {"type": "object", "properties": {}})

    def __init__(self) -> None:
        self.entered = asyncio.Event()
        self.left = False

    async def run(self, arguments: Mapping[str, Json]) -> str:
        self.entered.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.left = True
        return ""


def last(events: list[Event], kind: type) -> Any:
    return [e for e in events if isinstance(e, kind)][-1]


def refusal(cls: str = "vendor-error", **fields: Any) -> CallFailed:
    error = CallFailed("refused", cls=cls, layer="vendor", status=fields.pop("status", 500))
    for name, value in fields.items():
        setattr(error, name, value)
    return error


async def test_a_plain_turn() -> None:
    gateway = ScriptedGateway([answer(text_block(0, "Hello there"))])
    chat = session(gateway)
    events = await collect(chat.send("hi"))
    assert "".join(e.text for e in events if isinstance(e, PartDelta)) == "Hello there"
    done: TurnFinished = last(events, TurnFinished)
    assert (done.stop, done.text, done.steps) == ("end", "Hello there", 1)
    assert events.index(done) == len(events) - 1
    assert done.cost.usd == Decimal("0.12")
    assert (chat.totals.turns, chat.totals.steps, chat.totals.cost.usd) == (1, 1, Decimal("0.12"))
    assert chat.context_used == 110
    assert not chat.busy


async def test_a_tool_loop_sends_seals_and_results_back() -> None:
    gateway = ScriptedGateway(
        [
            answer(
                thinking_block(0, "use it", "SEAL"),
                call_block(1, "toolu_1", "echo", '{"text": "a"}'),
                call_block(2, "toolu_2", "echo", '{"text": "b"}'),
                stop="tool_use",
            ),
            answer(text_block(0, "done")),
        ]
    )
    chat = session(gateway, toolbox=Toolbox([Echo()]))
    events = await collect(chat.send("go"))
    assert [e.step for e in events if isinstance(e, StepStarted)] == [1, 2]
    assert len([e for e in events if isinstance(e, ToolStarted)]) == 2
    sent = gateway.requests[1]["messages"]
    assert [m["role"] for m in sent] == ["user", "assistant", "user"]
    assert sent[1]["content"][0] == {"type": "thinking", "thinking": "use it", "signature": "SEAL"}
    assert [b["tool_use_id"] for b in sent[2]["content"]] == ["toolu_1", "toolu_2"]
    assert last(events, StepFinished).seals_sent == 1
    assert last(events, TurnFinished).steps == 2


async def test_the_history_holds_the_message_before_it_is_shown_as_finished() -> None:
    chat = session(ScriptedGateway([answer(text_block(0, "x"))]))
    async for event in chat.send("hi"):
        if isinstance(event, StepFinished):
            assert chat.conversation.messages[-1] is event.message


async def test_a_refused_prompt_leaves_the_history_and_can_be_retried() -> None:
    gateway = ScriptedGateway([refusal(), answer(text_block(0, "now"))])
    chat = session(gateway)
    events = await collect(chat.send("hi"))
    assert isinstance(events[-2], TurnFailed)
    assert last(events, TurnFinished).stop == "failed"
    assert chat.conversation.messages == ()
    events = await collect(chat.retry())
    assert last(events, TurnFinished).text == "now"
    assert gateway.requests[0] == gateway.requests[1]


async def test_a_cut_answer_is_kept_and_the_next_prompt_can_be_sent() -> None:
    cut = [opening(), *thinking_block(0, "t", "S"), *text_block(1, "half")[:-1]]
    gateway = ScriptedGateway([cut, answer(text_block(0, "fine"))])
    chat = session(gateway)
    events = await collect(chat.send("hi"))
    failed = last(events, TurnFailed).error
    assert failed.cls == "stream-cut"
    kept = chat.conversation.messages[-1]
    assert isinstance(kept, AssistantMessage)
    assert (kept.text, kept.stop, kept.cost.at_least) == ("half", "failed", True)
    await collect(chat.send("again"))
    assert [m["role"] for m in gateway.requests[1]["messages"]] == ["user", "assistant", "user"]


async def test_retry_after_a_cut_asks_the_same_again() -> None:
    gateway = ScriptedGateway([[opening(), *text_block(0, "half")[:-1]], answer(text_block(0, "whole"))])
    chat = session(gateway)
    await collect(chat.send("hi"))
    events = await collect(chat.retry())
    assert last(events, TurnFinished).text == "whole"
    assert gateway.requests[1]["messages"] == gateway.requests[0]["messages"]
    with pytest.raises(UsageError, match="nothing to retry"):
        await collect(chat.retry())


async def test_nothing_to_retry_at_the_start() -> None:
    with pytest.raises(UsageError, match="nothing was sent"):
        await collect(session(ScriptedGateway([])).retry())


FULL_STEP = [
    opening(),
    *thinking_block(0, "think", "SEAL"),
    *text_block(1, "Let me see"),
    *call_block(2, "toolu_1", "echo", '{"text": "a"}'),
    *closing("tool_use"),
]


@pytest.mark.parametrize("position", range(len(FULL_STEP)))
async def test_a_stop_at_any_frame_leaves_a_sendable_history(position: int) -> None:
    chat = session(gateway := ScriptedGateway([], idle_timeout=30), toolbox=Toolbox([Echo()]))

    async def press() -> None:
        chat.stop()
        await asyncio.Event().wait()

    gateway.answers = [[*FULL_STEP[:position], press], answer(text_block(0, "ok"))]
    events = await collect(chat.send("hi"))
    assert last(events, TurnFinished).stop == "cancelled"
    assert not [e for e in events if isinstance(e, TurnFailed)]
    assert gateway.open_answers == 0
    assert not chat.busy
    events = await collect(chat.send("next"))
    assert last(events, TurnFinished).stop == "end"
    sent = gateway.requests[-1]["messages"]
    assert sent[-1]["role"] == "user"
    called = [
        b["id"] for m in sent if m["role"] == "assistant" for b in m["content"] if b["type"] == "tool_use"
    ]
    answered = [
        b["tool_use_id"]
        for m in sent
        if m["role"] == "user"
        for b in m["content"]
        if b["type"] == "tool_result"
    ]
    assert called == answered


async def test_a_stop_while_a_tool_runs_answers_every_call() -> None:
    tool = Forever()
    gateway = ScriptedGateway(
        [
            answer(
                call_block(0, "a", "echo", '{"text": "x"}'),
                call_block(1, "b", "forever", "{}"),
                stop="tool_use",
            ),
            answer(text_block(0, "ok")),
        ]
    )
    chat = session(gateway, toolbox=Toolbox([Echo(), tool]))
    events = []
    async for event in chat.send("go"):
        events.append(event)
        if isinstance(event, ToolFinished) and event.call.name == "echo":
            await tool.entered.wait()
            chat.stop()
    assert last(events, TurnFinished).stop == "cancelled"
    assert tool.left
    results = chat.conversation.messages[-1]
    assert isinstance(results, ToolMessage)
    assert [(r.call_id, r.is_error) for r in results.results] == [("a", False), ("b", True)]
    await collect(chat.send("next"))
    assert gateway.requests[-1]["messages"][-1]["content"][-1]["text"] == "next"


async def test_the_step_limit_ends_the_turn() -> None:
    loop = answer(call_block(0, "c", "echo", '{"text": "x"}'), stop="tool_use")
    gateway = ScriptedGateway([loop] * 9)
    events = await collect(session(gateway, toolbox=Toolbox([Echo()])).send("go"))
    assert (last(events, TurnFinished).stop, len(gateway.requests)) == ("step_limit", 5)


async def test_bad_arguments_are_answered_and_never_run() -> None:
    gateway = ScriptedGateway(
        [answer(call_block(0, "c", "echo", '{"text": '), stop="tool_use"), answer(text_block(0, "sorry"))]
    )
    events = await collect(session(gateway, toolbox=Toolbox([Echo()])).send("go"))
    assert last(events, ToolFinished).result.is_error
    block = gateway.requests[1]["messages"][1]["content"][0]
    assert block["input"] == {}


async def test_one_visible_retry_for_a_cooldown_and_no_more() -> None:
    cooldown = refusal("cooldown", status=429, retry_after=0.001)
    gateway = ScriptedGateway([cooldown, answer(text_block(0, "ok"))])
    events = await collect(session(gateway).send("hi"))
    assert last(events, Retrying).attempt == 2
    assert last(events, TurnFinished).text == "ok"
    gateway = ScriptedGateway([cooldown, cooldown, answer()])
    events = await collect(session(gateway).send("hi"))
    assert last(events, TurnFailed).error.cls == "cooldown"
    assert len(gateway.requests) == 2


@pytest.mark.parametrize(
    "error",
    [
        refusal("cooldown", status=429, retry_after=60.0),
        refusal("rate-limited", status=429),
        refusal("overloaded", status=529),
        refusal("proxy-unreachable"),
    ],
    ids=lambda e: e.cls,
)
async def test_nothing_else_is_retried(error: CallFailed) -> None:
    gateway = ScriptedGateway([error, answer()])
    events = await collect(session(gateway).send("hi"))
    assert not [e for e in events if isinstance(e, Retrying)]
    assert len(gateway.requests) == 1


async def test_a_proxy_that_refused_the_connection_is_tried_once_more() -> None:
    gateway = ScriptedGateway([refusal("proxy-unreachable", never_sent=True), answer(text_block(0, "up"))])
    assert last(await collect(session(gateway).send("hi")), TurnFinished).text == "up"


async def test_silence_before_and_within_the_answer() -> None:

    async def silence() -> None:
        await asyncio.Event().wait()

    gateway = ScriptedGateway([[silence]], first_byte_timeout=0.01)
    events = await collect(session(gateway).send("hi"))
    assert last(events, TurnFailed).error.cls == "timeout-first-byte"
    gateway = ScriptedGateway([[opening(), *text_block(0, "half")[:-1], silence]], idle_timeout=0.01)
    events = await collect(session(gateway).send("hi"))
    assert last(events, TurnFailed).error.cls == "timeout-idle"


async def test_an_error_inside_the_stream() -> None:
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    gateway = ScriptedGateway([[opening(), *text_block(0, "half")[:-1], error]])
    events = await collect(session(gateway).send("hi"))
    assert last(events, TurnFailed).error.cls == "overloaded"


async def test_the_pin_holds_the_deployment_and_a_403_lets_go_with_a_warning() -> None:
    served = Served(model_id="dep-2", model="anthropic/claude-opus-4-5")
    call = call_block(1, "toolu_1", "echo", '{"text": "a"}')
    gateway = ScriptedGateway(
        [
            answer(thinking_block(0, "t", "S"), call, stop="tool_use"),
            refusal("key-model-refused", status=403),
            answer(text_block(0, "done")),
        ],
        served=served,
    )
    chat = session(gateway, toolbox=Toolbox([Echo()]), mixed=True, deployments=("dep-1", "dep-2"))
    events = await collect(chat.send("go"))
    assert [r.wire_model for r in gateway.routes] == ["smart", "dep-2", "smart"]
    told = [finding.says for e in events if isinstance(e, Observed) for finding in e.findings]
    assert any("no longer pinned" in says for says in told)
    assert last(events, TurnFinished).text == "done"


async def test_closing_a_turn_early_closes_the_connection() -> None:
    gateway = ScriptedGateway([answer(text_block(0, "Hello there"))])
    chat = session(gateway)
    events = chat.send("hi")
    async for event in events:
        if isinstance(event, PartDelta):
            break
    assert gateway.open_answers == 1
    await events.aclose()
    assert gateway.open_answers == 0
    assert not chat.busy


async def test_a_second_turn_while_one_runs_is_refused() -> None:
    chat = session(ScriptedGateway([answer(text_block(0, "Hello"))]))
    first = chat.send("hi")
    await anext(first)
    with pytest.raises(UsageError, match="a turn is running"):
        await collect(chat.retry())
    await first.aclose()


async def test_switching_takes_effect_at_the_next_turn() -> None:
    gateway = ScriptedGateway([answer(text_block(0, "a")), answer(text_block(0, "b"))])
    chat = session(gateway)
    await collect(chat.send("one"))
    chat.switch("other")
    await collect(chat.send("two"))
    assert [r.requested for r in gateway.routes] == ["smart", "other"]
    assert isinstance(chat.conversation.messages[0], UserMessage)


async def test_inside_a_tool_loop_the_deployment_a_fallback_chose_is_held() -> None:
    served = Served(model_id="dep-of-smart", model="anthropic/claude-opus-4-1", attempted_fallbacks=1)
    gateway = ScriptedGateway(
        [
            answer(call_block(0, "toolu_1", "echo", '{"text": "a"}'), stop="tool_use"),
            answer(text_block(0, "done")),
            answer(text_block(0, "next")),
        ],
        served=served,
    )
    chat = session(gateway, toolbox=Toolbox([Echo()]), deployments=("dep-own",))
    await collect(chat.send("go"))
    await collect(chat.send("on"))
    assert [r.wire_model for r in gateway.routes] == ["smart", "dep-of-smart", "smart"]


async def test_an_answer_that_holds_nothing_is_remarked_on() -> None:
    events = await collect(session(ScriptedGateway([answer()])).send("hi"))
    assert last(events, Warned).finding.cls == "empty-message"
    assert last(events, TurnFinished).stop == "end"


async def test_a_stream_without_a_single_event_is_no_stream() -> None:
    events = await collect(session(ScriptedGateway([[]])).send("hi"))
    assert last(events, TurnFailed).error.cls == "not-a-stream"


async def test_two_calls_with_one_id_keep_their_own_results() -> None:
    calls = [call_block(i, "same", "echo", f'{{"text": "{text}"}}') for i, text in enumerate("ab")]
    gateway = ScriptedGateway([answer(*calls, stop="tool_use"), answer(text_block(0, "done"))])
    chat = session(gateway, toolbox=Toolbox([Echo()]))
    await collect(chat.send("go"))
    kept = chat.conversation.messages[2]
    assert isinstance(kept, ToolMessage)
    assert [r.text for r in kept.results] == ["a", "b"]
    sent = gateway.requests[1]["messages"]
    called = [b["id"] for b in sent[1]["content"]]
    answered = [(b["tool_use_id"], b["content"]) for b in sent[2]["content"]]
    assert len(set(called)) == 2
    assert [id for id, _ in answered] == called
    assert "a" in str(answered[0][1])
    assert "b" in str(answered[1][1])


async def test_the_loop_goes_on_while_a_request_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    encode, loop, turned = MessagesCodec.encode, asyncio.get_running_loop(), threading.Event()

    def waiting(codec: MessagesCodec, *given: Any) -> Request:
        loop.call_soon_threadsafe(turned.set)
        # Were this the loop's own thread, nobody would ever set it.
        assert turned.wait(20)
        return encode(codec, *given)

    monkeypatch.setattr(MessagesCodec, "encode", waiting)
    events = await collect(session(ScriptedGateway([answer(text_block(0, "ok"))])).send("hi"))
    assert last(events, TurnFinished).stop == "end"


async def test_a_stop_while_a_request_is_made_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    encode, loop, stopped = MessagesCodec.encode, asyncio.get_running_loop(), threading.Event()
    chat = session(gateway := ScriptedGateway([answer(text_block(0, "ok"))]))

    def press() -> None:
        chat.stop()
        stopped.set()

    def waiting(codec: MessagesCodec, *given: Any) -> Request:
        loop.call_soon_threadsafe(press)
        assert stopped.wait(20)
        return encode(codec, *given)

    with monkeypatch.context() as patched:
        patched.setattr(MessagesCodec, "encode", waiting)
        events = await collect(chat.send("hi"))
    assert [type(event) for event in events] == [TurnFinished]
    assert last(events, TurnFinished).stop == "cancelled"
    assert not gateway.requests
    assert chat.refused is not None
    assert last(await collect(chat.retry()), TurnFinished).stop == "end"
