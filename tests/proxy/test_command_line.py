"""The program as a user starts it, in front of the real proxy: events, exit codes, standard error."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.proxy.harness import RealProxy
from tests.proxy.tap import Call

Run = Callable[..., tuple[int, list[dict[str, Any]], str]]


@pytest.fixture
def run(proxy: RealProxy, tmp_path: Path) -> Run:
    """Runs ``python -m tui`` with this proxy and gives exit code, JSON lines and standard error."""

    def started(*arguments: str, **changes: str) -> tuple[int, list[dict[str, Any]], str]:
        environment = {
            **{k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "SYSTEMROOT")},
            "HOME": str(tmp_path),
            "SIGHTLINE_DATA_DIR": str(tmp_path / "data"),
            "LITELLM_PROXY_URL": proxy.url,
            "LITELLM_PROXY_API_KEY": proxy.key,
            **changes,
        }
        done = subprocess.run(
            [sys.executable, "-m", "tui", *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            env=environment,
            cwd=Path(__file__).parents[2],
            check=False,
        )
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr

    return started


def of(lines: list[dict[str, Any]], type: str) -> list[dict[str, Any]]:
    return [line for line in lines if line["type"] == type]


def test_several_prompts_are_turns_of_one_session(run: Run, calls: Callable[[], list[Call]]) -> None:
    model = "anthropic/claude-sonnet-4-5-20250929"
    prompts = ("What is 12*7? Use the calculator.", "redacted: what is 3*3?", "And what did I ask first?")
    code, lines, _ = run("ask", "--json", "-m", model, *prompts)
    assert code == 0
    assert [line["text"] for line in of(lines, "tool_result")] == ["84", "9"]
    steps, turns = of(lines, "step"), of(lines, "turn")
    assert [turn["stop"] for turn in turns] == ["end"] * 3
    assert [step["step"] for step in steps] == list(range(1, len(steps) + 1))
    assert len({line["session"] for line in lines}) == 1
    assert {line["model"] for line in of(lines, "served")} == {model}
    assert {line["endpoint"] for line in of(lines, "route")} == {"/v1/messages"}
    assert {line["state"] for line in of(lines, "thinking")} == {"signed", "redacted"}
    assert sum(Decimal(s["cost"]["usd"]) for s in steps) == sum(Decimal(t["cost"]["usd"]) for t in turns)
    assert [c.status for c in calls()] == [200] * len(steps)
    assert calls()[-1].body["thinking"] == {"type": "enabled", "budget_tokens": 8000}


EXITS: tuple[tuple[tuple[str, ...], dict[str, str], int, str, str], ...] = (
    (("-m", "error-400", "error 400, please"), {}, 4, "bad-request", "vendor"),
    (("-m", "error-clean-cut", "clean cut, please"), {}, 5, "stream-cut", "proxy"),
    (("-m", "nobody-listed-this", "hello"), {}, 2, "unknown-model", "router"),
    (("-m", "smart", "hello"), {"LITELLM_PROXY_API_KEY": "sk-wrong"}, 3, "proxy-key-refused", "proxy"),
    (("-m", "smart", "hello"), {"LITELLM_PROXY_URL": "http://127.0.0.1:1"}, 3, "proxy-unreachable", "proxy"),
)


def test_exit_codes(run: Run) -> None:
    # Side by side: most of the time is Python starting.
    with ThreadPoolExecutor(max_workers=3) as threads:
        ran = [
            threads.submit(run, "ask", "--json", *arguments, "this is never sent", **changes)
            for arguments, changes, *_ in EXITS
        ]
    for done, (arguments, changes, code, cls, layer) in zip(ran, EXITS, strict=True):
        got, lines, said = done.result()
        assert got == code, arguments
        errors = of(lines, "error")
        assert [(e["class"], e["layer"]) for e in errors] == [(cls, layer)]
        assert "hint: " in said
        assert "Traceback" not in said
        assert len(of(lines, "turn")) <= 1
        assert changes.get("LITELLM_PROXY_API_KEY", "sk-Sightline") not in said + json.dumps(lines)


def test_where_a_model_goes_is_told_without_calling_it(run: Run, calls: Callable[[], list[Call]]) -> None:
    code, lines, _ = run("route", "gpt-killer", "--json")
    assert code == 0
    assert (lines[0]["vendor"], lines[0]["provider"]) == ("anthropic", "litellm-anthropic")
    code, lines, _ = run("models", "--json")
    assert code == 0
    assert len(lines) > 15
    assert calls() == []
