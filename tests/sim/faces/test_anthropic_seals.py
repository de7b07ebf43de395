"""Thinking comes back untouched or not at all: what the vendor checks in later turns."""

import copy
from typing import Any

import pytest

from tests.sim.faces.claude import ADAPTIVE, MANUAL, TOOLS, answered, ask, message, refusal
from tui.sim.faces.anthropic_request import BINDING_BETA
from tui.sim.generations import GENERATIONS, Generation
from tui.sim.state import SimState

CLAUDES = [g for g in GENERATIONS.values() if g.vendor == "anthropic"]
BOUND = "claude-fable-5-1"
SUM = "What is 17 * 23 and what time is it in Tokyo?"
MODIFIED = "blocks in the latest assistant message cannot be modified"
INVALID = "Invalid `signature` in `thinking` block"
ELSEWHERE = "The block is bound to a different conversation"


def thinking_for(generation: Generation) -> dict[str, Any]:
    return ADAPTIVE if "adaptive" in generation.thinking else MANUAL


async def until_done(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run the tool loop to its end; the last request and its reply."""
    for _ in range(6):
        reply = await message(body)
        if reply["stop_reason"] != "tool_use":
            return body, reply
        body = answered(body, reply)
    raise AssertionError("the loop did not end")


async def in_loop(prompt: str = SUM, **fields: Any) -> dict[str, Any]:
    """A request whose open tool loop ends in results."""
    body = ask(prompt, **{"tools": TOOLS, "thinking": MANUAL, **fields})
    return answered(body, await message(body))


def blocks(body: dict[str, Any], at: int = 1) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = body["messages"][at]["content"]
    return content


@pytest.mark.parametrize("generation", CLAUDES, ids=lambda g: g.name)
@pytest.mark.parametrize(
    "word", ["", "parallel", "interleaved", "redacted", "two thoughts", "thinking-text-thinking"]
)
async def test_a_dialogue_with_tools_sent_back_verbatim_passes(generation: Generation, word: str) -> None:
    body = ask(f"{word} {SUM}", model=generation.name, tools=TOOLS, thinking=thinking_for(generation))
    body, reply = await until_done(body)
    body = answered(body, reply, f"{word} And 2 + 2?")
    body, reply = await until_done(body)
    assert reply["stop_reason"] == "end_turn"
    assert len(body["messages"]) >= 7


@pytest.mark.parametrize("generation", CLAUDES, ids=lambda g: g.name)
async def test_thinking_is_on_where_the_generation_thinks(generation: Generation) -> None:
    reply = await message(ask(model=generation.name))
    has = any(b["type"] == "thinking" for b in reply["content"])
    assert has == generation.thinks_by_default


async def test_omitted_thinking_has_a_seal_and_no_text() -> None:
    reply = await message(ask(model="claude-opus-4-7", thinking=ADAPTIVE))
    thought = reply["content"][0]
    assert thought["thinking"] == ""
    assert len(thought["signature"]) > 200
    shown = await message(ask(model="claude-opus-4-7", thinking={**ADAPTIVE, "display": "summarized"}))
    assert len(shown["content"][0]["thinking"]) > 50


async def test_a_changed_thought_in_the_open_loop_is_modified() -> None:
    body = await in_loop()
    blocks(body)[0]["thinking"] += " "
    assert MODIFIED in (await refusal(body))[1]


async def test_a_changed_thought_of_an_earlier_turn_is_invalid() -> None:
    body, reply = await until_done(await in_loop())
    body = answered(body, reply, "Go on.")
    blocks(body)[0]["thinking"] = "something else"
    assert (await refusal(body)) == (400, f"messages.1.content.0: {INVALID}")


@pytest.mark.parametrize("type", ["thinking", "redacted_thinking"])
async def test_any_change_to_a_seal_is_invalid(type: str) -> None:
    body = await in_loop(f"redacted {SUM}")
    block = next(b for b in blocks(body) if b["type"] == type)
    key = "data" if type == "redacted_thinking" else "signature"
    whole = block[key]
    for damaged in (whole[:-4], whole[:50] + whole[51:], whole.replace(whole[80], "Z"), whole + "AAAA"):
        block[key] = damaged
        assert f"Invalid `{key}` in `{type}` block" in (await refusal(body))[1]


async def test_thoughts_may_not_swap_places_or_go_missing_in_the_open_loop() -> None:
    body = await in_loop(f"two thoughts {SUM}")
    whole = copy.deepcopy(blocks(body))
    assert [b["type"] for b in whole[:2]] == ["thinking", "thinking"]
    for kept in ([1, 0, *range(2, len(whole))], [1, *range(2, len(whole))], [0, *range(2, len(whole))]):
        body["messages"][1]["content"] = [whole[i] for i in kept]
        assert MODIFIED in (await refusal(body))[1]


async def test_manual_thinking_demands_a_thought_first_and_adaptive_does_not() -> None:
    body = await in_loop()
    body["messages"][1]["content"] = [b for b in blocks(body) if b["type"] != "thinking"]
    assert "Expected `thinking` or `redacted_thinking`, but found `t" in (await refusal(body))[1]
    del body["thinking"]
    assert (await message(body))["stop_reason"]
    body |= {"model": "claude-sonnet-4-6", "thinking": ADAPTIVE}
    assert (await message(body))["stop_reason"]


async def test_a_seal_of_another_model_is_invalid() -> None:
    body = {**await in_loop(), "model": "claude-opus-4-5"}
    assert INVALID in (await refusal(body))[1]


async def test_the_same_model_in_another_spelling_reads_its_seal() -> None:
    body = {**await in_loop(), "model": "us.anthropic.claude-sonnet-4-5-20250929-v1:0"}
    assert (await message(body))["stop_reason"]


async def test_a_seal_of_another_server_is_invalid() -> None:
    body = await in_loop()
    assert INVALID in (await refusal(body, SimState(speed=0, secret=b"other")))[1]


async def test_words_put_into_an_omitted_thought_are_refused() -> None:
    body = await in_loop(model="claude-opus-4-7", thinking=ADAPTIVE)
    assert blocks(body)[0]["thinking"] == ""
    blocks(body)[0]["thinking"] = "..."
    assert MODIFIED in (await refusal(body))[1]


async def bound_dialogue(**fields: Any) -> dict[str, Any]:
    """Three turns with a prefix-bound model; each answer has a thought."""
    body = ask("Explain caching to me.", model=BOUND, system="Be kind.", tools=TOOLS, **fields)
    for prompt in ("Explain locking to me.", "Explain queues to me."):
        body = answered(body, await message(body), prompt)
    return body


CHANGES: dict[str, dict[str, Any]] = {
    "The `system` prompt differs": {"system": "Be brief."},
    "The `tools` list differs": {"tools": TOOLS[:1]},
    "A message before the block differs": {},
}


@pytest.mark.parametrize("sentence", CHANGES)
async def test_a_bound_thought_notices_every_change_before_it(sentence: str) -> None:
    body = await bound_dialogue()
    changed = {**body, **CHANGES[sentence]}
    if not CHANGES[sentence]:
        changed["messages"] = [{"role": "user", "content": "Explain cache to me."}, *body["messages"][1:]]
    status, said = await refusal(changed)
    assert status == 400
    assert said.startswith(f"messages.1.content.0: {INVALID}. {ELSEWHERE}")
    assert sentence in said
    assert f"`{BINDING_BETA}`" in said


async def test_an_unbound_model_does_not_mind_a_changed_prefix() -> None:
    body = answered(ask(system="A"), await message(ask(system="A", thinking=MANUAL)), "Go on.")
    assert (await message({**body, "system": "B"}))["stop_reason"] == "end_turn"


async def test_cache_marks_and_parameters_are_not_part_of_the_prefix() -> None:
    body = await bound_dialogue(cache_control={"type": "ephemeral"})
    body["tools"] = [{**TOOLS[0], "cache_control": {"type": "ephemeral"}}, TOOLS[1]]
    body["system"] = [{"type": "text", "text": "Be kind.", "cache_control": {"type": "ephemeral"}}]
    body |= {"max_tokens": 2222, "output_config": {"effort": "low"}}
    del body["cache_control"]
    assert (await message(body))["stop_reason"] == "end_turn"


async def test_bound_thoughts_may_go_from_the_front_but_leave_no_gap() -> None:
    body = await bound_dialogue()
    body = answered(body, await message(body), "Explain clocks to me.")
    for front in (1, 3, 5):
        body["messages"][front]["content"] = [b for b in blocks(body, front) if b["type"] != "thinking"]
        assert (await message(body))["stop_reason"] == "end_turn"
    gap = await bound_dialogue()
    gap = answered(gap, await message(gap), "Explain clocks to me.")
    gap["messages"][3]["content"] = [b for b in blocks(gap, 3) if b["type"] != "thinking"]
    _, said = await refusal(gap)
    assert said.startswith(f"messages.5.content.0: {INVALID}. {ELSEWHERE}")
    assert "missing" in said


async def test_a_bound_thought_keeps_its_place_among_the_text_of_its_answer() -> None:
    body = ask(f"thinking-text-thinking {SUM}", model=BOUND, tools=TOOLS)
    body = answered(body, await message(body))
    content = blocks(body)
    assert [b["type"] for b in content[:3]] == ["thinking", "text", "thinking"]
    body["messages"][1]["content"] = [content[0], content[2], content[1], *content[3:]]
    assert ELSEWHERE in (await refusal(body))[1]


async def test_drop_block_drops_and_tells() -> None:
    body = await bound_dialogue()
    binding = {**ADAPTIVE, "block_binding": {"prefix_mismatch_behavior": "drop_block"}}
    changed = {**body, "system": "Be brief.", "thinking": binding}
    reply = await message(changed, anthropic_beta=BINDING_BETA)
    dropped = reply["input_transformations"]
    assert [d["path"] for d in dropped] == ["messages.1.content.0", "messages.3.content.0"]
    assert all(d["type"] == "thinking_dropped" for d in dropped)
