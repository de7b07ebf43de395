"""A session printed to be read: everything in its order, exact in a pipe, harmless on a terminal."""

import io
from dataclasses import replace

import pytest
from hypothesis import given

from tests.chat.records import records
from tests.exports.samples import answered, long_session, prompt, session
from tui.chat.parts import Reasoning, Text, ToolCall
from tui.chat.record import Node, SessionInfo, SessionRecord, SessionState
from tui.cli import show

HOSTILE = "\x1b[2J\x1b]0;pwned\x07\u202egnp\r\nnext\x9b31m"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(record: SessionRecord, out: io.StringIO | None = None, *, colour: bool = True) -> str:
    out = out or io.StringIO()
    assert show.run(record, as_json=False, colour=colour, out=out) == 0
    return out.getvalue()


def hostile() -> SessionRecord:
    call = ToolCall("c", f"shell{HOSTILE}", f'{{"command": "{HOSTILE}"}}')
    answer = answered("a", Reasoning(HOSTILE, "signed"), Text(HOSTILE), call)
    nodes = (Node(prompt("u", HOSTILE)), Node(answer, "u"))
    return SessionRecord(
        SessionInfo("s", HOSTILE, source=HOSTILE), SessionState(leaf="a", system=HOSTILE), nodes
    )


def test_everything_is_there_in_its_order() -> None:
    text = printed(session())
    wanted = [
        "# Which log leaks? <b>bold</b> & | pipes",
        "0123456789ab · ",
        "## System prompt",
        "You are terse.",
        "## 1 · You · turn 1",
        "Which of these logs shows the leak? Use the tool.",
        "[chart.png · image/png · 64×40",
        "[report.pdf · application/pdf · 3 pages",
        "## 2 · claude-opus-4-5",
        "> thinking · 3.1 s · ✓ sealed",
        "> The user wants one of two candidates.",
        "Let me look.",
        '→ read_file {"path": "logs/b.txt", "limit": 40}',
        "← ok · 12 ms",
        "  09:00 rss=300 MB",
        "← error · 1.4 s",
        "  grep: logs: No such file",
        "· $0.0123 · 611 tok",
        "## What to do",
        "## 5 · You · turn 2",
        "! The vendor refused the request: a seal is not its own (in the vendor: invalid-signature, ",
        "Run it under load and wat",
        "[server_tool_use]",
        "Branch 2 leaves after message 4: 1 turn",
    ]
    at = 0
    for piece in wanted:
        assert piece in text[at:], piece
        at = text.index(piece, at)
    assert "How is it mended?" not in text


def test_nothing_steers_a_terminal() -> None:
    text = printed(hostile(), Terminal(), colour=False)
    assert all(char == "\n" or char.isprintable() for char in text)
    assert text.count("␛[2J") >= 6


def test_thinking_is_dim_on_a_terminal_only() -> None:
    text = printed(session(), Terminal())
    assert "\x1b[2m> The user wants one of two candidates.\x1b[0m" in text
    assert "\x1b[2mLet me look." not in text
    for plain in (printed(session()), printed(session(), Terminal(), colour=False)):
        assert "\x1b" not in plain


def test_a_pipe_gets_the_very_text() -> None:
    text = printed(hostile())
    assert HOSTILE in text
    assert f"→ shell{HOSTILE} " in text


@given(records())
def test_any_session_can_be_shown(record: SessionRecord) -> None:
    assert printed(record).startswith("# ")
    assert all(
        char == "\n" or char == "\t" or ord(char) >= 32 for char in printed(record, Terminal(), colour=False)
    )


def test_an_empty_session_and_a_long_one() -> None:
    assert printed(SessionRecord(SessionInfo("abc"))).startswith("# An untitled session\n")
    assert printed(long_session(2_000)).count("\n## ") >= 1_000


def test_what_was_imported_says_so() -> None:
    record = replace(session(), info=replace(session().info, source="har"), exchanges=())
    assert " · imported: har" in printed(record)


@pytest.mark.parametrize("state", ["redacted", "omitted"])
def test_thinking_without_text_is_one_line(state: str) -> None:
    part = Reasoning("", state)  # type: ignore[arg-type]
    nodes = (Node(prompt("u", "hi")), Node(answered("a", part, Text("yes")), "u"))
    text = printed(SessionRecord(SessionInfo("s"), SessionState(leaf="a"), nodes))
    (line,) = [line for line in text.splitlines() if line.startswith(">")]
    assert state in line
