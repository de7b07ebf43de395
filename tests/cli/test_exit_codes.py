"""What every command ends with, and the two lines it leaves for a person."""

import socket
from pathlib import Path

import pytest

from tests.cli.program import Program

SONNET = "anthropic/claude-sonnet-4-5-20250929"


@pytest.mark.parametrize(
    ("prompt", "code", "cls", "stop"),
    [
        ("What is 6*7?", 0, None, "end"),
        ("refusal", 0, None, "refusal"),
        ("max tokens", 0, None, "max_tokens"),
        ("bad json 6*7", 0, None, "end"),
        ("error 400", 4, "bad-request", "failed"),
        ("error 401", 4, "vendor-key-refused", "failed"),
        ("error 429", 4, "rate-limited", "failed"),
        ("error 500", 4, "vendor-error", "failed"),
        ("error 529", 4, "overloaded", "failed"),
        ("too long", 4, "context-overflow", "failed"),
        ("error midstream", 4, "overloaded", "failed"),
        ("cut stream", 5, "stream-cut", "failed"),
        ("clean cut", 5, "stream-cut", "failed"),
        ("upstream cut", 5, "stream-cut", "failed"),
        ("html", 5, "not-a-stream", "failed"),
    ],
)
def test_how_a_turn_ends(program: Program, prompt: str, code: int, cls: str | None, stop: str) -> None:
    program.sim.state.cooldowns.clear()
    done = program.main("ask", "-m", SONNET, "--json", prompt)
    assert done.code == code
    assert done.lines[-1]["type"] == "turn"
    assert done.lines[-1]["stop"] == stop
    assert [line["class"] for line in done.of("error")] == ([] if cls is None else [cls])
    if cls is None:
        assert done.err == ""
        return
    error = done.only("error")
    assert done.err.splitlines() == [error["title"], f"hint: {error['hint']}"]


