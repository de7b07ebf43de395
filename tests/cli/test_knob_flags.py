"""Knobs on the command line: what wins, and that it is what the vendor is asked."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import Program
from tui.chat.settings import OutputSchema, Preset, layered
from tui.cli import args
from tui.cli.knob_flags import overrides_of
from tui.config.text_file import read_text
from tui.errors import UsageError

CONFIG = """
proxies:
  here: {url: "URL", key: sk-simulated}
models:
  "*": {max_tokens: 3000, temperature: 1, extra: {metadata: {user_id: configured}}}
presets:
  terse:
    model: smart
    endpoint: chat
    system: Be terse.
    tools: none
    temperature: 0.5
    stop: END
    max_tokens: 2000
"""


def _asked(program: Program, *flags: str) -> dict[str, Any]:
    """The body of the one request a run with ``flags`` makes."""
    before = len(program.sim.state.seen("litellm"))
    file = program.configured(CONFIG)
    done = program.main("ask", "--config", str(file), "--proxy", "here", *flags, "hello")
    assert done.code == 0, done.err
    posts = [e for e in program.sim.state.seen("litellm")[before:] if e.body]
    (body,) = [exchange.body for exchange in posts]
    return dict(body)


def test_a_preset_is_a_whole_session(program: Program) -> None:
    body = _asked(program, "--preset", "terse")
    assert (body["model"], body["temperature"], body["stop"], body["max_tokens"]) == (
        "smart",
        0.5,
        ["END"],
        2000,
    )
    assert body["messages"][0] == {"role": "system", "content": "Be terse."}
    assert body["metadata"] == {"user_id": "configured"}
    assert "tools" not in body


def test_flags_win_over_assignments_those_over_the_preset_and_that_over_the_configuration(
    program: Program,
) -> None:
    more = ("--preset", "terse", "--endpoint", "messages", "--system", "Be kind.", "--tools", "calculator")
    body = _asked(
        program,
        *more,
        "--set",
        "max_tokens=50",
        "--max-tokens",
        "60",
        "--set",
        "temperature=0.25",
        "--no-stream",
    )
    assert (body["max_tokens"], body["temperature"], body["system"]) == (60, 0.25, "Be kind.")
    assert (body["stop_sequences"], "stream" in body) == (["END"], False)
    assert [tool["name"] for tool in body["tools"]] == ["calculator"]
    body = _asked(
        program, "-m", "smart", "--set", "temperature=default", "--set", "stop=A", "--set", "stop=B"
    )
    assert "temperature" not in body
    assert (body["stop_sequences"], body["max_tokens"]) == (["A", "B"], 3000)


def test_headers_and_body_fields_go_along(program: Program) -> None:
    body = _asked(
        program, "-m", "smart", "--set", "header.X-Run=7", "--set", 'body.metadata={"user_id": "typed"}'
    )
    assert body["metadata"] == {"user_id": "typed"}
    assert program.sim.state.seen("litellm")[-1].headers["x-run"] == "7"


def _parsed(*words: str) -> Any:
    return args.parse(["ask", *words, "hi"])


def test_only_what_is_said_is_laid_over() -> None:
    assert overrides_of(_parsed()) == {}
    assert overrides_of(_parsed("--thinking", "default")) == {"thinking": None}
    assert overrides_of(_parsed("--set", "stream=on", "--no-stream")) == {"stream": False}
    preset = Preset(overrides={"stop": ("a",), "extra": {"a": 1, "b": 1}})
    assert overrides_of(_parsed("--set", "stop=b", "--set", "body.b=2"), preset) == {
        "stop": ("b",),
        "extra": {"a": 1, "b": 2},
    }


def test_layers_add_entries_and_replace_the_rest() -> None:
    under = {"headers": {"a": "1"}, "thinking": "on", "stop": ("a",)}
    assert layered(under, {"headers": {"b": "2"}, "thinking": None}) == {
        "headers": {"a": "1", "b": "2"},
        "thinking": None,
        "stop": ("a",),
    }
    assert layered() == {}


def test_a_schema_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    file.write_text('\ufeff{"type": "object"}', encoding="utf-8")
    expected = {"schema": OutputSchema("list", {"type": "object"})}
    assert overrides_of(_parsed("--set", f"schema=@{file}")) == expected


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    big = tmp_path / "big.json"
    big.write_text(" " * 1_000_001, encoding="utf-8")
    binary = tmp_path / "picture.json"
    binary.write_bytes(b"\x89PNG\xff")
    for path, says in ((tmp_path, "is not a file"), (big, "is longer than"), (binary, "not readable text")):
        with pytest.raises(UsageError, match=says):
            overrides_of(_parsed("--set", f"schema=@{path}"))
    with pytest.raises(OSError, match="is not a file"):
        read_text("/dev/null")
