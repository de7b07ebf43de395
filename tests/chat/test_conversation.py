"""What a target may see of a conversation: cuts, stops and missing results are mended, nothing else moves."""

from dataclasses import replace

import pytest

from tui.chat.conversation import BAD_ARGUMENTS, CANCELLED, Conversation, arguments_object
from tui.chat.messages import AssistantMessage, Message, ToolMessage, UserMessage
from tui.chat.parts import (
    AssistantPart,
    Dialect,
    Foreign,
    Image,
    Opaque,
    Origin,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
)
from tui.chat.route import Target
from tui.chat.usage import UNKNOWN_COST

HERE = Origin("messages", "anthropic", "claude-opus-4-5", seals="claude")
TARGET = Target("messages", "anthropic", "claude-opus-4-5")
SEALED = Reasoning("hm", "signed", Opaque(HERE, {"type": "thinking", "thinking": "hm", "signature": "E"}))


def _said(*parts: AssistantPart, unfinished: frozenset[int] = frozenset(), id: str = "a") -> AssistantMessage:
    return AssistantMessage(id, parts, HERE, "end", None, None, UNKNOWN_COST, 0.0, unfinished)


def _asked(text: str = "hello") -> UserMessage:
    return UserMessage("u", (Text(text),), 0.0)


def _seen(*messages: Message, target: Target = TARGET, tools_ok: bool = True) -> tuple[Message, ...]:
    return Conversation(messages=messages).sendable(target, tools_ok=tools_ok).messages


def test_a_sound_history_is_left_alone() -> None:
    history = (
        _asked(),
        _said(SEALED, Text("let me"), ToolCall("c1", "f", "{}")),
        ToolMessage("t", (ToolResult("c1", (Text("42"),)),), 0.0),
        _said(Text("42")),
    )
    seen = _seen(*history)
    assert seen == history
    # Not even copied: a long history goes through here with every request.
    assert all(seen[place] is history[place] for place in (0, 1, 3))


@pytest.mark.parametrize(
    ("parts", "unfinished", "kept"),
    [
        ((SEALED, Text("par")), {1}, (SEALED, Text("par"))),
        ((SEALED,), {0}, ()),
        ((SEALED,), set(), ()),
        ((Text("a"), SEALED), set(), (Text("a"),)),
        ((SEALED, Text("  ")), {1}, ()),
        ((Text("a"), ToolCall("c", "f", '{"a":')), {1}, (Text("a"),)),
        ((Text("a"), Foreign("x", Opaque(HERE, {"type": "x"}))), {1}, (Text("a"),)),
    ],
    ids=[
        "text kept",
        "half thought",
        "only a thought",
        "thought last",
        "blank text",
        "half call",
        "half block",
    ],
)
def test_what_remains_of_a_cut_answer(
    parts: tuple[AssistantPart, ...], unfinished: set[int], kept: tuple[AssistantPart, ...]
) -> None:
    seen = _seen(_asked(), _said(*parts, unfinished=frozenset(unfinished)), _asked("go on"))
    answers = [m for m in seen if isinstance(m, AssistantMessage)]
    assert [m.parts for m in answers] == ([kept] if kept else [])
    assert all(not m.unfinished for m in answers)


def test_blank_prompts_are_not_sent_but_their_images_are() -> None:
    image = Image("image/png", "aGk=")
    seen = _seen(UserMessage("u1", (Text(" "),), 0.0), UserMessage("u2", (Text(""), image), 0.0))
    assert [m.parts for m in seen if isinstance(m, UserMessage)] == [(image,)]


def test_calls_without_results_are_answered_as_cancelled_in_call_order() -> None:
    calls = (ToolCall("c1", "f", "{}"), ToolCall("c2", "f", "{}"))
    given = ToolMessage("t", (ToolResult("c2", (Text("2"),)), ToolResult("stray", (Text("x"),))), 0.0)
    seen = _seen(_asked(), _said(*calls), given, _said(Text("so"), *calls, id="b"), _asked())
    first, second = (m for m in seen if isinstance(m, ToolMessage))
    assert [(r.call_id, r.text, r.is_error) for r in first.results] == [
        ("c1", CANCELLED, True),
        ("c2", "2", False),
    ]
    assert [r.text for r in second.results] == [CANCELLED, CANCELLED]


def test_a_result_nobody_asked_for_is_not_sent() -> None:
    stray = ToolMessage("t", (ToolResult("c9", (Text("x"),)),), 0.0)
    assert _seen(_asked(), stray, _said(Text("a")), stray) == (_asked(), _said(Text("a")))


def test_unreadable_arguments_are_answered_by_an_error_even_if_something_ran() -> None:
    call = ToolCall("c1", "f", "[1]")
    ran = ToolMessage("t", (ToolResult("c1", (Text("fine"),)),), 0.0)
    result = _seen(_asked(), _said(call), ran)[-1]
    assert isinstance(result, ToolMessage)
    assert (result.results[0].text, result.results[0].is_error) == (BAD_ARGUMENTS, True)


