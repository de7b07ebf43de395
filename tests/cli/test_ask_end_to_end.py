"""Every event line of real runs: its fields, its order, its numbers, and that it comes as it happens."""

import re
import signal
from typing import Any

import pytest

from tests.cli.program import PATIENCE_S, Done, Program

SONNET = "anthropic/claude-sonnet-4-5-20250929"
COMMON = ["type", "t", "session", "turn", "step"]
FIELDS = {
    "route": "requested provider endpoint base_url wire_model upstream vendor pinned why",
    "served": "call_id model_id model group api_base attempted_retries attempted_fallbacks proxy_version",
    "delta": "part index text",
    "thinking": "index text state tokens",
    "text": "index text",
    "tool_call": "index id name arguments",
    "approval": "id name arguments decision by reason",
    "tool_result": "id is_error text seconds",
    "step": "stop stop_raw usage cost ttft_s seconds seals_sent seals_received figures",
    "retrying": "attempt wait_s why",
    "warning": "class path says mend",
    "budget": "scope limit spent estimate assumes go_on",
    "error": "class layer status title vendor_message hint retry_helps",
    "turn": "stop text usage cost steps",
}
"""The contract's table."""
USAGE = ["input", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning"]


def checked(done: Done) -> Done:
    for line in done.lines:
        assert list(line)[:5] == COMMON
        assert set(line) - set(COMMON) == set(FIELDS[line["type"]].split()), line["type"]
    for line in (*done.of("step"), *done.of("turn")):
        assert list(line["usage"]) == USAGE
        assert set(line["cost"]) == {"usd", "source", "at_least"}
        assert line["cost"]["usd"] is None or re.fullmatch(r"\d+(\.\d+)?", line["cost"]["usd"])
    assert len({line["session"] for line in done.lines}) == 1
    moments = [line["t"] for line in done.lines]
    assert moments == sorted(moments)
    assert moments[0] >= 0
    return done


def shape(done: Done) -> list[str]:
    """The types in order, equal neighbours once."""
    types = [line["type"] for line in done.lines]
    return [type for i, type in enumerate(types) if i == 0 or types[i - 1] != type]


def test_two_prompts_are_two_turns_of_one_session(program: Program) -> None:
    done = checked(program.main("ask", "--json", "-m", SONNET, "What is 6*7?", "And hello"))
    assert done.code == 0
    first = ["route", "served", "delta", "thinking", "delta", "tool_call", "warning", "step", "tool_result"]
    answer = ["route", "served", "delta", "text", "step", "turn"]
    assert shape(done)[: len(first) + len(answer)] == first + answer
    numbers = [(line["turn"], line["step"]) for line in done.of("route")]
    assert numbers == [(1, 1), (1, 2), (2, 3)]
    assert [(line["turn"], line["steps"]) for line in done.of("turn")] == [(1, 2), (2, 1)]
    assert "What is 6*7?" in str(program.sim.state.exchanges[-1].body)
    for part, whole in (("text", "text"), ("thinking", "thinking"), ("tool_arguments", "tool_call")):
        streamed = "".join(line["text"] for line in done.of("delta") if line["part"] == part)
        value = "arguments" if whole == "tool_call" else "text"
        assert streamed == "".join(line[value] for line in done.of(whole))
    assert done.only("tool_result")["text"] == "42"
    assert done.of("step")[0]["seals_received"] == 1
    assert done.of("step")[1]["seals_sent"] == 1


def test_the_pipe_gets_exactly_the_text_of_each_turn_and_a_newline(program: Program) -> None:
    prompts = ("thinking-text-thinking please", "two thoughts", "What is 6*7 and the time?")
    events = checked(program.main("ask", "--json", *prompts))
    plain = program.main("ask", *prompts)
    # The time of day differs between the two runs.
    moment = re.compile(r"\d\d:\d\d:\d\d")
    turns = [line["text"] for line in events.of("turn")]
    assert moment.sub("T", plain.out) == moment.sub("T", "".join(f"{text}\n" for text in turns))


def test_an_answer_in_one_piece_has_the_same_lines_without_a_first_token(program: Program) -> None:
    streamed = checked(program.main("ask", "--json", "What is 6*7?"))
    whole = checked(program.main("ask", "--json", "--no-stream", "What is 6*7?"))
    assert (whole.code, whole.err) == (0, "")
    assert [line["ttft_s"] for line in whole.of("step")] == [None, None]
    assert whole.only("turn")["text"] == streamed.only("turn")["text"]
    assert {line["cost"]["source"] for line in whole.of("step")} == {"proxy-header"}


def test_states_of_thinking(program: Program) -> None:
    def states(model: str, prompt: str) -> set[str]:
        done = checked(program.main("ask", "--json", "-m", model, "--thinking", "on", prompt))
        return {line["state"] for line in done.of("thinking")}

    assert states(SONNET, "redacted please") == {"redacted", "signed"}
    assert states("anthropic/claude-opus-4-7", "empty signed") == {"omitted"}
    assert states("xai/grok-4", "two thoughts") <= {"unsigned"}


def test_who_answered_and_what_is_not_told_is_null(program: Program) -> None:
    fallen = checked(program.main("ask", "--json", "-m", "flaky", "hello"))
    assert fallen.only("route")["upstream"] == "anthropic/claude-opus-4-1"
    assert fallen.only("served")["attempted_fallbacks"] == 1
    unpriced = checked(program.main("ask", "--json", "-m", "mystery", "hello")).only("turn")["cost"]
    assert unpriced == {"usd": None, "source": "unknown", "at_least": True} or unpriced["usd"] is None


def test_thinking_that_cannot_be_turned_off_warns_and_goes_on(program: Program) -> None:
    argv = ("ask", "--json", "-m", "gemini/gemini-3-pro-preview", "--thinking", "off", "hello")
    done = checked(program.main(*argv))
    assert done.code == 0
    assert "cannot turn thinking off" in done.only("warning")["says"]


def test_a_cooldown_is_waited_for_once_and_visibly(program: Program) -> None:
    program.main("ask", "-m", SONNET, "error 401")
    done = checked(program.main("ask", "--json", "-m", SONNET, "hello"))
    assert done.code == 0
    assert done.only("retrying")["attempt"] == 2
    assert shape(done)[:3] == ["route", "warning", "retrying"]


def test_settings_reach_the_request(program: Program) -> None:
    flags = ("--system", "Be brief.", "--max-tokens", "3000", "--thinking", "2000", "--tools", "calculator")
    assert program.main("ask", "-m", SONNET, *flags, "hello").code == 0
    sent: dict[str, Any] = program.sim.state.seen("litellm")[-1].body
    assert sent["max_tokens"] == 3000
    assert sent["thinking"] == {"type": "enabled", "budget_tokens": 2000}
    assert "Be brief." in str(sent["system"])
    assert [tool["name"] for tool in sent["tools"]] == ["calculator"]
    assert program.main("ask", "-m", SONNET, "--tools", "none", "hello").code == 0
    assert "tools" not in program.sim.state.seen("litellm")[-1].body


def test_standard_input_is_read_only_where_it_is_named(program: Program) -> None:
    done = program.run("ask", "--json", "Review this", "-", stdin=b"a diff\n")
    assert (done.code, done.err) == (0, "")
    assert "Review this\\n\\na diff" in str(program.sim.state.seen("litellm")[-1].body)
    # Nobody closes this standard input: a run that read it would never end.
    with program.start("ask", "hello") as process:
        assert process.wait(PATIENCE_S) == 0
        assert process.stdin is not None
        process.stdin.close()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_simulated_gateway_runs_until_it_is_stopped(
    program: Program, number: signal.Signals, code: int
) -> None:
    with program.start("sim", "--port", "0") as process:
        assert process.stdout is not None
        url = process.stdout.readline().decode().removeprefix("simulated gateway at ").strip()
        key = process.stdout.readline().decode().removeprefix("key ").strip()
        asked = program.having(LITELLM_PROXY_URL=url, LITELLM_PROXY_API_KEY=key).main("models", "--json")
        process.send_signal(number)
        _, errors = process.communicate(timeout=PATIENCE_S)
    assert (asked.code, process.returncode, errors) == (0, code, b"")
    assert "smart" in {line["id"] for line in asked.lines}
