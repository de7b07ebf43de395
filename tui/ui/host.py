"""What every screen may ask of the application: notices, the clipboard, remembered choices."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from textual.app import App
from textual.message import Message

from tui.clean import clean
from tui.secrets import MASK
from tui.ui.attention import Attention
from tui.ui.beside import beside, beside_in_thread
from tui.ui.clipboard import system_copy
from tui.ui.commands import rebound
from tui.ui.draft import write_private
from tui.ui.preferences import Preferences, load_preferences, save_preferences
from tui.ui.themes import HIGH_CONTRAST, NAMES, following, named

if TYPE_CHECKING:
    from tui.chat.route import Route
    from tui.ui.ports import Deps, Home
    from tui.ui.start import Start

TERMINAL_TAKES = 500_000
"""Characters that are sent through the terminal to its clipboard; more would only choke the line."""
MASKED_AT_ONCE = 100_000
"""Characters that are looked through for secrets while the screen waits."""
ENDING_S = 0.1
"""A notice that has no longer left is not shown again, as on another screen."""


class Host(App[None]):
    """The application as its screens know it."""

    @dataclass
    class HomeChanged(Message):
        """The chat goes on with another proxy or a fresh session."""

        home: Home

    deps: Deps
    """Everything the chat is given; not there before it is loaded."""

    def __init__(self, given: Deps | Start) -> None:
        super().__init__()
        self.given = given
        """What it began with."""
        self.failure: Exception | None = None
        """Why the chat could not be shown at all."""
        self.hung_up: Callable[[], None] = self.exit
        """Called once, from any thread, when the terminal is gone."""
        self.attention = Attention(given.notify, self._signal)
        self.register_theme(HIGH_CONTRAST)
        self.commands = rebound(given.keymap)
        """The table of commands with the keys of this person."""
        self.preferences = load_preferences(given.data_dir)
        """What is remembered between runs; change it through ``remember``."""
        self.told_store = False
        """Whether it was said what is worth knowing of the store."""
        self.leaves_nothing = False
        """Whether the present conversation is temporary: nothing said in it goes into a file."""
        self.last_deleted = ""
        """The id of the session deleted last in this run."""

    def give_up(self, error: Exception) -> None:
        """End: there is nothing that could be shown."""
        self.failure = error
        self.exit()

    def warm(self, route: Route | None) -> None:
        """Load in a thread what calls on ``route`` need and is not there yet; with None, what all need."""
        beside_in_thread(self, partial(self._warm, route), "warm")

    def _warm(self, route: Route | None) -> None:
        if not self.deps.warm(route):
            return
        # Full collections over the SDKs' many objects would hold the loop for a tenth of a second.
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 100)

    def remember(self, preferences: Preferences) -> None:
        """Keep choices for the next run; a full disk costs only the memory of them."""
        if preferences == self.preferences:
            return
        self.preferences = preferences
        try:
            save_preferences(self.deps.data_dir, preferences)
        except OSError as error:
            self.say(f"Preferences are not saved: {error}", warning=True)

    def on_app_focus(self) -> None:
        """The terminal has the focus again."""
        self.attention.looking = True

    def on_app_blur(self) -> None:
        """The person looks elsewhere."""
        self.attention.looking = False

    def _signal(self, sequence: str) -> None:
        """Put one of our own sequences on the terminal, past the screen."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(sequence)

    def action_repaint(self) -> None:
        """Draw everything again."""
        self.refresh(layout=True, repaint=True)

    def change_theme(self, word: str = "") -> None:
        """Take the theme named, else the next of dark, light and high contrast."""
        theme = named(word, self.available_themes) if word else following(self.theme)
        if theme is None:
            known = ", ".join([*NAMES, *sorted(set(self.available_themes) - set(NAMES.values()))])
            self.say(f"There is no theme {word}. There are: {known}", warning=True)
            return
        self.theme = theme
        self.remember(replace(self.preferences, theme=theme))
        self.say(f"Theme: {theme}")

    def say(self, text: str, *, warning: bool = False) -> None:
        """A short notice in a corner; the text may come from anywhere."""
        severity: Literal["warning", "information"] = "warning" if warning else "information"
        self.notify(clean(text), severity=severity, timeout=6 if warning else 3, markup=False)

    def _refresh_notifications(self) -> None:
        """Let go of what ends now: shown once more it would count less than no time, and Textual for ever."""
        for notice in [n for n in self._notifications if n.time_left < ENDING_S]:
            del self._notifications[notice]
        super()._refresh_notifications()

    def copy_text(self, text: str, *, exact: bool = False) -> None:
        """Put text on the clipboard, by the terminal and by the system, and into a file as well.

        Secrets known to this program are masked unless it has to be ``exact``; then its maker saw to them.
        """
        if len(text) > MASKED_AT_ONCE:
            beside(self, partial(self._copy_long, text, exact=exact), "copy-long")
        else:
            without, hidden = (text, 0) if exact else self._without_secrets(text)
            self._copy(without, hidden, self._kept_copy(without))

    async def _copy_long(self, text: str, *, exact: bool) -> None:
        """Whatever goes through all of the text, or waits for a disk, does so in a thread."""
        without, hidden = (text, 0) if exact else await asyncio.to_thread(self._without_secrets, text)
        self._copy(without, hidden, await asyncio.to_thread(self._kept_copy, without))

    def _without_secrets(self, text: str) -> tuple[str, int]:
        # Not needed for the first frame, and slow to load.
        from tui.spellings import masked

        without = masked(text, tuple(self.deps.secrets()))
        return without, 0 if without == text else max(1, without.count(MASK) - text.count(MASK))

    def _copy(self, text: str, hidden: int, where: str) -> None:
        if len(text) <= TERMINAL_TAKES:
            self.copy_to_clipboard(text)
        beside_in_thread(self, partial(system_copy, text), "clipboard", exit_on_error=False)
        if hidden:
            where = f"; {hidden} secret{'s' * (hidden > 1)} masked{where}"
        if len(text) > TERMINAL_TAKES:
            self.say(f"{len(text):,} characters are too many for the terminal's clipboard{where}")
        else:
            self.say(f"Copied {len(text):,} characters{where}")

    def _kept_copy(self, text: str) -> str:
        """Put a copy into a file, where one may be left; says where."""
        if self.leaves_nothing:
            return ""
        path = self.deps.data_dir / "copied.txt"
        try:
            write_private(path, text, as_json=False)
        except OSError as error:
            return f"; not in a file: {error}"
        return f"; also in {path}"
