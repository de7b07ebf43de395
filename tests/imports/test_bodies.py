"""Request bodies: every kind of block in each of the three formats, and what is told of the rest."""

import base64
import json
from typing import Any

import pytest

from tests.imports.calls import ASKED, CALL, RESULT, THOUGHT, TOOL, body
from tests.imports.reading import classes, imported
from tests.wire.streams import CODECS, route_to
from tui.chat.messages import AssistantMessage, Message, ToolMessage, UserMessage
from tui.chat.parts import Document, Foreign, Image, Reasoning, Text, ToolCall, ToolResult
from tui.chat.settings import OutputSchema, Settings
from tui.errors import UsageError
from tui.imports import FORMATS

PIXEL = "iVBORw0KGgo="
PDF = base64.b64encode(b"%PDF-1.4").decode()
MARK = {"cache_control": {"type": "ephemeral"}}


def history(*messages: Any, **fields: Any) -> tuple[Message, ...]:
    return imported(body(*messages, **fields)).record.conversation().messages


def test_blocks_of_a_prompt_become_parts() -> None:
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}}
    pdf = {
        "type": "document",
        "source": {"type": "base64", "media_type": "application/pdf", "data": PDF},
        "title": "a.pdf",
    }
    note = {
        "type": "document",
        "source": {"type": "text", "media_type": "text/plain", "data": "é"},
        "title": "n.txt",
    }
    found = imported(
        body({"role": "user", "content": [{"type": "text", "text": "see", **MARK}, image, pdf, note]})
    )
    (prompt,) = found.record.conversation().messages
    assert isinstance(prompt, UserMessage)
    encoded = base64.b64encode("é".encode()).decode()
    assert prompt.parts == (
        Text("see"),
        Image("image/png", PIXEL),
        Document("application/pdf", PDF, "a.pdf"),
        Document("text/plain", encoded, "n.txt"),
    )
    assert found.record.state.bound_from == 0
    assert "import-changed" not in classes(found)


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ({"type": "image", "source": {"type": "url", "url": "https://x.test/a.png"}}, "https://x.test/a.png"),
        ({"type": "document", "source": {"type": "file", "file_id": "file_1"}}, "file_1"),
        ({"type": "search_result", "source": "s", "title": "t", "content": []}, '"title":"t"'),
        ({"type": "image", "source": {"type": "base64", "media_type": "a\x1b", "data": ""}}, "image"),
    ],
)
def test_what_a_file_only_points_to_is_told_and_seals_after_it_are_not_trusted(block: Any, says: str) -> None:
    found = imported(
        body({"role": "user", "content": [block]}, {"role": "assistant", "content": [THOUGHT, CALL]})
    )
    prompt = found.record.conversation().messages[0]
    assert isinstance(prompt, UserMessage)
    assert says in prompt.text
    assert "import-changed" in classes(found)
    assert found.record.state.bound_from == 2


def test_answers_keep_their_blocks_and_lose_the_senders_marks() -> None:
    cited = {"type": "text", "text": "so", "citations": [{"type": "x"}]}
    redacted = {"type": "redacted_thinking", "data": "Eqr"}
    server = {"type": "server_tool_use", "id": "srv_1", "name": "web_search", "input": {}}
    blocks = [THOUGHT, redacted, {**cited, **MARK}, server, CALL]
    wire = [ASKED, {"role": "assistant", "content": blocks[:2]}, {"role": "assistant", "content": blocks[2:]}]
    found = imported(body(*wire, {"role": "user", "content": [RESULT]}))
    answer = found.record.conversation().messages[1]
    assert isinstance(answer, AssistantMessage)
    assert [type(p) for p in answer.parts] == [Reasoning, Reasoning, Text, Foreign, ToolCall]
    assert answer.parts[2].opaque is not None
    assert answer.parts[2].opaque.data == cited
    request = CODECS["messages"].encode(
        found.record.conversation(),
        route_to("messages", "claude-sonnet-4-5", deployments=()),
        Settings(),
        found.record.state.tools,
    )
    assert json.loads(request.body)["messages"][1]["content"] == [THOUGHT, redacted, cited, server, CALL]


