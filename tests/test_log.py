"""The log: what is in it, what never is, and that it harms nobody when it cannot be written."""

from functools import partial
from pathlib import Path

import pytest

from tests.engine.scripted import ScriptedGateway, answer, collect, session, text_block
from tui.chat import events as ev
from tui.chat.parts import Text, ToolCall, ToolResult
from tui.errors import CallFailed
from tui.log import KEPT, LONGEST, MAX_BYTES, NAME, Log, line_of

KEY = "sk-1234567890abcdef"
FAILED = CallFailed(
    "the vendor refused",
    "it answered 400",
    layer="vendor",
    status=400,
    vendor_message=f"bad \x1b[31m key {KEY}",
)


def test_a_failure_is_one_line_without_key_or_control_characters(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.event("abc", ev.TurnFailed(1.0, FAILED))
    log.close()
    lines = log.path.read_text().splitlines()
    assert len(lines) == 1
    assert "abc failed: bad-request in the vendor, status 400: the vendor refused" in lines[0]
    assert KEY not in lines[0]
    assert "\x1b" not in lines[0]
    assert lines[0][:4].isdecimal()


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    log = Log(tmp_path / "deep" / "down")
    log.write("x")
    log.close()
    assert log.path.stat().st_mode & 0o077 == 0


def test_nothing_that_was_said_is_written() -> None:
    call = ToolCall("1", "shell", '{"command": "the words"}')
    result = ToolResult("1", (Text("the words"),))
    for event in (
        ev.ToolFinished(1.0, call, result, 0.5),
        ev.Approved(1.0, call, ev.Answer("never", "user", "the words")),
        ev.PartDelta(1.0, 0, "text", "the words"),
    ):
        assert "the words" not in line_of(event)


def test_it_does_not_grow_without_end(tmp_path: Path) -> None:
    log = Log(tmp_path)
    for _ in range(MAX_BYTES // LONGEST * (KEPT + 3)):
        log.write("x" * LONGEST * 2)
    log.close()
    files = sorted(tmp_path.iterdir())
    assert len(files) == KEPT + 1
    assert all(f.stat().st_size <= MAX_BYTES + 2 * LONGEST for f in files)


def test_where_it_cannot_be_written_nothing_happens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / NAME).mkdir()
    log = Log(tmp_path)
    log.write("x")
    log.close()
    assert capsys.readouterr() == ("", "")


async def test_what_a_session_does_stands_in_the_log(tmp_path: Path) -> None:
    log = Log(tmp_path)
    running = session(ScriptedGateway([answer(text_block(0, "the words"))]))
    running._turns.observe = partial(log.event, running.id)
    shown = await collect(running.send("the words"))
    log.close()
    text = log.path.read_text()
    assert isinstance(shown[-1], ev.TurnFinished)
    assert f"{running.id} turn 1 step 1: smart by litellm-anthropic http://127.0.0.1:1 /v1/messages" in text
    assert "step: end (end_turn)" in text
    assert "the words" not in text
