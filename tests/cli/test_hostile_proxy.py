"""A proxy that attacks the terminal and repeats our secrets, against the commands."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.hostile.server import HostileServer, hostile
from tests.hostile.terminal import Terminal, obeyed
from tui.store.store import Store

KEY, HEADER = "opensesame-0815", "quite.hidden.words"
RULES = """
routing:
  rules:
  - {match: "claude*", endpoint: messages}
  - {match: "gpt*", endpoint: chat}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[HostileServer]:
    with HostileServer() as running:
        yield running


def _config(program: Program, server: HostileServer, key: str = KEY) -> str:
    path = program.home / "hostile.yaml"
    proxy = f"proxies:\n  p:\n    url: {server.url}\n    key: {key}\n    headers: {{x-secret: {HEADER}}}\n"
    path.write_text(proxy + RULES, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    "argv",
    [
        ("models",),
        ("route", hostile("claude-one").replace("\0", "").replace("\ud800", "")),
        ("ask", "-m", "claude-one", "alpha"),
        ("ask", "-m", "gpt-two", "alpha"),
        ("ask", "--debug", "-m", "gpt-two", "beta"),
        ("ask", "--debug", "-m", "claude-one", "delta"),
    ],
)
def test_nothing_a_terminal_obeys_gets_through(
    program: Program, server: HostileServer, argv: tuple[str, ...]
) -> None:
    environ = program.having(LITELLM_PROXY_URL="", LITELLM_PROXY_API_KEY="").environ
    with Terminal("-m", "tui", *argv, "--config", _config(program, server), environ=environ) as terminal:
        code = terminal.ends()
    assert code in (0, 4)
    assert "PWNED" in terminal.text()
    assert obeyed(terminal.text()) == set()
    assert KEY not in terminal.text()
    assert HEADER not in terminal.text()


@pytest.mark.parametrize("key", [KEY, "${HELD}", f"{{command: [echo, {KEY}]}}"])
@pytest.mark.parametrize("prompt", ["beta", "gamma", "delta"])
@pytest.mark.parametrize("model", ["claude-one", "gpt-two"])
def test_secrets_a_proxy_repeats_are_in_no_output_and_no_file(
    program: Program, server: HostileServer, key: str, prompt: str, model: str
) -> None:
    aware = program.having(HELD=KEY, LITELLM_PROXY_URL="", LITELLM_PROXY_API_KEY="")
    config = _config(program, server, key)
    runs = [
        aware.main("ask", *flags, "--debug", "-m", model, prompt, "--config", config)
        for flags in ((), ("--json",))
    ]
    runs.append(aware.main("models", "--config", config))
    assert [run.code for run in runs][-1] == 0
    assert all(run.code in (4, 5) for run in runs[:2])
    for run in runs:
        assert KEY not in run.out + run.err
        assert HEADER not in run.out + run.err
    for path in program.home.rglob("*"):
        if path.is_file() and str(path) != config:
            assert _free_of_secrets(path), path
    stored = list((program.home).rglob("sessions.db"))
    assert stored, "sessions are kept"
    for path in stored:
        kept = _kept(path)
        assert prompt in kept
        assert KEY not in kept
        assert HEADER not in kept


def _kept(path: Path) -> str:
    """Everything in a store, as it is read from there; in the file it is packed."""
    store = Store.open(path, time.time)
    try:
        return "".join(repr(store.stream(hit.info.id).whole()) for hit in store.sessions())
    finally:
        store.close()


def _free_of_secrets(path: Path) -> bool:
    data = path.read_bytes()
    return KEY.encode() not in data and HEADER.encode() not in data
