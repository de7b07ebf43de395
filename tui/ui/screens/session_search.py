"""The lists of sessions and the search in them: typing never waits for the store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.style import Style
from textual.widgets import Input, OptionList, Static

from tui.chat.record import SessionInfo
from tui.clean import cells, clean, cut, visible
from tui.errors import SightlineError
from tui.ui.beside import beside
from tui.ui.screens.dialog import Dialog
from tui.ui.session_ports import HitPort, StorePort
from tui.ui.session_rows import HEAD, WHERE, columns, facts, row_of, title_room, words_of
from tui.ui.widgets.keys import Key, Keys
from tui.ui.widgets.session_list import SessionList, TitleField, line_of, marked

PAGE = 200
"""Sessions read at once; more are read when the mark reaches the last."""
View = Literal["kept", "archived", "deleted"]
VIEWS: dict[View, str] = {"kept": "Sessions", "archived": "Archived", "deleted": "Deleted"}

NOTHING_YET = (
    "Nothing is stored yet: a session is, from its first prompt on. /temporary begins one that is not."
)
NOTHING = {
    "kept": NOTHING_YET,
    "archived": "Nothing is archived. ^S takes a session out of the list without deleting it.",
    "deleted": "Nothing was deleted. What is deleted can be brought back here for a week.",
}
NOTHING_FOUND = (
    "Nothing found. Words are looked for in titles and in everything said, thought and called;"
    " filters are written like model:opus  cost>0.1  age<7d."
)


@dataclass(slots=True)
class Listed:
    """A session in the list."""

    info: SessionInfo
    snippet: str = ""
    where: str = ""


class SessionSearch(Dialog[str]):
    """Shows what the store finds; what is done to a session is the subclass's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "view(1)", "Next list", show=False, priority=True),
        Binding("shift+tab", "view(-1)", "List before", show=False, priority=True),
        Binding("ctrl+r", "cancel", "Close", priority=True, show=False),
        Binding("down", "move('cursor_down')", show=False, priority=True),
        Binding("up", "move('cursor_up')", show=False, priority=True),
        Binding("pagedown", "move('page_down')", show=False, priority=True),
        Binding("pageup", "move('page_up')", show=False, priority=True),
    ]

    def __init__(
        self,
        store: StorePort,
        now: Callable[[], float],
        *,
        current: str = "",
        query: str = "",
        problem: str = "",
    ) -> None:
        super().__init__()
        self._store = store
        self._now = now
        self._current = current
        self._query = query
        self._unsaved = problem
        self._view: View = "kept"
        self._limit = PAGE
        self._listed: dict[str, Listed] = {}
        self._asked = 0
        """Counts what was asked for: an answer to an older question is dropped."""
        self._searching = False
        self._has_answer = False
        self._problem = ""
        self._told = ""

    def compose(self) -> ComposeResult:
        """The search, the lists there are, the list, what the marked session is, the keys."""
        with Vertical(classes="dialog tall", id="sessions-form"):
            yield Input(
                self._query,
                placeholder="search titles and all that was said; model:opus  cost>0.1  age<7d",
                compact=True,
                id="search",
            )
            yield Static(id="views", markup=False)
            yield Static(id="columns", markup=False)
            yield SessionList(id="sessions", markup=False, compact=True)
            yield Static(id="preview", markup=False)
            yield Keys()
            yield TitleField(id="session-title", compact=True)

    def on_mount(self) -> None:
        """Ask for the list."""
        self.query_one("#search", Input).focus()
        self._show_views()
        self._search()

    def on_resize(self) -> None:
        """Columns follow the width."""
        self._fill(self._marked_id())

    # Searching

    @on(Input.Changed, "#search")
    def _typed(self) -> None:
        self._limit = PAGE
        self._search()

    def _search(self) -> None:
        """Ask the store; what is typed meanwhile asks again, and only the newest answer is shown."""
        self._asked += 1
        if not self._searching:
            beside(self, self._answer, "search")

    async def _answer(self) -> None:
        self._searching = True
        try:
            answered = 0
            while answered != self._asked:
                answered = self._asked
                hits, problem = await self._hits()
                if answered == self._asked and self.is_mounted:
                    self._problem, self._has_answer = problem, True
                    if not problem:
                        self._take(hits)
                    self._tell()
        finally:
            self._searching = False

    async def _hits(self) -> tuple[list[HitPort], str]:
        query = self.query_one("#search", Input).value.strip()
        archived, deleted = self._view == "archived", self._view == "deleted"
        try:
            found = await asyncio.to_thread(
                self._store.sessions, query, archived=archived, deleted=deleted, limit=self._limit
            )
        except SightlineError as error:
            return [], f"{error} {error.hint}".strip()
        return list(found), ""

    def _take(self, hits: list[HitPort]) -> None:
        before = self._marked_id()
        self._listed = {hit.info.id: Listed(hit.info, hit.snippet, hit.where) for hit in hits}
        self._fill(before)

    # What is shown

    @property
    def _width(self) -> int:
        return max(self.size.width - 7, 40)

    @property
    def _words(self) -> tuple[str, ...]:
        return words_of(self.query_one("#search", Input).value)

    def _fill(self, highlight: str | None) -> None:
        lines = [(id, self._line(listed)) for id, listed in self._listed.items()]
        sessions = self.query_one(SessionList)
        sessions.fill(lines, highlight)
        head = "".join(text for _, text in columns(HEAD, self._width))
        self.query_one("#columns", Static).update(Content.styled(head, "$foreground-muted"))
        self._show_views()
        self._tell()

    def _line(self, listed: Listed) -> Content:
        row = row_of(listed.info, self._now(), self._current)
        return line_of(row, self._width, self._words, gone=self._view_of(listed.info) != self._view)

    def _view_of(self, info: SessionInfo) -> View:
        """The list a session stands in."""
        if info.deleted_at is not None:
            return "deleted"
        return "archived" if info.archived else "kept"

    def _show_views(self) -> None:
        """The lists there are, each to be clicked, and how many sessions this one holds."""
        pieces = []
        for place, (view, name) in enumerate(VIEWS.items()):
            style = "bold $text-primary underline" if view == self._view else "$foreground-muted"
            click = Style.from_meta({"@click": f"screen.show('{view}')"})
            pieces += [Content("  ") if place else Content(""), Content.styled(name, style).stylize(click)]
        count = len(self._listed)
        found = f"{count:,}{'+' if count >= self._limit else ''} found"
        left = Content.assemble(
            *pieces, ("   Tab", "bold $text-primary"), (" the next list", "$foreground-muted")
        )
        pad = " " * max(self._width - left.cell_length - len(found), 2)
        self.query_one("#views", Static).update(Content.assemble(left, pad, (found, "$foreground-muted")))

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        self._told = ""
        self._tell()
        count = len(self._listed)
        if event.option_index == count - 1 and count >= self._limit:
            self._limit += PAGE
            self._search()

    def _say(self, text: str) -> None:
        """Tell what happened, until the mark moves."""
        self._told = clean(text)
        self._tell()

    def _tell(self) -> None:
        """Say what the marked session is, or what just happened; and the keys that work."""
        if not self.query("#preview"):
            return
        self.query_one(Keys).tell(*self._keys())
        self.query_one("#preview", Static).update(self._says())

    def _keys(self) -> tuple[Key, ...]:
        """The keys that work now: none for the search itself, whoever shows it adds its own."""
        return ()

    @property
    def _why_unsaved(self) -> str:
        """Why nothing is saved, from the start or since it went wrong, and what to do; else empty."""
        if self._unsaved:
            return f"Sessions are not saved: {visible(self._unsaved, 400)}"
        trouble = self._store.trouble
        return visible(f"{trouble.says} {trouble.mend}".strip(), 400) if trouble else ""

    def _says(self) -> Content:
        if self._problem:
            return Content.styled(visible(self._problem, 400), "$text-error")
        listed = self._marked
        if listed is None:
            return self._says_nothing()
        row = row_of(listed.info, self._now(), self._current)
        told = Content.styled(facts(listed.info, row), "$foreground-muted")
        if self._told:
            return Content.assemble((cut(self._told, self._width), "$text-warning"), "\n", told)
        if listed.snippet and self._words:
            where = f"{WHERE.get(listed.where, 'found')}: "
            room = 2 * self._width - len(where) - 8  # words that are wrapped leave some of it empty
            said = marked(visible(" ".join(listed.snippet.split()), room), self._words)
            return Content.assemble((where, "$foreground-muted"), said, "\n", told)
        if unsaved := self._why_unsaved:
            return Content.assemble((cut(unsaved, self._width), "$text-warning"), "\n", told)
        if cells(row.title) > title_room(self._width):
            return Content.assemble(visible(row.title, self._width), "\n", told)
        return told

    def _says_nothing(self) -> Content:
        if not self._has_answer:
            return Content.styled("searching …", "$foreground-muted")
        asked = self.query_one("#search", Input).value.strip()
        says = NOTHING_FOUND if asked else NOTHING[self._view]
        if unsaved := self._why_unsaved:
            return Content.styled(unsaved, "$text-warning")
        return Content.styled(says, "$foreground-muted")

    # The marked session

    def _marked_id(self) -> str | None:
        option = self.query_one(SessionList).highlighted_option
        return option.id if option else None

    @property
    def _marked(self) -> Listed | None:
        return self._listed.get(self._marked_id() or "")

    def action_move(self, action: str) -> None:
        """Move the mark; the search keeps the focus."""
        getattr(self.query_one(SessionList), f"action_{action}")()

    def action_show(self, view: View) -> None:
        """Show another list."""
        self._view, self._limit, self._told = view, PAGE, ""
        self._search()

    def action_view(self, step: int) -> None:
        """Show the next list, or the one before."""
        views = list(VIEWS)
        self.action_show(views[(views.index(self._view) + step) % len(views)])
