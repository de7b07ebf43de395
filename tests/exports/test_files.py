"""Files are written as the text comes, and are there whole or not at all."""

import os
import stat
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from tui.exports import files


def test_nothing_has_the_name_before_everything_is_written(tmp_path: Path) -> None:
    target = tmp_path / "out.md"

    def pieces() -> Iterator[str]:
        yield "first\n"
        assert not target.exists()
        (held,) = tmp_path.iterdir()
        assert stat.S_IMODE(held.stat().st_mode) == 0o600
        yield "half \ud800\n"

    assert files.create((target,), pieces()) == target
    assert target.read_bytes() == b"first\nhalf \\ud800\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("replaces", [False, True])
def test_a_text_that_breaks_off_leaves_what_was_there(tmp_path: Path, replaces: bool) -> None:
    target = tmp_path / "out.md"
    if replaces:
        target.write_text("old")

    def pieces() -> Iterator[str]:
        yield "new"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        files.replace(target, pieces()) if replaces else files.create((target,), pieces())
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"] * replaces


@pytest.mark.parametrize("links", [True, False])
def test_who_comes_second_takes_the_next_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", _no_links)
    first, second = tmp_path / "a.md", tmp_path / "a-2.md"

    def pieces() -> Iterator[str]:
        yield "mine"
        first.write_text("theirs")

    assert files.create((first, second), pieces()) == second
    assert (first.read_text(), second.read_text()) == ("theirs", "mine")
    with pytest.raises(FileExistsError):
        files.create((first,), chain(["never"], pieces()))
    assert sorted(tmp_path.iterdir()) == [second, first]


def _no_links(*_: object) -> None:
    raise PermissionError(1, "Operation not permitted")


def test_a_name_that_is_taken_costs_no_writing(tmp_path: Path) -> None:
    (tmp_path / "a.md").symlink_to(tmp_path / "nowhere")

    pieces = iter(["not taken"])
    with pytest.raises(FileExistsError):
        files.create((tmp_path / "a.md",), pieces)
    assert list(pieces) == ["not taken"]
