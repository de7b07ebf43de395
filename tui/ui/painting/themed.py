"""An application that takes another theme without holding its loop, and shows no frame that is half in it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from itertools import chain
from typing import Any

from textual.app import App
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

WORK_S = 0.008
"""Work goes on for this long before others get their turn."""


class Sheet(Stylesheet):
    """The style sheet, which can be parsed bit by bit for the variables of another theme."""

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take over variables; with the same ones what is parsed stays."""
        if variables != self._variables:
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse what is not parsed for the present variables."""
        # Textual parses in a fresh sheet and throws away what it was parsed to, so that the next widget
        # of a new kind, the notice of the new theme, had everything parsed a second time: 40 ms each.
        self.parse()

    async def turn_to(self, variables: dict[str, str]) -> bool:
        """Parse everything for ``variables``, letting others work in between; False if they are no others."""
        if variables == self._variables:
            return False
        other, began = Sheet(variables=variables), time.perf_counter()
        for place, (css, is_default, tie_breaker, scope) in list(self.source.items()):
            other._parse_rules(css, place, is_default, tie_breaker, scope)
            if time.perf_counter() - began >= WORK_S:
                await asyncio.sleep(0)
                began = time.perf_counter()
        await asyncio.sleep(0)
        self.set_variables(variables)
        self._parse_cache = other._parse_cache
        self.parse()
        return True


class Themed(App[None]):
    """A change of theme comes in pieces: what is to be parsed, then the styles, and then one frame."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stylesheet = self._sheet = Sheet(variables=self.stylesheet._variables)
        self._is_styled = False
        """Whether everything has the styles of the theme already."""

    def _watch_theme(self, theme_name: str) -> None:
        self.call_next(self._take_theme)
        super()._watch_theme(theme_name)

    async def _take_theme(self) -> None:
        """What ``refresh_css``, which is called next, would do without letting anybody work in between."""
        # What is painted meanwhile would have some of one theme and some of the other.
        with self.batch_update():
            if not await self._sheet.turn_to(self.get_css_variables()):
                return
            screens = (screen.walk_children(with_self=True) for screen in self.screen_stack)
            nodes = [self, *chain.from_iterable(screens)]
            left = (node for node in nodes if node.is_attached)
            for node in left:
                self.stylesheet.update_nodes(_for_a_while(node, left))
                await asyncio.sleep(0)
        self._is_styled = True

    def refresh_css(self, animate: bool = True) -> None:
        """Style everything anew; it is painted once those who follow the theme have followed."""
        with self.batch_update():
            if not self._is_styled:
                super().refresh_css(animate)
                return
            self._is_styled = False
            for screen in self.screen_stack:
                screen._css_update_count = self._css_update_count
                if screen is self.screen and screen.is_mounted:
                    screen._refresh_layout(self.size)


def _for_a_while(first: DOMNode, rest: Iterator[DOMNode]) -> Iterator[DOMNode]:
    until = time.perf_counter() + WORK_S
    yield first
    while time.perf_counter() < until and (node := next(rest, None)) is not None:
        yield node
