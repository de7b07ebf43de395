"""Attachments in the transcript: the line that names them, and pictures where the terminal can draw them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.style import Style

from tests.attachments.samples import as_image, as_pdf, as_text, every_picture, picture, saved
from tests.ui.transcript.support import Bench, rows, wait_until
from tui.attachments import Pixels, small_copy
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import Attachment, Image, Origin, Text, ToolCall, ToolResult
from tui.chat.usage import UNKNOWN_COST
from tui.ui.transcript.blocks import copy_text, estimate, render
from tui.ui.transcript.blocks.media import COLUMNS, ROWS, cells, extent, media_block
from tui.ui.transcript.history import Past, history_blocks
from tui.ui.transcript.line import Line
from tui.ui.transcript.model import MediaBlock, ToolBlock
from tui.ui.transcript.palette import PLAIN
from tui.ui.transcript.view import Transcript

SIZE = (60, 30)
PICTURE = as_image(picture(size=(600, 400)))
"""A gradient; drawn in 36 x 12 cells."""


def bench(colours: ColorSystem = ColorSystem.TRUECOLOR) -> Bench:
    """A transcript on a terminal of so many colours."""
    app = Bench()
    app.console._color_system = colours
    return app


def coloured(view: Transcript) -> int:
    """How many rows of the screen hold cells of a picture."""
    strips = (view.render_line(y) for y in range(view.window))
    return sum(any("▀" in segment.text for segment in strip) for strip in strips)


def styles(line: Line) -> list[tuple[str, Style]]:
    return [(piece.text, piece.style) for piece in line.pieces]


# Pure: pixels to rows


def test_two_pixels_share_a_cell_and_equal_neighbours_a_run() -> None:
    red, blue, clear = b"\xff\0\0\xff", b"\0\0\xff\xff", b"\xff\xff\xff\x10"
    upper, lower = red + red + clear + clear + red, blue + blue + blue + clear + red
    (line,) = cells(Pixels(5, 2, upper + lower), 5, 1)
    assert styles(line) == [
        ("▀▀", Style(color="#f80000", bgcolor="#0000f8")),
        ("▄", Style(color="#0000f8")),
        (" ", Style.null()),
        (" ", Style(bgcolor="#f80000")),
    ]
    assert line.copied == ""


def test_below_an_odd_last_row_nothing_is_drawn() -> None:
    (line,) = cells(Pixels(2, 1, b"\0\0\0\xff" * 2), 2, 1)
    assert styles(line) == [("▀▀", Style(color="#000000"))]


@given(
    width=st.integers(1, 20_000),
    height=st.integers(1, 20_000),
    across=st.integers(1, 40),
    down=st.integers(1, 24),
    room=st.integers(16, 200),
)
def test_every_picture_fits_and_is_drawn_whole(
    width: int, height: int, across: int, down: int, room: int
) -> None:
    block = MediaBlock("m", "x.png", PICTURE, (width, height), drawable=True)
    columns, count = extent(block, room)
    assert 1 <= columns <= min(COLUMNS, room)
    assert 1 <= count <= ROWS
    assert len(render(block, room, PLAIN)) == 1 + count == estimate(block, room)
    block.copy = Pixels(across, down, bytes(across * down * 4))
    lines = render(block, room, PLAIN)
    assert len(lines) == estimate(block, room)
    assert all(line.cells <= room for line in lines)


def test_the_line_says_what_it_is() -> None:
    parts: list[Attachment] = [
        as_image(picture(), name="a\x1b[31m\nb.png"),
        as_pdf(b"x" * 1_234_567, pages=12),
        as_pdf(b"x", "one.pdf", pages=1),
        as_text("hello"),
        Image("image/png", "aGk="),
    ]
    shown = [render(media_block("m", part), 60, PLAIN)[0].text for part in parts]
    assert shown == [
        f"▣ a␛[31m⏎b.png · png 60×40 · {len(picture())} B",
        "▣ report.pdf · pdf 12 pages · 1.2 MB",
        "▣ one.pdf · pdf 1 page · 1 B",
        "▣ notes.md · text · 5 B",
        "▣ image.png · png · 2 B",
    ]
    assert copy_text(media_block("m", parts[3])) == "notes.md · text · 5 B"


# On the screen


async def test_a_picture_is_drawn_below_its_line_and_folds() -> None:
    app = bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.add_prompt("What is on it?", None, [PICTURE, as_pdf(b"x", pages=2)])
        await wait_until(pilot, lambda: coloured(view) == ROWS)
        seen = rows(view)
        assert seen[:3] == ["you", "What is on it?", f"▣ photo.png · png 600×400 · {seen[2].split('· ')[2]}"]
        assert seen[2].endswith("▾")
        assert seen[3 + ROWS] == "▣ report.pdf · pdf 2 pages · 1 B"
        await pilot.click(Transcript, offset=(5, 2))
        await wait_until(pilot, lambda: coloured(view) == 0)
        assert rows(view)[2].endswith("▸")
        assert rows(view)[3].startswith("▣ report.pdf")
        await pilot.press("enter")
        await wait_until(pilot, lambda: coloured(view) == ROWS)


async def test_the_rows_of_a_picture_are_there_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    may_go = threading.Event()

    def late(*arguments: Any) -> Any:
        assert may_go.wait(20)
        return small_copy(*arguments)

    monkeypatch.setattr("tui.attachments.small_copy", late)
    app = bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.add_prompt("Look.", None, [PICTURE, as_text("hi")])
        await wait_until(pilot, lambda: view.page.entries[1].block.asked is True)  # type: ignore[union-attr]
        before = rows(view)
        assert before[3 + ROWS].startswith("▣ notes.md")
        assert coloured(view) == 0
        may_go.set()
        await wait_until(pilot, lambda: coloured(view) == ROWS)
        assert rows(view)[3 + ROWS] == before[3 + ROWS]


def no_colours(app: Bench) -> None:
    app.console._color_system = ColorSystem.STANDARD


def without_colour(app: Bench) -> None:
    app.no_color = True


def ansi_theme(app: Bench) -> None:
    app.theme = "ansi-dark"


def not_wanted(app: Bench) -> None:
    app.transcript.pictures = False


@pytest.mark.parametrize("reason", [no_colours, without_colour, ansi_theme, not_wanted])
async def test_where_it_cannot_be_drawn_it_is_named(reason: Callable[[Bench], None]) -> None:
    app = bench()
    async with app.run_test(size=SIZE) as pilot:
        reason(app)
        await pilot.pause()
        app.transcript.add_prompt("Look.", None, [PICTURE])
        await pilot.pause()
        assert rows(app.transcript)[2].startswith("▣ photo.png · png 600×400")
        assert app.transcript.page.total == 3
        block = app.transcript.page.entries[1].block
        assert isinstance(block, MediaBlock)
        assert not block.asked


async def test_another_theme_draws_it_or_names_it() -> None:
    app = bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.add_prompt("Look.", None, [PICTURE])
        await wait_until(pilot, lambda: coloured(view) == ROWS)
        app.theme = "ansi-dark"
        await wait_until(pilot, lambda: view.page.total == 3)
        app.theme = "textual-light"
        await wait_until(pilot, lambda: coloured(view) == ROWS)


HOSTILE = {
    "torn png": picture()[:90],
    "torn jpeg": picture("JPEG")[:400],
    "one pixel": saved(PIL.Image.new("RGB", (1, 1)), "PNG"),
    "a needle": saved(PIL.Image.new("RGB", (1, 10_000)), "PNG"),
    "a line": saved(PIL.Image.new("RGB", (10_000, 1)), "PNG"),
    "a bomb": saved(PIL.Image.new("1", (13_000, 13_000)), "PNG"),
    **every_picture(),
}


async def test_hostile_pictures_neither_crash_nor_stall_the_screen() -> None:
    app = bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        for name, data in HOSTILE.items():
            format = name.split()[0].lower()
            kind = format if format in ("jpeg", "gif", "webp") else "jpeg" if "jpeg" in name else "png"
            view.add_prompt(name, None, [as_image(data, f"image/{kind}", name)])
            beat = asyncio.get_running_loop().time()
            await pilot.pause()
            assert asyncio.get_running_loop().time() - beat < 5
            block = view.page.entries[-1].block
            assert isinstance(block, MediaBlock)
            done = lambda block=block: block.copy is not None or not block.drawable  # noqa: E731
            await wait_until(pilot, done)
            assert (block.copy is None) == (name in ("torn png", "torn jpeg", "a bomb")), name


async def test_of_a_long_history_only_what_is_seen_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[Image] = []

    def counted(image: Image, *size: int) -> Any:
        decoded.append(image)
        return small_copy(image, *size)

    monkeypatch.setattr("tui.attachments.small_copy", counted)
    messages = tuple(UserMessage(f"u{n}", (PICTURE, Text(f"prompt {n}")), 0.0) for n in range(500))
    app = bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.load(history_blocks(Past(messages)))
        await wait_until(pilot, lambda: coloured(view) >= ROWS)
        assert len(decoded) <= 4
        top = rows(view)
        await pilot.press("pageup")
        await wait_until(pilot, lambda: rows(view) != top)
        assert len(decoded) <= 8
        view.clear()
        await pilot.pause()


def test_a_history_names_attachments_of_prompts_and_of_tools() -> None:
    origin = Origin("messages", "anthropic", "claude-sonnet-4-5")
    call = ToolCall("c", "screenshot", "{}")
    answer = AssistantMessage("a", (call,), origin, "tool_use", None, None, UNKNOWN_COST, 0.0)
    messages = (
        UserMessage("u", (PICTURE, as_text("hi"), Text("Look.")), 0.0),
        answer,
        ToolMessage("t", (ToolResult("c", (Text("here"), as_image(picture()))),), 0.0),
    )
    blocks = history_blocks(Past(messages))
    assert [type(block).__name__ for block in blocks][:3] == ["UserBlock", "MediaBlock", "MediaBlock"]
    assert [block.group for block in blocks[:3]] == ["u", "u", "u"]
    (tool,) = (block for block in blocks if isinstance(block, ToolBlock))
    assert tool.result is not None
    assert tool.result.split("\n") == ["here", f"▣ photo.png · png 60×40 · {len(picture())} B"]
