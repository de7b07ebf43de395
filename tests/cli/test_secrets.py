"""A planted secret: in no export, no log, no error; in the database only where the conversation said it."""

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.program import Done, Program
from tui.sim.server import SimServer
from tui.sim.state import SimState
from tui.store.framelog import unpacked
from tui.store.texts import unpack

KEY = "sk-planted-0123456789-key"
HEADER = "planted.header:value/17"
VARIABLE = 'planted "variable" 0123'
SECRETS = (KEY, HEADER, VARIABLE)
CONFIG = f"""\
proxies:
  team:
    url: URL
    key: {KEY}
    headers: {{x-vault-token: "{HEADER}", x-other-token: "${{PLANTED}}"}}
files: {{root: ROOT}}
"""


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[Program]:
    with SimServer(SimState(speed=0, master_key=KEY)) as server:
        program = Program(
            tmp_path, server, {"PLANTED": VARIABLE, "LITELLM_PROXY_URL": "", "LITELLM_PROXY_API_KEY": ""}
        )
        (tmp_path / "root").mkdir()
        program.configured(CONFIG.replace("ROOT", str(tmp_path / "root")))
        yield program


def run(program: Program, *words: str) -> Done:
    return program.main(*words[:1], "--config", str(program.home / "other.yaml"), *words[1:])


def said(program: Program) -> None:
    """Two sessions that say the secrets: in a prompt, in a call, in what a tool gave."""
    (program.home / "root" / "notes.txt").write_text(f"the key is {KEY}, else {HEADER} or {VARIABLE}\n")
    done = run(program, "ask", f"Why does xx{KEY}yy not work, nor {HEADER}, {VARIABLE}?")
    assert done.code == 0, done.err
    words = ("--tools", "shell", "--approve", "all")
    done = run(program, "ask", "--json", *words, f'use shell: "cat notes.txt; echo {KEY}"')
    assert done.code == 0, done.err
    assert KEY in done.only("tool_result")["text"]


def kept(program: Program) -> bytes:
    """Everything in the database's files, as it lies there and unpacked."""
    folder = program.home / "state" / "sightline"
    out = [
        path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and "log" not in path.name
    ]
    with closing(sqlite3.connect(folder / "sessions.db")) as db:
        named = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        tables = [name for (name,) in db.execute(named)]
        for table in tables:
            for row in db.execute(f"SELECT * FROM {table}"):
                out += [value for value in row if isinstance(value, bytes)]
                out += [value.encode() for value in row if isinstance(value, str)]
        out += [unpack(packed, data) for packed, data in db.execute("SELECT packed, data FROM piece")]
        exchanges = db.execute("SELECT DISTINCT wire FROM frames").fetchall()
        for (exchange,) in exchanges:
            rows = db.execute("SELECT data FROM frames WHERE wire = ? ORDER BY rowid", (exchange,))
            out += [frame.data.encode() for frame in unpacked(data for (data,) in rows)]
    for blob in list(out):
        for bits in (-15, 15):
            try:
                out.append(zlib.decompressobj(bits).decompress(blob))
            except zlib.error:
                continue
    return b"\n".join(out)


def holds(data: bytes | str, secret: str) -> bool:
    """Whether it stands there, as it is or as JSON writes it."""
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    return secret in text or json.dumps(secret)[1:-1] in text


def test_what_nobody_said_is_nowhere_in_the_database(planted: Program) -> None:
    done = run(planted, "ask", "--json", "What is 6*7?")
    assert done.code == 0, done.err
    headers = planted.sim.state.seen("litellm")[-1].headers
    assert {headers["x-vault-token"], headers["x-other-token"]} == {HEADER, VARIABLE}
    everything = kept(planted)
    assert b"What is 6*7?" in everything
    assert b"x-vault-token" in everything
    assert [secret for secret in SECRETS if holds(everything, secret)] == []


def test_what_the_conversation_said_is_kept_and_shown_to_its_owner(planted: Program) -> None:
    said(planted)
    everything = kept(planted)
    assert [secret for secret in SECRETS if not holds(everything, secret)] == []
    assert KEY in planted.main("show", "last").out


@pytest.mark.parametrize("format", ["md", "html", "json", "har"])
def test_no_export_holds_a_secret(planted: Program, format: str) -> None:
    said(planted)
    for line in planted.main("sessions", "--json").lines:
        for more in ((), ("--redact-text",)):
            done = run(planted, "export", line["session"], "--as", format, *more)
            assert (done.code, done.err) == (0, "")
            assert len(done.out) > 300
            assert [secret for secret in SECRETS if holds(done.out, secret)] == []
        whole = run(planted, "export", line["session"], "--as", format, "--keep-secrets")
        assert holds(whole.out, KEY)


def test_no_log_and_no_error_holds_a_secret(planted: Program) -> None:
    said(planted)
    log = (planted.home / "state" / "sightline" / "sightline.log").read_text("utf-8")
    assert [secret for secret in SECRETS if holds(log, secret)] == []
    planted.sim.state.master_key = "sk-another"
    for words in (("ask", "--debug", "hi"), ("ask", "--json", "hi"), ("models", "--debug")):
        done = run(planted, *words)
        assert done.code == 3
        assert [secret for secret in SECRETS if holds(done.out + done.err, secret)] == []


def test_a_header_set_for_a_session_is_not_written_down(planted: Program) -> None:
    secret = "planted-by-a-flag-0123"
    done = run(planted, "ask", "--set", f"header.x-api-token={secret}", "--set", "header.x-team=lab", "hello")
    assert done.code == 0, done.err
    assert planted.sim.state.seen("litellm")[-1].headers["x-api-token"] == secret
    assert not holds(kept(planted), secret)
    done = run(planted, "ask", "-s", "last", "hello")
    assert done.code == 0
    assert done.err.startswith("warning: Not sent any more: x-api-token.")
    headers = planted.sim.state.seen("litellm")[-1].headers
    assert headers["x-team"] == "lab"
    assert "x-api-token" not in headers
    # Said once: from now on the session stands without it.
    assert run(planted, "ask", "-s", "last", "hello").err == ""


def test_the_key_of_a_command_is_not_got_for_an_export(planted: Program) -> None:
    said(planted)
    marker = planted.home / "ran"
    file = planted.home / "other.yaml"
    file.write_text(file.read_text().replace(f"key: {KEY}", f"key: {{command: [touch, {marker}]}}"))
    done = run(planted, "export", "last", "--as", "md")
    assert done.code == 0
    assert "the key of team comes from a command, which was not run" in done.err
    assert not marker.exists()
    # What looks like a key is masked all the same.
    assert KEY not in done.out
