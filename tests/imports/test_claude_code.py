"""Transcripts of Claude Code: lines to messages, whatever their order in the chain."""

import json
from typing import Any

import pytest

from tests.imports.reading import as_lines, classes, imported
from tests.wire.streams import CODECS, TOOLS, route_to
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import Foreign, Image, Reasoning, Text, ToolCall
from tui.chat.settings import Settings
from tui.chat.usage import UNKNOWN_COST
from tui.errors import UsageError

MODEL = "claude-sonnet-4-5-20250929"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def line(uuid: str, parent: str | None, role: str, content: Any, **fields: Any) -> dict[str, Any]:
    """A line of a transcript; ``message`` adds to what it wraps."""
    message = {"role": role, "content": content, **fields.pop("message", {})}
    return {
        "parentUuid": parent,
        "isSidechain": False,
        "userType": "external",
        "cwd": "/home/ada/project",
        "sessionId": "5b0c9a52-8f0f-4f51-9a14-0c53c0b0b6f0",
        "version": "2.1.230",
        "gitBranch": "main",
        "type": role,
        "message": message,
        "uuid": uuid,
        "timestamp": "2026-08-10T12:00:05.123Z",
        **fields,
    }


def piece(uuid: str, parent: str, block: dict[str, Any], stop: str | None = None) -> dict[str, Any]:
    """One line of an answer that takes several."""
    usage = {"input_tokens": 4, "cache_read_input_tokens": 900, "output_tokens": 77 if stop else 1}
    message = {"id": "msg_01", "type": "message", "model": MODEL, "stop_reason": stop, "usage": usage}
    return line(uuid, parent, "assistant", [block], message=message, requestId="req_1")


def result(uuid: str, parent: str, id: str, content: Any, **fields: Any) -> dict[str, Any]:
    """A line with a tool's result."""
    block = {"type": "tool_result", "tool_use_id": id, "content": content, **fields}
    return line(uuid, parent, "user", [block], toolUseResult={"stdout": "ignored"})


THOUGHT = {"type": "thinking", "thinking": "two calls", "signature": "EqQBCkYIB"}
READ = {"type": "tool_use", "id": "toolu_a", "name": "Read", "input": {"file_path": "a.py"}}
BASH = {"type": "tool_use", "id": "toolu_b", "name": "Bash", "input": {"command": "ls"}}
SESSION = [
    {"type": "summary", "summary": "Looking at a.py", "leafUuid": "l1"},
    {"type": "file-history-snapshot", "messageId": "u1", "snapshot": {}},
    line("u1", None, "user", "read a.py and list"),
    piece("a1", "u1", THOUGHT),
    piece("a2", "a1", {"type": "text", "text": "Reading."}),
    piece("a3", "a2", READ),
    result("r1", "a3", "toolu_a", [{"type": "text", "text": "print(1)"}]),
    piece("a4", "r1", BASH, "tool_use"),
    result("r2", "a4", "toolu_b", "exit 1", is_error=True),
    {"type": "system", "subtype": "turn_duration", "uuid": "s1", "parentUuid": "r2"},
    line(
        "a5",
        "s1",
        "assistant",
        [{"type": "text", "text": "It prints 1."}, {"type": "future_block", "x": 1}],
        message={"id": "msg_02", "model": MODEL, "stop_reason": "end_turn", "usage": {"output_tokens": 9}},
    ),
    line("u2", "a5", "user", [{"type": "text", "text": "thanks"}]),
    {"type": "ai-title", "aiTitle": "A look at a.py", "sessionId": "x"},
]


def test_lines_of_one_answer_are_one_message_and_results_stand_behind_their_calls() -> None:
    found = imported(as_lines(SESSION))
    messages = found.record.conversation().messages
    assert [type(m) for m in messages] == [
        UserMessage,
        AssistantMessage,
        ToolMessage,
        AssistantMessage,
        UserMessage,
    ]
    answer, results, last = messages[1], messages[2], messages[3]
    assert isinstance(answer, AssistantMessage)
    assert [type(p) for p in answer.parts] == [Reasoning, Text, ToolCall, ToolCall]
    assert isinstance(answer.parts[0], Reasoning)
    assert answer.parts[0].state == "signed"
    assert (answer.stop, answer.stop_raw, answer.cost) == ("tool_use", "tool_use", UNKNOWN_COST)
    assert answer.usage is not None
    assert (answer.usage.cache_read, answer.usage.output) == (900, 77)
    assert (answer.origin.vendor, answer.origin.model, answer.origin.known_by) == (
        "anthropic",
        "claude-sonnet-4-5",
        "body",
    )
    assert isinstance(results, ToolMessage)
    assert [(r.call_id, r.text, r.is_error) for r in results.results] == [
        ("toolu_a", "print(1)", False),
        ("toolu_b", "exit 1", True),
    ]
    assert isinstance(last, AssistantMessage)
    assert isinstance(last.parts[1], Foreign)
    assert found.record.info.title == "A look at a.py"
    assert found.record.info.model == MODEL
    assert found.record.info.source == found.format == "claude-code"
    assert answer.at == 1786363205.123
    assert len(found.record.path()) == len(found.record.nodes)


def test_what_the_model_said_goes_back_to_it_as_it_came() -> None:
    found = imported(as_lines(SESSION))
    route = route_to("messages", "claude-sonnet-4-5", deployments=())
    request = CODECS["messages"].encode(found.record.conversation(), route, Settings(), TOOLS)
    sent = json.loads(request.body)["messages"]
    assert sent[1] == {
        "role": "assistant",
        "content": [THOUGHT, {"type": "text", "text": "Reading."}, READ, BASH],
    }
    assert request.seals_sent == 1


