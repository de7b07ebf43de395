"""The painter draws what Textual's compositor draws: the rows that changed, and only what can be seen."""

from __future__ import annotations

from typing import Any

from textual import events
from textual._compositor import Compositor
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Input, Static

from tui.ui.painting.painter import Painter


class Painted(Screen[None]):
    """A screen with layers, a scroll, borders and a widget that counts what it draws."""

    CSS = """
    Painted { layers: base top; }
    #cover { layer: top; width: 12; height: 3; offset: 5 2; border: round red; }
    #long { height: 40; }
    VerticalScroll { height: 6; }
    Counting { height: 4; border: heavy blue; padding: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._compositor = Painter()

    def compose(self) -> ComposeResult:
        yield Static("over all", id="cover")
        with Vertical():
            yield Counting("counted\nlines")
            with Horizontal():
                yield Static("left " * 30, id="left")
                with VerticalScroll():
                    yield Static("\n".join(f"row {n}" for n in range(40)), id="long")
            yield Input("typed")


class Counting(Static):
    """Counts the rows it was asked for."""

    asked = 0

    def render_lines(self, crop: Region) -> list[Strip]:
        self.asked += crop.height
        return super().render_lines(crop)


class Bench(App[None]):
    def on_mount(self) -> None:
        self.push_screen(Painted())


def textual_rows(screen: Screen[Any]) -> list[Strip]:
    compositor = screen._compositor
    chops = Compositor._render_chops(compositor, screen.size.region, lambda _: True)
    return [Strip.join(chop.values()).simplify() for chop in chops]


def painted_rows(screen: Screen[Any]) -> list[Strip]:
    return [strip.simplify() for strip in screen._compositor.render_strips()]


async def test_it_draws_what_textual_draws() -> None:
    app = Bench()
    async with app.run_test(size=(60, 20)) as pilot:
        screen = app.screen
        assert painted_rows(screen) == textual_rows(screen)
        screen.query_one(VerticalScroll).scroll_to(y=7, animate=False)
        screen.query_one("#cover").styles.offset = (20, 9)
        await pilot.pause()
        assert painted_rows(screen) == textual_rows(screen)


async def test_a_change_draws_its_rows_and_only_those() -> None:
    app = Bench()
    async with app.run_test(size=(60, 20)) as pilot:
        screen = app.screen
        compositor = screen._compositor
        await pilot.pause()
        counting = screen.query_one(Counting)
        counting.asked = 0
        whole = textual_rows(screen)
        counting.asked = 0
        left, cover = screen.query_one("#left"), screen.query_one("#cover")
        for region in (left.region, cover.region, Region(3, 1, 4, 3), Region(0, 19, 60, 5)):
            compositor._dirty_regions.add(region)
            update = compositor.render_partial_update()
            assert update is not None
            assert {y for y, _, _ in update.spans} == set(range(region.y, min(region.bottom, 20)))
            for y in range(region.y, min(region.bottom, 20)):
                for x, strip in update.chops[y].items():
                    assert strip is not None
                    assert strip.simplify() == whole[y].crop(x, x + strip.cell_length).simplify()
        assert compositor.render_partial_update() is None
        # The rows below the cover, and those of the small region: not all four of the widget each time.
        assert counting.asked <= 4 + 3


async def test_nothing_is_drawn_behind_what_covers_it() -> None:
    app = Bench()
    async with app.run_test(size=(60, 20)) as pilot:
        screen = app.screen
        cover = screen.query_one("#cover")
        cover.styles.width, cover.styles.height, cover.styles.offset = "100%", 20, (0, 0)
        await pilot.pause()
        screen.query_one(Counting).asked = 0
        screen.refresh()
        await pilot.pause()
        assert screen.query_one(Counting).asked == 0


async def test_a_mouse_button_on_what_was_just_taken_away_selects_nothing() -> None:
    app = Bench()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        counting = app.screen.query_one(Counting)
        at = counting.content_region.offset
        # So it is from when a widget is gone to when what is left is laid out.
        parent, counting._parent = counting._parent, None
        assert app.screen.get_widget_at(*at)[0] is counting
        down = events.MouseDown(counting, *at, 0, 0, 1, False, False, False, *at)
        app.screen._forward_event(down)
        assert app.screen._select_state is None
        counting._parent = parent
