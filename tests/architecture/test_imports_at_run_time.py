"""What is really imported, seen in a fresh interpreter: the static graph cannot see lazy imports."""

import subprocess
import sys
from pathlib import Path

import pytest

SDKS = {"anthropic", "openai", "httpx2", "mcp"}
SCREEN = {"textual", "rich"}
DECODERS = {"PIL", "pypdf"}


def _loaded(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module", ["tui.resolver", "tui.generations", "tui.pricing", "tui.chat.conversation"]
)
def test_the_pure_core_needs_no_screen_and_no_sdk(module: str) -> None:
    assert not _loaded(f"import {module}") & (SDKS | SCREEN | {"yaml", "starlette", "uvicorn"})


@pytest.mark.parametrize(
    "module", ["tui.engine.session", "tui.cli.ask", "tui.gateway.client", "tui.tools.builtin"]
)
def test_the_engine_needs_no_screen_and_loads_sdks_late(module: str) -> None:
    late = {"starlette", "uvicorn", "jsonschema", "referencing", "regex"}
    assert not _loaded(f"import {module}") & (SDKS | SCREEN | late)


@pytest.mark.parametrize("module", ["tui.ui.app", "tui.world.screen", "tui.attachments"])
def test_the_screen_loads_no_sdk_and_decodes_nothing_yet(module: str) -> None:
    late = {"starlette", "uvicorn", "opentelemetry", "jsonschema"}
    assert not _loaded(f"import {module}") & (SDKS | DECODERS | late)


SLOW = {
    "asyncio",
    "dataclasses",
    "importlib.metadata",
    "inspect",
    "json",
    "logging",
    "sqlite3",
    "typing",
    "yaml",
}


def _of_the_command_line(*words: str) -> set[str]:
    ended = "try:\n    m.main(sys.argv[1:])\nexcept SystemExit:\n    pass"
    return _loaded(f"import sys, tui.__main__ as m\nsys.argv[1:] = {list(words)!r}\n{ended}")


def test_help_needs_little_more_than_argparse() -> None:
    loaded = _of_the_command_line("--help")
    assert not loaded & (SDKS | SCREEN | DECODERS | {"starlette", "uvicorn"} | SLOW)
    # No room but the command line's own: whatever else it needs, it needs for each of its commands only.
    assert {name for name in loaded if name.startswith("tui.")} == {
        "tui.__main__",
        "tui.cli",
        "tui.cli.args",
        "tui.cli.session_args",
        "tui.cli.streams",
    }


def test_what_only_asks_the_proxy_loads_no_sessions_no_tools_and_no_store() -> None:
    loaded = _loaded("import tui.world.build")
    assert not loaded & {"tui.engine.session", "tui.tools.builtin", "tui.store.store", "sqlite3", *SDKS}


WHOLE_SCREEN = """
import sys
from textual.app import App
from tui.cli.args import parse
from tui.ui.app import SightlineApp
from tui.ui.screens.chat import ChatScreen
from tui.world.build import open_world
from tui.world.screen import screen_deps

seen, display = [], App._display

def first(app, screen, shown):
    display(app, screen, shown)
    if isinstance(screen, ChatScreen) and not seen:
        seen.extend(sys.modules)
        app.exit()

App._display = first
with open_world(parse(sys.argv[1:]), sim_speed=0.0) as world:
    SightlineApp(screen_deps(world)).run(headless=True, size=(120, 40))
print(*(cls.__module__ for cls in ChatScreen.__mro__))
print(*seen)
"""
UNSEEN = (
    "tui.exchanges.",
    "tui.exports.",
    "tui.imports.",
    "tui.interop.",
    "tui.probing.",
    "tui.sim.",
    "tui.telemetry.",
    "tui.engine.turn.",
    "tui.gateway.failure",
    "tui.ui.wire.",
    "tui.ui.transcript.markdown.",
    "tui.wire.chat_completions",
    "tui.wire.messages",
    "tui.wire.responses",
)
"""What stands in no first frame of the chat: it is imported by what shows it, or behind the frame."""
FIRST_FRAME = """
import sys
from textual.app import App
from tui.config.early import load_ui
from tui.ui.app import SightlineApp
from tui.world.opening import Opening
from tui.cli.args import parse

seen, display = [], App._display

def first(app, screen, shown):
    display(app, screen, shown)
    if not seen and screen.query("Prompt"):
        seen.extend(sys.modules)
        print(type(screen).__name__)
        app.exit()

App._display = first
args = parse(sys.argv[1:])
with Opening(args) as opening:
    SightlineApp(opening.start(load_ui({}, file=args.config))).run(headless=True, size=(120, 40))
print(*seen)
"""
LATER = (
    "tui.chat.",
    "tui.engine.",
    "tui.gateway.",
    "tui.store.",
    "tui.tools.",
    "tui.wire.",
    "tui.config.schema",
)
"""What a prompt that can be typed into does without; to load it takes longer than the frame."""


def test_the_first_frame_of_the_chat_imports_only_what_it_shows(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(
        "proxies:\n  none:\n    url: http://127.0.0.1:9\n    key: sk-none\n    server: litellm\n"
        "default_model: claude-opus-4-5\n"
    )
    words = ("--config", str(config), "--data-dir", str(tmp_path / "data"))
    done = subprocess.run(
        [sys.executable, "-c", WHOLE_SCREEN, *words], capture_output=True, text=True, check=True, timeout=60
    )
    screen, loaded = (set(line.split()) for line in done.stdout.splitlines())
    assert "tui.ui.screens.chat" in loaded
    others = {"markdown_it", "pygments", "attr", "jsonschema", "starlette", "uvicorn", "opentelemetry"}
    assert not {name.partition(".")[0] for name in loaded} & (SDKS | DECODERS | others)
    assert not {name for name in loaded if f"{name}.".startswith(UNSEEN)}
    ours = {name for name in loaded if name.startswith("tui.ui.screens.")}
    assert ours <= screen | {"tui.ui.screens.dialog", "tui.ui.screens.start"}, (
        "a dialog is imported by the action that opens it"
    )


def test_the_first_frame_of_all_waits_for_nothing_but_the_screen(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("ui: {theme: nord}\nproxies:\n  none:\n    url: http://127.0.0.1:9\n    key: sk-none\n")
    words = ("--config", str(config), "--data-dir", str(tmp_path / "data"))
    done = subprocess.run(
        [sys.executable, "-c", FIRST_FRAME, *words], capture_output=True, text=True, check=True, timeout=60
    )
    screen, modules = done.stdout.splitlines()
    loaded = set(modules.split())
    assert screen == "StartScreen"
    assert "tui.ui.widgets.prompt" in loaded
    assert not {name for name in loaded if f"{name}.".startswith(LATER)} - {"tui.chat"}
    assert not {name.partition(".")[0] for name in loaded} & (SDKS | DECODERS | {"sqlite3", "markdown_it"})


def test_what_shows_a_stored_session_needs_nothing_of_a_turn_and_reads_no_code() -> None:
    rooms = ("tui.ui.last_turn", "tui.ui.screens.past", "tui.ui.transcript.history")
    loaded = _loaded(f"import {', '.join(rooms)}, tui.ui.transcript.markdown.document")
    late = {"tui.engine.step", "tui.engine.turn", "tui.truth.answering", "tui.wire.sealed", "tui.attachments"}
    assert not loaded & {"pygments", *late}
    assert not {name for name in loaded if name.startswith(("tui.exchanges.", "tui.gateway."))}
