"""The chat line by line: what is said, what commands do, and that nothing of it needs a screen."""

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.cli.seat import Seat
from tests.engine import scripted
from tests.engine.scripted import ScriptedGateway, answer, call_block, text_block, thinking_block
from tui.chat import events as ev
from tui.chat.parts import Text, ToolCall, ToolResult
from tui.chat.record import SessionInfo
from tui.chat.route import Served
from tui.chat.usage import Cost, Totals
from tui.cli.plain import PlainChat
from tui.cli.plain_words import LONGEST_RESULT, words_of
from tui.engine.session import Session
from tui.errors import CallFailed, UsageError
from tui.store.search import Hit
from tui.tools.builtin.calculator import Calculator
from tui.tools.toolbox import Toolbox


@pytest.fixture
def program(light: Program) -> Program:
    return light


CALL = ToolCall("1", "read_file", "{}")


class Desk:
    """A terminal that types what it is told, then ends."""

    def __init__(self, *typed: str) -> None:
        self.typed = list(typed)
        self.written = ""

    def write(self, text: str) -> None:
        self.written += text

    def forget_typed(self) -> None:
        return

    async def line(self) -> str | None:
        await asyncio.sleep(0)
        return self.typed.pop(0) if self.typed else None

    def close(self) -> None:
        return


NOW = 1_800_000_000.0


@dataclass
class Kept:
    """Stored sessions that are only talked about."""

    gateway: ScriptedGateway
    infos: list[SessionInfo] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)

    async def found(self, query: str) -> list[Hit]:
        return [Hit(info) for info in self.infos if query in info.title]

    async def resumed(self, name: str, old: Session) -> tuple[Session, list[str]]:
        if name != "last":
            raise UsageError("session", f"there is no session {name}", hint="look again")
        assert old is not None
        return scripted.session(self.gateway), ["A program\x1b died over it."]

    async def rename(self, session: str, title: str) -> None:
        self.titles.append(title)

    async def export(self, session: str, words: str) -> str:
        return f"/home/me/{words.replace(' ', '.')}"


async def said(gateway: ScriptedGateway, *typed: str, kept: Kept | None = None) -> str:
    desk = Desk(*typed)
    session = scripted.session(gateway, toolbox=Toolbox((Calculator(),)))
    chat = PlainChat(
        desk,
        session,
        lambda old: scripted.session(gateway),
        sessions=kept or Kept(gateway),
        now=lambda: NOW,
        remarks=["Kept in memory\x1b only."],
    )
    assert await chat.run() == 0
    await chat.aclose()
    return desk.written


async def test_a_turn_with_a_tool_is_told_in_words() -> None:
    call = call_block(1, "c1", "calculator", '{"expression": "6*7"}')
    gateway = ScriptedGateway(
        [
            answer(thinking_block(0, "hm", "sig"), call, stop="tool_use"),
            answer(text_block(0, "It is 42.")),
        ]
    )
    lines = (await said(gateway, "What is 6*7?")).splitlines()
    wanted = [
        "you: Asking smart over /v1/messages.",
        "Thinking, sealed: hm",
        'Tool call: calculator, arguments {"expression": "6*7"}',
        "Answer: It is 42.",
    ]
    assert [line for line in lines if line in wanted] == wanted
    assert any(
        line.startswith("Tool calculator worked in ") and line.endswith(" seconds: 42") for line in lines
    )
    assert any(line.startswith("Step: $") and line.endswith("1 new.") for line in lines)


async def test_what_is_odd_about_who_answers_is_said_once() -> None:
    told = Served(model="openai/gpt-5.1", group="cheap", attempted_fallbacks=1)
    gateway = ScriptedGateway([answer(text_block(0, "a")), answer(text_block(0, "b"))], served=told)
    written = await said(gateway, "one", "two")
    assert written.count("The proxy fell back: cheap answered in place of smart") == 1
    assert written.count("Answer:") == 2


async def test_stored_sessions_are_told_in_sentences() -> None:
    gateway = ScriptedGateway([])
    told = Totals(2, cost=Cost(Decimal("0.5"), "computed", True))
    infos = [
        SessionInfo(f"0123456789{n:02}", f"Log\x1b {n}", changed=NOW - 7200, models=("smart",), totals=told)
        for n in range(12)
    ]
    text = await said(gateway, "/sessions", "/sessions 11", "/sessions nothing", kept=Kept(gateway, infos))
    assert "12 sessions. The 10 newest of 12; add words to find others.\n" in text
    assert "012345678900: Log␛ 0, 2 h ago, 2 turns, smart, at least $0.5.\n" in text
    assert "1 session.\n012345678911" in text
    assert "No session matches.\n" in text
    assert "No session is stored yet.\n" in await said(gateway, "/sessions")


