"""The session picker: open what was found, rename, pin, archive, delete it, and undo that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.widgets import Input, OptionList

from tui.chat.record import SessionInfo
from tui.clean import visible
from tui.errors import SightlineError
from tui.ui.beside import beside
from tui.ui.screens.session_search import Listed, SessionSearch, View
from tui.ui.session_ports import StorePort
from tui.ui.session_rows import UNTITLED, title_room
from tui.ui.widgets.keys import Key
from tui.ui.widgets.session_list import SessionList, TitleField

KEYS = (
    Key("Enter", "open", "open"),
    Key("F2", "rename", "rename"),
    Key("^P", "pin", "pin"),
    Key("^S", "archive", "archive"),
    Key("^D", "delete", "delete"),
)
CLOSE = Key("Esc", "close", "cancel")
UNDOING = (Key("^_", "undo", "undo"),)
RENAMING = (Key("Enter", "rename", "renamed"), Key("Esc", "leave it", "cancel"))


class SessionPicker(SessionSearch):
    """Ends with the id of the session to open, or None.

    ``hindrance`` says why none can be opened or deleted now, empty when it can.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "rename", "Rename", priority=True),
        Binding("ctrl+p", "pin", "Pin", priority=True),
        Binding("ctrl+s", "archive", "Archive", priority=True),
        Binding("ctrl+d", "delete", "Delete", priority=True),
        Binding("ctrl+underscore", "undo", "Undo", priority=True),
    ]

    def __init__(
        self,
        store: StorePort,
        now: Callable[[], float],
        *,
        current: str = "",
        query: str = "",
        problem: str = "",
        hindrance: Callable[[], str] = lambda: "",
    ) -> None:
        super().__init__(store, now, current=current, query=query, problem=problem)
        self._hindrance = hindrance
        self._undo: list[SessionInfo] = []
        self.deleted: list[str] = []
        """Ids of the sessions deleted here and not brought back, the last one last."""

    def _keys(self) -> tuple[Key, ...]:
        """The keys that work now, called by what they would do to the marked session."""
        if self._is_writing:
            return RENAMING
        listed, undo = self._marked, UNDOING if self._undo else ()
        if listed is None:
            return (*undo, CLOSE)
        info = listed.info
        is_deleted = info.deleted_at is not None
        names = {
            "pin": "unpin" if info.pinned else "pin",
            "archive": "unarchive" if info.archived else "archive",
            "delete": "bring back" if is_deleted else "delete",
        }
        keys = (key._replace(does=names.get(key.action, key.does)) for key in KEYS)
        return (*keys, *(() if is_deleted else undo), CLOSE)

    def action_pin(self) -> None:
        """Let the marked session stand first, or no longer."""
        if listed := self._marked:
            on = not listed.info.pinned
            self._do(replace(listed.info, pinned=on), partial(self._store.pin, listed.info.id, on))

    def action_archive(self) -> None:
        """Take the marked session out of the list, or back into it; it stays here until the next search."""
        if listed := self._marked:
            on = not listed.info.archived
            self._do(replace(listed.info, archived=on), partial(self._store.archive, listed.info.id, on))

    def action_delete(self) -> None:
        """Delete the marked session, or bring it back; it stays here until the next search."""
        if (listed := self._marked) is None:
            return
        info = listed.info
        if info.deleted_at is not None:
            self._bring_back(info)
        elif info.id == self._current and self._hindrance():
            self._say(self._hindrance())
        else:
            self._undo.append(info)
            self.deleted.append(info.id)
            says = f"Deleted; ^D again brings it back: {visible(info.title, 200) or UNTITLED}"
            self._do(replace(info, deleted_at=self._now()), partial(self._store.delete, info.id), says)

    def action_undo(self) -> None:
        """Bring back what was deleted here last."""
        if self._undo:
            self._bring_back(self._undo[-1])

    def _bring_back(self, info: SessionInfo) -> None:
        self._is_back(info)
        here = self._listed.get(info.id)
        is_here = here is not None
        says = f"Back again: {visible(info.title, 50) or UNTITLED}"
        self._do(
            replace(here.info if here else info, deleted_at=None),
            partial(self._store.undelete, info.id),
            says,
        )
        if not is_here:
            self._search()

    def _is_back(self, info: SessionInfo) -> None:
        self._undo = [one for one in self._undo if one.id != info.id]
        self.deleted = [one for one in self.deleted if one != info.id]

    def _do(self, after: SessionInfo, call: Callable[[], None], says: str = "") -> None:
        beside(self, partial(self._done, after, call, says), "change")

    async def _done(self, after: SessionInfo, call: Callable[[], None], says: str) -> None:
        try:
            await asyncio.to_thread(call)
        except SightlineError as error:
            self._say(f"{error} {error.hint}".strip())
            return
        self._change(after)
        self._say(says)

    def _change(self, info: SessionInfo) -> None:
        """Show a session as it is now, at its place."""
        listed = self._listed.get(info.id)
        if listed is not None and self.is_mounted:
            listed.info = info
            sessions = self.query_one(SessionList)
            sessions.replace_option_prompt(info.id, self._line(listed))

    # Renaming, at its place

    @property
    def _is_writing(self) -> bool:
        return self.query_one(TitleField).display

    def action_rename(self) -> None:
        """Write another title for the marked session, where it stands."""
        listed, sessions = self._marked, self.query_one(SessionList)
        if listed is None or self._is_writing:
            return
        sessions.scroll_to_highlight()
        self.call_after_refresh(self._write_title, listed)

    def _write_title(self, listed: Listed) -> None:
        sessions, field = self.query_one(SessionList), self.query_one(TitleField)
        row = sessions.row_on_screen()
        if row is None:
            return
        corner = self.query_one("#sessions-form").content_region
        x = sessions.content_region.x - corner.x + 2
        y = sessions.content_region.y - corner.y + row
        field.stand(x, y, title_room(self._width))
        field.value = listed.info.title
        field.cursor_position = len(field.value)
        field.display = True
        field.focus()
        self._tell()

    @on(Input.Submitted, "#session-title")
    def action_renamed(self) -> None:
        """Take the title over; an empty one leaves it as it was."""
        title = " ".join(self.query_one(TitleField).value.split())
        self._leave_title()
        if title and (listed := self._marked):
            after = replace(listed.info, title=title, titled_by="user")
            self._do(after, partial(self._store.rename, after.id, title))

    def _leave_title(self) -> None:
        field = self.query_one(TitleField)
        if field.display:
            field.display = False
            self.query_one("#search", Input).focus()
            self._tell()

    @on(events.DescendantBlur)
    def _title_left(self, event: events.DescendantBlur) -> None:
        if isinstance(event.widget, TitleField):
            self._leave_title()

    def on_resize(self) -> None:
        """The line has moved from under the title."""
        self._leave_title()

    def action_show(self, view: View) -> None:
        """Show another list."""
        self._leave_title()
        super().action_show(view)

    def action_move(self, action: str) -> None:
        """Move the mark; not while a title is being written."""
        if not self._is_writing:
            super().action_move(action)

    def action_cancel(self) -> None:
        """Leave the title being written, else close."""
        if self._is_writing:
            self._leave_title()
        else:
            self.dismiss(None)

    # Opening

    @on(Input.Submitted, "#search")
    @on(OptionList.OptionSelected)
    def action_open(self) -> None:
        """End with the marked session; a deleted one is brought back first."""
        listed = self._marked
        if listed is None or self._is_writing:
            return
        if listed.info.id == self._current and listed.info.deleted_at is None:
            self.dismiss(None)
        elif self._hindrance():
            self._say(self._hindrance())
        else:
            beside(self, partial(self._open, listed.info), "change")

    async def _open(self, info: SessionInfo) -> None:
        if info.deleted_at is not None:
            try:
                await asyncio.to_thread(self._store.undelete, info.id)
            except SightlineError as error:
                self._say(f"{error} {error.hint}".strip())
                return
            self._is_back(info)
        self.dismiss(info.id)
