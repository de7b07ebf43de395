"""The prompt being written: it comes back as it was left, and is kept while it is typed."""

from __future__ import annotations

import asyncio

from textual import events, getters
from textual.screen import Screen
from textual.timer import Timer

from tui.clean import visible
from tui.errors import SightlineError
from tui.ui.beside import beside
from tui.ui.commands import key_of
from tui.ui.draft import load_history, save_history
from tui.ui.draft_keeper import DraftKeeper
from tui.ui.host import Host
from tui.ui.painting.painter import Painter
from tui.ui.ports import Deps, Home
from tui.ui.prompted import Prompted, draft_of, reattached
from tui.ui.start import Typed
from tui.ui.widgets.chips import Chips
from tui.ui.widgets.completions import Completions
from tui.ui.widgets.prompt import Prompt, sent_in
from tui.ui.widgets.queue import Queue

SAVE_AFTER_S = 0.25
"""A crash costs at most this much typing."""


class Drafting(Screen[None]):
    """Prompt, attached files and queue, and where they are kept."""

    app = getters.app(Host)

    def __init__(self, deps: Deps, home: Home) -> None:
        super().__init__()
        self._compositor = Painter()
        self.deps = deps
        self.home = home
        self.session = home.session
        self.queue = Queue()
        self.chips = Chips()
        self.completions = Completions(markup=False, compact=True)
        self.prompt = Prompt(load_history(deps.data_dir), self.completions)
        self._saving: Timer | None = None
        self._keeper = DraftKeeper(deps.data_dir, home)
        self._draft = self._keeper.load()
        self.early: Typed | None = None
        """What was typed before this screen was there and is not gone on with yet."""
        self._text_taken = self._draft.text
        """What stood in the prompt when the keeper last took the draft."""
        self._is_back = False
        """Whether files and queue of the draft are here again; before that it must not be replaced."""
        self._is_fresh = True

    def on_mount(self) -> None:
        """Bring the draft back."""
        if self._draft.text:
            self.prompt.put(self._draft.text)
        if self.early is not None:
            self._type(self.early)
        beside(self, self._bring_back, "draft")

    def _type(self, typed: Typed) -> None:
        if typed.shown == self._draft.text:
            self.prompt.put(typed.text)
            self.prompt.move_cursor(typed.cursor)
        else:
            # A draft that whoever typed did not see stands before it.
            self.prompt.put(self._draft.text + typed.text)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """All of it was styled as it was mounted, a moment ago; once more is as dear as the first time."""
        if self._is_fresh:
            event.refresh_styles = self._is_fresh = False

    async def _bring_back(self) -> None:
        """The files of the draft are read again, off the loop; what was queued waits to be asked for."""
        again, gone = await asyncio.to_thread(reattached, self._draft)
        self._is_back = True
        self.chips.attached = (*again[0].attached, *self.chips.attached)
        self.queue.waiting = (*again[1:], *self.queue.waiting)
        self.queue.held = self.queue.held or len(again) > 1
        if gone:
            self.app.say("\n".join(gone), warning=True)

    async def painted(self) -> None:
        """Return once all that was changed so far is on the screen."""
        for _ in range(2):
            # The first round of a new screen lays it out, the second paints.
            done = asyncio.Event()
            self.call_after_refresh(done.set)
            await done.wait()

    def remember_prompt(self, text: str) -> None:
        """Offer ``text`` among the earlier prompts from now on."""
        self.prompt.remember(text)
        if self.home.is_temporary:
            return
        try:
            save_history(self.deps.data_dir, self.prompt.history_prompts)
        except OSError as error:
            self._not_saved(error)

    def lay_by(self) -> None:
        """What stands in the prompt goes among the earlier prompts: something takes its place."""
        if typed := self.prompt.text.strip():
            self.remember_prompt(typed)
            search = key_of("prompt.search", self.deps.keymap)
            self.app.say(f"What stood in the prompt is among the earlier prompts: {search}.")

    def save_soon(self) -> None:
        """Write the draft shortly; typing on does not put it off."""
        if self._saving is None:
            self._saving = self.set_timer(SAVE_AFTER_S, self._save)

    def _save(self) -> None:
        self._saving = None
        if self._is_back:
            # Not in the worker, which a program that ends may cancel before it began.
            self._take_draft()
            beside(self, self._write_draft, "draft-write")
        else:
            self.save_soon()

    async def keep_draft(self) -> None:
        """Write the draft now, off the loop: the store may have to wait for another program."""
        self._take_draft()
        await self._write_draft()

    async def _write_draft(self) -> None:
        try:
            await asyncio.to_thread(self._keeper.write)
        except (OSError, SightlineError) as error:
            self._not_saved(error)

    def save_draft(self) -> None:
        """Write the draft before going on: the program is about to stop."""
        self._take_draft()
        try:
            self._keeper.write()
        except (OSError, SightlineError) as error:
            self._not_saved(error)

    def _take_draft(self) -> None:
        """Before files and queue of the draft are here they stay as they are kept."""
        written = Prompted(self.prompt.text, self.chips.attached)
        draft = draft_of(written, self.queue.waiting) if self._is_back else self._draft
        sent_early = sent_in(self.early.told) if self.early is not None else ()
        self._keeper.take(draft.continued(written.text, sent_early))
        self._text_taken = written.text

    def on_unmount(self) -> None:
        """What is typed is kept for the next start; then the session is let go."""
        # The last key may stand in the prompt, and the message that tells of it not have come this far.
        is_new = self._saving is not None or self.early is not None or self.prompt.text != self._text_taken
        if is_new or self._keeper.is_behind:
            self.save_draft()
        self.home.leave()

    def _not_saved(self, error: Exception) -> None:
        if not self.has_class("-unsaved"):
            self.set_class(True, "-unsaved")
            why = getattr(error, "strerror", None) or str(error)
            where = self.deps.data_dir
            says = f"Drafts are not saved in {visible(str(where))}: {why}. What is typed stays on the screen."
            self.app.say(says, warning=True)