@pytest.mark.parametrize(
    ("argv", "title", "hint"),
    [
        (("ask",), "command line: ", "ask --help"),
        (("ask", "--nonsense", "hi"), "command line: ", "--help"),
        (("ask", "--thinking", "much", "hi"), "--thinking: 'much' is not valid", "beside a number of tokens"),
        (("ask", "--max-tokens", "0", "hi"), "--max-tokens: must be a positive", "ask --help"),
        (
            ("ask", "--set", "temprature=1", "hi"),
            "knob: 'temprature' is not known",
            "did you mean temperature?",
        ),
        (("ask", "--set", "schema=@gone.json", "hi"), "schema: gone.json: No such file", "check the path"),
        (("ask", "--preset", "nothing", "hi"), "configuration: no preset 'nothing'", "presets"),
        (
            ("ask", "-m", SONNET, "--set", "temperature=0.5", "hi"),
            f"the setting does not fit the model: {SONNET} takes no temperature but 1 while it thinks",
            "set thinking off",
        ),
        (
            ("ask", "-m", SONNET, "--thinking", "xhigh", "hi"),
            "the setting does not fit the model: ",
            "it takes: on, off, a budget",
        ),
        (("ask", "-m", "no-such-model", "hi"), "the model is unknown: ", "sightline models"),
        (("ask", "--tools", "telepathy", "hi"), "unknown tool: telepathy", "calculator, current_time"),
        (("ask", "--proxy", "nowhere", "hi"), "configuration: no proxy 'nowhere'", "env"),
        (("ask", "-", "-"), "prompts: ", "once"),
        (("ask", " "), "prompts: ", "try"),
        (("route", ""), "model: ", "sightline models"),
        ((), "no terminal: ", "sightline ask"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_misuse_is_2_and_calls_nothing_that_is_billed(
    program: Program, argv: tuple[str, ...], title: str, hint: str
) -> None:
    answered = [e.outcome for e in program.sim.state.seen("anthropic")]
    done = program.main(*argv)
    assert (done.code, done.out) == (2, "")
    said, next_step = done.err.splitlines()
    assert said.startswith(title)
    assert next_step.startswith("hint: ")
    assert hint in next_step
    assert [e.outcome for e in program.sim.state.seen("anthropic")] == answered


def test_misuse_is_an_event_too_when_events_are_asked_for(program: Program) -> None:
    error = program.main("ask", "--json").only("error")
    assert (error["session"], error["turn"], error["step"]) == (None, None, None)
    assert error["title"].startswith("command line: ")


def test_a_wrong_configuration_names_file_line_and_key(program: Program) -> None:
    file = program.configured("cache: 5m\nlimits:\n  stepz: 2\n")
    done = program.main("ask", "--config", str(file), "hi")
    assert done.code == 2
    assert f"{file}:3" in done.err
    assert "limits.stepz" in done.err
    assert "steps" in done.err.splitlines()[1]


def test_a_path_in_an_unknown_home_is_no_crash(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Then it is a directory of that name here, for drafts and the log.
    monkeypatch.chdir(tmp_path)
    assert program.main("ask", "--config", "~nobody-lives-here/c.yaml", "hi").code == 2
    assert program.main("ask", "--data-dir", "~nobody-lives-here/data", "hi").code == 0


@pytest.mark.parametrize("argv", [("ask", "hi"), ("models",), ("route", "smart")], ids=lambda argv: argv[0])
def test_a_refused_key_and_a_silent_port_are_3(program: Program, argv: tuple[str, ...]) -> None:
    refused = program.having(LITELLM_PROXY_API_KEY="sk-somebody-else").main(*argv, "--json")
    assert (refused.code, refused.only("error")["class"]) == (3, "proxy-key-refused")
    assert "sk-somebody-else" not in refused.out + refused.err
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        silent = program.having(LITELLM_PROXY_URL=url).main(*argv, "--json")
    assert (silent.code, silent.only("error")["class"]) == (3, "proxy-unreachable")


CONFIG = "proxies: {sim: {url: URL, key: sk-simulated, server: litellm, timeout: {%s}}}\nlimits: {steps: 2}\n"


@pytest.mark.parametrize(
    ("timeout", "prompt", "code", "cls"),
    [
        ("first_byte: 0.3", "hang", 3, "timeout-first-byte"),
        ("idle: 0.3", "hang midway", 5, "timeout-idle"),
        ("connect: 9", "endless 1+1", 6, None),
    ],
)
def test_our_own_limits(program: Program, timeout: str, prompt: str, code: int, cls: str | None) -> None:
    file = program.configured(CONFIG % timeout)
    done = program.main("ask", "--proxy", "sim", "--config", str(file), "--json", "-m", SONNET, prompt)
    assert done.code == code
    assert [line["class"] for line in done.of("error")] == ([cls] if cls else [])
    assert done.lines[-1]["stop"] == ("failed" if cls else "step_limit")
    assert done.lines[-1]["steps"] <= 2


def test_debug_shows_where_an_error_comes_from_and_changes_no_code(program: Program) -> None:
    for argv, code in ((("ask", "error 400"), 4), (("ask", "--proxy", "nowhere", "hi"), 2)):
        plain, debugged = program.main(*argv), program.main(*argv, "--debug")
        assert (plain.code, debugged.code) == (code, code)
        assert "Traceback" not in plain.err
        assert "Traceback" in debugged.err


def test_the_first_prompt_that_fails_ends_the_run(program: Program) -> None:
    done = program.main("ask", "--json", "hello", "error 400", "never sent")
    assert done.code == 4
    assert [line["turn"] for line in done.of("turn")] == [1, 2]
    assert "never sent" not in str(program.sim.state.exchanges[-1].body)


def test_models_and_routes_of_a_real_server(program: Program) -> None:
    models = program.main("models", "--json")
    assert models.code == 0
    assert {"smart", "mixed", "anthropic/*"} <= {line["id"] for line in models.lines}
    route = program.main("route", "smart", "--json").lines[0]
    assert (route["endpoint"], route["vendor"]) == ("/v1/messages", "anthropic")