async def test_sessions_are_resumed_renamed_and_exported() -> None:
    gateway = ScriptedGateway([])
    kept = Kept(gateway)
    text = await said(
        gateway,
        "/resume last",
        "/resume x",
        "/resume",
        "/rename A name\x1b",
        "/rename",
        "/export md out",
        kept=kept,
    )
    assert "Note: Kept in memory␛ only.\n" in text
    assert "Note: A program␛ died over it.\nSession " in text
    assert " goes on, with 0 messages.\nModel smart" in text
    assert "there is no session x" in text
    assert "which session?" in text
    assert kept.titles == ["A name\x1b"]
    assert "This session is called A name␛ now.\n" in text
    assert "how shall it be called?" in text
    assert "Written to /home/me/md.out. Secrets in it are masked.\n" in text


async def test_commands_change_the_session_and_say_so() -> None:
    gateway = ScriptedGateway([answer(text_block(0, "ok")), answer(text_block(0, "ok"))])
    text = await said(
        gateway,
        "/set max_tokens=77",
        "/set body.seed=1",
        "/set body.top=2",
        "/system be short",
        "hi",
        "/cost",
        "/new",
        "again",
    )
    assert gateway.requests[0]["max_tokens"] == 77
    assert (gateway.requests[0]["seed"], gateway.requests[0]["top"]) == (1, 2)
    assert gateway.requests[0]["system"] == "be short"
    assert "in 1 turn." in text
    assert len(gateway.requests[1]["messages"]) == 1


async def test_what_goes_wrong_is_a_sentence_and_the_chat_goes_on() -> None:
    refused = CallFailed(
        "the vendor refused", "it answered 400", hint="ask less", layer="vendor", vendor_message="no \x1b[31m"
    )
    text = await said(
        ScriptedGateway([refused]), "/nothing", "/set temperature=high", "/endpoint up", "hi", "/help"
    )
    assert "there is no /nothing" in text
    assert "temperature" in text
    assert "none of auto, messages, chat, responses" in text
    assert "Error in the vendor: the vendor refused: it answered 400" in text
    assert "What to do: ask less" in text
    assert "/retry" in text
    assert "\x1b" not in text


async def test_a_setting_the_model_does_not_take_is_said_and_not_set() -> None:
    gateway = ScriptedGateway([answer(text_block(0, "ok"))])
    text = await said(gateway, "/set thinking=on", "/set temperature=0.3", "/set max_tokens=default", "hi")
    assert text.count("Set, from the next prompt on.") == 1
    assert "temperature: not set: " in text
    assert "Unset, from the next prompt on." in text
    assert "temperature" not in gateway.requests[0]


async def test_a_file_goes_with_the_next_prompt_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text("remember")
    gateway = ScriptedGateway([answer(text_block(0, "ok")), answer(text_block(0, "ok"))])
    text = await said(gateway, "/attach notes.txt", "/attach gone.txt", "read it", "and now")
    assert "Attached notes.txt, text/plain." in text
    assert "gone.txt" in text
    sent = gateway.requests[1]["messages"]
    assert [len(message["content"]) for message in sent] == [2, 1, 1]
    assert "remember" in str(sent[0])


def test_a_long_result_is_not_read_out_whole() -> None:
    result = ToolResult("1", (Text("x" * (LONGEST_RESULT + 5)),))
    words = words_of(ev.ToolFinished(0.0, CALL, result, 1.0))
    assert words.endswith("and 5 more characters")


def test_nothing_said_holds_a_control_character() -> None:
    hostile = "a\x1b]0;x\x07b\u202e"
    for event in (
        ev.PartFinished(0.0, 0, Text(hostile)),
        ev.PartFinished(0.0, 0, ToolCall("1", hostile, hostile)),
        ev.ToolFinished(0.0, ToolCall("1", hostile, "{}"), ToolResult("1", (Text(hostile),)), 0.1),
        ev.Retrying(0.0, 1, 1.0, hostile),
    ):
        words = words_of(event)
        assert words
        assert not any((ord(char) < 32 and char != "\n") or char in "\x7f\u202e" for char in words)


def test_the_program_speaks_plainly_when_told_to_or_on_a_dumb_terminal(program: Program) -> None:
    with Seat(program, "--plain", "--sim") as seat:
        seat.shows("This is the simulated gateway.")
        seat.shows("Type /help for the commands.")
        seat.type("What is 6*7? Use the calculator.\n")
        seat.shows("Answer:")
        seat.shows("you: ", times=2)
        assert "\x1b" not in seat.seen
        seat.type("/quit\n")
        assert seat.ends() == 0
