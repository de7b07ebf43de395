"""Commands about sessions: open another one, begin a fresh or a temporary one; name, pin, archive, delete."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from textual import on

from tui.chat.events import Answering, Event, TurnFinished
from tui.chat.record import SessionInfo, SessionRecord
from tui.clean import visible
from tui.errors import SightlineError, UsageError
from tui.ui.beside import beside
from tui.ui.commands import key_of
from tui.ui.draft import draft_of_text
from tui.ui.ports import Home, Shelf
from tui.ui.screens.conversation import ConversationScreen
from tui.ui.widgets.welcome import Welcome

BUSY = "A turn is running; Esc stops it."
NOT_KEPT = "This conversation is temporary: it is kept nowhere."
NOT_YET = "This conversation is stored from its first prompt on."

Result = TypeVar("Result")


class Keeping(ConversationScreen):
    """Leads from one session to another, and changes what the list says of the present one."""

    def on_mount(self) -> None:
        """Say what is worth knowing of the session; look up what could be gone on with."""
        self.app.leaves_nothing = self.home.is_temporary
        if self.home.opened is not None:
            self._take_up(self.home.opened.record)
            for remark in self.home.opened.remarks:
                self.app.say(remark, warning=True)
            if self.home.opened.record.nodes and not self._said:
                tree = key_of("session.tree", self.deps.keymap)
                self.app.say(f"Its first prompt was taken back; what was said is in other branches: {tree}.")
        shelf = self.home.shelf
        if shelf is not None and not self.app.told_store:
            self.app.told_store = True
            if shelf.problem:
                self.app.say(f"Sessions are not saved: {shelf.problem}", warning=True)
            elif shelf.remark:
                self.app.say(shelf.remark)
        if not self.session.conversation.messages and not self.home.is_temporary:
            beside(self, self._offer_last, "sessions")

    @property
    def _said(self) -> bool:
        """Whether anything was said on this branch, a prompt nobody answered included."""
        return bool(self.session.conversation.messages or self.session.refused)

    def _take_up(self, record: SessionRecord) -> None:
        """What header and inspector know of the session."""
        from tui.ui.last_turn import last_turn

        self.session_title = record.info.title
        self.turn = last_turn(record)
        beside(self, partial(self._recall_request, record), "recall")

    async def _recall_request(self, record: SessionRecord) -> None:
        """Bring the last request back: the seals are compared with it; and which turn each answer is of."""
        from tui.ui.last_turn import last_exchange, numbers_of, sent_of

        await self.painted()
        numbers = await asyncio.to_thread(numbers_of, record)
        self.kept.numbers = {**numbers, **self.kept.numbers}
        exchange = last_exchange(record)
        if exchange is None:
            return
        wire = await self._store_says(lambda shelf: shelf.store.wire(exchange.id), says_errors=False)
        if wire is None or not wire.body or self.kept.sent is not None:
            return
        try:
            accepts = self.home.resolve(exchange.route.requested, self.session.catalog).accepts
        except UsageError:
            accepts = exchange.route.accepts
        self.kept.sent = sent_of(exchange, wire.body, record, accepts, record.state.tools)
        self.show_state()

    async def _offer_last(self) -> None:
        """Offer to go on with the newest session there is, if there is another one."""

        def newest(shelf: Shelf) -> tuple[SessionInfo, bool]:
            info = shelf.store.find("last")
            return info, bool(draft_of_text(shelf.store.draft(info.id)).text)

        found = await self._store_says(newest, says_errors=False)
        if found is not None and not found[0].archived and found[0].id != self.session.id:
            self.welcome.offer(*found, self.deps.now())
        else:
            self.welcome.withdraw()

    @on(Welcome.Reopened)
    def _reopened(self, event: Welcome.Reopened) -> None:
        self.open_session(event.session)

    def _saw(self, event: Event) -> None:
        super()._saw(event)
        if not self.session_title and isinstance(event, Answering | TurnFinished):
            beside(self, self._read_title, "title", exclusive=True)

    async def _read_title(self) -> None:
        """The store names a session after its first prompt."""
        if self.home.is_temporary:
            return
        info = await self._store_says(lambda shelf: shelf.store.find(self.session.id), says_errors=False)
        if info is not None and info.title:
            self.session_title = info.title
            self.show_state()

    # To another session

    def action_sessions(self, words: str = "") -> None:
        """Search the sessions and open one."""
        from tui.ui.screens.sessions import SessionPicker

        shelf = self.home.shelf
        if shelf is None:
            self.app.say("No sessions are stored here.", warning=True)
            return
        picker = SessionPicker(
            shelf.store,
            self.deps.now,
            current=self.session.id,
            query=words,
            problem=shelf.problem,
            hindrance=self._hindrance,
        )

        def done(id: str | None) -> None:
            if picker.deleted:
                self.app.last_deleted = picker.deleted[-1]
            if id is not None:
                self.open_session(id)
            elif self.session.id in picker.deleted:
                self.leave_for(self.home.renew)
            else:
                beside(self, self._read_title, "title", exclusive=True)
                if not self.session.conversation.messages and not self.home.is_temporary:
                    beside(self, self._offer_last, "sessions")

        self.app.push_screen(picker, done)

    def _hindrance(self) -> str:
        return BUSY if self.running else ""

    def open_session(self, id: str) -> None:
        """Go on with a stored session, as it was left."""
        shelf = self.home.shelf
        if shelf is not None:
            self.leave_for(lambda: shelf.open(id))

    def leave_for(self, home: Callable[[], Home | Awaitable[Home]]) -> None:
        """Leave for another home, once it is there; what is typed here is kept here."""
        if self.running:
            self.app.say(BUSY, warning=True)
        else:
            beside(self, partial(self._leave_for, home), "leave", exclusive=True)

    async def _leave_for(self, home: Callable[[], Home | Awaitable[Home]]) -> None:
        # Written before the other conversation reads the draft it finds.
        await self.keep_draft()
        try:
            there = home()
            if not isinstance(there, Home):
                there = await there
        except SightlineError as error:
            self.app.say(f"{error}\n{error.hint}".strip(), warning=True)
            return
        if self.running:
            there.leave()
            self.app.say(BUSY, warning=True)
        else:
            self.post_message(self.app.HomeChanged(there))

    def action_new(self, _: str = "") -> None:
        """A fresh session on the same proxy."""
        self.leave_for(self.home.renew)

    def action_temporary(self, _: str = "") -> None:
        """A fresh session that is kept nowhere."""
        if self.home.shelf is None:
            self.app.say("No sessions are stored here.", warning=True)
        else:
            self.leave_for(self.home.shelf.temporary)

    def action_fork(self, _: str = "") -> None:
        """Copy the branch the session stands on to a session of its own, and go on there."""
        if self.running:
            self.app.say(BUSY, warning=True)
            return

        def copied(shelf: Shelf) -> str:
            info, messages = self._own(shelf), self.session.conversation.messages
            if not messages:
                raise UsageError("sessions", "nothing was said on this branch")
            return shelf.store.copy(info.id, messages[-1].id)

        async def fork() -> None:
            shelf, left = self.home.shelf, visible(self.session_title, 40)
            sessions = key_of("session.pick", self.deps.keymap)
            if shelf is not None and (id := await self._store_says(copied)) is not None:
                self.app.say(f"A fork, a session of its own. {sessions} leads back to: {left}")
                await self._leave_for(lambda: shelf.open(id))

        beside(self, fork, "change")

    # The present session

    def action_rename(self, title: str = "") -> None:
        """Give the session a title; without one, let it be written."""
        title = " ".join(title.split())
        if not title:
            self.lay_by()
            self.prompt.put(f"/rename {visible(self.session_title)}".rstrip() + " ")
            self.prompt.focus()
            return

        async def rename() -> None:
            done = await self._changed(lambda shelf: shelf.store.rename(self.session.id, title))
            if done:
                self.session_title = title
                self.show_state()
                self.app.say(f"Renamed: {visible(title, 60)}")

        beside(self, rename, "change")

    def action_pin(self, _: str = "") -> None:
        """Pin the session, or no longer."""
        beside(
            self,
            partial(
                self._turned,
                lambda info: info.pinned,
                lambda shelf, on: shelf.store.pin(self.session.id, on),
                ("Pinned: it stands first in the list.", "No longer pinned."),
            ),
            "change",
        )

    def action_archive(self, _: str = "") -> None:
        """Archive the session, or no longer."""
        beside(
            self,
            partial(
                self._turned,
                lambda info: info.archived,
                lambda shelf, on: shelf.store.archive(self.session.id, on),
                ("Archived: it stands in a list of its own.", "No longer archived."),
            ),
            "change",
        )

    async def _turned(
        self, is_on: Callable[[SessionInfo], bool], turn: Callable[[Shelf, bool], None], says: tuple[str, str]
    ) -> None:
        """Turn a mark of the session on or off, and say which."""

        def turned(shelf: Shelf) -> bool:
            on = not is_on(self._own(shelf))
            turn(shelf, on)
            return on

        on = await self._store_says(turned)
        if on is not None:
            self.app.say(says[0] if on else says[1])

    def action_delete(self, _: str = "") -> None:
        """Delete the session and begin another."""
        if self.running:
            self.app.say(BUSY, warning=True)
            return

        async def delete() -> None:
            if await self._changed(lambda shelf: shelf.store.delete(self.session.id)):
                self.app.last_deleted = self.session.id
                self.app.say("Deleted. /undelete brings it back, for a week.")
                await self._leave_for(self.home.renew)

        beside(self, delete, "change")

    def action_undelete(self, _: str = "") -> None:
        """Bring the session that was deleted last back, and open it."""

        def bring_back(shelf: Shelf) -> str:
            id = self.app.last_deleted
            if not id:
                hits = shelf.store.sessions(deleted=True)
                newest = max(hits, key=lambda hit: hit.info.deleted_at or 0.0, default=None)
                if newest is None:
                    raise UsageError("undelete", "nothing was deleted", hint="^R lists what there is")
                id = newest.info.id
            shelf.store.undelete(id)
            return id

        async def undelete() -> None:
            if self.running:
                self.app.say(BUSY, warning=True)
            elif (id := await self._store_says(bring_back)) is not None and self.home.shelf is not None:
                self.app.last_deleted = ""
                shelf = self.home.shelf
                await self._leave_for(lambda: shelf.open(id))

        beside(self, undelete, "change")

    def _own(self, shelf: Shelf) -> SessionInfo:
        """What the list says of the session; UsageError while it is not stored."""
        if self.home.is_temporary:
            raise UsageError("sessions", NOT_KEPT)
        if not self.session.conversation.messages and self.home.opened is None:
            raise UsageError("sessions", NOT_YET)
        return shelf.store.find(self.session.id)

    async def _changed(self, change: Callable[[Shelf], None]) -> bool:
        """Change what is stored of the session; False where it could not be."""

        def changed(shelf: Shelf) -> bool:
            self._own(shelf)
            change(shelf)
            return True

        return bool(await self._store_says(changed))

    async def _store_says(self, ask: Callable[[Shelf], Result], *, says_errors: bool = True) -> Result | None:
        """What the store answers, asked in a thread; None where it cannot."""
        shelf = self.home.shelf
        if shelf is None:
            return None
        try:
            return await asyncio.to_thread(ask, shelf)
        except SightlineError as error:
            if says_errors:
                self.app.say(f"{error}\n{error.hint}".strip(), warning=True)
            return None
