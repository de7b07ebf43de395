"""Codex's rollouts: response items by turn, with the model and tokens told beside them."""

from typing import Any

import pytest

from tests.imports.reading import as_lines, classes, imported
from tests.wire.streams import CODECS, TOOLS, route_to
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import Reasoning, Text, ToolCall
from tui.chat.settings import Settings
from tui.chat.usage import Usage
from tui.errors import UsageError


def entry(type: str, /, **payload: Any) -> dict[str, Any]:
    """A line of a rollout."""
    return {"timestamp": "2026-08-10T20:05:52.101Z", "type": type, "payload": payload}


def item(type: str, /, **fields: Any) -> dict[str, Any]:
    """A line with an item the model saw."""
    return entry("response_item", type=type, **fields)


SEALED = {
    "id": "rs_1",
    "summary": [{"type": "summary_text", "text": "Plan"}],
    "encrypted_content": "gAAAAABo",
}
ROLLOUT = [
    entry(
        "session_meta",
        id="0198",
        cwd="/home/ada",
        model_provider="openai",
        base_instructions={"text": "Be Codex."},
    ),
    item("message", role="developer", content=[{"type": "input_text", "text": "sandbox: on"}]),
    item("message", role="user", content=[{"type": "input_text", "text": "<environment_context/>"}]),
    entry("turn_context", model="gpt-5.1-codex", effort="high"),
    item("message", role="user", content=[{"type": "input_text", "text": "run the tests"}]),
    entry("event_msg", type="user_message", message="run the tests"),
    item("reasoning", **SEALED),
    item("function_call", name="exec_command", arguments='{"cmd":"cargo test"}', call_id="call_1"),
    entry("event_msg", type="exec_command_end", call_id="call_1", exit_code=101, aggregated_output="boom"),
    item("function_call_output", call_id="call_1", output="boom"),
    entry(
        "event_msg",
        type="token_count",
        info={
            "last_token_usage": {
                "input_tokens": 1000,
                "cached_input_tokens": 600,
                "output_tokens": 50,
                "reasoning_output_tokens": 20,
            }
        },
    ),
    item(
        "custom_tool_call", name="apply_patch", input="*** Begin Patch", call_id="call_2", status="completed"
    ),
    item("custom_tool_call_output", call_id="call_2", output={"content": "Done", "success": True}),
    item("ghost_snapshot", ghost_commit={"id": "abc"}),
    item("message", role="assistant", content=[{"type": "output_text", "text": "Fixed."}]),
]


def test_items_become_answers_with_their_calls_and_results() -> None:
    found = imported(as_lines(ROLLOUT))
    messages = found.record.conversation().messages
    kinds = [type(m) for m in messages]
    turn = [AssistantMessage, ToolMessage]
    assert kinds == [UserMessage, UserMessage, *turn, *turn, AssistantMessage]
    first, patch, last = messages[2], messages[4], messages[6]
    assert isinstance(first, AssistantMessage)
    assert [type(p) for p in first.parts] == [Reasoning, ToolCall]
    assert first.usage == Usage(input=400, cache_read=600, output=50, reasoning=20)
    assert (first.origin.vendor, first.origin.model) == ("openai", "gpt-5.1-codex")
    assert isinstance(messages[3], ToolMessage)
    assert messages[3].results[0].is_error
    assert isinstance(patch, AssistantMessage)
    assert (patch.calls[0].name, patch.calls[0].arguments) == ("apply_patch", '{"input": "*** Begin Patch"}')
    assert isinstance(last, AssistantMessage)
    assert last.parts[0] == Text("Fixed.", last.parts[0].opaque)
    state = found.record.state
    assert (state.model, state.endpoint, state.system) == (
        "gpt-5.1-codex",
        "responses",
        "Be Codex.\n\nsandbox: on",
    )
    assert found.format == "codex"


def test_the_history_goes_on_with_sealed_reasoning_where_the_account_is_nobodys() -> None:
    found = imported(as_lines(ROLLOUT[:11]))
    route = route_to("responses", "gpt-5.1-codex", deployments=())
    request = CODECS["responses"].encode(found.record.conversation(), route, Settings(), TOOLS)
    assert request.seals_sent == 1
    assert b"gAAAAABo" in request.body


def test_a_history_made_shorter_begins_anew_and_the_old_one_stays() -> None:
    kept = [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "so far"}]}]
    after = [
        entry("compacted", message="", replacement_history=kept),
        item("message", role="assistant", content=[{"type": "output_text", "text": "Going on."}]),
    ]
    found = imported(as_lines([*ROLLOUT, *after]))
    assert [type(n.message) for n in found.record.path()] == [UserMessage, AssistantMessage]
    assert found.record.info.forks == 1
    plain = imported(as_lines([*ROLLOUT, entry("compacted", message="a summary")]))
    assert isinstance(plain.record.path()[0].message, UserMessage)


def test_the_first_versions_wrote_bare_items() -> None:
    old = [
        {"id": "x", "timestamp": "2025-05-01T10:00:00Z", "instructions": None},
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hi"}]},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "hello"}]},
    ]
    assert len(imported(as_lines(old)).record.nodes) == 2


def test_an_item_that_cannot_be_read_is_left_out_with_a_word() -> None:
    bad = item("function_call_output", call_id="call_9", output=7)
    found = imported(as_lines([*ROLLOUT, bad]))
    assert "import-not-read" in classes(found)
    with pytest.raises(UsageError):
        imported(as_lines([ROLLOUT[0]]))
