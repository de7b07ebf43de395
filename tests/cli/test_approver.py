"""Questions at the terminal: everything shown, one after the other, nothing by accident, nothing left."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.program import Program, until
from tests.cli.seat import Seat, in_group, marked
from tui.chat.events import Answer, ApprovalNeeded, Ask
from tui.chat.parts import ToolCall
from tui.cli.approver import MOST_LINES, Approver, question


@pytest.fixture
def program(light: Program) -> Program:
    return light


linux = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux shows every process and its environment"
)


async def soon(holds: Callable[[], bool]) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - an approver tells nobody
            await asyncio.sleep(0.005)


class Desk:
    """A terminal that types what it is told, and the questions with their answers."""

    def __init__(self, *typed: str | None) -> None:
        self.typed = list(typed)
        self.written = ""
        self.forgotten = 0
        self.closed = False
        self.answers: dict[str, Answer] = {}
        self.approver = Approver(self, settle=0)

    def write(self, text: str) -> None:
        self.written += text

    def forget_typed(self) -> None:
        self.forgotten += 1

    async def line(self) -> str | None:
        if not self.typed:
            await asyncio.Event().wait()
        return self.typed.pop(0)

    def close(self) -> None:
        self.closed = True

    def needed(self, id: str, name: str = "shell", diff: str = "", **arguments: Any) -> ApprovalNeeded:
        given = arguments or {"command": "ls"}
        grant = str(next(iter(given.values())))
        ask = Ask(f"run {grant}", grant, grant, "exactly this command", diff)
        call = ToolCall(id, name, json.dumps(given))
        return ApprovalNeeded(0.0, call, ask, lambda answer: self.answers.__setitem__(id, answer))

    async def decided(self, *asked: ApprovalNeeded) -> dict[str, Answer]:
        for needed in asked:
            self.approver.add(needed)
        await soon(lambda: not self.approver.asking)
        await self.approver.aclose()
        return self.answers


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (["y"], Answer("once", "user")),
        (["  yes "], Answer("once", "user")),
        (["s"], Answer("session", "user")),
        (["n", "use git"], Answer("never", "user", "use git")),
        (["n", ""], Answer("never", "user")),
        (["n: use git"], Answer("never", "user", "use git")),
        (["no use git"], Answer("never", "user", "use git")),
        (["N", "never ever"], Answer("never", "user", "never ever", lasting=True)),
        (["never do that"], Answer("never", "user", "do that", lasting=True)),
        ([None], Answer("never", "user")),
        (["n", None], Answer("never", "user")),
        (["", "  ", "Y", "S", "x", "yy", "a", "1", "y"], Answer("once", "user")),
    ],
)
async def test_what_an_answer_means(typed: list[str | None], answer: Answer) -> None:
    desk = Desk(*typed)
    assert await desk.decided(desk.needed("c")) == {"c": answer}
    assert desk.closed


async def test_what_was_typed_before_is_forgotten_before_each_prompt() -> None:
    desk = Desk("x", "y", "y")
    await desk.decided(desk.needed("a"), desk.needed("b", command="pwd"))
    assert desk.forgotten == 3


async def test_several_questions_come_one_after_the_other() -> None:
    desk = Desk("y", "n too much", "s")
    asked = [desk.needed(id, command=id) for id in ("one", "two", "three")]
    assert await desk.decided(*asked) == {
        "one": Answer("once", "user"),
        "two": Answer("never", "user", "too much"),
        "three": Answer("session", "user"),
    }
    places = [desk.written.index(f"? shell: run {id}") for id in ("one", "two", "three")]
    assert places == sorted(places)
    assert "a all 3 that wait" in desk.written
    assert "a all 1" not in desk.written


async def test_all_at_once_only_after_all_were_shown() -> None:
    desk = Desk("a", "y")
    asked = [desk.needed(id, command=id) for id in ("one", "two", "three")]
    assert set((await desk.decided(*asked)).values()) == {Answer("once", "user")}
    before = desk.written[: desk.written.index("yes to all 3?")]
    assert all(f"command │ {id}" in before for id in ("one", "two", "three"))


async def test_all_at_once_can_be_taken_back() -> None:
    desk = Desk("a", "", "y", "n no")
    told = await desk.decided(desk.needed("one", command="1"), desk.needed("two", command="2"))
    assert [answer.decision for answer in told.values()] == ["once", "never"]


async def test_a_yes_for_the_session_is_not_asked_again_for_the_same() -> None:
    desk = Desk("s", "N always")
    asked = [
        desk.needed(id, command=command) for id, command in (("a", "x"), ("b", "z"), ("c", "x"), ("d", "z"))
    ]
    assert set(await desk.decided(*asked)) == {"a", "b"}


async def test_a_call_that_ended_is_no_question_any_more() -> None:
    desk = Desk()
    first, second = desk.needed("one", command="1"), desk.needed("two", command="2")
    for needed in (first, second):
        desk.approver.add(needed)
    await soon(lambda: desk.written.endswith("> "))
    desk.approver.finished(ToolCall("one", "shell", "{}"))
    assert desk.approver.asking
    for needed in (first, second):
        desk.approver.finished(needed.call)
    await soon(lambda: not desk.approver.asking)
    await desk.approver.aclose()
    assert desk.answers == {}


def shown(value: str, **more: Any) -> str:
    return question(Desk().needed("c", command=value, **more))


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ("a\x1b[2K\x1b[1Ab", "a␛[2K␛[1Ab"),
        ("a\rb", "a⟨U+000D⟩b"),
        ("a\x08b", "a⟨U+0008⟩b"),
        ("a\x00b", "a⟨U+0000⟩b"),
        ("a\x9b31mb", "a⟨U+009B⟩31mb"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("a\u2066b", "a⟨U+2066⟩b"),
        ("rm\u200b -rf", "rm⟨U+200B⟩ -rf"),
        ("rm\u00ad -rf", "rm⟨U+00AD⟩ -rf"),
        ("rm\u00a0-rf", "rm⟨U+00A0⟩-rf"),
        ("a\u2028b", "a⟨U+2028⟩b"),
        ("p\u0430ypal", "pа⟨U+0430⟩ypal"),
        ("git\u2800x", "git⟨U+2800⟩x"),
        ("a\U000e0041b", "a⟨U+E0041⟩b"),
        ("a\ud800b", "a⟨U+D800⟩b"),
        ("a\tb", "a␉b"),
        ("[b]x[/b] <script>", "[b]x[/b] <script>"),
        ("größe 日本", "größe 日本"),
    ],
)
def test_hidden_characters_are_seen(value: str, part: str) -> None:
    text = shown(value)
    assert part in text
    assert all(char.isprintable() or char == "\n" for char in text)


def test_no_argument_can_pass_for_a_question_or_a_prompt() -> None:
    text = shown("ls\n? shell: run harmless\n  command │ true\n  y once > y")
    lines = text.splitlines()
    assert lines[0].startswith("? shell: run ls⏎?")
    assert all(line.startswith(("  command │ ", "          │ ")) for line in lines[1:])


def test_every_argument_is_shown_and_a_long_one_on_request() -> None:
    text = "\n".join(f"line {number}" for number in range(1000))
    needed = Desk().needed("c", "write_file", path="a.md", content=text, mode={"x": [1, "\u202e"]})
    short = question(needed)
    assert "path │ a.md" in short
    assert 'mode │ {"x": [1, "⟨U+202E⟩"]}' in short
    assert "920 more lines; v shows them" in short
    assert "line 0\n" in short
    assert "line 999\n" in short
    assert short.count("line ") == MOST_LINES
    assert question(needed, whole=True).count("line ") == 1000


def test_a_change_is_shown_as_one() -> None:
    needed = Desk().needed("c", "edit_file", path="a", new="x\ny", diff="--- a\n+++ b\n-x\x1b[2J\n+y\n")
    text = question(needed)
    assert "new │ 2 lines; the change is below" in text
    assert "│ -x␛[2J\n" in text
    assert "│ y\n" in question(needed, whole=True)


async def test_the_whole_of_a_long_argument_can_be_asked_for() -> None:
    desk = Desk("v", "y")
    await desk.decided(desk.needed("c", command="\n".join(map(str, range(500)))))
    assert "│ 250\n" in desk.written


# At a real terminal


@pytest.fixture
def room(program: Program) -> Program:
    """The program with a root of its own for tools."""
    (program.home / "root").mkdir(exist_ok=True)
    program.configured(f"files: {{root: {program.home / 'root'}}}\n")
    return program


def asks(room: Program, prompt: str, *more: str, **streams: Any) -> Seat:
    file = str(room.home / "other.yaml")
    return Seat(room, "ask", "--config", file, "--tools", "shell,write_file", *more, prompt, **streams)


def test_a_yes_runs_it_and_what_was_typed_before_does_not(room: Program) -> None:
    with asks(room, 'use shell: "touch done; echo hi"') as seat:
        seat.type("y\ny\ny\n")
        seat.shows("N never > ")
        seat.type("maybe\n")
        seat.shows("then press Enter")
        assert not (room.home / "root" / "done").exists()
        seat.shows("N never > ", 2)
        seat.type("y\n")
        assert seat.ends() == 0
        assert "exit code 0" in seat.seen
    assert (room.home / "root" / "done").exists()


def test_a_no_tells_the_model_why(room: Program) -> None:
    with asks(room, 'use shell: "touch done"', "--json", stdout=subprocess.PIPE) as seat:
        seat.shows("N never > ")
        seat.type("n\n")
        seat.shows("why not?")
        seat.type("not on a Sunday\n")
        assert seat.ends() == 0
        assert seat.process.stdout is not None
        lines = [json.loads(line) for line in seat.process.stdout]
    (approval,) = [line for line in lines if line["type"] == "approval"]
    assert {name: approval[name] for name in ("name", "decision", "by", "reason")} == {
        "name": "shell",
        "decision": "never",
        "by": "user",
        "reason": "not on a Sunday",
    }
    (result,) = [line for line in lines if line["type"] == "tool_result"]
    assert (result["is_error"], result["text"]) == (True, "not approved: not on a Sunday")
    assert not (room.home / "root" / "done").exists()


def test_it_asks_at_the_terminal_though_input_and_output_are_pipes(room: Program) -> None:
    with asks(room, "-", "--quiet", stdin=subprocess.PIPE, stdout=subprocess.PIPE) as seat:
        assert seat.process.stdin is not None
        seat.process.stdin.write(b'use shell: "echo over > done"\ny\ny\n')
        seat.process.stdin.close()
        seat.shows("N never > ")
        seat.type("y\n")
        assert seat.ends() == 0
        assert seat.process.stdout is not None
        assert b"once" not in seat.process.stdout.read()
    assert (room.home / "root" / "done").read_text() == "over\n"


def test_the_end_of_input_is_a_no(room: Program) -> None:
    with asks(room, 'use shell: "touch done"') as seat:
        seat.shows("N never > ")
        seat.type("\x04")
        assert seat.ends() == 0
        assert "not approved" in seat.seen
    assert not (room.home / "root" / "done").exists()


def test_a_yes_for_the_session_holds_for_the_next_prompt(room: Program) -> None:
    prompt = 'use shell: "echo x >> done"'
    with asks(room, prompt, prompt) as seat:
        seat.shows("N never > ")
        seat.type("s\n")
        assert seat.ends() == 0
        assert seat.seen.count("N never > ") == 1
    assert (room.home / "root" / "done").read_text() == "x\nx\n"


def test_an_interrupt_at_the_question_stops_the_turn(room: Program) -> None:
    with asks(room, 'use shell: "touch done"') as seat:
        seat.shows("N never > ")
        seat.type("\x03")
        assert seat.ends() == 130
    assert not (room.home / "root" / "done").exists()


PLAIN = "sleep 1000"
STUBBORN = "trap '' TERM INT HUP; setsid nohup sleep 1000 & sleep 1000"


@linux
@pytest.mark.parametrize(
    ("end", "command"),
    [
        ("\x03", PLAIN),
        ("\x03", STUBBORN),
        (signal.SIGTERM, STUBBORN),
        (signal.SIGHUP, STUBBORN),
        (signal.SIGKILL, STUBBORN),
    ],
    ids=["interrupt", "stubborn-interrupt", "term", "hangup", "kill"],
)
def test_no_process_survives_the_end_of_ask(room: Program, end: str | signal.Signals, command: str) -> None:
    mark = uuid.uuid4().hex
    with asks(
        room.having(TEST_MARK=mark), f'use shell: "echo $$ > group; {command}"', "--approve", "all"
    ) as seat:
        group = room.home / "root" / "group"
        seat.until(lambda: group.exists() and group.read_text().endswith("\n"), "the command")
        pid = int(group.read_text())
        assert os.getpgid(pid) == pid
        if isinstance(end, str):
            seat.type(end)
        else:
            seat.send(end)
        code = seat.ends()
        if end != signal.SIGKILL:
            # It ended in its own time, so nothing is left by then.
            assert code == {"\x03": 130, signal.SIGTERM: 143, signal.SIGHUP: 129}[end]
            assert not marked(mark)
    until(lambda: not marked(mark), "the end of every process of the command")
    assert not in_group(pid)


def test_without_a_terminal_nothing_is_approved(room: Program) -> None:
    words = ("ask", "--json", "--config", str(room.home / "other.yaml"), "--tools", "shell")
    prompt = 'use shell: "touch done"'
    for done in (room.run(*words, prompt), room.main(*words, "--approve", "none", prompt)):
        assert done.code == 0
        told = done.only("approval")
        assert (told["decision"], told["by"]) == ("never", "flag")
        assert done.only("tool_result")["text"] == "not approved"
    assert not (room.home / "root" / "done").exists()


def test_all_runs_everything_unasked_but_what_a_rule_forbids(room: Program) -> None:
    file = room.configured(f"files: {{root: {room.home / 'root'}}}\napproval: {{deny: ['shell(rm *)']}}\n")
    words = ("ask", "--json", "--config", str(file), "--tools", "shell", "--approve", "all")
    done = room.main(*words, 'use shell: "touch done"')
    assert (done.only("approval")["decision"], done.only("approval")["by"]) == ("once", "flag")
    assert (room.home / "root" / "done").exists()
    done = room.main(*words, 'use shell: "ls && rm done"')
    assert (done.only("approval")["decision"], done.only("approval")["by"]) == ("never", "rule")
    assert (room.home / "root" / "done").exists()


def test_a_job_in_the_background_is_not_stopped_by_a_question(room: Program) -> None:
    """A shell with job control puts it into a group that does not own the terminal."""
    file = str(room.home / "other.yaml")
    script = 'set -m; "$@" & wait $!'
    with Seat(
        room,
        "ask",
        "--config",
        file,
        "--tools",
        "shell",
        'use shell: "touch done"',
        between=("sh", "-c", script, "sh"),
    ) as seat:
        assert seat.ends() == 0
        assert "not approved by flag" in seat.seen
