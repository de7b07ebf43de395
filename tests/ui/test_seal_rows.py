"""What became of every seal: read off real requests, and off requests somebody tampered with."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.wire.streams import (
    CODECS,
    TOOLS,
    answered,
    asked,
    origin_of,
    reply_of,
    results_for,
    route_to,
    talk,
)
from tui.chat.conversation import Conversation
from tui.chat.messages import AssistantMessage, UserMessage
from tui.chat.parts import Opaque, Origin, Reasoning, Text
from tui.chat.route import Route
from tui.chat.settings import Settings
from tui.chat.usage import UNKNOWN_COST
from tui.ui import seal_rows
from tui.ui.seal_rows import SealReader, SealRow, Sent
from tui.wire.offer import takes_tools

CLAUDE = "claude-opus-4-5"
OTHER = "claude-sonnet-4-5"


def thinking(text: str, signature: str, origin: Origin) -> Reasoning:
    block = {"type": "thinking", "thinking": text, "signature": signature}
    return Reasoning(text, "signed" if text else "omitted", Opaque(origin, block))


def answer(number: int, *parts: Any, model: str = CLAUDE, unfinished: frozenset[int] = frozenset()) -> Any:
    origin = origin_of("messages", model)
    return AssistantMessage(
        f"a{number}", parts, origin, "end", None, None, UNKNOWN_COST, 0.0, unfinished=unfinished
    )


def claude(number: int, signature: str, model: str = CLAUDE) -> AssistantMessage:
    made: AssistantMessage = answer(
        number, thinking("hm", signature, origin_of("messages", model)), Text("yes"), model=model
    )
    return made


def request(conversation: Conversation, route: Route) -> Sent:
    body = CODECS[route.dialect].encode(conversation, route, Settings(), TOOLS).body
    return Sent(body, conversation, route.target, takes_tools(route, TOOLS))


def only(rows: tuple[SealRow, ...]) -> SealRow:
    (row,) = rows
    return row


def test_newest_first_with_turn_step_and_origin() -> None:
    history = talk(asked(), claude(1, "one"), asked(id="u2"), claude(2, "two"))
    sent = request(talk(*history.messages[:3]), route_to("messages", CLAUDE))
    seen = SealReader().read(history, sent)
    assert [(r.turn, r.step, r.verdict) for r in seen.rows] == [(2, 1, "new"), (1, 1, "same")]
    assert seen.rows[1].sent == seen.rows[1].seal.hash
    assert seen.rows[1].origin.model == CLAUDE
    assert seen.asked
    assert seen.strangers == 0
    numbered = SealReader().read(history, sent, {"a2": (7, 3)}).rows
    assert [(r.turn, r.step) for r in numbered] == [(7, 3), (1, 1)]


def test_before_any_request_nothing_is_claimed() -> None:
    seen = SealReader().read(talk(asked(), claude(1, "one")), None)
    assert only(seen.rows).verdict == "new"
    assert not seen.asked


@pytest.mark.parametrize("dialect", ["messages", "chat"])
def test_a_seal_that_was_changed_and_one_that_was_lost_are_told_apart(dialect: Any) -> None:
    history = talk(asked(), claude(1, "one"), asked(id="u2"), claude(2, "two"), asked(id="u3"))
    sent = request(history, route_to(dialect, CLAUDE))
    assert {r.verdict for r in SealReader().read(history, sent).rows} == {"same"}
    changed = replace(sent, body=sent.body.replace(b'"one"', b'"onE"'))
    rows = SealReader().read(history, changed).rows
    assert [r.verdict for r in rows] == ["same", "changed"]
    assert rows[1].sent
    assert rows[1].sent != rows[1].seal.hash
    lost = replace(sent, body=sent.body.replace(b'"signature":"two"', b'"sig":"two"'))
    rows = SealReader().read(history, lost).rows
    assert [r.verdict for r in rows] == ["lost", "same"]
    assert "should have been sent" in rows[0].why


def test_a_seal_nobody_gave_us_is_counted() -> None:
    history = talk(asked(), claude(1, "one"), asked(id="u2"))
    sent = request(history, route_to("messages", CLAUDE))
    body = json.loads(sent.body)
    body["messages"][1]["content"].insert(0, {"type": "thinking", "thinking": "", "signature": "forged"})
    seen = SealReader().read(history, replace(sent, body=json.dumps(body).encode()))
    assert only(seen.rows).verdict == "same"
    assert seen.strangers == 1


def test_another_model_vendor_or_deployment_is_the_reason() -> None:
    history = talk(asked(), claude(1, "one"), asked(id="u2"))

    def why(route: Route) -> str:
        row = only(SealReader().read(history, request(history, route)).rows)
        assert row.verdict == "not sent"
        return row.why

    assert why(route_to("messages", OTHER)) == f"foreign: {CLAUDE} made it, {OTHER} reads this"
    assert why(route_to("chat", "gpt-5.1")) == "foreign: anthropic made it, openai reads this"
    assert why(route_to("messages", CLAUDE, mixed=True)) == "foreign: several models may answer here"


def test_a_dialect_or_deployment_that_differs_is_the_reason() -> None:
    reply = reply_of("messages_openai_bridge")
    made = answered(reply, origin_of("messages", "gpt-5.1", "d9"))
    made = replace(
        made,
        parts=tuple(
            replace(p, opaque=replace(p.opaque, origin=made.origin))
            if isinstance(p, Reasoning) and p.opaque
            else p
            for p in made.parts
        ),
    )
    history = talk(asked(), made, *([results_for(made)] if made.calls else []), asked(id="u2"))
    rows = SealReader().read(history, request(history, route_to("messages", "gpt-5.1"))).rows
    assert {r.why for r in rows} == {"foreign: made by deployment d9, sent to d1"}
    rows = SealReader().read(history, request(history, route_to("chat", "gpt-5.1", deployments=("d9",)))).rows
    assert {r.why for r in rows} == {"foreign: it came over messages, this is chat"}


def test_before_a_fork_a_prefix_bound_model_gets_nothing() -> None:
    model = "claude-fable-5-1"
    history = talk(asked(), claude(1, "one", model), asked(id="u2")).revised("other words")
    route = route_to("messages", model)
    assert route.target.prefix_bound
    row = only(SealReader().read(history, request(history, route)).rows)
    assert (row.verdict, row.why) == ("not sent", "bound to other instructions or tools, before the fork")


def test_thinking_at_the_end_and_thinking_cut_off_say_so() -> None:
    origin = origin_of("messages", CLAUDE)
    ends = answer(1, Text("yes"), thinking("hm", "one", origin))
    cut = answer(2, Text("yes"), thinking("hm", "two", origin), Text("no"), unfinished=frozenset({1}))
    history = talk(asked(), ends, asked(id="u2"), cut, asked(id="u3"))
    rows = SealReader().read(history, request(history, route_to("messages", CLAUDE))).rows
    assert [(r.verdict, r.why) for r in rows] == [
        ("not sent", "it was cut off before its end"),
        ("not sent", "nothing follows it in its answer"),
    ]


@pytest.mark.parametrize("name", ["chat_gemini", "messages_gemini_bridge"])
def test_thought_signatures_of_calls_are_rows_too(name: Any) -> None:
    dialect = name.partition("_")[0]
    made = answered(reply_of(name), origin_of(dialect, "gemini-3-pro-preview"))
    history = talk(asked(), made, results_for(made))
    own = SealReader().read(history, request(history, route_to(dialect, "gemini-3-pro-preview"))).rows
    assert own
    assert {(r.state, r.verdict) for r in own} == {("thought", "same")}
    elsewhere = SealReader().read(history, request(history, route_to("messages", CLAUDE))).rows
    assert {r.why for r in elsewhere} == {"foreign: gemini made it, anthropic reads this"}


def test_states_are_words_people_know() -> None:
    parts = (
        thinking("hm", "s", origin_of("messages", CLAUDE)),
        thinking("", "o", origin_of("messages", CLAUDE)),
        Reasoning(
            "",
            "redacted",
            Opaque(origin_of("messages", CLAUDE), {"type": "redacted_thinking", "data": "r"}),
        ),
        Reasoning(
            "",
            "signed",
            Opaque(origin_of("responses", "gpt-5.1"), {"type": "reasoning", "encrypted_content": "e"}),
        ),
        Text("x"),
    )
    rows = SealReader().read(talk(asked(), answer(1, *parts)), None).rows
    assert [r.state for r in rows] == ["encrypted", "redacted", "omitted", "signed"]


def test_a_growing_conversation_is_read_on_and_a_fork_again() -> None:
    reader = SealReader()
    messages = (asked(), claude(1, "one"), asked(id="u2"), claude(2, "two"))
    assert len(reader.read(talk(*messages[:2]), None).rows) == 1
    assert len(reader.read(talk(*messages), None).rows) == 2
    forked = (*messages[:3], claude(3, "three"))
    rows = reader.read(talk(*forked), None).rows
    assert [(r.turn, r.step) for r in rows] == [(2, 1), (1, 1)]
    assert rows[0].seal != SealReader().read(talk(*messages), None).rows[0].seal
    assert reader.read(Conversation(), None).rows == ()


def test_ten_thousand_messages_are_hashed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    messages: list[UserMessage | AssistantMessage] = []
    for number in range(5000):
        messages += [asked(id=f"u{number}"), claude(number, f"{number:04}" * 150)]
    history = talk(*messages, asked(id="last"))
    sent = request(history, route_to("messages", CLAUDE))
    reader = SealReader()
    assert reader.read(history, sent).counts == {"same": 5000}
    hashed: list[str] = []

    def noted(message: AssistantMessage) -> tuple[()]:
        hashed.append(message.id)
        return ()

    monkeypatch.setattr(seal_rows, "seals_in_answer", noted)
    later = history.append(claude(9999, "last"))
    assert reader.read(later, sent).counts == {"same": 5000}
    assert hashed == ["a9999"]
