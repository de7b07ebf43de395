"""Streams of the simulated Anthropic: their shape and faults, and that they tell what whole answers tell."""

import asyncio
import json
from typing import Any

import pytest

from tests.sim.faces.claude import ADAPTIVE, MANUAL, TOOLS, ask, events, folded, message, refusal
from tui.sim.refusal import Broken, Page
from tui.sim.state import SimState
from tui.sim.transport import SseEvent

WORDS = [
    "hello",
    "Explain caching in python with a table.",
    "redacted",
    "two thoughts",
    "thinking-text-thinking",
    "interleaved",
    "parallel",
    "empty signed",
    "bad json",
    "unicode",
    "hostile",
    "long 900",
    "max tokens",
    "refusal",
    "who are you?",
    "help",
]


def request_for(word: str) -> dict[str, Any]:
    return ask(word, tools=TOOLS, thinking=MANUAL)


@pytest.mark.parametrize("word", WORDS)
async def test_a_stream_folds_to_the_whole_answer(word: str) -> None:
    body = request_for(word)
    assert await folded(body) == await message(body)


@pytest.mark.parametrize("word", WORDS)
async def test_a_stream_is_well_formed(word: str) -> None:
    seen = await events(request_for(word))
    assert all(e.event == e.data["type"] for e in seen)
    assert [seen[0].event, seen[-2].event, seen[-1].event] == [
        "message_start",
        "message_delta",
        "message_stop",
    ]
    assert seen[1].event == "ping"
    open_ = None
    blocks = 0
    for event in seen[2:-2]:
        match event.event:
            case "content_block_start":
                assert (open_, event.data["index"]) == (None, blocks)
                open_, blocks = event.data["index"], blocks + 1
            case "content_block_delta":
                assert event.data["index"] == open_
            case "content_block_stop":
                assert event.data["index"] == open_
                open_ = None
            case other:
                assert other == "ping"
    assert open_ is None
    assert blocks > 0


async def kinds(word: str, **fields: Any) -> list[str]:
    reply = await message(request_for(word) | fields)
    return [b["type"] for b in reply["content"]]


async def test_words_steer_the_order_of_blocks() -> None:
    assert (await kinds("redacted please now"))[:2] == ["redacted_thinking", "thinking"]
    assert (await kinds("two thoughts"))[:2] == ["thinking", "thinking"]
    assert (await kinds("thinking-text-thinking"))[:3] == ["thinking", "text", "thinking"]
    assert (await kinds("parallel"))[-2:] == ["tool_use", "tool_use"]
    assert (await kinds("empty signed"))[0] == "thinking"


async def test_an_empty_signed_thought_has_only_a_seal() -> None:
    thought = (await message(request_for("empty signed")))["content"][0]
    assert (thought["thinking"], len(thought["signature"]) > 200) == ("", True)


async def test_bad_json_is_streamed_as_it_is_and_marked_in_a_whole_answer() -> None:
    body = request_for("bad json")
    deltas = [e.data["delta"] for e in await events(body) if e.event == "content_block_delta"]
    arguments = "".join(d["partial_json"] for d in deltas if d["type"] == "input_json_delta")
    with pytest.raises(ValueError):
        json.loads(arguments)
    assert (await message(body))["content"][-1]["input"] == {"INVALID_JSON": arguments}


async def test_arguments_are_cut_at_awkward_places() -> None:
    seen = await events(request_for("What is 12345 * 67890?"))
    parts = [
        e.data["delta"]["partial_json"]
        for e in seen
        if e.event == "content_block_delta" and e.data["delta"]["type"] == "input_json_delta"
    ]
    assert len(parts) > 4
    assert json.loads("".join(parts)) == {"expression": "12345 * 67890"}


@pytest.mark.parametrize(
    ("word", "stop"),
    [("max tokens", "max_tokens"), ("refusal", "refusal"), ("parallel", "tool_use"), ("hello", "end_turn")],
)
async def test_stop_reasons(word: str, stop: str) -> None:
    assert (await message(request_for(word)))["stop_reason"] == stop


async def test_the_limit_of_tokens_cuts_the_answer() -> None:
    reply = await message(ask("long 5000", max_tokens=100))
    assert reply["stop_reason"] == "max_tokens"
    assert 80 <= reply["usage"]["output_tokens"] <= 100


