"""What a terminal gets: everything readable, nothing it would obey; and what odd surroundings do."""

import os

import pytest

from tests.cli.program import Program


@pytest.fixture
def program(light: Program) -> Program:
    return light


def test_hostile_text_is_exact_in_a_pipe_and_harmless_on_a_terminal(program: Program) -> None:
    piped = program.main("ask", "hostile")
    assert (piped.code, piped.err) == (0, "")
    events = program.main("ask", "--json", "hostile")
    assert piped.out == events.only("turn")["text"] + "\n"
    assert "\x1b" in piped.out
    assert all(0x20 <= ord(char) < 0x7F or char == "\n" for char in events.out)

    shown = program.on_terminal("ask", "hostile")
    assert shown.code == 0
    assert not set(shown.out) & {
        chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in (9, 10)
    }
    assert "\u241b" in shown.out
    assert "Hostile text" in shown.out


def test_thinking_tools_and_cost_are_for_terminals_and_quiet_takes_them_away(program: Program) -> None:
    asked = ("-m", "claude-sonnet-4-5-20250929", "What is 6*7?")
    piped = program.main("ask", *asked)
    assert (piped.code, piped.err) == (0, "")
    loud, quiet = program.on_terminal("ask", *asked), program.on_terminal("ask", "--quiet", *asked)
    assert quiet.out == piped.out
    assert loud.out.startswith("· thinking: ")
    for aside in ('· calculator {"expression": "6*7"} → ok', "tok out · 2 steps", "$"):
        assert aside in loud.out
        assert aside not in piped.out


def test_an_answer_may_go_to_a_file_while_the_terminal_shows_the_rest(program: Program) -> None:
    file = program.home / "answer.md"
    with file.open("wb") as opened:
        shown = program.on_terminal("ask", "one", "two", "three", stdout=opened.fileno())
    assert shown.out.startswith("warning: 3 prompts are 3 paid turns")
    assert shown.out.count("1 step\n") == 3
    assert file.read_text(encoding="utf-8") == program.main("ask", "one", "two", "three").out


def test_a_program_without_locale_home_or_place_to_write(program: Program) -> None:
    poor = program.having(
        LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", HOME="", SIGHTLINE_DATA_DIR="/dev/null/nowhere"
    )
    done = poor.run("ask", "unicode", "-", stdin="ünïcode".encode())
    assert done.code == 0
    said = "sessions: /dev/null/nowhere/sessions.db: Not a directory. The session is kept in memory only."
    assert done.err == f"warning: {said}\nhint: choose another place with --data-dir\n"
    assert done.out == program.main("ask", "unicode\n\nünïcode").out
    assert not done.out.isascii()


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_a_stream_that_is_closed_is_no_crash(program: Program, closed: int) -> None:
    script = f'exec "$0" "$@" {closed}>&-'
    with program.start("ask", "hello", under=("sh", "-c", script)) as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert bool(out) is (closed != 1)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only some systems have a full disk at hand")
def test_a_full_disk_is_said_in_two_lines(program: Program) -> None:
    with open("/dev/full", "wb") as full:
        shown = program.on_terminal("ask", "--quiet", "hello", stdout=full.fileno())
    assert shown.code == 1
    assert "output: cannot be written: No space left on device" in shown.out
    assert "hint: make room" in shown.out
    assert "Traceback" not in shown.out


def test_without_configuration_the_simulation_says_so(program: Program) -> None:
    bare = program.having(LITELLM_PROXY_URL="", LITELLM_PROXY_API_KEY="")
    done = bare.main("ask", "hello")
    assert (done.code, bool(done.out)) == (0, True)
    assert "simulated gateway" in done.err
    assert bare.main("ask", "--sim", "hello").err == ""
    assert bare.main("ask", "--quiet", "hello").err == ""
