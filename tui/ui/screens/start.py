"""The first frame: a prompt that can be typed into while the rest of the program is loaded."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from tui.ui.beside import beside
from tui.ui.draft import Draft, load_draft, load_history, save_draft
from tui.ui.host import Host
from tui.ui.keystrokes import QUIET_S
from tui.ui.painting.painter import Painter
from tui.ui.start import Start, Typed
from tui.ui.widgets.completions import Completions
from tui.ui.widgets.footer import FooterBar
from tui.ui.widgets.header import HeaderBar, Heading
from tui.ui.widgets.prompt import Prompt, sent_in
from tui.ui.widths import BREAKPOINTS, width_class

if TYPE_CHECKING:
    from tui.ui.ports import Deps

PATIENCE_S = 1.0
"""How long a key on its way is waited for."""


class StartScreen(Screen[None]):
    """Looks like the chat before anything is known, takes what is typed, and loads the rest in a thread."""

    app = getters.app(Host)
    AUTO_FOCUS = "Prompt"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c", "app.quit", show=False, priority=True)]

    @dataclass
    class Loaded(Message):
        """Everything is there; it goes on with ``deps``."""

        screen: StartScreen
        deps: Deps

    def __init__(self, start: Start) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = list(BREAKPOINTS)
        self._compositor = Painter()
        self._start = start
        self._draft = load_draft(start.data_dir) if start.is_fresh and start.keeps else Draft()
        self.prompt = Prompt(load_history(start.data_dir), Completions())
        self._told: list[Message] = []
        self._keys: list[events.Key] = []
        self._is_left = False

    def compose(self) -> ComposeResult:
        """Header, prompt and footer where the chat has them."""
        self.add_class(width_class(self.app.size.width))
        header, footer = HeaderBar(), FooterBar(())
        header.heading, footer.gauge = Heading(note="starting …"), ""
        yield header
        with Horizontal(id="middle"):
            with Vertical(id="left"):
                yield Static(id="room")
                with Horizontal(id="prompt-line"):
                    yield Static("❯", id="sign")
                    yield self.prompt
            yield Static(id="reserved")
        yield footer

    def on_mount(self) -> None:
        """Show what was typed last."""
        if self._draft.text:
            self.prompt.put(self._draft.text)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """All of it was styled as it was mounted, a moment ago."""
        event.refresh_styles = False

    def load(self) -> None:
        """Load the rest, in a thread; it takes half the time from whatever is drawn meanwhile."""
        beside(self, self._prepare, "load")

    async def _prepare(self) -> None:
        try:
            deps = await asyncio.to_thread(_everything, self._start)
        except Exception as error:
            # Whatever it is, say a directory that cannot be read, is told as it is for every other command.
            self.app.give_up(error)
        else:
            self.app.post_message(self.Loaded(self, deps))

    @on(Prompt.Submitted)
    def _submitted(self, event: Prompt.Submitted) -> None:
        self._told.append(event)
        self.prompt.put("")
        if event.text.startswith("/"):
            # It may open something that takes the keys.
            self.set_focus(None)

    @on(Prompt.Dropped)
    def _dropped(self, event: Prompt.Dropped) -> None:
        self._told.append(event)

    @on(Prompt.QuitRequested)
    def _quit(self) -> None:
        self.app.exit()

    def on_key(self, event: events.Key) -> None:
        """What is no text is for the chat, and with it whatever is pressed after it."""
        event.stop()
        self._keys.append(event)
        self.set_focus(None)

    async def typed(self) -> Typed:
        """What was typed, once every key that came this far was seen to; nothing is typed here after it."""
        waited = 0.0
        while self.prompt.is_settling and waited < PATIENCE_S:
            await asyncio.sleep(QUIET_S)
            waited += QUIET_S
        for node in self.prompt.ancestors_with_self:
            # What a prompt tells goes up from one to the next, each with a queue of its own.
            seen = asyncio.Event()
            node.call_later(seen.set)
            with suppress(TimeoutError):
                await asyncio.wait_for(seen.wait(), PATIENCE_S)
            if node is self:
                break
        self._is_left = True
        prompt = self.prompt
        return Typed(
            self._draft.text, prompt.text, prompt.cursor_location, tuple(self._told), tuple(self._keys)
        )

    def on_unmount(self) -> None:
        """Whoever leaves before the chat is there finds at the next start what was typed."""
        if self._is_left or not (self._start.is_fresh and self._start.keeps):
            return
        draft = self._draft.continued(self.prompt.text, sent_in(self._told))
        if draft != self._draft:
            # A disk that takes nothing does not keep anybody from leaving.
            with suppress(OSError):
                save_draft(self._start.data_dir, draft)


def _everything(start: Start) -> Deps:
    """Load all that a chat is made of, and build what it is given."""
    # What is imported here is found loaded by whoever imports it later.
    import tui.ui.screens.chat  # noqa: F401

    return start.prepare()
