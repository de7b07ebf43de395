"""Where the draft of one conversation is kept: with its session, in a file before it has one, or nowhere."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from tui.errors import SightlineError
from tui.ui.draft import Draft, draft_of_text, load_draft, save_draft, text_of_draft
from tui.ui.ports import Home


class DraftKeeper:
    """Takes drafts on the loop and writes the newest from any thread."""

    def __init__(self, data_dir: Path, home: Home) -> None:
        self._data_dir = data_dir
        self._home = home
        self._lock = Lock()
        self._newest: Draft | None = None
        """What is not written yet."""
        self._with_session = False
        self._in_file = home.opened is None and not home.is_temporary

    def load(self) -> Draft:
        """What was typed here and not sent."""
        if self._home.opened is not None:
            return draft_of_text(self._home.opened.draft)
        return Draft() if self._home.is_temporary else load_draft(self._data_dir)

    def take(self, draft: Draft) -> None:
        """The draft as it is now; ``write`` keeps it."""
        if not self._home.is_temporary:
            session = self._home.session
            self._with_session = self._home.opened is not None or bool(session.conversation.messages)
            self._newest = draft

    @property
    def is_behind(self) -> bool:
        """Whether the newest draft is not written yet."""
        return self._newest is not None

    def write(self) -> None:
        """Keep the newest draft; may wait for the disk. Raises OSError or SightlineError."""
        with self._lock:
            draft = self._newest
            if draft is None:
                return
            shelf = self._home.shelf
            durable = False
            if self._with_session and shelf is not None:
                try:
                    shelf.store.set_draft(self._home.session.id, text_of_draft(draft))
                    durable = shelf.store.path is not None
                except SightlineError:
                    # The store is in trouble, or the session has not reached it yet: the file takes it.
                    pass
            if not durable:
                save_draft(self._data_dir, draft)
            elif self._in_file:
                save_draft(self._data_dir, Draft())
            self._in_file = not durable
            if self._newest is draft:
                self._newest = None
