"""Each rule of a valid Messages request refuses with the vendor's sentence."""

from typing import Any

import pytest

from tests.sim.faces.claude import ADAPTIVE, CALCULATOR, MANUAL, TOOLS, ask, message, refusal

USER = {"role": "user", "content": "hi"}
CALL = {"type": "tool_use", "id": "t1", "name": "calculator", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "t1", "content": "1"}
MARK = {"type": "ephemeral"}
FORCED = {"type": "any"}
FABLE, OPUS_47, OPUS_5 = "claude-fable-5-1", "claude-opus-4-7", "claude-opus-5"


def said(*blocks: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": list(blocks)}


def told(*blocks: Any) -> dict[str, Any]:
    return {"role": "user", "content": list(blocks)}


def text(words: str, **fields: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **fields}


def talk(*messages: Any, **fields: Any) -> dict[str, Any]:
    return ask(messages=list(messages), **fields)


def tool(**fields: Any) -> dict[str, Any]:
    return {**CALCULATOR, **fields}


def without(key: str) -> dict[str, Any]:
    return {k: v for k, v in ask().items() if k != key}


FAULTS: list[tuple[str, Any, str]] = [
    ("A1 not JSON", b'{"model": ', "The request body is not valid JSON"),
    ("A1 surrogate", ask("\ud83d"), "not valid JSON: no low surrogate in string"),
    ("A1 not an object", [], "Input should be a valid dictionary"),
    ("A2 no model", without("model"), "model: Field required"),
    ("A2 no max_tokens", without("max_tokens"), "max_tokens: Field required"),
    ("A2 no messages", without("messages"), "messages: Field required"),
    ("A2 zero", ask(max_tokens=0, stream=True), "max_tokens: Input should be greater than or equal to 1"),
    ("A2 too many", ask(max_tokens=64_001), "max_tokens: 64001 > 64000, which is the maximum allowed"),
    ("A3 unknown field", ask(speed="fast"), "speed: Extra inputs are not permitted"),
    ("A3 beta field", ask(context_management={}), "context_management: Extra inputs are not permitted"),
    (
        "A3 block field",
        talk(told(text("a", x=1))),
        "messages.0.content.0.text.x: Extra inputs are not permitted",
    ),
    ("A4 empty", talk(), "messages: at least one message is required"),
    ("A4 first", talk(said(text("a")), USER), 'first message must use the "user" role'),
    (
        "A4 role",
        talk({"role": "tool", "content": "x"}),
        "messages.0.role: Input should be 'user' or 'assistant'",
    ),
    ("A5 system", talk(USER, {"role": "system", "content": "x"}), 'Unexpected role "system"'),
    ("A6 prefill", talk(USER, said(text("a")), model=FABLE), "does not support assistant message prefill"),
    (
        "A6 blank end",
        talk(USER, said(text("a "))),
        "final assistant content cannot end with trailing whitespace",
    ),
    ("A7 no content", talk(told()), "messages.0: user messages must have non-empty content"),
    (
        "A7 empty turn",
        talk(USER, said(), USER),
        "messages.1: all messages must have non-empty content except",
    ),
    ("A7 empty text", talk(told(text(""))), "messages: text content blocks must be non-empty"),
    ("A7 blank text", talk(told(text(" \n"))), "text content blocks must contain non-whitespace text"),
    ("A8 id", talk(USER, said({**CALL, "id": "a b"})), "tool_use.id: String should match pattern"),
    (
        "A8 name",
        talk(USER, said({**CALL, "name": ""})),
        "tool_use.name: String should have at least 1 character",
    ),
    (
        "A8 input",
        talk(USER, said({**CALL, "input": "x"})),
        "tool_use.input: Input should be a valid dictionary",
    ),
    ("A8 unique", talk(USER, said(CALL, CALL), told(RESULT)), "`tool_use` ids must be unique"),
    (
        "A9 no result",
        talk(USER, said(CALL), USER),
        "ids were found without `tool_result` blocks immediately after: t1",
    ),
    (
        "A9 text first",
        talk(USER, said(CALL), told(text("a"), RESULT)),
        "were found without `tool_result` blocks",
    ),
    (
        "A9 no call",
        talk(USER, said(text("a")), told(RESULT)),
        "unexpected `tool_use_id` found in `tool_result`",
    ),
    ("A9 twice", talk(USER, said(CALL), told(RESULT, RESULT)), "each tool_use must have a single result"),
    ("A10 server id", talk(USER, said({**CALL, "type": "server_tool_use"})), "match pattern '^srvtoolu_"),
    ("A13 name", ask(tools=[tool(name="a b")]), "tools.0.custom.name: String should match pattern"),
    ("A13 twice", ask(tools=[CALCULATOR, CALCULATOR]), "tools: Tool names must be unique."),
    ("A13 anyOf", ask(tools=[tool(input_schema={"anyOf": []})]), "does not support oneOf, allOf, or anyOf"),
    (
        "A13 root",
        ask(tools=[tool(input_schema={"type": "string"})]),
        "input_schema.type: Input should be 'object'",
    ),
    (
        "A13 draft",
        ask(tools=[tool(input_schema={"type": "object", "properties": {"a": {"type": "text"}}})]),
        "JSON schema is invalid",
    ),
    (
        "A15 thinking",
        ask(tools=TOOLS, tool_choice=FORCED, thinking=MANUAL),
        "Thinking may not be enabled when",
    ),
    (
        "A15 model",
        ask(tools=TOOLS, tool_choice=FORCED, model=FABLE),
        'type "tool" and "any" are not supported',
    ),
    ("A15 no tools", ask(tool_choice=FORCED), "tool_choice may only be specified while providing tools"),
    (
        "A16 five",
        talk(told(*[text("a", cache_control=MARK)] * 4), cache_control=MARK),
        "A maximum of 4 blocks with cache_control may be provided. Found 5.",
    ),
    (
        "A16 blank",
        talk(told(text("", cache_control=MARK))),
        "cache_control cannot be set for empty text blocks",
    ),
    (
        "A16 order",
        talk(told(text("a", cache_control={**MARK, "ttl": "1h"})), system=[text("s", cache_control=MARK)]),
        "messages.0.content.0.cache_control.ttl: a ttl='1h' cache_control block must not come after",
    ),
    (
        "A16 scope",
        ask(system=[text("s", cache_control={**MARK, "scope": "x"})]),
        "ephemeral.scope: Extra inputs",
    ),
    (
        "A17 enabled",
        ask(model=OPUS_47, thinking=MANUAL),
        '"thinking.type.enabled" is not supported for this model. Use',
    ),
    ("A17 adaptive", ask(thinking=ADAPTIVE), "adaptive thinking is not supported on this model"),
    (
        "A17 disabled",
        ask(model=FABLE, thinking={"type": "disabled"}),
        '"thinking.type.disabled" is not supported',
    ),
    (
        "A17 lowest",
        ask(model="claude-sonnet-5-5", thinking={"type": "disabled"}),
        'Use "thinking.type.between_tools" for the lowest thinking setting',
    ),
    (
        "A17 between",
        ask(model=FABLE, thinking={"type": "between_tools"}),
        '"thinking.type.between_tools" is not',
    ),
    ("A17 small", ask(thinking={"type": "enabled", "budget_tokens": 100}), "greater than or equal to 1024"),
    (
        "A17 budget",
        ask(max_tokens=2000, thinking=MANUAL),
        "`max_tokens` must be greater than `thinking.budget_tokens`",
    ),
    ("A17 none", ask(thinking={"type": "enabled"}), "thinking.enabled.budget_tokens: Field required"),
    (
        "A17 display",
        ask(thinking={"type": "disabled", "display": "omitted"}),
        "thinking.disabled.display: Extra inputs are not permitted",
    ),
    (
        "A17 binding",
        ask(model=FABLE, thinking={**ADAPTIVE, "block_binding": {"prefix_mismatch_behavior": "error"}}),
        "block_binding: Extra inputs are not permitted",
    ),
    ("A18 newer", ask(model=OPUS_47, temperature=0.5), "`temperature` is deprecated for this model."),
    (
        "A18 thinking",
        ask(thinking=MANUAL, temperature=0.5),
        "`temperature` may only be set to 1 when thinking",
    ),
    ("A18 top_k", ask(thinking=MANUAL, top_k=5), "`top_k` must be unset"),
    ("A18 top_p", ask(thinking=MANUAL, top_p=0.5), "`top_p` must be greater than or equal to 0.95"),
    ("A18 both", ask(temperature=0.5, top_p=0.9), "`temperature` and `top_p` cannot both be specified"),
    (
        "A19 effort",
        ask(model="claude-opus-4-5", output_config={"effort": "max"}),
        "output_config.effort: Input should",
    ),
    ("A19 no effort", ask(output_config={"effort": "low"}), "does not support the effort parameter"),
    (
        "A19 opus 5",
        ask(model=OPUS_5, thinking={"type": "disabled"}, output_config={"effort": "max"}),
        "effort 'max' is not supported when thinking is disabled",
    ),
    (
        "A20 no text",
        talk(USER, said({"type": "thinking", "signature": "x"}), USER),
        "thinking.thinking: Field required",
    ),
    (
        "A20 no seal",
        talk(USER, said({"type": "thinking", "thinking": "x"}), USER),
        "thinking.signature: Field required",
    ),
    (
        "A20 null seal",
        talk(USER, said({"type": "thinking", "thinking": "x", "signature": None}), USER),
        "thinking.signature.str: Input should be a valid string",
    ),
    (
        "A20 blank",
        talk(USER, said({"type": "thinking", "thinking": "", "signature": ""}), USER),
        "messages.1.content.0.thinking: each thinking block must contain thinking",
    ),
    ("A20 elsewhere", talk(told(text("a", signature="x"))), "signature: Extra inputs are not permitted"),
    (
        "A20 data",
        talk(USER, said({"type": "redacted_thinking"}), USER),
        "redacted_thinking.data: Field required",
    ),
    (
        "A22 manual",
        talk(USER, said(text("a"), CALL), told(RESULT), tools=TOOLS, thinking=MANUAL),
        "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `text`. When",
    ),
    (
        "A26 final",
        talk(USER, said({"type": "thinking", "thinking": "x", "signature": "x"})),
        "an `assistant` message in the final position cannot contain `thinking`",
    ),
]


@pytest.mark.parametrize(("body", "sentence"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
async def test_a_fault_is_refused_in_the_vendors_words(body: Any, sentence: str) -> None:
    status, said_ = await refusal(body)
    assert status == 400
    assert sentence in said_


@pytest.mark.parametrize("field", ["temperature", "top_p", "top_k"])
async def test_the_newest_api_version_takes_no_sampling(field: str) -> None:
    fault = await refusal(ask() | {field: 1}, anthropic_version="2026-10-21")
    assert fault == (400, f"{field}: Extra inputs are not permitted")


async def test_an_unknown_model_is_not_found() -> None:
    assert await refusal(ask(model="claude-nope-9")) == (404, "model: claude-nope-9")


async def test_an_unknown_beta_is_refused() -> None:
    status, sentence = await refusal(ask(), anthropic_beta="oauth-2025-04-20")
    assert (status, "Unexpected value(s) `oauth-2025-04-20`" in sentence) == (400, True)


async def test_a_wrong_or_missing_key_is_refused() -> None:
    assert await refusal(ask(), x_api_key="sk-wrong") == (401, "invalid x-api-key")
    assert await refusal(ask(), x_api_key="") == (401, "x-api-key header is required")


async def test_neighbouring_messages_of_one_role_are_merged_before_pairing() -> None:
    body = talk(USER, said(text("a")), said(CALL), told(RESULT), USER, tools=TOOLS)
    assert (await message(body))["stop_reason"] == "end_turn"


async def test_newer_models_take_a_system_message_after_the_user() -> None:
    body = talk(USER, {"role": "system", "content": "Be brief."}, model="claude-opus-5")
    assert (await message(body))["role"] == "assistant"
    early = talk({"role": "system", "content": "x"}, USER, model="claude-opus-5")
    assert "first message" in (await refusal(early))[1]


async def test_a_prompt_beyond_the_context_is_refused() -> None:
    status, sentence = await refusal(ask("word " * 200_000))
    assert status == 400
    assert "prompt is too long" in sentence
    assert "> 200000 maximum" in sentence
