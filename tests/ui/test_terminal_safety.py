"""The whole program on a terminal, against a proxy whose every word attacks it."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.server import ATTACK, HostileServer
from tests.hostile.terminal import Terminal, obeyed
from tui.ui.deliberation import READ_S

KEY, HEADER = "opensesame-0815", "quite.hidden.words"
CONFIG = """
proxies:
  p:
    url: {url}
    key: {key}
    headers: {{x-secret: {header}}}
default_model: claude-one
routing:
  rules:
  - {{match: "claude*", endpoint: messages}}
  - {{match: "gpt*", endpoint: chat}}
ui:
  theme: "no\\e]0;PWNED\\a[/x]"
  keymap: {{"a\\e]0;PWNED\\a[/x]": f9}}
"""
COPIED = re.compile(r"\x1b\]52;c;[A-Za-z0-9+/=]*\x07")
RIGHT = "\x1b[C"
PAGES = ("Headers", "Frames", "Answer", "Timing", "Route", "Cost", "Cache", "Request")
CRASHING = """
import os, sys
from tui.__main__ import main
from tui.ui.screens.conversation import ConversationScreen

def broken(screen, text, *_):
    key = os.environ["PLANTED"]
    raise RuntimeError(f"broken {len(key)} " + sys.argv.pop())

ConversationScreen.offer = broken
sys.exit(main(sys.argv[1:-1]))
"""


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as running:
        yield running


@pytest.fixture
def environ(tmp_path: Path, server: HostileServer) -> dict[str, str]:
    text = CONFIG.format(url=server.url, key=KEY, header=HEADER)
    (tmp_path / "hostile.yaml").write_text(text, encoding="utf-8")
    places = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "CACHE", "STATE")}
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "TERM": "xterm-256color",
        "SIGHTLINE_CONFIG": str(tmp_path / "hostile.yaml"),
        **places,
    }


def _no_secret(terminal: Terminal, home: Path) -> None:
    written = {str(path): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    written.pop(str(home / "hostile.yaml"))
    assert len(written) >= 2
    for place, data in {**written, "the terminal": bytes(terminal.raw)}.items():
        for secret in (KEY, HEADER):
            assert secret.encode() not in data, f"{secret} in {place}"


def test_nothing_a_proxy_says_steers_the_terminal(environ: dict[str, str], tmp_path: Path) -> None:
    with Terminal("-m", "tui", environ=environ) as terminal:
        act = terminal.act
        terminal.shows("claude-one", "there is no theme")
        act("alpha\r", "THE-END")
        act("beta\r", "refused")
        act("gamma\r", "page")
        act("delta\r", "midstream")
        act("\x0f", "third")
        act("gpt-tw", "gpt-tw")
        act("\x1b", "midstream")
        act("/tools shell,write_file\r", "Tools: shell")
        act("omega\r", "May this run?", "1 of 2", "echo asked", "⟨U+202E⟩", "to the prompt")
        act("\x1b[C", "2 of 2", "write_file")
        time.sleep(READ_S * 2)
        act("n", "no, because")
        act("bad\r", "exactly this command")
        time.sleep(READ_S * 2)
        act("N", "THE-END")
        act("\x1b[19~", "[Wire]")
        act("\x1b[19~", "redacted", "not sent: foreign")
        act("\x1b[19~", "routing rule")
        act("\x1b[15~", "of 9 offered")
        act("\x1b", "THE-END")
        act("/model gpt-two\r", "chat/completions")
        act("alpha again\r", "THE-END")
        act("delta\r", "midstream")
        act("\t", "▌")
        act("\x1b[H", "alpha")
        act("\x14", "▸")
        act("\x14", "thought")
        act("\x07", "│")
        terminal.press("\x1b")
        act("\x10", "Search")
        act("\x1b", "alpha")
        terminal.press("\x11")
        assert terminal.ends() == 0
        assert terminal.restored
        assert obeyed(terminal.text()) == set()
        after = terminal.text().rpartition("\x1b[?1049l")[2]
        assert "PWNED" not in after
        _no_secret(terminal, tmp_path)


def test_nothing_in_the_viewer_and_what_belongs_to_it_steers_the_terminal(
    environ: dict[str, str], tmp_path: Path
) -> None:
    with Terminal("-m", "tui", environ=environ) as terminal:
        act = terminal.act
        terminal.shows("claude-one")
        act("alpha\r", "THE-END")
        act("beta\r", "refused")
        act("delta\r", "midstream")
        act("/wire 1.2\r", "[Request]", "max_tokens", "v tree")
        act("v", "v raw")
        act("v", "v pretty")
        for title in PAGES:
            act(RIGHT, f"[{title}]")
        act("/", "find ")
        act("PWNED", " of ")
        act("\x1b", "more rows below")
        act("y", "Copied")
        act("]", "2.1")
        for title in PAGES:
            act(RIGHT, f"[{title}]")
        act("l", "1.1", "3.1")
        act("\x1b", f"[{PAGES[-1]}]")
        act("d", "w swap")
        act("a", "PWNED")
        act("y", "Copied")
        act("\x1b", f"[{PAGES[-1]}]")
        terminal.press("x")
        terminal.until(lambda: bool(list(tmp_path.rglob("*.har"))), "the HAR")
        act("c", "exact")
        act("e", "Copied")
        act("r", "Send this request once more", "Nothing of the conversation")
        time.sleep(READ_S * 2)
        act("\r", "view the newest")
        act("d", "w swap")
        act("\x1b", "view the newest")
        act("\x1b", f"[{PAGES[-1]}]")
        act("s", "endpoint")
        act("\x1b", f"[{PAGES[-1]}]")
        terminal.press("\x1b")
        act("/costs\r", "claude-one")
        terminal.press("\x1b")
        act("/probe claude-one\r", "agree and begin")
        act("\x1b", "midstream")
        terminal.press("\x11")
        assert terminal.ends() == 0
        # What was copied goes to the clipboard, coded so that nothing of it can be obeyed.
        odd = {found for found in obeyed(terminal.text()) if not COPIED.fullmatch(found)}
        assert odd == set()
        _no_secret(terminal, tmp_path)


def test_a_crash_report_is_harmless_and_holds_no_locals(environ: dict[str, str], tmp_path: Path) -> None:
    attack = ATTACK.replace("\0", "").replace("\ud800", "")
    with Terminal("-c", CRASHING, attack, environ={**environ, "PLANTED": KEY}) as terminal:
        terminal.shows("claude-one")
        terminal.press("anything\r")
        terminal.shows("broken")
        assert terminal.ends() == 1
        assert terminal.restored
        report = terminal.text().rpartition("\x1b[?1049l")[2]
        assert "broken" in report
        assert "tail" in report
        assert obeyed(terminal.text()) <= {"\a"}
        _no_secret(terminal, tmp_path)
