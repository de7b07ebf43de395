"""The table of frames: a row for everything that can come, in the wire's words, never an error."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.streams import NAMES, dialect_of, frames
from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.parts import Dialect
from tui.exchanges import frame_kinds
from tui.exchanges.frames import FrameTable, are_timed


def row(frame: Frame, dialect: Dialect = "messages") -> tuple[str, str]:
    seen = FrameTable(dialect, [frame]).row(0)
    return seen.kind, seen.gist


def of(value: object, event: str = "") -> Frame:
    return Frame(event, value if isinstance(value, str) else json.dumps(value), 0.5)


@pytest.mark.parametrize(
    ("dialect", "frame", "kind", "gist"),
    [
        ("messages", of("{}", "ping"), "ping", ""),
        ("messages", of({"type": "ping"}, "ping"), "ping", ""),
        (
            "messages",
            of({"type": "error", "error": {"message": "Overloaded"}}, "error"),
            "error",
            "Overloaded",
        ),
        (
            "messages",
            of({"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "a\nb"}}),
            "text_delta",
            "1 a⏎b",
        ),
        (
            "messages",
            of(
                {
                    "type": "content_block_start",
                    "index": 2,
                    "content_block": {"type": "tool_use", "name": "run"},
                }
            ),
            "content_block_start",
            "2 tool_use run",
        ),
        (
            "messages",
            of(
                {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 7}}
            ),
            "message_delta",
            "end_turn output_tokens=7",
        ),
        ("chat", of("[DONE]"), "[DONE]", ""),
        ("chat", of(""), "no data", ""),
        ("chat", of("<html>"), "not JSON", "<html>"),
        ("chat", of({"error": {"message": "no"}}), "error", "no"),
        (
            "chat",
            of({"choices": [{"delta": {"role": "assistant", "content": "hi"}}]}),
            "content",
            "hi",
        ),
        (
            "chat",
            of({"choices": [{"delta": {}, "finish_reason": "stop"}], "usage": {"total_tokens": 3}}),
            "finish_reason+usage",
            "stop total_tokens=3",
        ),
        (
            "responses",
            of({"type": "response.output_text.delta", "output_index": 0, "delta": "x"}),
            "output_text.delta",
            "0 x",
        ),
        (
            "responses",
            of({"type": "response.output_item.added", "output_index": 1, "item": {"type": "message"}}),
            "output_item.added",
            "1 message",
        ),
        ("responses", Frame(WHOLE_BODY, '{"output": []}', 1.0), "whole body", '{"output": []}'),
    ],
)
def test_kind_and_gist(dialect: Dialect, frame: Frame, kind: str, gist: str) -> None:
    assert (row(frame, dialect)[0], row(frame, dialect)[1].strip()) == (kind, gist)


@pytest.mark.parametrize("name", NAMES)
def test_every_recorded_frame_has_a_kind(name: str) -> None:
    table = FrameTable(dialect_of(name), frames(name))
    kinds = {table.kind(i) for i in range(len(table))}
    assert "?" not in kinds
    assert len(kinds) > 2


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "index",
                    "delta",
                    "choices",
                    "error",
                    "usage",
                    "item",
                    "response",
                    "output_index",
                    "message",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(
    data=st.one_of(values.map(json.dumps), st.text(max_size=30)),
    event=st.sampled_from(["", "ping", "error", "content_block_delta", "\x1b[31m", WHOLE_BODY]),
    dialect=st.sampled_from(["messages", "chat", "responses"]),
)
def test_whatever_comes_has_one_clean_row(data: str, event: str, dialect: Dialect) -> None:
    seen = FrameTable(dialect, [Frame(event, data, 0.0)]).row(0)
    assert seen.kind
    assert not any(ord(char) < 32 for char in seen.kind + seen.gist)
    assert seen.size == len(data.encode("utf-8", "surrogatepass"))


def test_a_huge_frame_is_not_read_for_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.exchanges.frame_kinds.json.loads", lambda *_: pytest.fail("read whole"))
    data = '{"type":"response.completed","response":{"output":"' + "x" * 100_000 + '"}}'
    assert row(Frame("", data, 0.0), "responses")[0] == "completed"


def test_only_rows_asked_for_are_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Frame] = []
    true = frame_kinds.look

    def counted(frame: Frame, dialect: Dialect) -> frame_kinds.Look:
        looked.append(frame)
        return true(frame, dialect)

    monkeypatch.setattr("tui.exchanges.frames.look", counted)
    table = FrameTable("chat", [of("[DONE]")] * 50_000)
    assert table.row(49_999).number == 50_000
    assert table.row(49_999).kind == "[DONE]"
    assert len(looked) == 1


def test_gaps_words_and_what_comes_later() -> None:
    times = [0.1, 0.2, 1.2, 1.2, 3.2]
    whole = [Frame("ping", "{}", at) for at in times]
    table = FrameTable("messages", whole[:3])
    assert table.largest_gaps() == (2, 1)
    assert table.row(0).gap is None
    table.follow(whole)
    assert len(table) == 5
    assert table.largest_gaps(2) == (4, 2)
    assert table.row(4).gap == pytest.approx(2.0)
    assert table.holds(0, "PING {")
    assert not table.holds(0, "ping pong")
    assert are_timed(whole)
    assert not are_timed([Frame("", "", 2.0)] * 3)