def test_a_model_that_binds_its_thinking_to_what_came_before_does_not_get_it_back() -> None:
    bound = json.loads(as_lines(SESSION).decode().replace(MODEL, "claude-fable-5-1").splitlines()[3])
    lines = [json.loads(text.replace(MODEL, "claude-fable-5-1")) for text in map(json.dumps, SESSION)]
    assert bound["message"]["model"] == "claude-fable-5-1"
    found = imported(as_lines(lines))
    route = route_to("messages", "claude-fable-5-1", deployments=())
    request = CODECS["messages"].encode(found.record.conversation(), route, Settings(), TOOLS)
    assert request.seals_sent == 0
    assert "anthropic-model-binding-drop" in classes(found)


def test_a_prompt_that_was_taken_back_is_a_branch() -> None:
    again = [*SESSION, line("u3", "a5", "user", "something else"), line("u4", "u9", "user", "lost parent")]
    found = imported(as_lines(again[:-1]))
    children = [n.message for n in found.record.nodes if n.parent == found.record.path()[3].message.id]
    assert [m.text for m in children if isinstance(m, UserMessage)] == ["thanks", "something else"]
    assert found.record.info.forks == 1
    assert "import-cut" in classes(imported(as_lines(again)))


def test_what_subagents_said_stands_beside_and_the_open_conversation_is_the_persons() -> None:
    side = [
        line("x1", None, "user", "you are a helper", isSidechain=True),
        line(
            "x2",
            "x1",
            "assistant",
            [{"type": "text", "text": "ok"}],
            isSidechain=True,
            message={"model": MODEL},
        ),
    ]
    found = imported(as_lines([*SESSION, *side]))
    assert found.record.path()[-1].message == found.record.conversation().messages[-1]
    first = found.record.path()[0].message
    assert isinstance(first, UserMessage)
    assert first.text == "read a.py and list"
    assert sum(node.parent is None for node in found.record.nodes) == 2
    alone = imported(as_lines(side))
    assert len(alone.record.path()) == 2


def test_failed_calls_and_lines_only_shown_are_left_out_of_the_chain() -> None:
    error = line(
        "e1", "u2", "assistant", [{"type": "text", "text": "API Error: 529"}], isApiErrorMessage=True
    )
    shown = line("v1", "e1", "user", "summary of all", isVisibleInTranscriptOnly=True)
    after = line(
        "u5",
        "v1",
        "user",
        [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}}],
    )
    found = imported(as_lines([*SESSION, error, shown, after]))
    last, before = found.record.path()[-1].message, found.record.path()[-2].message
    assert isinstance(last, UserMessage)
    assert isinstance(last.parts[0], Image)
    assert isinstance(before, UserMessage)
    assert before.text == "thanks"


def test_a_history_made_shorter_goes_on_from_its_summary() -> None:
    compact = [
        {
            "type": "system",
            "subtype": "compact_boundary",
            "uuid": "c1",
            "parentUuid": None,
            "logicalParentUuid": "u2",
        },
        line("c2", "c1", "user", "This session is continued: ...", isCompactSummary=True),
        line(
            "c3",
            "c2",
            "assistant",
            [{"type": "text", "text": "Going on."}],
            message={"id": "m9", "model": MODEL},
        ),
    ]
    found = imported(as_lines([*SESSION, *compact]))
    assert len(found.record.path()) == 2
    assert found.record.info.messages == 7


@pytest.mark.parametrize("ending", ["", "\r\n", '\n{"type":"assis'])
def test_broken_ends_foreign_line_ends_and_marks_are_taken(ending: str) -> None:
    text = as_lines(SESSION).decode().replace("\n", "\r\n") + ending
    found = imported(b"\xef\xbb\xbf" + text.encode())
    assert len(found.record.nodes) == 5
    assert ("import-cut" in classes(found)) == (ending.endswith("assis"))
    wide = imported(b"\xff\xfe" + text.encode("utf-16-le"))
    assert len(wide.record.nodes) == 5


def test_duplicate_ids_cycles_and_hostile_text_stay_data() -> None:
    hostile = "\x1b]0;owned\x07[@click=app.quit]../../etc/passwd $(reboot)"
    lines = [
        line("u1", "u1", "user", hostile),
        line("u1", None, "user", "the same id"),
        line("a1", "u1", "assistant", [READ, READ], message={"id": hostile, "model": hostile}),
        result("r1", "a1", "toolu_a", hostile),
        result("r2", "r1", "toolu_a", "twice"),
    ]
    found = imported(as_lines(lines))
    first, answer, results = found.record.conversation().messages
    assert isinstance(first, UserMessage)
    assert first.text == hostile
    assert isinstance(answer, AssistantMessage)
    assert len(answer.calls) == 1
    assert answer.origin.vendor == "unknown"
    assert isinstance(results, ToolMessage)
    assert [r.text for r in results.results] == [hostile]
    assert "\x1b" not in found.record.info.title
    assert all("\x1b" not in w.says for w in found.warnings)


def test_a_file_without_a_message_is_refused() -> None:
    with pytest.raises(UsageError, match="no message"):
        imported(as_lines([SESSION[0], {"type": "user", "uuid": "x", "message": {"content": []}}]))
