"""A page that lays out only the rows that changed, and looks as Textual's own widget would."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.content import Content
from textual.visual import Visual
from textual.widgets import Static

from tests.ui.pilots import until
from tui.ui.widgets.inspector_page import Page


class Both(App[None]):
    """The page, and the same text in a widget of Textual's."""

    CSS = "Screen { layout: horizontal; } Page, Static { width: 1fr; }"

    def compose(self) -> ComposeResult:
        yield Page(id="page")
        yield Static(id="other", markup=False)


def rows(app: App[None], id: str) -> list[str]:
    """Text and styles of each row of a widget, as painted."""
    widget = app.query_one(id)
    strips = widget.render_lines(widget.size.region)
    return [repr([(s.text, s.style) for s in strip.simplify()]) for strip in strips]


def text(rate: str, count: int = 6) -> Content:
    lines = [Content.assemble((f"row {n} ", "bold"), ("漢字", "$text-warning")) for n in range(count)]
    return Content("\n").join([*lines, Content(""), Content.styled(rate, "$foreground-muted")])


async def test_only_rows_that_changed_are_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Both()
    laid: list[str] = []
    real = Visual.to_strips.__func__  # type: ignore[attr-defined]

    def noted(widget: Page, visual: Content, *rest: object) -> object:
        if widget.id == "page":
            laid.append(visual.plain)
        return real(Visual, widget, visual, *rest)

    async with app.run_test(size=(60, 20)) as pilot:
        page = app.query_one(Page)
        page.put(text("12 tok/s"), layout=True)
        await until(lambda: page.size.height == 8)
        await pilot.pause()
        monkeypatch.setattr(Visual, "to_strips", noted)
        page.put(text("13 tok/s"), layout=False)
        await until(lambda: bool(laid))
        await pilot.pause()
        assert laid == ["13 tok/s"]
        page.put(text("13 tok/s"), layout=False)
        await pilot.pause()
        assert laid == ["13 tok/s"]


async def test_it_looks_as_the_same_text_in_a_static() -> None:
    app = Both()
    async with app.run_test(size=(60, 20)) as pilot:
        page, other = app.query_one(Page), app.query_one("#other", Static)
        for shown in (text("12"), text("13"), text("13", 9), text("x " * 40), text("", 2)):
            page.put(shown, layout=page.size.height != shown.plain.count("\n") + 1)
            other.update(shown)
            await pilot.pause()
            await until(lambda: page.size.height == other.size.height)
            assert rows(app, "#page") == rows(app, "#other")
        app.theme = "textual-light"
        await pilot.pause()
        assert rows(app, "#page") == rows(app, "#other")


async def test_its_text_can_be_selected() -> None:
    app = Both()
    async with app.run_test(size=(60, 20)) as pilot:
        page = app.query_one(Page)
        page.put(text("12"), layout=True)
        await until(lambda: page.size.height == 8)
        await pilot.mouse_down(page, offset=(0, 1))
        await pilot.hover(page, offset=(5, 2))
        await pilot.mouse_up(page, offset=(5, 2))
        assert app.screen.get_selected_text() == "row 1 漢字\nrow 2 "
