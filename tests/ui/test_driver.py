"""What the terminal sends, as events; and a terminal that is gone."""

import asyncio
import errno
import io
import os
import pty
import time
from contextlib import nullcontext
from pathlib import Path

import pytest
from textual import events

from tests.hostile.terminal import Terminal
from tests.ui.scripted_session import deps_for
from tui.ui.app import SightlineApp
from tui.ui.driver import GuardedDriver, GuardedParser, Line
from tui.ui.paste import SIGN

PATIENCE_S = 60.0


def parsed(*chunks: str) -> list[object]:
    parser = GuardedParser()
    found: list[object] = []
    for chunk in chunks:
        found += list(parser.feed(chunk))
    return found


def test_a_paste_with_escape_bytes_is_one_paste_and_no_keys() -> None:
    found = parsed("\x1b[200~\x1b[31mred\x1b[0m\r\x1b\rend\x1b[201~")
    assert [type(e) for e in found] == [events.Paste]
    assert isinstance(found[0], events.Paste)
    assert found[0].text == f"{SIGN}[31mred{SIGN}[0m\r{SIGN}\rend"


def test_a_paste_torn_between_reads_is_one_paste() -> None:
    text = "\x1b[200~a\x1b[31mb\r\x1b[201~"
    for cut in range(7, len(text)):
        found = parsed(text[:cut], text[cut:])
        assert [type(e) for e in found] == [events.Paste], cut


def test_keys_are_keys() -> None:
    keys = [
        e.key for e in parsed("a", "\x1b[A", "\r", "\x1b[200~x\x1b[201~", "\r") if isinstance(e, events.Key)
    ]
    assert keys == ["a", "up", "enter", "enter"]


def test_an_escape_that_text_follows_at_once_is_an_escape() -> None:
    text = "Show me what happens with the first error"
    for chunks in (("\x1b" + text,), ("\x1b", *text), ("\x1b[200~a^b\x1b[201~", "\x1b" + text)):
        keys = [e for e in parsed(*chunks) if isinstance(e, events.Key)]
        assert keys[0].key == "escape"
        assert "".join(str(e.character) for e in keys[1:]) == text


def test_a_short_text_right_behind_an_escape_is_not_an_alt_key() -> None:
    for text, keys in (("Stop it", ["escape", "S"]), ("S", ["alt+shift+s"])):
        parser = GuardedParser()
        found = list(parser.feed("\x1b" + text))
        end = time.monotonic() + 5
        while not found and time.monotonic() < end:
            found += list(parser.tick())
        assert [e.key for e in found if isinstance(e, events.Key)][: len(keys)] == keys


def environ_of(home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TERM": "xterm-256color",
        **{f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "CACHE", "STATE")},
    }


def test_the_screen_is_drawn_though_errors_go_to_a_file(tmp_path: Path) -> None:
    argv = ("-m", "tui", "--sim", "--data-dir", str(tmp_path / "data"))
    with (
        (tmp_path / "errors").open("w+b") as errors,
        Terminal(*argv, environ=environ_of(tmp_path), errors=errors) as terminal,
    ):
        terminal.shows("all keys")
        terminal.press("\x04")
        assert terminal.ends() == 0
        errors.seek(0)
        assert errors.read() == b""


def test_a_terminal_that_is_gone_ends_the_program_though_no_signal_tells(tmp_path: Path) -> None:
    """In the middle of an answer; what was typed is kept, and the code is that of a hang-up."""
    argv = ("-m", "tui", "--sim", "--data-dir", str(tmp_path / "data"))
    with Terminal(*argv, environ=environ_of(tmp_path)) as terminal:
        terminal.shows("all keys")
        terminal.press("hang midway")
        terminal.shows("hang midway")
        terminal.press("\r")
        terminal.shows("Esc stops")
        terminal.press("half a thought")
        terminal.shows("half a thought")
        terminal.vanish()
        assert terminal.process.wait(PATIENCE_S) == 129
    kept = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert any(b"half a thought" in path.read_bytes() for path in kept)


class Stopped(io.StringIO):
    """A terminal that takes nothing."""

    def write(self, text: str) -> int:
        raise OSError(errno.EIO, text)

    def flush(self) -> None:
        raise OSError(errno.EIO, "flush")


@pytest.mark.parametrize("is_gone", [True, False])
def test_what_cannot_be_written_is_an_error_only_while_the_terminal_is_there(is_gone: bool) -> None:
    line = Line(Stopped(), lambda: is_gone)
    with nullcontext() if is_gone else pytest.raises(OSError, match="text"):
        line.write("text")
    with nullcontext() if is_gone else pytest.raises(OSError, match="flush"):
        line.flush()


def test_a_terminal_with_nothing_to_read_is_not_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """End of input, and a read that is refused in the background, come from living terminals, too."""
    ours, theirs = pty.openpty()
    told: list[str] = []

    async def driven() -> GuardedDriver:
        app = SightlineApp(deps_for(tmp_path))
        app.hung_up = lambda: told.append("gone")
        driver = GuardedDriver(app)
        driver.fileno = theirs
        return driver

    try:
        driver = asyncio.run(driven())
        reads = iter((b"", OSError(errno.EIO, "in the background"), OSError(errno.EIO, "gone")))

        def read(*_: int) -> bytes:
            what = next(reads)
            if isinstance(what, OSError):
                raise what
            return what

        os.write(ours, b"x\n")
        monkeypatch.setattr("tui.ui.driver.os.read", read)
        with pytest.raises(OSError, match="background"):
            driver.run_input_thread()
        assert told == []
        os.close(ours)
        driver.run_input_thread()
        assert told == ["gone"]
    finally:
        os.close(theirs)