def test_results_stand_behind_their_calls_wherever_they_stood() -> None:
    calls = [{**CALL, "id": "t1"}, {**CALL, "id": "t2"}]
    mixed = [{"type": "text", "text": "first"}, {**RESULT, "tool_use_id": "t1", "is_error": True}]
    late = {
        "role": "user",
        "content": [{**RESULT, "tool_use_id": "t2", "content": [{"type": "text", "text": "x"}]}],
    }
    _, _, results, prompt = history(
        ASKED, {"role": "assistant", "content": calls}, {"role": "user", "content": mixed}, late
    )
    assert isinstance(results, ToolMessage)
    assert results.results == (ToolResult("t1", (Text("2"),), True), ToolResult("t2", (Text("x"),)))
    assert isinstance(prompt, UserMessage)


def test_system_prompts_as_text_blocks_and_among_the_messages() -> None:
    one = imported(body(ASKED, system=[{"type": "text", "text": "be kind", **MARK}]))
    two = imported(body(ASKED, system=[{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]))
    none = imported(body(ASKED, system=None))
    late = imported(body(ASKED, {"role": "system", "content": "now be brief"}))
    assert (one.record.state.system, one.record.state.bound_from) == ("be kind", 0)
    assert (two.record.state.system, two.record.state.bound_from) == ("a\n\nb", 1)
    assert (none.record.state.system, none.record.state.own_system) == (None, (None,))
    assert late.record.conversation().messages[1].text == "[system] now be brief"  # type: ignore[union-attr]


def test_parameters_are_settings_and_the_rest_is_named() -> None:
    fields = {
        "temperature": 0.5,
        "top_k": 3,
        "stop_sequences": ["END"],
        "stream": False,
        "thinking": {"type": "adaptive", "display": "omitted"},
        "output_config": {"effort": "xhigh", "format": {"type": "json_schema", "schema": {"type": "object"}}},
        "cache_control": {"type": "ephemeral", "ttl": "1h"},
        "service_tier": "auto",
        "tool_choice": {"type": "any"},
    }
    found = imported(body(ASKED, **fields))
    assert found.record.state.overrides == {
        "temperature": 0.5,
        "top_k": 3,
        "stop": ("END",),
        "stream": False,
        "thinking": "on",
        "display": "omitted",
        "effort": "xhigh",
        "schema": OutputSchema("answer", {"type": "object"}),
        "cache": "1h",
        "max_tokens": 900,
    }
    assert any("service_tier, tool_choice" in w.says for w in found.warnings)


def test_chat_bodies_with_every_role() -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "add", "arguments": '{ "a": 1 }'}}
    url = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}}
    file = {"type": "file", "file": {"filename": "a.pdf", "file_data": f"data:application/pdf;base64,{PDF}"}}
    chat = {
        "model": "gpt-5.1",
        "max_completion_tokens": 7,
        "reasoning_effort": "none",
        "stop": "END",
        "tools": [
            {"type": "function", "function": {"name": "add", "parameters": {"type": "object"}}},
            {"type": "web"},
        ],
        "messages": [
            {"role": "system", "content": "a"},
            {"role": "developer", "content": [{"type": "text", "text": "b"}]},
            {"role": "user", "content": [{"type": "text", "text": "see"}, url, file]},
            {"role": "assistant", "content": None, "tool_calls": [call], "reasoning_content": "hm"},
            {"role": "tool", "tool_call_id": "call_1", "content": [{"type": "text", "text": "2"}]},
            {"role": "assistant", "content": "", "refusal": "no"},
            {"role": "assistant", "content": None, "function_call": {"name": "old", "arguments": "{}"}},
            {"role": "function", "name": "old", "content": "legacy"},
        ],
    }
    found = imported(chat)
    prompt, answer, results, refusal, old, legacy = found.record.conversation().messages
    assert isinstance(prompt, UserMessage)
    assert [type(p) for p in prompt.parts] == [Text, Image, Document]
    assert isinstance(answer, AssistantMessage)
    assert [type(p) for p in answer.parts] == [Reasoning, ToolCall]
    assert answer.calls[0].arguments == '{ "a": 1 }'
    assert isinstance(results, ToolMessage)
    assert isinstance(refusal, AssistantMessage)
    assert refusal.text == "no"
    assert isinstance(old, AssistantMessage)
    assert isinstance(legacy, ToolMessage)
    assert legacy.results[0].call_id == old.calls[0].id
    assert found.record.state.system == "a\n\nb"
    assert found.record.state.overrides == {"max_tokens": 7, "thinking": "off", "stop": ("END",)}
    assert found.format == "chat"
    assert found.record.nodes[-1].bound_from == 6