def test_without_tools_calls_and_results_are_told_as_text() -> None:
    call = ToolCall("c1", "f", '{"a":1}')
    ran = ToolMessage("t", (ToolResult("c1", (Text("42"),)),), 0.0)
    _, answer, result = _seen(_asked(), _said(call), ran, tools_ok=False)
    assert isinstance(answer, AssistantMessage)
    assert isinstance(result, UserMessage)
    assert answer.text == '[called the tool f with {"a":1}]'
    assert result.text == "[tool result] 42"


@pytest.mark.parametrize(
    ("dialect", "vendor", "own"),
    [("messages", "anthropic", True), ("messages", "gemini", False), ("chat", "anthropic", False)],
)
def test_a_wire_block_goes_only_to_its_vendor_in_its_format(dialect: Dialect, vendor: str, own: bool) -> None:
    cited = Text("noon", Opaque(HERE, {"type": "text", "text": "noon", "citations": [1]}))
    strange = Foreign("narration", Opaque(HERE, {"type": "narration"}))
    call = ToolCall("c1", "f", "{}", opaque=Opaque(HERE, {"type": "tool_use"}))
    answer = _seen(_asked(), _said(cited, strange, call), target=Target(dialect, vendor, "claude-opus-4-5"))[
        1
    ]
    expected = (cited, strange, call) if own else (Text("noon"), ToolCall("c1", "f", "{}"))
    assert answer.parts == expected  # type: ignore[union-attr]


def test_sealed_extras_of_openai_go_only_to_the_deployment_that_made_them() -> None:
    origin = Origin("chat", "openai", "gpt-5.1", "d1", seals="openai")
    items = Opaque(origin, {"content": "hi", "message": {"reasoning_items": [{"encrypted_content": "g"}]}})
    for deployment, kept in (("d1", items), ("d2", None)):
        target = Target("chat", "openai", "gpt-5.1", deployment)
        answer = _seen(_asked(), _said(Text("hi", items)), target=target)[1]
        assert answer.parts == (Text("hi", kept),)  # type: ignore[union-attr]


def test_foreign_reasoning_is_dropped_or_told_as_text_as_the_conversation_began() -> None:
    elsewhere = Target("chat", "openai", "gpt-5.1")
    history = (_asked(), _said(SEALED, Text("a")))
    dropped = Conversation(messages=history).sendable(elsewhere)
    told = Conversation(messages=history, foreign_reasoning="text").sendable(elsewhere)
    assert dropped.messages[1].parts == (Text("a"),)  # type: ignore[union-attr]
    assert told.messages[1].parts == (Text("hm"), Text("a"))  # type: ignore[union-attr]


def test_append_and_fork_leave_the_original_alone() -> None:
    conversation = Conversation("system", (_asked(),))
    longer = conversation.append(_said(Text("a")), _asked("more"))
    assert len(conversation.messages) == 1
    assert longer.fork(1) == conversation
    assert longer.last_answer == _said(Text("a"))
    assert conversation.last_answer is None


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("", {}),
        ("  ", {}),
        ("{}", {}),
        ('{"a": 1e2}', {"a": 100.0}),
        ("[1]", None),
        ("null", None),
        ('{"a": ', None),
        ('{"a": NaN}', None),
        ('{"a": 1e999}', None),
        ('{"a":' * 100_000, None),
        ('{"a": ' + "1" * 5000 + "}", None),
    ],
    ids=range(11),
)
def test_arguments_are_a_json_object_or_nothing(text: str, given: dict[str, object] | None) -> None:
    assert arguments_object(text) == given


def test_a_revised_conversation_keeps_back_what_was_sealed_before_it_from_models_that_would_refuse_it() -> (
    None
):
    bound = Target("messages", "anthropic", "claude-opus-4-5", prefix_bound=True)
    before = Conversation("old", (_asked(), _said(SEALED, Text("a"), id="a")))
    after = before.revised("new").append(_asked("and?"), _said(SEALED, Text("b"), id="b"))
    assert (before.bound_from, after.bound_from, after.system) == (0, 2, "new")
    first, second = (m for m in after.sendable(bound).messages if isinstance(m, AssistantMessage))
    assert (first.parts, second.parts) == ((Text("a"),), (SEALED, Text("b")))
    again = after.revised("new").sendable(bound)
    assert not [p for m in again.messages if isinstance(m, AssistantMessage) for p in m.parts if p == SEALED]
    free = [m for m in after.sendable(replace(bound, prefix_bound=False)).messages if m.id in ("a", "b")]
    assert all(SEALED in m.parts for m in free if isinstance(m, AssistantMessage))
    assert after.messages[1] == before.messages[1]


def test_a_fork_from_before_a_revision_gets_its_new_seals_back() -> None:
    bound = Target("messages", "anthropic", "claude-opus-4-5", prefix_bound=True)
    revised = Conversation("old", (_asked(), _said(SEALED, Text("cut")))).revised("new")
    forked = revised.fork(1).append(_said(SEALED, Text("again")), _asked("and?"))
    answer = forked.sendable(bound).messages[1]
    assert answer.parts == (SEALED, Text("again"))  # type: ignore[union-attr]
    assert revised.append(_asked()).fork(3).bound_from == 2
