"""A directory is listed in a fixed order with kinds and sizes, and what is left out is said."""

from pathlib import Path

import pytest

from tests.tools.builtin.trees import Trap, call
from tui.chat.parts import Json
from tui.tools.builtin import list_files
from tui.tools.builtin.files import tree


async def listed(root: Path, **arguments: Json) -> list[str]:
    result = await call(Trap(root, root, root / "ours").toolbox(), "list_files", **arguments)
    return result.text.split("\n")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for directory in ("src/deep", ".git/objects", "node_modules/x", "empty"):
        (tmp_path / directory).mkdir(parents=True)
    for file, size in {"b.txt": 1, "a.txt": 12_345, ".hidden": 0, "src/m.py": 5, "src/deep/n.py": 5}.items():
        (tmp_path / file).write_bytes(b"x" * size)
    for file in (".git/HEAD", "node_modules/x/i.py"):
        (tmp_path / file).write_bytes(b"x")
    (tmp_path / "link").symlink_to("src/m.py")
    return tmp_path


async def test_one_level(root: Path) -> None:
    assert await listed(root) == [
        "[. · 8 entries]",
        ".git/",
        ".hidden  0 bytes",
        "a.txt  12.3 kB",
        "b.txt  1 byte",
        "empty/",
        "link -> src/m.py",
        "node_modules/",
        "src/",
    ]
    assert await listed(root, path="src") == ["[src · 2 entries]", "src/deep/", "src/m.py  5 bytes"]
    assert await listed(root, path="empty", pattern=None) == ["[empty · 0 entries]"]


async def test_a_pattern_goes_deep_and_into_nothing_programs_made(root: Path) -> None:
    head, *lines = await listed(root, pattern="*.py")
    assert lines == ["src/deep/n.py  5 bytes", "src/m.py  5 bytes"]
    assert (
        head == "[. · 2 entries that fit · not entered: .git, node_modules (name one as path to look in it)]"
    )


async def test_what_is_not_entered_on_the_way_can_be_named(root: Path) -> None:
    assert (await listed(root, path="node_modules", pattern="*.py"))[1:] == ["node_modules/x/i.py  1 byte"]
    assert (await listed(root, path=".git"))[1:] == [".git/HEAD  1 byte", ".git/objects/"]


async def test_more_than_fits_is_counted(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_files, "MOST_LISTED", 3)
    head, *lines = await listed(root)
    assert len(lines) == 3
    assert head == "[. · 8 entries · the first 3 follow; narrow it with path or pattern]"


async def test_long_names_end_it_as_well(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"{number:03}{'x' * 200}").touch()
    head, *lines = await listed(tmp_path)
    assert head.startswith("[. · 300 entries · the first ")
    assert 100 < len(lines) < 130


async def test_a_walk_without_end_is_ended_and_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MOST_ENTRIES", 4)
    head, *lines = await listed(root)
    assert len(lines) == 4
    assert "ended after 4 entries, so there may be more" in head
    monkeypatch.setattr(tree, "MOST_ENTRIES", 1_000)
    monkeypatch.setattr(tree, "MOST_SECONDS", -1.0)
    assert "ended after -1 seconds, so there may be more" in (await listed(root))[0]
    monkeypatch.setattr(tree, "MOST_SECONDS", 10.0)
    monkeypatch.setattr(tree, "MOST_DEPTH", 1)
    assert "1 directory could not be entered" in (await listed(root, path="src", pattern="**"))[0]


async def test_a_directory_that_is_not_there_is_told_with_what_is(root: Path) -> None:
    assert await listed(root, path="scr") == ["there is no scr; there is src"]
    assert await listed(root, path="src/depp/x") == ["there is no src/depp/x; there is src/deep"]