async def test_a_stop_sequence_ends_the_answer_before_it() -> None:
    whole = (await message(ask("long 300")))["content"][0]["text"]
    sequence = whole[200:210]
    reply = await message(ask("long 300", stop_sequences=["never said", sequence]))
    assert (reply["stop_reason"], reply["stop_sequence"]) == ("stop_sequence", sequence)
    assert reply["content"][0]["text"] == whole[: whole.find(sequence)]


async def test_long_is_about_as_long_as_asked() -> None:
    reply = await message(ask("long 3000", max_tokens=10_000))
    assert 2700 <= reply["usage"]["output_tokens"] <= 3300


async def test_thinking_tokens_are_told_and_lie_within_the_output() -> None:
    usage = (await message(ask(thinking=MANUAL)))["usage"]
    assert 0 < usage["output_tokens_details"]["thinking_tokens"] < usage["output_tokens"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 429, 500, 529])
async def test_an_error_asked_for_is_given(status: int) -> None:
    assert (await refusal(ask(f"error {status}")))[0] == status


async def test_once_fails_only_the_first_time() -> None:
    state = SimState(speed=0)
    assert (await refusal(ask("error 529 once"), state)) == (529, "Overloaded")
    assert (await message(ask("error 529 once"), state))["stop_reason"] == "end_turn"


async def test_a_fault_after_tools_spares_the_first_step() -> None:
    body = ask("17 * 23, then error 500 after tools", tools=TOOLS)
    reply = await message(body)
    assert reply["stop_reason"] == "tool_use"
    result = {"type": "tool_result", "tool_use_id": reply["content"][-1]["id"], "content": "391"}
    said = {"role": "assistant", "content": reply["content"]}
    body["messages"] += [said, {"role": "user", "content": [result]}]
    assert (await refusal(body))[0] == 500


async def test_an_error_inside_the_stream() -> None:
    seen = await events(ask("error midstream"))
    assert seen[-1].data == {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    assert seen[-2].event in ("content_block_delta", "ping")
    assert (await refusal(ask("error midstream")))[0] == 529


async def test_a_clean_cut_ends_without_last_words_inside_a_block() -> None:
    seen = await events(ask("clean cut"))
    assert seen[-1].event in ("content_block_delta", "ping")


@pytest.mark.parametrize(
    ("word", "delta"),
    [
        ("cut stream", "text_delta"),
        ("cut thinking", "thinking_delta"),
        ("cut arguments parallel", "input_json_delta"),
    ],
)
async def test_a_cut_strikes_inside_the_block_asked_for(word: str, delta: str) -> None:
    seen: list[SseEvent] = []
    with pytest.raises(Broken) as broken:
        await events(request_for(word), seen=seen)
    assert broken.value.whole_way
    last = [e for e in seen if e.event != "ping"][-1]
    assert last.data["delta"]["type"] == delta


async def test_an_upstream_cut_leaves_the_proxy_alive() -> None:
    with pytest.raises(Broken) as broken:
        await events(ask("upstream cut"))
    assert not broken.value.whole_way


async def test_html_is_a_page() -> None:
    with pytest.raises(Page):
        await message(ask("html"))


async def test_a_hang_gives_nothing() -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(message(ask("hang")), 0.05)


async def test_equal_requests_have_equal_answers_and_another_seed_other_ones() -> None:
    body = ask("Tell me about queues and their uses.", thinking=MANUAL)
    first, second = await message(body), await message(body)
    assert first == second
    other = await message(body, SimState(speed=0, seed=7))
    assert other["content"] != first["content"]


async def test_forced_tools_are_called() -> None:
    reply = await message(ask("hello", tools=TOOLS, tool_choice={"type": "tool", "name": "current_time"}))
    assert [b["name"] for b in reply["content"] if b["type"] == "tool_use"] == ["current_time"]
    lone = await message(
        ask("parallel", tools=TOOLS, tool_choice={"type": "auto", "disable_parallel_tool_use": True})
    )
    assert len([b for b in lone["content"] if b["type"] == "tool_use"]) == 1


async def test_adaptive_models_do_not_think_about_trifles() -> None:
    reply = await message(ask("hi", model="claude-sonnet-4-6", thinking=ADAPTIVE))
    assert [b["type"] for b in reply["content"]] == ["text"]
