"""``ask`` in stored sessions: it goes on where one stands, keeps nothing if asked to, outlives its store."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import PATIENCE_S, Done, Program, until
from tests.cli.test_ask_end_to_end import checked

FABLE = "anthropic/claude-fable-5-1"


def ask(program: Program, *words: str) -> Done:
    done = checked(program.main("ask", "--json", *words))
    assert done.code == 0, done.err
    return done


def id_of(done: Done) -> str:
    session: str = done.lines[0]["session"]
    return session


def listed(program: Program, *words: str) -> list[dict[str, Any]]:
    done = program.main("sessions", "--json", *words)
    assert (done.code, done.err) == (0, "")
    return done.lines


def shown(program: Program, session: str = "last") -> dict[str, Any]:
    done = program.main("show", session, "--json")
    assert (done.code, done.err) == (0, "")
    (line,) = done.lines
    return line


def database(program: Program) -> Path:
    return program.home / "state" / "sightline" / "sessions.db"


def body(program: Program) -> Any:
    return program.sim.state.seen("litellm")[-1].body


def test_every_ask_is_a_session_of_its_own_and_turns_count_on(program: Program) -> None:
    first, other = ask(program, "-m", "smart", "What is 6*7?"), ask(program, "hello there")
    assert id_of(first) != id_of(other)
    again = ask(program, "-s", id_of(first), "And times 2?", "And again?")
    assert {line["session"] for line in again.lines} == {id_of(first)}
    assert [line["turn"] for line in again.of("turn")] == [2, 3]
    assert [line["step"] for line in again.of("step")] == [3, 4]
    asked = [m["content"] for m in body(program)["messages"] if m["role"] == "user"]
    assert "What is 6*7?" in str(asked[0])
    assert "And again?" in str(asked[-1])
    listing = listed(program)
    assert [line["session"] for line in listing] == [id_of(first), id_of(other)]
    assert [(line["turns"], line["title"]) for line in listing] == [(3, "What is 6*7?"), (1, "hello there")]
    costs = [line["cost"]["usd"] for line in (*first.of("turn"), *again.of("turn"))]
    assert float(shown(program)["cost"]["usd"]) == pytest.approx(sum(map(float, costs)))


def test_a_session_is_named_by_beginning_title_or_last(program: Program) -> None:
    session = id_of(ask(program, "Tell me of logs"))
    for name in (session[:6], "Tell me of logs", "last", session):
        assert id_of(ask(program, "-s", name, "more")) == session
    assert shown(program)["turns"] == 5


@pytest.mark.parametrize("name", ["nowhere", "0000", "", "-"])
def test_a_name_nobody_has_is_exit_2_and_asks_nothing(program: Program, name: str) -> None:
    before = len(program.sim.state.exchanges)
    for words in (
        ("ask", "--json", "-s", name, "hi"),
        ("show", "--json", name),
        ("export", "--as", "md", name),
    ):
        done = program.main(*words)
        assert done.code == 2
        assert "hint: " in done.err
    assert len(program.sim.state.exchanges) == before


def test_what_a_session_was_set_to_holds_until_a_flag_says_otherwise(program: Program) -> None:
    words = ("--system", "Be brief.", "--tools", "calculator", "--max-tokens", "77", "--endpoint", "chat")
    session = id_of(ask(program, "-m", "smart", *words, "--thinking", "off", "hello"))
    again = ask(program, "-s", session, "hello again")
    assert again.only("route")["requested"] == "smart"
    assert again.only("route")["endpoint"] == "/v1/chat/completions"
    sent = body(program)
    assert sent["messages"][0]["content"] == "Be brief."
    assert [tool["function"]["name"] for tool in sent["tools"]] == ["calculator"]
    assert 77 in (sent.get("max_tokens"), sent.get("max_completion_tokens"))
    other = ask(program, "-s", session, "--max-tokens", "88", "--tools", "none", "--system", "Be long.", "hm")
    sent = body(program)
    assert other.only("route")["endpoint"] == "/v1/chat/completions"
    assert sent["messages"][0]["content"] == "Be long."
    assert "tools" not in sent
    assert 88 in (sent.get("max_tokens"), sent.get("max_completion_tokens"))
    # What a flag said stays.
    ask(program, "-s", session, "hm")
    assert body(program)["messages"][0]["content"] == "Be long."
    assert shown(program)["system"] == "Be long."


def test_another_model_finds_its_own_road(program: Program) -> None:
    session = id_of(ask(program, "-m", "smart", "--endpoint", "chat", "hello"))
    again = ask(program, "-s", session, "-m", "anthropic/claude-sonnet-4-6", "hello")
    assert again.only("route")["endpoint"] == "/v1/messages"
    assert shown(program)["models"] == ["claude-opus-4-5", "claude-sonnet-4-6"]
    unknown = program.main("ask", "-s", session, "-m", "nobody/knows", "hi")
    assert unknown.code == 2


def test_a_flag_that_breaks_seals_is_a_fork_with_a_warning(program: Program) -> None:
    session = id_of(ask(program, "-m", FABLE, "What is 6*7?"))
    same = ask(program, "-s", session, "And hello?")
    assert same.of("warning") == []
    assert same.of("step")[0]["seals_sent"] > 0
    fork = ask(program, "-s", session, "--system", "Be brief.", "And more?")
    assert fork.of("warning")[0]["class"] == "anthropic-prefix-bound"
    assert "system prompt" in fork.of("warning")[0]["says"]
    assert fork.of("step")[0]["seals_sent"] == 0
    assert len(shown(program)["messages"]) == shown(program)["steps"] + 4


def test_a_temporary_session_leaves_nothing(program: Program) -> None:
    done = ask(program, "--temporary", "-m", FABLE, "hello")
    assert done.of("warning") == []
    assert not database(program).exists()
    assert program.main("ask", "--temporary", "-s", "last", "hi").code == 2


@pytest.mark.parametrize("damage", ["directory", "garbage", "newer"])
def test_a_store_that_cannot_be_used_is_said_and_ask_goes_on(program: Program, damage: str) -> None:
    path = database(program)
    path.parent.mkdir(parents=True)
    if damage == "directory":
        path.mkdir()
    elif damage == "garbage":
        path.write_bytes(b"no database at all" * 1000)
    else:
        ask(program, "hello")
        with closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA user_version = 9999")
    done = program.main("ask", "--json", "hello")
    assert done.code == 0
    warning = done.lines[0]
    assert (warning["type"], warning["class"], warning["turn"]) == ("warning", "store-failed", None)
    assert str(path) in warning["says"]
    assert warning["mend"]
    title, hint = done.err.splitlines()
    assert title.startswith("warning: ")
    assert hint == f"hint: {warning['mend']}"
    quiet = program.main("ask", "--quiet", "hello")
    assert quiet.out
    assert quiet.err.splitlines() == [title, hint]
    for words in (
        ("sessions",),
        ("show", "last"),
        ("export", "last", "--as", "md"),
        ("ask", "-s", "last", "hi"),
    ):
        failed = program.main(*words)
        assert (failed.code, failed.out) == (1, ""), words
        assert str(path) in failed.err


def test_a_program_that_was_killed_leaves_a_session_that_goes_on(program: Program) -> None:
    session, text = _killed(program)
    done = program.main("ask", "--json", "-s", session, "go on")
    assert done.code == 0, done.err
    (told,) = [line for line in done.of("warning") if line["class"] == "session-recovered"]
    assert told["turn"] is None
    assert done.err == f"warning: {told['says']}\n"
    assert [line["turn"] for line in done.of("turn")] == [2]
    messages = shown(program, session)["messages"]
    assert [message["role"] for message in messages] == ["user", "assistant", "user", "assistant"]
    assert text[:10] in messages[1]["parts"][-1]["text"]
    again = program.main("ask", "--json", "-s", session, "and on")
    assert (again.code, again.err) == (0, "")


def test_what_a_killed_program_received_is_shown_and_handed_on(program: Program) -> None:
    session, text = _killed(program)
    done = program.main("show", session)
    assert (done.code, text[:10] in done.out) == (0, True)
    assert "what came until then is saved" in done.err
    again = program.main("export", session, "--as", "md")
    assert (again.code, again.err, text[:10] in again.out) == (0, "", True)


def _killed(program: Program) -> tuple[str, str]:
    """A session whose program was killed in mid-answer, and the text that had come."""
    with program.start("ask", "--json", "-m", "smart", "hang midway") as process:
        assert process.stdout is not None
        text = ""
        for raw in process.stdout:
            line = json.loads(raw)
            if line["type"] == "delta" and line["part"] == "text":
                text += line["text"]
            if len(text) > 10:
                break
        session = str(line["session"])
        # What it says before it hangs is on the disk a moment later.
        kept = _kept(program, session)
        process.kill()
        process.communicate(timeout=PATIENCE_S)
    assert kept
    return session, text


def _kept(program: Program, session: str) -> bool:
    """Wait until frames of the running answer are on the disk."""

    def frames() -> bool:
        with closing(sqlite3.connect(database(program))) as db:
            found = db.execute("SELECT count(*) FROM frames").fetchone()
        return bool(found[0])

    until(frames, f"frames of {session}")
    return True
