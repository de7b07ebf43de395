"""Hits are told as path:line: text, in a fixed order, with what was searched and what was not."""

from pathlib import Path

import pytest

from tests.tools.builtin.trees import Trap, call
from tui.chat.parts import Json
from tui.tools.builtin import search_files
from tui.tools.builtin.files.root import Root
from tui.tools.builtin.search_files import SearchFiles


async def searched(root: Path, text: str, **arguments: Json) -> list[str]:
    result = await call(Trap(root, root, root / "ours").toolbox(), "search_files", text=text, **arguments)
    return result.text.split("\n")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for directory in ("src", ".git"):
        (tmp_path / directory).mkdir()
    (tmp_path / "src" / "b.py").write_text("import os\n\ndef run():\n    return run\n")
    (tmp_path / "src" / "a.md").write_text("how to run\r\nRUN it\r\n")
    (tmp_path / "blob").write_bytes(b"run\0")
    (tmp_path / ".git" / "HEAD").write_text("run")
    (tmp_path / "latin").write_bytes(b"caf\xe9\n")
    return tmp_path


async def test_hits_by_path_and_line(root: Path) -> None:
    assert await searched(root, "run") == [
        "[3 lines in 2 files · 3 files searched · 1 binary · not entered: .git"
        " (name one as path to look in it)]",
        "src/a.md:1: how to run",
        "src/b.py:3: def run():",
        "src/b.py:4:     return run",
    ]


@pytest.mark.parametrize(
    ("arguments", "hits"),
    [
        (
            {"text": "run", "ignore_case": True, "pattern": "*.md"},
            ["src/a.md:1: how to run", "src/a.md:2: RUN it"],
        ),
        ({"text": "^def ", "regex": True}, ["src/b.py:3: def run():"]),
        ({"text": "^def ", "regex": False}, []),
        ({"text": "run$", "regex": True, "path": "src/a.md"}, ["src/a.md:1: how to run"]),
        ({"text": "run", "path": ".git"}, [".git/HEAD:1: run"]),
        ({"text": "café"}, ["latin:1: café"]),
        ({"text": "run", "pattern": "src/*.txt"}, []),
    ],
)
async def test_ways_to_search(root: Path, arguments: dict[str, Json], hits: list[str]) -> None:
    assert (await searched(root, **arguments))[1:] == hits


async def test_nothing_found_says_where_it_looked(root: Path) -> None:
    assert (await searched(root, "nowhere", path="src")) == ["[nothing found · 2 files searched]"]


async def test_one_file_that_cannot_be_searched_is_an_error(root: Path) -> None:
    result = await call(Trap(root, root, root / "ours").toolbox(), "search_files", text="x", path="blob")
    assert result.is_error
    assert "blob is binary data" in result.text


async def test_too_many_hits_are_cut_and_said(tmp_path: Path) -> None:
    (tmp_path / "many").write_text("hit\n" * 5_000)
    head, *lines = await searched(tmp_path, "hit")
    assert len(lines) == search_files.MOST_HITS
    assert "ended at so many hits" in head


async def test_of_a_long_line_the_piece_around_the_hit_is_told(tmp_path: Path) -> None:
    (tmp_path / "min.js").write_text("x" * 5_000 + "HIT" + "y" * 5_000)
    line = (await searched(tmp_path, "HIT"))[1]
    assert line == f"min.js:1: … {'x' * 60}HIT{'y' * 177} …"


async def test_files_a_rule_denies_are_withheld(root: Path) -> None:
    tool = SearchFiles(Root(root, denied=lambda path: path == "src/b.py"))
    arguments = {"text": "run", "path": None, "pattern": None, "regex": None, "ignore_case": None}
    head, *lines = (await tool.run(arguments)).split("\n")
    assert lines == ["src/a.md:1: how to run"]
    assert "1 withheld" in head
    assert await tool.subject(arguments) == "."
    assert await tool.subject({**arguments, "path": "./src/"}) == "src"
