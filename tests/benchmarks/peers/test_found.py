import os
from pathlib import Path

import pytest

from benchmarks.peers.found import find, version
from benchmarks.peers.run import PEERS


def program(path: Path, says: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("place", ["", "bin", "node_modules/.bin", "env/bin", "npm/node_modules/.bin"])
def test_a_program_is_found_wherever_python_or_npm_put_it(tmp_path: Path, place: str) -> None:
    assert find("pyrite", tmp_path) is None
    there = program(tmp_path / place / "pyrite")
    assert find("pyrite", tmp_path) == there


def test_the_directory_goes_before_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    onpath = program(tmp_path / "path" / "pyrite")
    monkeypatch.setenv("PATH", str(onpath.parent), prepend=os.pathsep)
    assert find("pyrite") == onpath
    named = program(tmp_path / "named" / "bin" / "pyrite")
    assert find("pyrite", tmp_path / "named") == named


def test_what_cannot_be_run_is_not_found(tmp_path: Path) -> None:
    program(tmp_path / "pyrite").chmod(0o644)
    assert find("pyrite", tmp_path) is None


def test_the_number_is_taken_out_of_what_a_program_tells(tmp_path: Path) -> None:
    told = program(tmp_path / "codex", "codex-cli 0.169.0")
    assert version(PEERS[1], told, {}) == "0.169.0"
