"""Types, lint, format and import contracts hold; run as tests so that one command checks all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        # CI begins without a cache and throws away what it wrote: to write it is a quarter of the time.
        ["mypy", *(["--no-incremental"] if os.environ.get("CI") else [])],
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["lint-imports"],
    ],
    ids=" ".join,
)
def test_check_passes(command: list[str]) -> None:
    done = subprocess.run(
        [str(TOOLS / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
