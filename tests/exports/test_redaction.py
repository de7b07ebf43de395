"""What is handed on holds no secret, in whatever spelling, and with texts hidden nothing that was said."""

from __future__ import annotations

import base64
import json
import re
import time
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.chat.records import records
from tests.exports.planted import ORIGIN, SEAL, events, session
from tui.chat.frame import Frame
from tui.chat.messages import AssistantMessage, UserMessage
from tui.chat.parts import Image, Opaque, Reasoning, Text, ToolCall
from tui.chat.record import Exchange, Node, SessionInfo, SessionRecord, Wire
from tui.chat.route import Route, Served
from tui.chat.usage import UNKNOWN_COST
from tui.exports.ours import dump
from tui.exports.redaction import mask, redacted

SECRET = 'hush/"Zq7w\\9+é'
PLAIN = "plantedsecretvalue42"


def _whole_texts(record: SessionRecord) -> str:
    """Everything in a record, and what its streams say when their pieces are put together."""
    out = [dump(record)]
    for exchange in record.exchanges:
        out.append(exchange.wire.body.decode() if exchange.wire else "")
        slots: dict[str, str] = {}
        for frame in exchange.wire.frames if exchange.wire else ():
            out.append(frame.data)
            try:
                event = json.loads(frame.data)
            except ValueError:
                continue
            _join(event, f"{event.get('index')}" if isinstance(event, dict) else "", slots)
        out += slots.values()
        out += [
            json.loads(f'"{text}"')
            for text in slots.values()
            if re.fullmatch(r'[^"\\]*', text) and text.isprintable()
        ]
    return "\n".join(out)


def _join(value: Any, where: str, slots: dict[str, str]) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            _join(item, f"{where}/{key}", slots)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            index = item.get("index", place) if isinstance(item, dict) else place
            _join(item, f"{where}/{index}", slots)
    elif isinstance(value, str):
        slots[where] = slots.get(where, "") + value


def _spellings(secret: str) -> set[str]:
    out = {secret, quote(secret), quote(secret, safe=""), json.dumps(secret)[1:-1]}
    out |= {json.dumps(json.dumps(secret))[3:-3], json.dumps(secret, ensure_ascii=False)[1:-1]}
    for before in ("", "-", "--"):
        coded = base64.b64encode(f"{before}{secret}".encode()).decode()
        out |= {coded[4:-4], base64.urlsafe_b64encode(f"{before}{secret}".encode()).decode()[4:-4]}
    return out


@pytest.mark.parametrize("pieces", [1, 2, 7, 1000])
@pytest.mark.parametrize("secret", [PLAIN, SECRET])
def test_a_planted_secret_survives_nowhere(secret: str, pieces: int) -> None:
    record = session(secret, pieces)
    out = redacted(record, [secret])
    text = _whole_texts(out)
    assert {spelled for spelled in _spellings(secret) if spelled in text} == set()
    assert {spelled for spelled in _spellings(secret) if spelled in _whole_texts(record)} >= {secret}
    assert redacted(out, [secret]) == out
    _still_json(record, out)


@given(
    st.text(min_size=6, max_size=14).filter(lambda text: len(text.strip()) > 5 and text.strip("…") == text),
    st.integers(1, 9),
)
@settings(max_examples=25)
def test_no_secret_whatever_survives(secret: str, pieces: int) -> None:
    secret = secret.strip()
    # A word of the formats themselves, or a number, is no secret that could be told from them.
    assume(secret not in _whole_texts(session("…")))
    assume(any(letter.isalpha() for letter in secret))
    record = session(secret, pieces)
    out = redacted(record, [secret])
    text = _whole_texts(out)
    for spelled in (secret, json.dumps(secret)[1:-1], quote(secret, safe="")):
        assert spelled not in text
    assert redacted(out, [secret]) == out
    _still_json(record, out)


def _still_json(record: SessionRecord, out: SessionRecord) -> None:
    for before, after in zip(record.exchanges, out.exchanges, strict=True):
        assert before.wire is not None
        assert after.wire is not None
        json.loads(after.wire.body)
        assert len(after.wire.frames) == len(before.wire.frames)
        for old, new in zip(before.wire.frames, after.wire.frames, strict=True):
            if old.data.startswith("{"):
                assert json.loads(old.data).keys() == json.loads(new.data).keys()
    for node in out.nodes:
        if isinstance(node.message, AssistantMessage):
            assert [json.loads(call.arguments)["n"] for call in node.message.calls] == [17]


@pytest.mark.parametrize(
    "spelled",
    [
        PLAIN,
        "".join(f"\\u{ord(sign):04X}" for sign in PLAIN),
        "plantedsecret" + "".join(f"%{ord(sign):02x}" for sign in "value42"),
        "".join(f"&#{ord(sign)};" for sign in PLAIN),
        base64.b64encode(f"user:{PLAIN}".encode()).decode(),
        base64.urlsafe_b64encode(f"?>{PLAIN}~~".encode()).decode(),
    ],
)
def test_spellings(spelled: str) -> None:
    out = mask(f"before {spelled} after", [PLAIN])
    assert out.startswith("before ")
    assert out.endswith(" after")
    assert "…" in out
    assert len(out) < 28


