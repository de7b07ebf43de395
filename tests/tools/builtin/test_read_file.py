"""A file is read whole or in pieces, and the first line says which."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.tools.builtin.trees import Trap, call
from tui.chat.parts import Json
from tui.tools.builtin.files import reading
from tui.tools.builtin.files.root import Root
from tui.tools.builtin.read_file import MOST_CHARS, ReadFile
from tui.tools.results import MODEL_CHARS


async def read(root: Path, path: str = "f", **more: Json) -> str:
    result = await call(Trap(root, root, root / "ours").toolbox(), "read_file", path=path, **more)
    assert result.full is None
    return result.text


async def test_a_small_file_comes_whole_and_exact(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("one\n\ttwo  \n\nlast\n")
    assert await read(tmp_path) == "[f · 17 bytes · 4 lines]\none\n\ttwo  \n\nlast\n"


@pytest.mark.parametrize(
    ("arguments", "head", "text"),
    [
        ({"offset": 3}, "lines 3 to 5 of 5", "c\nd\ne\n"),
        ({"offset": 2, "limit": 2}, "lines 2 to 3 of 5 · go on with offset 4", "b\nc\n"),
        ({"limit": 1}, "lines 1 to 1 of 5 · go on with offset 2", "a\n"),
        ({"offset": -2}, "lines 4 to 5 of 5", "d\ne\n"),
        ({"offset": -2, "limit": 1}, "lines 4 to 4 of 5 · go on with offset 5", "d\n"),
        ({"offset": -99}, "5 lines", "a\nb\nc\nd\ne\n"),
        ({"offset": 0}, "5 lines", "a\nb\nc\nd\ne\n"),
        ({"limit": 99}, "5 lines", "a\nb\nc\nd\ne\n"),
    ],
)
async def test_pieces(tmp_path: Path, arguments: dict[str, Json], head: str, text: str) -> None:
    (tmp_path / "f").write_text("a\nb\nc\nd\ne\n")
    assert await read(tmp_path, **arguments) == f"[f · 10 bytes · {head}]\n{text}"


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (b"", "[f · 0 bytes · empty]\n"),
        (b"a", "[f · 1 byte · 1 line · no newline at its end]\na"),
        (b"a\r\nb\r\n", "[f · 6 bytes · 2 lines · CRLF line ends]\na\nb\n"),
        (b"a\r\nb\n", "[f · 5 bytes · 2 lines · mixed line ends]\na\r\nb\n"),
        ("é\n".encode("utf-16"), "[f · 6 bytes · 1 line · UTF-16]\né\n"),
        (b"\xe9\n", "[f · 2 bytes · 1 line · not UTF-8; read as Windows-1252]\né\n"),
    ],
)
async def test_what_is_unusual_is_said(tmp_path: Path, data: bytes, answer: str) -> None:
    (tmp_path / "f").write_bytes(data)
    assert await read(tmp_path) == answer


async def test_a_long_file_can_be_read_through_piece_by_piece(tmp_path: Path) -> None:
    lines = [f"line {number} {'x' * (number % 90)}" for number in range(1, 3_001)]
    (tmp_path / "f").write_text("\n".join(lines) + "\n")
    taken: list[str] = []
    while len(taken) < len(lines):
        answer = await read(tmp_path, offset=len(taken) + 1)
        assert len(answer) <= MODEL_CHARS
        head, text = answer.split("\n", 1)
        taken += text.removesuffix("\n").split("\n")
        if len(taken) < len(lines):
            assert f"go on with offset {len(taken) + 1}]" in head
    assert taken == lines


async def test_endless_lines_are_cut_and_counted(tmp_path: Path) -> None:
    (tmp_path / "f").write_text(f"short\n{'x' * 1_000_000}\n")
    answer = await read(tmp_path)
    assert "1 line cut after 2,000 characters, marked […]" in answer.split("\n")[0]
    assert answer.split("\n")[2] == "x" * 2_000 + " […]"
    assert len(answer) < MOST_CHARS


async def test_a_file_that_grows_while_it_is_read_is_read_to_the_cap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "f").write_text("x" * 90 + "\n")
    monkeypatch.setattr(reading, "MOST_BYTES", 10_000)
    real, reads = os.read, 0

    def grown(handle: int, most: int) -> bytes:
        nonlocal reads
        reads += 1
        with (tmp_path / "f").open("a") as file:
            file.write("y" * 5_000)
        return real(handle, most)

    monkeypatch.setattr(os, "read", grown)
    assert await read(tmp_path) == "f grew beyond 10.0 kB while it was read"
    assert reads < 10


async def test_a_file_that_may_not_be_read_is_told(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("closed")
    (root / "f").write_text("x")
    (root / "f").chmod(0)
    with _as_nobody(root):
        assert await read(root) == "f: permission denied"
    (root / "f").chmod(0o600)


@contextmanager
def _as_nobody(root: Path) -> Iterator[None]:
    """The administrator may read everything, so it steps down for the while."""
    if os.geteuid() != 0:
        yield
        return
    opened = [d for d in (root, *root.parents) if d.stat().st_uid == 0 and len(d.parts) > 2]
    modes = [directory.stat().st_mode for directory in opened]
    for directory, mode in zip(opened, modes, strict=True):
        directory.chmod(mode | 0o055)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        for directory, mode in zip(opened, modes, strict=True):
            directory.chmod(mode)


async def test_rules_are_told_the_real_path(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "f").write_text("x")
    (tmp_path / "alias").symlink_to("real")
    tool = ReadFile(Root(tmp_path, denied=lambda path: path == "real/f"))
    arguments = {"path": "alias/f", "offset": None, "limit": None}
    assert await tool.subject(arguments) == "real/f"
    with pytest.raises(Exception, match="a rule of the user forbids this tool real/f"):
        await tool.run(arguments)
