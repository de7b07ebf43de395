"""Beats of the simulated models: deterministic, steered by words, and sensible with tools."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.sim.errands import expressions_in, timezones_in
from tui.sim.pace import count_tokens, pieces
from tui.sim.script import (
    Call,
    CleanEnd,
    Fail,
    HangUp,
    Hold,
    Offered,
    Pace,
    Refuse,
    Result,
    Say,
    Scene,
    ShowPage,
    Stop,
    Think,
    write,
)
from tui.sim.steering import WORDS

TOOLS = (
    Offered("calculator", {"type": "object", "properties": {"expression": {"type": "string"}}}),
    Offered("current_time", {"type": "object", "properties": {"timezone": {"type": "string"}}}),
)
READ = Offered(
    "read_file",
    {"properties": {"path": {"type": "string"}, "lines": {"type": "integer"}}, "required": ["path"]},
)


def calls(
    prompt: str, *results: str, tools: tuple[Offered, ...] = TOOLS, parallel: bool = True
) -> list[Call]:
    had = tuple(Result("calculator", text) for text in results)
    scene = Scene(prompt, "m", tools, results=had, step=1 + len(had), parallel=parallel)
    return [b for b in write(scene) if isinstance(b, Call)]


def said(prompt: str, *results: Result) -> str:
    scene = Scene(prompt, "m", TOOLS, results=results, step=1 + bool(results))
    return "".join(b.text for b in write(scene) if isinstance(b, Say))


@given(st.text(max_size=60), st.integers(0, 3), st.booleans())
def test_every_script_ends_in_exactly_one_ending(prompt: str, step: int, thinks: bool) -> None:
    scene = Scene(prompt, "m", TOOLS, step=step + 1, thinks=thinks)
    beats = write(scene)
    assert beats == write(scene)
    endings = [b for b in beats if isinstance(b, (Stop, HangUp, CleanEnd, Fail, Refuse, ShowPage, Hold))]
    assert endings == [beats[-1]]


@pytest.mark.parametrize("word", WORDS)
def test_every_word_that_steers_makes_a_difference_or_is_for_the_proxy(word: str) -> None:
    prompt = word.replace(" N", " 500")
    scene = Scene(
        f"{prompt} with 2 + 2", "m", TOOLS, thinks=True, step=2, results=(Result("calculator", "4"),)
    )
    first = Scene(f"{prompt} with 2 + 2", "m", TOOLS, thinks=True)
    plain = Scene("nothing with 2 + 2", "m", TOOLS, thinks=True)
    if word in ("fallback", "self-heal", "after tools"):
        assert [type(b) for b in write(first)][-1] is Stop
    elif word in ("hostile", "unicode", "long N", "max tokens"):
        assert write(scene)[-2] != write(Scene("nothing with 2 + 2", "m", step=2))[-2]
    else:
        shape = [(type(b), getattr(b, "redacted", None)) for b in write(first)]
        other = [(type(b), getattr(b, "redacted", None)) for b in write(plain)]
        text = [b for b in write(first) if isinstance(b, (Call, Think, Stop))]
        assert (shape, text) != (other, [b for b in write(plain) if isinstance(b, (Call, Think, Stop))])


FAULTS = {
    "error 500": Refuse,
    "too long": Refuse,
    "html": ShowPage,
    "hang": Hold,
    "hang midway": Hold,
    "error midstream": Fail,
    "overloaded": Fail,
    "clean cut": CleanEnd,
    "cut stream": HangUp,
    "upstream cut": HangUp,
}


@pytest.mark.parametrize("word", FAULTS)
def test_faults_end_the_script(word: str) -> None:
    assert isinstance(write(Scene(word, "m"))[-1], FAULTS[word])
    assert isinstance(write(Scene(f"{word} once", "m", attempt=2))[-1], Stop)
    assert isinstance(write(Scene(f"{word} after tools", "m"))[-1], Stop)
    assert isinstance(write(Scene(f"{word} after tools", "m", step=2))[-1], FAULTS[word])


def test_errors_carry_the_wait_they_ask_for() -> None:
    (beat,) = write(Scene("error 429", "m"))
    assert isinstance(beat, Refuse)
    assert (beat.status, beat.type, beat.headers) == (429, "rate_limit_error", {"retry-after": "7"})


@pytest.mark.parametrize(
    ("prompt", "expressions"),
    [
        ("what is 17*23?", ["17*23"]),
        ("17 × 23 and 2^10", ["17 * 23", "2**10"]),
        ("(3 + 4) * 2 - 1.", ["(3 + 4) * 2 - 1"]),
        ("15% of 1,240", ["15 / 100 * 1240"]),
        ("six plus 3 plus 4", ["3 + 4"]),
        ("10 divided by 4 minus 1", ["10 / 4 - 1"]),
        ("5 squared", ["5 ** 2"]),
        ("(see 2 + 2)", ["2 + 2"]),
        ("on 2026-11-22 at 5", []),
        ("version 3", []),
    ],
)
def test_arithmetic_is_found(prompt: str, expressions: list[str]) -> None:
    assert expressions_in(prompt) == expressions


def test_time_zones_are_found() -> None:
    assert timezones_in("the time in Tokyo and new york") == ["Asia/Tokyo", "America/New_York"]
    assert timezones_in("time in America/Denver") == ["America/Denver"]
    assert timezones_in("what time is it") == ["UTC"]


def test_tools_are_called_one_after_the_other_or_in_parallel() -> None:
    prompt = "What is 17 * 23 and what time is it in Tokyo?"
    assert [c.name for c in calls(prompt)] == ["calculator"]
    assert calls(prompt, "391") == [Call("current_time", '{"timezone": "Asia/Tokyo"}')]
    assert calls(prompt, "391", "noon") == []
    assert [c.name for c in calls(f"parallel: {prompt}")] == ["calculator", "current_time"]
    assert [c.name for c in calls(f"parallel: {prompt}", parallel=False)] == ["calculator"]


def test_tools_that_are_not_offered_are_not_called() -> None:
    assert calls("What is 17 * 23?", tools=()) == []
    assert calls("What time is it?", tools=TOOLS[:1]) == []


def test_any_tool_named_in_the_prompt_is_called_with_fitting_arguments() -> None:
    assert calls('Use read_file on "notes.txt".', tools=(READ,)) == [
        Call("read_file", '{"path": "notes.txt"}')
    ]


def test_bad_json_is_followed_by_a_proper_call() -> None:
    (bad,) = calls("bad json")
    assert bad.arguments == '{"expression": "17 * 23'
    assert calls("bad json", "error") == [Call("calculator", '{"expression": "17 * 23"}')]


def test_endless_never_ends() -> None:
    assert [c.name for c in calls("endless", *["1"] * 50)] == ["calculator"]


def test_the_final_answer_uses_every_result() -> None:
    text = said(
        "1 + 1 and the time", Result("calculator", "two"), Result("current_time", "no clock", is_error=True)
    )
    assert "two" in text
    assert "no clock" in text
    assert "did not work" in text


def test_it_says_what_it_is() -> None:
    assert "not a real model" in said("Who are you?")
    assert all(word in said("help") for word in WORDS)


def test_hostile_text_holds_what_a_terminal_must_never_see() -> None:
    text = said("hostile")
    assert all(mark in text for mark in ("\x1b]52;", "\x9b", "\u202e", "\x07", "[/nope]", "\r", "\u2028"))


@pytest.mark.parametrize("tokens", [1, 50, 2000, 30_000])
def test_long_answers_are_as_long_as_asked(tokens: int) -> None:
    text = said(f"long {tokens} about cats")
    assert abs(count_tokens(text) - tokens) <= 1


def test_slow_and_long_change_the_pace() -> None:
    slow = [b.factor for b in write(Scene("slow please", "m")) if isinstance(b, Pace)]
    long = [b.factor for b in write(Scene("long 100", "m")) if isinstance(b, Pace)]
    assert slow[0] > 1 > long[0]


def test_answers_vary_by_seed_prompt_and_turn() -> None:
    texts = {
        said_in(prompt, seed, turn)
        for prompt in ("Explain queues and locks to me.", "Explain tea and time to me.")
        for seed in (0, 1)
        for turn in (1, 2)
    }
    assert len(texts) == 8


def said_in(prompt: str, seed: int, turn: int) -> str:
    beats = write(Scene(prompt, "m", seed=seed, turn=turn))
    return "".join(b.text for b in beats if isinstance(b, Say))


@given(st.text(), st.integers())
def test_pieces_join_to_the_text(text: str, seed: int) -> None:
    assert "".join(pieces(text, seed)) == text
