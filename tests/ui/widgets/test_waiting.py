"""The line above the prompt while a turn runs."""

from dataclasses import replace

from tui.chat.parts import ToolCall
from tui.ui.turn_state import TurnState
from tui.ui.widgets.waiting import waiting_line

RUNNING = TurnState(stage="sending", turn=1, step=1, started_at=10.0)


def test_it_counts_the_seconds_and_says_how_to_stop() -> None:
    said = waiting_line(RUNNING, 13.2).plain
    assert said == "● waiting for the first word · 3.2 s  Esc stops"


def test_it_is_empty_when_nothing_runs() -> None:
    assert waiting_line(TurnState(), 1.0).plain == ""
    assert waiting_line(replace(RUNNING, stage="done"), 20.0).plain == ""


def test_it_tells_the_rate_and_the_step() -> None:
    state = replace(RUNNING, stage="answering", step=2, first_at=11.0, last_at=13.0, buckets=(400, 400))
    assert waiting_line(state, 13.0).plain == "● answering · 3.0 s · ~100 tok/s · step 2  Esc stops"


def test_it_says_why_it_tries_again() -> None:
    assert (
        "waiting to retry: cooldown"
        in waiting_line(replace(RUNNING, stage="retrying", retry_why="cooldown"), 11.0).plain
    )


def test_it_says_how_many_tools_wait_for_a_person() -> None:
    calls = tuple(ToolCall(str(n), "shell", "{}") for n in range(3))
    asking = replace(RUNNING, stage="asking", asking=calls[:1])
    assert waiting_line(asking, 11.0).plain.startswith("● a tool waits for your yes · ")
    assert "3 tools wait for your yes" in waiting_line(replace(asking, asking=calls), 11.0).plain