def test_a_secret_is_found_in_a_body_that_begins_like_a_clean_one() -> None:
    route = session("x").exchanges[0].route
    bodies = [
        json.dumps({"messages": ["word " * 9000, *more]}).encode() for more in ((), ("a",), (PLAIN,), ("b",))
    ]
    made = tuple(Exchange(f"x{at}", 1, 1, 1.0, route, wire=Wire(body)) for at, body in enumerate(bodies))
    out = redacted(SessionRecord(SessionInfo("a"), exchanges=made), [PLAIN])
    kept = [one.wire.body for one in out.exchanges if one.wire]
    assert (kept[0], kept[1], kept[3]) == (bodies[0], bodies[1], bodies[3])
    assert json.loads(kept[2])["messages"][1] == "…"


def test_a_field_written_twice_and_one_with_the_secrets_name() -> None:
    frame = Frame("", f'{{"type":"x","a":"{PLAIN}","a":"b","{PLAIN}":1}}', 0.0)
    route = Route("m", "litellm", f"http://user:pw123456@host/{PLAIN}", "m", None, "v", "m")
    headers = (
        ("authorization", "Bearer abc"),
        ("cookie", "a=b"),
        ("x-note", PLAIN),
        ("x-ratelimit-tokens", "5"),
    )
    record = SessionRecord(
        SessionInfo("a"),
        exchanges=(Exchange("x", 1, 1, 1.0, route, wire=Wire(b"", headers, headers, (frame,))),),
    )
    (out,) = redacted(record, [PLAIN]).exchanges
    assert out.route.base_url == "http://…@host/…"
    assert out.wire is not None
    assert json.loads(out.wire.frames[0].data) == {"type": "x", "a": "b", "…": 1}
    kept = (("authorization", "…"), ("cookie", "…"), ("x-note", "…"), ("x-ratelimit-tokens", "5"))
    assert out.wire.request_headers == out.wire.headers == kept


def test_a_seal_and_media_lose_a_secret_only_if_they_truly_hold_it() -> None:
    looks = "sk-ant-api03-AAAAAAAAAAAAAAAAAAAA"
    block = {"type": "thinking", "thinking": "", "signature": looks}
    media = base64.b64encode(b"sk-ant-api03-BBBBBBBBBBBBB").decode()
    parts = (Reasoning("", "signed", Opaque(ORIGIN, block)), Text(f"my key is {looks}"))
    answer = AssistantMessage("m1", parts, ORIGIN, "end", None, None, UNKNOWN_COST, 2.0)
    user = UserMessage("m0", (Image("image/png", media),), 1.0)
    record = SessionRecord(SessionInfo("a"), nodes=(Node(user), Node(answer, "m0")))
    out = redacted(record, [])
    assert out.nodes[0] == record.nodes[0]
    message = out.nodes[1].message
    assert isinstance(message, AssistantMessage)
    assert message.parts == (parts[0], Text("my key is sk-…"))
    again = redacted(record, [looks, "sk-ant-api03-BBBBBBBBBBBBB"])
    assert looks not in dump(again)
    image = again.nodes[0].message.parts[0]  # type: ignore[union-attr]
    assert isinstance(image, Image)
    assert base64.b64decode(image.data) == b"*" * 26


def test_without_secrets_a_session_is_equal() -> None:
    record = session('nothing to hide: 漢字 "quoted" \\ back\n<script> a=b&c %41 :// Basic thoughts, pk_name')
    assert redacted(record, []) == record
    assert redacted(record, ["", "abc", "elsewhere-only"]) == record


@given(records(4))
@settings(max_examples=25)
def test_any_session_is_masked_and_hidden_to_something_that_stays(record: SessionRecord) -> None:
    out = redacted(record, ["anthropic-secret"])
    assert redacted(out, ["anthropic-secret"]) == out
    hidden = redacted(record, [], texts=True)
    assert redacted(hidden, [], texts=True) == hidden
    assert len(hidden.nodes) == len(record.nodes)


WORDS = 'Pineapple zzyzx MOONRISE 12345 Überraschung — 漢字漢字 it\'s "fine" \\ é\n\tend😀'


@pytest.mark.parametrize("pieces", [1, 3, 8, 1000])
def test_hidden_texts_leave_no_word(pieces: int) -> None:
    record = session(WORDS, pieces)
    out = redacted(record, [], texts=True)
    text = _whole_texts(out).lower()
    for word in ("pineapple", "zzyzx", "moonrise", "berraschung", "漢字", "fine", "😀"):
        assert word in _whole_texts(record).lower()
        assert word not in text
        assert json.dumps(word)[1:-1].lower() not in text
        assert base64.b64encode(word.encode()).decode()[:5].lower() not in text
    assert redacted(out, [], texts=True) == out
    _still_json(record, out)


