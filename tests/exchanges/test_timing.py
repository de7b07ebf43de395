"""The waterfall of an exchange: what is known in its place, and what is not known said, never 0."""

from dataclasses import replace
from typing import Any

import pytest

from tests.wire.streams import CODECS, NAMES, dialect_of, frames, model_of, origin_of
from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.record import CallFacts, Exchange, Timing, Wire
from tui.chat.route import Route
from tui.exchanges.stretches import Stretches
from tui.exchanges.timing import Span, waterfall

ROUTE = Route("smart", "litellm", "http://x/v1", "smart", None, "anthropic", "claude-opus-4-5")
KNOWN = Exchange(
    "x1",
    1,
    1,
    1000.0,
    ROUTE,
    state="done",
    seconds=40.0,
    ttft_s=1.5,
    timing=Timing(0.01, 0.03, 0.9),
)


def stretches(name: str) -> Stretches:
    found = Stretches(CODECS[dialect_of(name)].decoder(origin_of(dialect_of(name), model_of(name))))
    found.follow(frames(name))
    return found


def spans(exchange: Exchange, wire: Wire | None, *more: Any) -> dict[str, Span]:
    return {span.label: span for span in waterfall(exchange, wire, *more).spans}


def late(name: str) -> tuple[Frame, ...]:
    return tuple(Frame(f.event, f.data, f.at + 1.0) for f in frames(name))


def test_everything_known_stands_in_its_place() -> None:
    wire = Wire(b"{}" * 600, (), (), late("messages_interleaved"))
    read = stretches("messages_interleaved")
    while not read.advance(3):
        pass
    after = replace(KNOWN, id="x2", at=1045.0)
    calls = (CallFacts("c1", 2.0), CallFacts("c2", None))
    shown = waterfall(KNOWN, wire, read.found, calls, after, {"c1": "calculator"})
    found = {span.label: span for span in shown.spans}
    assert (found["connect"].start, found["connect"].seconds) == (0.0, 0.01)
    assert found["request sent"].start == 0.01
    assert found["request sent"].seconds == pytest.approx(0.02)
    assert found["request sent"].says == "1,200 B"
    assert found["headers"].end == pytest.approx(0.9)
    assert found["first frame"].end == pytest.approx(1.0)
    assert found["end"].end == pytest.approx(40.0)
    assert (found["ran calculator"].start, found["ran calculator"].seconds) == (None, 2.0)
    assert found["ran c2"].says == "not known"
    assert (found["next request"].start, found["next request"].seconds) == (40.0, 5.0)
    assert shown.seconds == 45.0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("bite", [1, 1000])
def test_stretches_cover_every_part_once_and_in_order(name: str, bite: int) -> None:
    read = stretches(name)
    while not read.advance(bite):
        pass
    reply_parts = CODECS[dialect_of(name)].decoder(origin_of(dialect_of(name), model_of(name)))
    for frame in frames(name):
        list(reply_parts.feed(frame))
    assert len(read.found) >= len(reply_parts.finish().parts) - 1
    assert all(s.start <= s.end <= frames(name)[-1].at for s in read.found)
    assert [s.start for s in read.found] == sorted(s.start for s in read.found)


def test_a_call_that_ends_only_with_the_answer_is_over_with_its_last_arguments() -> None:
    read = stretches("chat_claude_parallel")
    read.advance(10_000)
    calls = [s for s in read.found if s.kind == "tool_call"]
    assert len(calls) > 1
    assert calls[0].end < calls[-1].end


def test_a_connection_used_again_an_import_and_one_that_still_runs_are_told_apart() -> None:
    again = spans(replace(KNOWN, timing=Timing(None, 0.02, 0.5)), None)
    assert again["connect"].says == "an open connection was used"
    assert again["request sent"].start == 0.0
    imported = replace(KNOWN, timing=Timing(), seconds=None, ttft_s=None)
    told = spans(imported, Wire(b"", (), (), tuple(Frame("", "{}", 0.0) for _ in range(9))))
    assert [told[name].says for name in ("connect", "request sent", "headers", "end")] == ["not known"] * 4
    assert told["first frame"].says == "arrival times were not recorded"
    assert all(span.seconds is None for span in told.values())
    running = spans(replace(imported, state="open"), Wire(b"{}"))
    assert running["headers"].says == "not yet"
    assert running["end"].says == "still running"


def test_what_was_not_streamed_and_what_only_the_exchange_remembers() -> None:
    body = Wire(b"{}", (), (), (Frame(WHOLE_BODY, "{}", 3.0),))
    found = spans(KNOWN, body)
    assert found["whole answer"].end == pytest.approx(3.0)
    assert "not streamed" in found["parts"].says
    lost = spans(replace(KNOWN, thinking_seconds={0: 4.5}), None)
    assert (lost["thinking 1"].start, lost["thinking 1"].seconds) == (None, 4.5)
    assert lost["end"].seconds == 40.0
    assert lost["end"].says == "of the whole exchange"


def test_a_clock_that_was_set_back_tells_nothing_of_the_wait() -> None:
    after = replace(KNOWN, id="x2", at=990.0)
    assert spans(KNOWN, None, (), (), after)["next request"].seconds is None
