"""The application: its screens and palette, what happens at start and at a crash."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.app import SystemCommand
from textual.await_complete import AwaitComplete
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen

from tui.clean import clean
from tui.ui.host import Host
from tui.ui.key_table import REBINDABLE
from tui.ui.line_filter import ControlFilter
from tui.ui.painting.painted import Painted
from tui.ui.screens.dialog import Dialog
from tui.ui.screens.start import StartScreen
from tui.ui.start import Start
from tui.ui.themes import named

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tui.ui.ports import Deps, Home
    from tui.ui.screens.chat import ChatScreen


FEWEST = 2
"""Screens that are always there: Textual's own, and the chat or what comes before it."""


class SightlineApp(Painted, Host):
    """The terminal chat."""

    CSS_PATH: ClassVar[Any] = ["first.tcss", "app.tcss"]
    """What the first frame needs, and the rest."""
    TITLE = "sightline"
    COMMAND_PALETTE_BINDING = "ctrl+backslash"  # ^P is bound by the chat screen, from the table of commands

    def __init__(self, given: Deps | Start) -> None:
        super().__init__(given)
        self.animation_level = "none"
        self._is_switching = False
        self._leaving: Callable[[], None] | None = None
        """An exit that waits until the screen is switched."""
        self._wall = ControlFilter()
        if isinstance(given, Start):
            self._later_css, self.css_path = self.css_path[1:], self.css_path[:1]
        else:
            self.deps = given
        chosen = self.preferences.theme or given.theme
        theme = named(chosen, self.available_themes) if chosen else None
        if theme:
            self._begin_with(theme)
        self._no_theme = f"there is no theme {chosen}" if chosen and not theme else ""

    def _begin_with(self, theme: str) -> None:
        """What setting ``theme`` does, but before anything is parsed and styled: later that is done twice."""
        self.set_reactive(SightlineApp.theme, theme)
        self.stylesheet.set_variables(self.get_css_variables())
        self.set_class(self.current_theme.dark, "-dark-mode", update=False)
        self.set_class(not self.current_theme.dark, "-light-mode", update=False)
        self._refresh_truecolor_filter(self.ansi_theme)

    def on_mount(self) -> None:
        """Take the keys, show the chat."""
        remarks = self._take_configured()
        # Pushed, not the default screen: that one cannot be switched for another.
        self.push_screen(StartScreen(self.given) if isinstance(self.given, Start) else _chat(self.deps))
        for remark in remarks:
            self.say(remark, warning=True)

    def on_ready(self) -> None:
        """Textual holds all frames back until now."""
        if isinstance(self.screen, StartScreen):
            self.screen.call_after_refresh(self.screen.load)

    @on(StartScreen.Loaded)
    async def _show_chat(self, event: StartScreen.Loaded) -> None:
        """Show the chat with what was typed before it was there; keys wait until this is done."""
        if self._exit:
            return
        typed = await event.screen.typed()
        self.stylesheet.read_all(self._later_css)
        self.stylesheet.parse()
        self.deps = event.deps
        chat = _chat(event.deps)
        chat.early = typed
        await self._switch(chat)

    def _take_configured(self) -> list[str]:
        """Rebind keys; returns what in the configuration names nothing."""
        known = {command.id for command in self.commands} | REBINDABLE
        self.set_keymap({id: keys for id, keys in self.given.keymap.items() if id in known})
        remarks = [f"ui.keymap names no command: {id}" for id in self.given.keymap if id not in known]
        return [*remarks, self._no_theme] if self._no_theme else remarks

    async def on_event(self, event: events.Event) -> None:
        """Drop an Enter that was pressed before the dialog it would confirm was on the screen."""
        if isinstance(event, events.Key) and isinstance(self.screen, Dialog) and self.screen.too_early(event):
            return
        await super().on_event(event)

    @on(Host.HomeChanged)
    async def _move(self, event: Host.HomeChanged) -> None:
        await self._switch(_chat(self.deps, event.home))

    async def _switch(self, chat: ChatScreen) -> None:
        """Put ``chat`` in the place of the screen; who leaves meanwhile leaves it whole."""
        self._is_switching = True
        try:
            await self.switch_screen(chat)
        finally:
            self._is_switching = False
            if self._leaving is not None:
                self._leaving()

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """Leave; in the middle of a switch right after it, for Textual would go on with half a screen."""
        if self._is_switching:
            self._leaving = partial(super().exit, result, return_code, message)
        else:
            super().exit(result, return_code, message)

    def pop_screen(self) -> AwaitComplete:
        """Close the screen on top, the last one never: two clicks beside Textual's palette close two."""
        return super().pop_screen() if len(self.screen_stack) > FEWEST else AwaitComplete()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The palette offers the command table, when the chat is there to act."""
        from tui.ui.screens.chat import ChatScreen

        if not isinstance(screen, ChatScreen):
            return
        for command in self.commands:
            if command.id != "palette":
                # What is typed is looked for in the title alone, and many know a command by its slash name.
                slash = f"/{command.slash[0]}" if command.slash else ""
                title = "  ".join(filter(None, (command.title, command.shown, slash)))
                yield SystemCommand(title, command.does, partial(screen.perform, command))

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, and the last wall against control characters."""
        return [*super().get_line_filters(), self._wall]

    def get_driver_class(self) -> type[Driver]:
        """The driver that keeps a paste a paste, where there is one."""
        chosen = super().get_driver_class()
        if sys.platform != "win32" and chosen.__name__ == "LinuxDriver":
            from tui.ui.driver import GuardedDriver

            return GuardedDriver
        return chosen

    def export_screenshot(
        self,
        *,
        title: str | None = None,
        simplify: bool = False,  # noqa: ARG002
    ) -> str:
        """The screen as SVG, always simplified; no secret that stands on it gets in."""
        # Not needed for the first frame.
        from tui.ui.screenshot import picture

        return picture(self, title or self.title)

    def _fatal_error(self) -> None:
        """End after a defect; unlike Textual's report this prints no local variables: they hold keys."""
        import rich
        from rich.segment import Segment, Segments
        from rich.traceback import Traceback

        self.bell()
        traceback = Traceback(show_locals=False, width=None, suppress=[rich])
        # What the exception says comes from anywhere, and this goes past the line filters.
        segments = self.console.render(traceback, self.console.options)
        harmless = (Segment(clean(text), style) for text, style, control in segments if not control)
        self._exit_renderables.append(Segments(harmless))
        self._close_messages_no_wait()


def _chat(deps: Deps, home: Home | None = None) -> ChatScreen:
    # Not needed for the first frame, and slow to load.
    from tui.ui.screens.chat import ChatScreen

    return ChatScreen(deps, home or deps.home)
