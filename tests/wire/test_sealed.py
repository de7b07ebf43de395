"""Seals are told alike on both ways: what a vendor sent, and what a request gives back."""

import hashlib
import json
from typing import Any

import pytest

from tests.wire.streams import (
    CODECS,
    NAMES,
    TOOLS,
    answered,
    asked,
    dialect_of,
    model_of,
    origin_of,
    reply_of,
    results_for,
    route_to,
    talk,
)
from tui.chat.parts import Foreign, Opaque, Reasoning, ToolCall
from tui.chat.settings import Settings
from tui.wire.sealed import Seal, seals_in_answer, seals_in_request, seals_of

ORIGIN = origin_of("messages", "claude-opus-4-5")


def told(form: Any, text: str) -> Seal:
    return Seal(form, len(text), hashlib.sha256(text.encode()).hexdigest()[:12])


@pytest.mark.parametrize("name", NAMES)
def test_what_a_vendor_sealed_goes_back_under_the_same_hashes(name: str) -> None:
    dialect, model = dialect_of(name), model_of(name)
    message = answered(reply_of(name), origin_of(dialect, model))
    history = talk(asked(), message, results_for(message) if message.calls else asked("and?", "u2"))
    request = CODECS[dialect].encode(history, route_to(dialect, model), Settings(), TOOLS)
    received = [seal for _, seal in seals_in_answer(message)]
    if all(isinstance(part, Reasoning) for part in message.parts):
        # Thoughts that nothing followed stay behind.
        received = []
    assert list(seals_in_request(dialect, request.body)) == received
    counted = ("encrypted",) if dialect == "responses" else ("signature", "redacted")
    assert request.seals_sent == sum(seal.form in counted for seal in received)


def test_the_recordings_hold_every_form_of_seal() -> None:
    forms = {seal.form for name in NAMES for _, seal in seals_in_answer(_message(name))}
    assert forms == {"signature", "redacted", "thought", "encrypted"}


def _message(name: str) -> Any:
    return answered(reply_of(name), origin_of(dialect_of(name), model_of(name)))


@pytest.mark.parametrize(
    ("block", "seals"),
    [
        ({"type": "thinking", "thinking": "", "signature": "Sig+/="}, [told("signature", "Sig+/=")]),
        ({"type": "thinking", "thinking": "x", "signature": ""}, []),
        ({"type": "thinking", "thinking": "signature", "signature": None}, []),
        ({"type": "redacted_thinking", "data": "é"}, [told("redacted", "é")]),
        (
            {"type": "reasoning", "id": "rs_1", "summary": [{"text": "s"}], "encrypted_content": "gAAAA"},
            [told("encrypted", "gAAAA")],
        ),
        ({"type": "tool_use", "id": "t", "input": {"signature": "mine", "encrypted_content": "mine"}}, []),
        (
            {"type": "tool_use", "provider_specific_fields": {"signature": "G"}, "input": {}},
            [told("thought", "G")],
        ),
        (
            {"id": "f__thought__AB=", "provider_specific_fields": {"thought_signature": "AB="}},
            [told("thought", "AB=")],
        ),
        (
            {"extra_content": {"google": {"thought_signature": "A"}}, "function": {"arguments": "signature"}},
            [told("thought", "A")],
        ),
        ({"thought_signatures": ["A", "B", 3]}, [told("thought", "A"), told("thought", "B")]),
        ([{"type": "thinking", "signature": 7}], []),
    ],
)
def test_the_seals_of_one_block(block: Any, seals: list[Seal]) -> None:
    assert list(seals_of(Foreign("x", Opaque(ORIGIN, block)))) == seals


def test_a_call_whose_id_holds_a_seal_needs_no_block_of_its_own() -> None:
    assert seals_of(ToolCall("f__thought__AB=", "f", "{}")) == (told("thought", "AB="),)
    assert seals_of(ToolCall("call_1", "f", "{}")) == ()
    assert seals_of(Reasoning("plain", "unsigned")) == ()


def test_a_seal_repeated_in_one_answer_is_counted_once_and_claudes_twice_if_sent_twice() -> None:
    thought = {"provider_specific_fields": {"thought_signature": "G"}}
    signed = {"type": "thinking", "thinking": "t", "signature": "S"}
    entry = {
        "role": "assistant",
        "content": None,
        "tool_calls": [thought],
        "provider_specific_fields": thought,
    }
    body = {"messages": [entry, {"role": "assistant", "content": [signed, signed]}]}
    seals = seals_in_request("chat", json.dumps(body).encode())
    assert list(seals) == [told("thought", "G"), told("signature", "S"), told("signature", "S")]


def test_only_what_the_model_said_is_looked_at() -> None:
    signed = {"type": "thinking", "signature": "S"}
    body = {"messages": [{"role": role, "content": [signed]} for role in ("user", "tool", "system", None)]}
    assert seals_in_request("messages", json.dumps(body).encode()) == ()
    items = [
        {"type": "message", "role": "user", "content": [signed]},
        {"type": "function_call_output", "call_id": "f__thought__AB="},
        {"type": "reasoning", "encrypted_content": "E"},
        {"type": "compaction", "encrypted_content": "C"},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "signature"}]},
        "odd",
        {"odd": True},
    ]
    seals = seals_in_request("responses", json.dumps({"input": items}).encode())
    assert list(seals) == [told("encrypted", "E"), told("encrypted", "C")]


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff"])
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):
        seals_in_request("messages", body)


@pytest.mark.parametrize("body", [b"{}", b'{"messages": 7}', b'{"messages": {"role": "assistant"}}'])
def test_a_body_without_messages_holds_no_seals(body: bytes) -> None:
    assert seals_in_request("messages", body) == ()


def test_bottomless_nesting_ends() -> None:
    block: Any = {"signature": "S"}
    for _ in range(5000):
        block = {"deeper": block}
    assert seals_of(Foreign("x", Opaque(ORIGIN, block))) == ()
