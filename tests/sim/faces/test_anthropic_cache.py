"""The simulated prompt cache: what is written, read again, and forgotten."""

from typing import Any

import pytest

from tests.sim.faces.claude import MANUAL, answered, ask, events, message
from tui.sim.state import SimState

SYSTEM = "You are a patient teacher of everything there is to know. " * 12
FIVE = {"type": "ephemeral"}
HOUR = {"type": "ephemeral", "ttl": "1h"}
MARKED = [{"type": "text", "text": SYSTEM, "cache_control": HOUR}]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def state(clock: Clock) -> SimState:
    return SimState(speed=0, clock=clock)


def inputs(reply: dict[str, Any]) -> tuple[int, int, int]:
    usage = reply["usage"]
    return usage["input_tokens"], usage["cache_creation_input_tokens"], usage["cache_read_input_tokens"]


async def test_without_a_mark_nothing_is_cached(state: SimState) -> None:
    fresh, written, read = inputs(await message(ask(system=SYSTEM), state))
    assert (fresh > 100, written, read) == (True, 0, 0)


async def test_a_dialogue_with_the_automatic_mark_reads_what_it_wrote(state: SimState) -> None:
    body = ask(system=SYSTEM, cache_control=FIVE)
    reply = await message(body, state)
    fresh, written, read = inputs(reply)
    assert (fresh, read) == (0, 0)
    assert written > 150
    again = inputs(await message(answered(body, reply, "Go on, please."), state))
    assert again[2] == written
    assert again[0] == 0
    assert again[1] > 0


async def test_input_is_the_same_sum_whatever_is_cached(state: SimState) -> None:
    plain = inputs(await message(ask(system=SYSTEM), state))
    first = inputs(await message(ask(system=SYSTEM, cache_control=FIVE), state))
    second = inputs(await message(ask(system=SYSTEM, cache_control=FIVE), state))
    assert sum(plain) == sum(first) == sum(second)
    assert second == (0, 0, first[1])


async def test_a_marked_system_prompt_is_read_by_another_conversation(state: SimState) -> None:
    await message(ask("One question about queues.", system=MARKED), state)
    fresh, written, read = inputs(await message(ask("Another one about locks.", system=MARKED), state))
    assert (written, read > 100, 0 < fresh < 30) == (0, True, True)


async def test_the_split_by_time_to_live_is_told_at_the_start_only(state: SimState) -> None:
    seen = await events(ask(system=MARKED, cache_control=FIVE), state)
    usage = seen[0].data["message"]["usage"]
    split = usage["cache_creation"]
    assert split["ephemeral_1h_input_tokens"] > 100
    assert 0 < split["ephemeral_5m_input_tokens"] < 30
    assert sum(split.values()) == usage["cache_creation_input_tokens"]
    assert "cache_creation" not in seen[-2].data["usage"]


async def test_the_cache_forgets(state: SimState, clock: Clock) -> None:
    body = ask(system=SYSTEM, cache_control=FIVE)
    await message(body, state)
    clock.now = 299
    assert inputs(await message(body, state))[2] > 0
    clock.now = 299 + 301
    assert inputs(await message(body, state))[2] == 0


async def test_other_thinking_starts_the_cache_anew(state: SimState) -> None:
    body = ask(system=SYSTEM, cache_control=FIVE)
    await message(body, state)
    assert inputs(await message({**body, "thinking": MANUAL}, state))[2] == 0


async def test_next_to_nothing_is_not_cached(state: SimState) -> None:
    assert inputs(await message(ask("hi", cache_control=FIVE), state))[1] == 0