def test_hidden_texts_keep_their_length_and_are_the_same_everywhere() -> None:
    record = session(WORDS)
    out = redacted(record, [], texts=True)
    user = out.nodes[0].message
    assert isinstance(user, UserMessage)
    stand_in = user.text
    assert len(stand_in) == len(WORDS)
    assert len(stand_in.encode()) == len(WORDS.encode())
    assert [sign.isspace() for sign in stand_in] == [sign.isspace() for sign in WORDS]
    assert out.state.system == out.state.own_system[0] == stand_in  # type: ignore[index]
    bodies = [json.loads(one.wire.body) for one in out.exchanges if one.wire]
    assert {body["system"] for body in bodies} == {stand_in}
    assert {body["messages"][0]["content"][0]["text"] for body in bodies} == {stand_in}
    answer = out.nodes[1].message
    assert isinstance(answer, AssistantMessage)
    for one, where in zip(
        out.exchanges[:3], ("1/delta/text", "None/choices/0/delta/content", None), strict=True
    ):
        slots: dict[str, str] = {}
        assert one.wire is not None
        for frame in one.wire.frames:
            if frame.data.startswith("{"):
                event = json.loads(frame.data)
                _join(event, f"{event.get('index')}", slots)
        if where:
            assert slots[where] == stand_in
            assert any(text == answer.calls[0].arguments for text in slots.values())
    assert json.loads(answer.calls[0].arguments).keys() == {"path", "xxxx", "n"}
    assert bodies[0]["messages"][1]["content"][1]["input"] == {stand_in: stand_in}


def test_hidden_texts_leave_structure_numbers_and_known_words_of_errors() -> None:
    record = session(WORDS)
    out = redacted(record, [], texts=True)
    one = out.exchanges[0]
    assert one.failure is not None
    assert one.failure.what.startswith("not this: xxxxxxxxx xxxxx")
    assert [frame.data for frame in out.exchanges[1].wire.frames][-1:] == ["[DONE]"]  # type: ignore[union-attr]
    assert (one.status, one.route, one.served) == (None, record.exchanges[0].route, Served(model_id="abc"))
    assert one.wire is not None
    body = json.loads(one.wire.body)
    assert (body["model"], body["max_tokens"]) == ("m", 9)
    assert body["tools"][0]["input_schema"]["properties"]["path"]["type"] == "string"
    seal = body["messages"][1]["content"][0]["signature"]
    assert len(seal) == len(SEAL)
    assert re.fullmatch(r"sha256-[0-9a-f]{16}-A+", seal)
    answer = out.nodes[1].message
    assert isinstance(answer, AssistantMessage)
    assert isinstance(answer.parts[0], Reasoning)
    assert answer.parts[0].opaque is not None
    assert answer.parts[0].opaque.data["signature"] == seal
    assert '"output_tokens": 5' in one.wire.frames[-1].data or '"output_tokens":5' in one.wire.frames[-1].data


@given(st.text(min_size=0, max_size=40), st.text(min_size=0, max_size=40))
@settings(max_examples=60)
def test_the_same_text_has_the_same_stand_in_and_another_text_another(one: str, other: str) -> None:
    nodes = [Node(UserMessage(f"m{at}", (Text(text),), 1.0)) for at, text in enumerate((one, other, one))]
    out = redacted(SessionRecord(SessionInfo("a"), nodes=tuple(nodes)), [], texts=True)
    first, second, third = (node.message.text for node in out.nodes if isinstance(node.message, UserMessage))
    assert first == third
    assert len(first) == len(one)
    letters = sum(sign.isalpha() and len(sign.encode()) < 4 for sign in one)
    assert one in (other, first) or letters < 8 or first != second


def test_a_long_session_takes_seconds() -> None:
    said = "The quick brown fox jumps over the lazy dog, again and again. " * 8
    frames = events(said, said, json.dumps({"path": said}), 60)
    parts = (Reasoning(said, "unsigned"), Text(said), ToolCall("t1", "read", json.dumps({"path": said})))
    nodes = []
    made = []
    route = Route("m", "litellm-anthropic", "http://localhost:4000", "m", None, "anthropic", "m")
    body = json.dumps({"messages": [{"role": "user", "content": said}] * 20}).encode()
    for place in range(3_000):
        answer = AssistantMessage(f"m{place}", parts, ORIGIN, "end", None, None, UNKNOWN_COST, 1.0)
        prompt = UserMessage(f"m{place}", (Text(f"{place} {said}"),), 1.0)
        nodes.append(Node(answer if place % 2 else prompt, f"m{place - 1}" if place else None))
        if place % 2:
            made.append(
                Exchange(f"x{place}", 1, 1, 1.0, route, wire=Wire(body + b" " * place, frames=frames))
            )
    record = SessionRecord(SessionInfo("a"), nodes=tuple(nodes), exchanges=tuple(made))
    before = time.process_time()
    assert redacted(record, [f"another-secret-{number}" for number in range(10)]) == record
    assert time.process_time() - before < 15
