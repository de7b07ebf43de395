"""A session with a text in every place a text can stand, streamed in the three formats."""

from __future__ import annotations

import base64
import json
from typing import Any

from tui.chat.events import Answer
from tui.chat.finding import Finding
from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import Document, Foreign, Image, Opaque, Origin, Reasoning, Text, ToolCall, ToolResult
from tui.chat.record import CallFacts, Exchange, Failure, Node, SessionInfo, SessionRecord, SessionState, Wire
from tui.chat.route import Route, Served
from tui.chat.settings import ToolSpec
from tui.chat.usage import UNKNOWN_COST

SEAL = base64.b64encode(bytes(range(90))).decode()
ORIGIN = Origin("messages", "anthropic", "claude-opus-4-5", None, "header", "claude")


def events(said: str, thought: str, arguments: str, pieces: int) -> tuple[Frame, ...]:
    """A streamed answer of the Messages format, each text in so many characters at a time."""
    out: list[dict[str, Any]] = [{"type": "message_start", "message": {"id": "msg_1", "role": "assistant"}}]
    blocks = (
        ({"type": "thinking", "thinking": "", "signature": ""}, "thinking_delta", "thinking", thought),
        ({"type": "text", "text": ""}, "text_delta", "text", said),
        (
            {"type": "tool_use", "id": "t1", "name": "read", "input": {}},
            "input_json_delta",
            "partial_json",
            arguments,
        ),
    )
    for index, (block, kind, field, whole) in enumerate(blocks):
        out.append({"type": "content_block_start", "index": index, "content_block": block})
        cuts = [whole[at : at + pieces] for at in range(0, len(whole), pieces)]
        out += [
            {"type": "content_block_delta", "index": index, "delta": {"type": kind, field: cut}}
            for cut in cuts
        ]
        if kind == "thinking_delta":
            sealed = {"type": "signature_delta", "signature": SEAL}
            out.append({"type": "content_block_delta", "index": index, "delta": sealed})
    out.append({"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 5}})
    return tuple(Frame(str(event["type"]), json.dumps(event), 0.1 * at) for at, event in enumerate(out))


def _chat(said: str, arguments: str, pieces: int) -> tuple[Frame, ...]:
    """The same of the Chat Completions format, two calls in turns."""
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": said[at : at + pieces]} for at in range(0, len(said), pieces)]
    for at in range(0, len(arguments), pieces):
        for index in (0, 1):
            call = {"index": index, "function": {"arguments": arguments[at : at + pieces]}}
            deltas.append({"tool_calls": [call]})
    events = [{"id": "chatcmpl-1", "choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    return (*(Frame("", json.dumps(event), 1.0) for event in events), Frame("", "[DONE]", 2.0))


def _responses(said: str, arguments: str, pieces: int) -> tuple[Frame, ...]:
    """The same of the Responses format, with everything once more at the end."""
    events: list[dict[str, Any]] = []
    for kind, item, whole in (("output_text", 0, said), ("function_call_arguments", 1, arguments)):
        for at in range(0, len(whole), pieces):
            events.append(
                {"type": f"response.{kind}.delta", "output_index": item, "delta": whole[at : at + pieces]}
            )
    output = [
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": said}]},
        {"type": "function_call", "name": "read", "call_id": "t1", "arguments": arguments},
        {"type": "reasoning", "id": "rs_1", "encrypted_content": SEAL, "summary": []},
    ]
    events.append({"type": "response.completed", "response": {"output": output}})
    return tuple(Frame(event["type"], json.dumps(event, ensure_ascii=False), 1.0) for event in events)


def session(said: str, pieces: int = 3) -> SessionRecord:
    """A session in which ``said`` stands wherever a text can stand."""
    arguments = json.dumps({"path": f"/tmp/{said}", "deep": [{said: said}], "n": 17})
    media = base64.b64encode(f"-{said}-".encode()).decode()
    block = {"type": "thinking", "thinking": f"so {said}", "signature": SEAL}
    foreign = {"type": "server_thing", "content": [{"type": "text", "text": said}], "input": {said: said}}
    parts = (
        Reasoning(f"so {said}", "signed", Opaque(ORIGIN, block)),
        Text(f"Well, {said}!"),
        ToolCall("t1", "read", arguments),
        Foreign("server_thing", Opaque(ORIGIN, foreign)),
    )
    user = UserMessage(
        "m0", (Text(said), Image("image/png", media, f"{said}.png"), Document("x/y", media)), 1.0
    )
    answer = AssistantMessage("m1", parts, ORIGIN, "tool_use", None, None, UNKNOWN_COST, 2.0)
    tool = ToolMessage("m2", (ToolResult("t1", (Text(f"found {said}"),), False, f"all {said}"),), 3.0)
    facts = CallFacts("t1", 0.5, Answer("never", "user", f"because {said}"), f"+{said}")
    messages = [
        {"role": "user", "content": [{"type": "text", "text": said}]},
        {
            "role": "assistant",
            "content": [block, {"type": "tool_use", "id": "t1", "name": "read", "input": {said: said}}],
        },
        {
            "role": "assistant",
            "tool_calls": [{"id": "t1", "function": {"name": "read", "arguments": arguments}}],
        },
        {
            "role": "user",
            "content": [{"type": "image", "source": {"type": "base64", "media_type": "i/p", "data": media}}],
        },
        {"role": "user", "content": [{"image_url": {"url": f"data:image/png;base64,{media}"}}]},
    ]
    schema = {
        "type": "object",
        "properties": {"path": {"type": "string", "description": said}, "n": {"type": "integer"}},
    }
    tools = [{"name": "read", "description": said, "input_schema": schema}]
    body = json.dumps(
        {"model": "m", "system": said, "messages": messages, "tools": tools, "max_tokens": 9}
    ).encode()
    route = Route("m", "litellm-anthropic", "http://localhost:4000", "m", None, "anthropic", "m")
    failure = Failure("refused", "vendor", "Refused", f"not this: {said}", "try again", 400, f"bad `{said}`")
    error = json.dumps(
        {"error": {"message": f"invalid request: {said}", "type": "bad_request", "code": "400"}}
    )
    streams = (
        events(said, f"so {said}", arguments, pieces),
        _chat(said, arguments, pieces),
        _responses(said, arguments, pieces),
        (Frame(WHOLE_BODY, error, 0.1),),
        (Frame("", f'data: {{"text": "{said}', 0.1), Frame("", said, 0.2)),
    )
    made = tuple(
        Exchange(
            f"x{place}",
            1,
            place + 1,
            4.0,
            route,
            after="m0",
            answer="m1",
            state="failed",
            served=Served(model_id="abc"),
            failure=failure,
            findings=(Finding("odd", f"this is odd: {said}", "messages.0", f"leave out {said}"),),
            wire=Wire(
                body, (("content-type", "application/json"),), (("x-litellm-model-id", "abc"),), frames
            ),
        )
        for place, frames in enumerate(streams)
    )
    state = SessionState(
        "m",
        overrides={"extra": {"metadata": {said: said}}, "stop": (said,)},
        own_system=(said,),
        tools=(ToolSpec("read", said, schema),),
        leaf="m2",
        system=said,
    )
    nodes = (Node(user, None, said), Node(answer, "m0", said), Node(tool, "m1", said, calls=(facts,)))
    return SessionRecord(SessionInfo("a" * 12, title=f"About {said}"), state, nodes, made)
