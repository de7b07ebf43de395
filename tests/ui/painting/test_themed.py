"""A change of theme: what is parsed for it, who works meanwhile, and that no frame is half in it."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rich.color import Color as TerminalColor
from rich.console import RenderableType
from textual.app import ComposeResult
from textual.color import Color
from textual.css.parse import parse
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Static

from tests.ui.pilots import chat, running, until
from tests.ui.scripted_session import deps_for
from tui.ui.painting import themed
from tui.ui.themes import DARK, LIGHT
from tui.ui.transcript.model import TextBlock
from tui.ui.transcript.view import Transcript

PARSES = Stylesheet._parse_rules
"""As it is outside of tests, where what was parsed once in a run is not parsed again."""


class Fresh(Static):
    DEFAULT_CSS = "Fresh { color: $accent; }"


async def test_everything_is_parsed_and_styled_once_for_another_theme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: Counter[Any] = Counter()
    styled: Counter[DOMNode] = Counter()
    apply = Stylesheet.apply

    def applied(sheet: Stylesheet, node: DOMNode, **options: Any) -> None:
        styled[node] += 1
        apply(sheet, node, **options)

    def counted(scope: str, css: str, read_from: Any, **options: Any) -> Any:
        parsed[read_from] += 1
        return parse(scope, css, read_from, **options)

    async with running(deps_for(tmp_path)) as (app, pilot):
        before = app.screen.background_colors
        monkeypatch.setattr(Stylesheet, "_parse_rules", PARSES)
        monkeypatch.setattr("textual.css.stylesheet.parse", counted)
        monkeypatch.setattr(Stylesheet, "apply", applied)
        app.theme = LIGHT
        await until(lambda: app.screen.background_colors != before)
        await pilot.pause()
        assert [styled[node] for node in (app, app.screen, chat(app).transcript)] == [1, 1, 1]
        assert parsed == dict.fromkeys(app.stylesheet.source, 1)
        await app.screen.mount(Fresh())
        app.refresh_css()
        ours = {place: count for place, count in parsed.items() if place[0].endswith(".tcss")}
        assert ours == dict.fromkeys(ours, 1)


async def test_others_work_while_it_is_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(deps_for(tmp_path)) as (app, _):
        turns = 0

        async def work() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        monkeypatch.setattr(Stylesheet, "_parse_rules", PARSES)
        monkeypatch.setattr(themed, "WORK_S", 0)
        sheet = themed.Sheet(variables=app.get_css_variables())
        sheet.source = app.stylesheet.source
        sheet.parse()
        worker = asyncio.create_task(work())
        variables = {**app.get_css_variables(), "background": "#010203"}
        await sheet.turn_to(variables)
        assert turns > len(sheet.source)
        turns = 0
        await sheet.turn_to(variables)
        assert turns == 0
        worker.cancel()
        sheet.reparse()
        assert any("#010203" in rule.styles.css for rule in sheet.rules)


class Small(themed.Themed):
    def compose(self) -> ComposeResult:
        yield Static("above")
        yield Transcript()


async def test_no_frame_is_half_in_a_theme(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Small()
    async with app.run_test() as pilot:
        view = app.query_one(Transcript)
        view.load([TextBlock("t", "`code` and **words**")])
        await pilot.pause()
        frames: list[tuple[Color, TerminalColor | None]] = []
        display = app._display

        def shown(screen: Screen[None], renderable: RenderableType | None) -> None:
            if not app._batch_count:
                background = app.query_one(Static).background_colors[1]
                frames.append((background, view.page.lines(0)[0].pieces[0].style.color))
            display(screen, renderable)

        monkeypatch.setattr(app, "_display", shown)
        seen: list[tuple[Color, TerminalColor | None]] = []
        for theme in (LIGHT, DARK):
            app.theme = theme
            await pilot.pause()
            # A frame more, so that there is one after the change in any case.
            app.refresh()
            await until(lambda: len(set(frames)) > len(seen))
            seen.append(frames[-1])
        assert (
            len(set(frames)) == len({above for above, _ in frames}) == len({code for _, code in frames}) == 2
        )
