"""Renamed ids are fit, unique and the same every time; the maker's own are never touched."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tests.wire.streams import origin_of
from tui.chat.messages import AssistantMessage
from tui.chat.parts import Opaque, ToolCall
from tui.chat.route import Target
from tui.chat.usage import UNKNOWN_COST
from tui.wire.call_ids import CallIds

FIT = re.compile(r"[a-zA-Z0-9_-]{1,40}")
CLAUDE = Target("messages", "anthropic", "claude-sonnet-4-5")
GPT = origin_of("chat", "gpt-5.1")


def _calls(*ids: str) -> AssistantMessage:
    parts = tuple(ToolCall(id, "note", "{}") for id in ids)
    return AssistantMessage("a", parts, GPT, "tool_use", None, None, UNKNOWN_COST, 0.0)


@given(st.lists(st.lists(st.text(min_size=1) | st.sampled_from(["a", "b+"]), max_size=4), max_size=4))
def test_foreign_ids_become_fit_and_unique_and_repeat_exactly(steps: list[list[str]]) -> None:
    once, again = CallIds(CLAUDE, FIT), CallIds(CLAUDE, FIT)
    told = [once.of(_calls(*ids)) for ids in steps]
    assert told == [again.of(_calls(*ids)) for ids in steps]
    flat = [id for ids in told for id in ids]
    assert all(FIT.fullmatch(id) for id in flat)
    assert len(set(flat)) == len(flat)
    assert [len(ids) for ids in told] == [len(ids) for ids in steps]


@given(st.lists(st.text(min_size=1), unique=True, max_size=4))
def test_own_ids_go_back_byte_for_byte(ids: list[str]) -> None:
    home = CallIds(Target("chat", "openai", "gpt-5.1"), FIT)
    assert home.of(_calls(*ids)) == tuple(ids)
    assert home.of(_calls(*ids)) == tuple(ids)


def test_a_call_that_goes_back_as_its_own_block_keeps_its_id() -> None:
    block = Opaque(GPT, {"id": "a"})
    parts = (ToolCall("a", "note", "{}", opaque=block), ToolCall("a", "note", "{}"))
    message = AssistantMessage("a", parts, GPT, "tool_use", None, None, UNKNOWN_COST, 0.0)
    first, second = CallIds(Target("chat", "openai", "gpt-5.1"), FIT).of(message)
    assert first == "a"
    assert second != "a"
