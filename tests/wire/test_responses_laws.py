"""The laws of the Responses codec on OpenAI's items: verbatim, prefix-stable, its rules at every repair."""

import json
import random
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wire.histories import histories, responses_in, units
from tests.wire.rules import check_responses
from tests.wire.streams import CODECS, TOOLS, answered, asked, fed, origin_of, route_to, talk, whole_frame
from tests.wire.test_laws import JSON
from tui.chat.frame import Frame
from tui.chat.messages import AssistantMessage, Message
from tui.chat.parts import Text
from tui.chat.settings import Settings
from tui.errors import UsageError

ORIGINS = (origin_of("responses", "gpt-5.1"), origin_of("responses", "gpt-5.1", "d2"))
ROUTE = route_to("responses", "gpt-5.1")
CODEC = CODECS["responses"]


@settings(max_examples=100)
@given(messages=histories(ORIGINS), tools=st.sampled_from([TOOLS, TOOLS, ()]))
def test_no_repair_breaks_a_rule_of_items_or_changes_what_was_said(
    messages: list[Message], tools: Any
) -> None:
    earlier: list[tuple[str, str]] = []
    for length in range(1, len(messages) + 1):
        if isinstance(messages[length - 1], AssistantMessage):
            continue
        try:
            body = json.loads(CODEC.encode(talk(*messages[:length]), ROUTE, Settings(), tools).body)
        except UsageError:
            continue
        check_responses(body, responses_in(messages[:length]), openai=True)
        now = units(body, "responses")
        assert now[: len(earlier)] == earlier
        earlier = now


@given(messages=histories(ORIGINS))
def test_ids_are_said_for_whole_answers_alone(messages: list[Message]) -> None:
    spoken = [m for m in messages if not isinstance(m, AssistantMessage) or m.parts]
    body = json.loads(CODEC.encode(talk(*spoken, asked("go on", "u")), ROUTE, Settings(), TOOLS).body)
    said = {item["id"] for item in body["input"] if "id" in item}
    for message in spoken:
        if not isinstance(message, AssistantMessage):
            continue
        everything = {part.opaque.data["id"] for part in message.parts if part.opaque}
        assert everything & said in (set(), everything)
        if everything & said:
            assert message.origin.deployment == "d1"
            assert not message.unfinished
            assert all(part.text.strip() for part in message.parts if isinstance(part, Text))


_TEXTS = st.text(min_size=1).filter(str.strip)
_REASONING = st.fixed_dictionaries(
    {
        "type": st.just("reasoning"),
        "summary": st.lists(
            st.fixed_dictionaries({"type": st.just("summary_text"), "text": st.text()}), max_size=3
        ),
        "encrypted_content": st.text(min_size=1),
    },
    optional={"status": st.just("completed"), "extra": JSON.filter(lambda value: value is not None)},
)
_MESSAGE = st.fixed_dictionaries(
    {
        "type": st.just("message"),
        "role": st.just("assistant"),
        "content": st.lists(
            st.fixed_dictionaries(
                {"type": st.just("output_text"), "text": _TEXTS, "annotations": st.lists(JSON)}
            )
            | st.fixed_dictionaries({"type": st.just("refusal"), "refusal": _TEXTS}),
            min_size=1,
            max_size=2,
        ),
    },
    optional={"phase": st.sampled_from(["commentary", "final_answer"]), "status": st.just("completed")},
)
_CALL = st.fixed_dictionaries(
    {
        "type": st.just("function_call"),
        "name": st.text(min_size=1),
        "arguments": st.sampled_from(['{"a":1}', '{ "b" : 1e2 }', "{}"]),
    },
    optional={"namespace": st.text(), "status": st.just("completed")},
)
_UNKNOWN = st.dictionaries(st.text(), JSON, max_size=4).map(lambda extra: {**extra, "type": "narration"})
_ITEMS = st.lists(_REASONING | _MESSAGE | _CALL | _UNKNOWN, max_size=5)


@given(items=_ITEMS, seed=st.integers(0, 99))
def test_every_item_goes_back_as_it_came_streamed_or_whole(items: list[dict[str, Any]], seed: int) -> None:
    came = [_named(item, number) for number, item in enumerate(items)]
    came.append(_named({"type": "message", "content": [{"type": "output_text", "text": "so"}]}, len(items)))
    response = {"status": "completed", "output": came}
    for taken in ([whole_frame(response)], _streamed(response, seed)):
        decoder = CODEC.decoder(ORIGINS[0])
        fed(decoder, taken)
        assert decoder.done
        reply = decoder.finish()
        assert reply.seals_received == sum(item["type"] == "reasoning" for item in came)
        body = CODEC.encode(talk(asked(), answered(reply, ORIGINS[0])), ROUTE, Settings(), TOOLS).body
        assert json.dumps(json.loads(body)["input"][1 : len(came) + 1]) == json.dumps(came)


def _named(item: dict[str, Any], number: int) -> dict[str, Any]:
    """``item`` with the ids a vendor gives it."""
    prefix = {"reasoning": "rs", "message": "msg", "function_call": "fc"}.get(item["type"], "xx")
    call = {"call_id": f"call_{number}"} if prefix == "fc" else {}
    return {"id": f"{prefix}_{number}", **call, **item}


def _streamed(response: dict[str, Any], seed: int) -> list[Frame]:
    """The response in events as a vendor or a proxy sends them: done in any order, texts in random pieces."""
    dice = random.Random(seed)
    events: list[dict[str, Any]] = []
    ends: list[dict[str, Any]] = []
    for place, item in enumerate(response["output"]):
        opening = {k: [] if k in ("content", "summary") else v for k, v in item.items()}
        if item["type"] == "function_call":
            opening["arguments"] = ""
        if item["type"] == "reasoning":
            opening["encrypted_content"] = item["encrypted_content"][:3]
        events.append({"type": "response.output_item.added", "output_index": place, "item": opening})
        for kind, key, text in _texts_of(item):
            about = {"item_id": item["id"], "output_index": place}
            if kind == "response.reasoning_summary_text":
                events.append({"type": "response.reasoning_summary_part.added", **about})
            events += [{"type": f"{kind}.delta", **about, "delta": piece} for piece in _pieces(text, dice)]
            ends.append({"type": f"{kind}.done", **about, key: text})
        ends.append({"type": "response.output_item.done", "output_index": place, "item": item})
        if dice.random() < 0.5:
            events += ends
            ends = []
    dice.shuffle(ends)
    told = response if dice.random() < 0.5 else {**response, "output": []}
    events += [*ends, {"type": "response.completed", "response": told}]
    return [Frame("", json.dumps(event), 0.0) for event in events]


def _texts_of(item: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for piece in item.get("summary", ()) if item["type"] == "reasoning" else ():
        yield "response.reasoning_summary_text", "text", piece["text"]
    for piece in item["content"] if item["type"] == "message" else ():
        key = "refusal" if piece["type"] == "refusal" else "text"
        yield "response.refusal" if key == "refusal" else "response.output_text", key, piece[key]
    if item["type"] == "function_call":
        yield "response.function_call_arguments", "arguments", item["arguments"]


def _pieces(text: str, dice: random.Random) -> list[str]:
    cuts = sorted(dice.randrange(len(text) + 1) for _ in range(dice.randrange(4)))
    return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
