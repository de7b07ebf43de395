"""What is really imported, seen in a fresh interpreter: the static graph cannot see lazy imports."""

import subprocess
import sys

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


def test_help_needs_neither() -> None:
    code = "import sys, tui.__main__ as m\ntry:\n    m.main(['--help'])\nexcept SystemExit:\n    pass"
    assert not _loaded(code) & (SDKS | SCREEN | DECODERS | {"starlette", "uvicorn", "yaml"})
