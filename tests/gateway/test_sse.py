"""The cutter gives the events the library gives, wherever the text is cut."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.gateway.sse import Cutter

LINES = st.sampled_from(
    (
        "", "", "data: {}", "data: a", "data:b", "data:  c", "data", "data:", "event: ping", "event:message",
        "event: message", "event", "id: 1", "id: \0", "id", "retry: 5", "retry: x", ": comment", "what: ever",
        "\ufeffdata: x", "dat", "data : x", "data: \u2028 \x0b漢",
    )
)  # fmt: skip
TEXTS = st.lists(st.tuples(LINES, st.sampled_from(("\n", "\r\n", "\r", "")))).map(
    lambda lines: "".join(line + end for line, end in lines)
)


def of_the_library(text: str) -> list[tuple[str, str]]:
    response = httpx2.Response(
        200,
        headers={"content-type": "text/event-stream; charset=utf-8"},
        content=text.encode(),
        request=httpx2.Request("POST", "http://127.0.0.1/"),
    )
    events = httpx2.EventSource(response, max_event_size=None)
    return [("" if e.event == "message" else e.event, e.data) for e in events]


def cut(text: str, sizes: list[int]) -> Iterator[str]:
    at = 0
    for size in sizes:
        yield text[at : at + size]
        at += size
    yield text[at:]


@given(TEXTS, st.lists(st.integers(0, 9), max_size=12))
@example("data: x\n\r", [7])
@example("data: x\r\n\r\ndata: y\r\r", [8, 1, 1])
def test_it_cuts_as_the_library_does(text: str, sizes: list[int]) -> None:
    cutter = Cutter()
    found = [event for some in cut(text, sizes) for event in cutter.take(some)]
    assert [*found, *cutter.end()] == of_the_library(text)


@pytest.mark.parametrize("size", [1, 1000])
def test_a_long_event_costs_what_it_is_long(size: int) -> None:
    cutter = Cutter()
    for _ in range(1000):
        assert cutter.take("data: " * size) == []
    (event,) = cutter.take("\n\n")
    assert len(event[1]) == 6000 * size - 6