def test_responses_bodies_with_items_of_every_kind() -> None:
    said = [
        {"type": "input_text", "text": "see"},
        {"type": "input_image", "image_url": "https://x.test/a.png"},
    ]
    asked = {
        "model": "gpt-5.1",
        "previous_response_id": "resp_1",
        "input": [
            {"role": "developer", "content": "d"},
            {"role": "user", "content": said},
            {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAAA"},
            {"type": "web_search_call", "id": "ws_1", "status": "completed"},
            {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"},
            {"type": "local_shell_call", "call_id": "c2", "action": {"type": "exec", "command": ["ls"]}},
            {"type": "function_call_output", "call_id": "c1", "output": "1"},
            {
                "type": "local_shell_call_output",
                "call_id": "c2",
                "output": [{"type": "input_text", "text": "2"}],
            },
            {"role": "assistant", "content": "done"},
            {"type": "item_reference", "id": "msg_9"},
        ],
    }
    found = imported(asked)
    prompt, answer, results, last = found.record.conversation().messages
    assert isinstance(answer, AssistantMessage)
    assert [type(p) for p in answer.parts] == [Reasoning, Foreign, ToolCall, ToolCall]
    assert answer.calls[1].arguments == '{"type": "exec", "command": ["ls"]}'
    assert isinstance(results, ToolMessage)
    assert [r.text for r in results.results] == ["1", "2"]
    assert isinstance(last, AssistantMessage)
    assert last.text == "done"
    assert isinstance(prompt, UserMessage)
    assert {"import-cut", "import-changed"} <= classes(found)
    assert found.record.state.system == "d"


@pytest.mark.parametrize(
    ("value", "format"),
    [
        ({"model": "claude-x", "max_tokens": 9, "messages": [ASKED]}, "messages"),
        ({"model": "claude-x", "messages": [ASKED]}, "chat"),
        ({"model": "x", "messages": [ASKED], "tools": [TOOL]}, "messages"),
        ({"model": "claude-x", "max_tokens": 9, "messages": [ASKED], "stop": "x"}, "chat"),
        ({"model": "x", "messages": [{"role": "user", "content": [RESULT]}]}, "messages"),
        ({"model": "x", "messages": [{"role": "tool", "tool_call_id": "a", "content": "b"}]}, "chat"),
        ({"model": "x", "input": "hi"}, "responses"),
    ],
)
def test_formats_are_told_by_what_only_one_of_them_has(value: Any, format: str) -> None:
    assert imported(value).format == format


def test_the_users_word_for_a_format_counts() -> None:
    assert imported(body(ASKED), format="chat").format == "chat"
    assert set(FORMATS) >= {"messages", "chat", "responses"}
    with pytest.raises(UsageError, match="no format"):
        imported(body(ASKED), format="xml")


def test_findings_of_the_history_name_the_place() -> None:
    twice = {"role": "assistant", "content": [CALL]}
    wire = [
        ASKED,
        twice,
        {"role": "user", "content": "go on"},
        twice,
        {"role": "user", "content": [RESULT, RESULT]},
    ]
    orphan = {"role": "user", "content": [{**RESULT, "tool_use_id": "nobody"}]}
    unsigned = {
        "role": "assistant",
        "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "x"}],
    }
    found = imported(body(orphan, *wire, unsigned))
    by_class = {w.cls: w.path for w in found.warnings}
    assert by_class["tool-result-without-use"] == "messages.0"
    assert by_class["tool-use-without-result"] == "messages.2"
    assert by_class["tool-use-id-duplicate"] == "messages.4"
    assert by_class["tool-result-duplicate"] == "messages.5"
    assert by_class["anthropic-signature-missing"] == "messages.6"


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"messages": [7]}, "messages.0"),
        ({"messages": [{"role": "robot", "content": "x"}]}, "messages.0"),
        ({"system": "s", "messages": [ASKED, {"role": "user", "content": 7}]}, "messages.1"),
        ({"system": "s", "messages": [{"role": "user", "content": [7]}]}, "messages.0"),
        ({"input": [7], "model": "x"}, "input.0"),
        ({"input": [{"role": "robot"}], "model": "x"}, "input.0"),
        ({"choices": []}, "an answer without its request"),
        ({}, "neither messages nor input"),
        ([], "empty list"),
        ([1], "no object"),
        ({"messages": []}, "no message"),
    ],
)
def test_what_is_no_request_is_refused_by_its_place(value: Any, says: str) -> None:
    with pytest.raises(UsageError) as refused:
        imported(value)
    assert says in refused.value.what
    assert refused.value.title == "cannot import file"
