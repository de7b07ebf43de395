"""The exchange viewer: one exchange over the whole screen, page by page.

What a page shows and which keys of its own it has is the page's (``page.py``). What is done with an
exchange is the chat's: the keys of ``WANTS`` call ``chat.wire_<name>(exchange, marked)`` with the id of
the exchange shown and those marked, in the order they were begun; a key whose method the chat does not
have is not offered. ``show_exchange(id)`` shows another one.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple, Protocol

from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from tui.ui.beside import beside
from tui.ui.commands import places
from tui.ui.host import Host
from tui.ui.ports import Home
from tui.ui.screens.help import Help
from tui.ui.transcript.reader import SCROLLING
from tui.ui.widgets.keys import Key, Keys, key_lines
from tui.ui.wire.gather import Source, gather
from tui.ui.wire.header import ExchangeLine, PageTabs
from tui.ui.wire.page import Page
from tui.ui.wire.pages import PAGES
from tui.ui.wire.picker import ExchangePicker
from tui.ui.wire.searching import Searching
from tui.ui.wire.seen import Seen

FOLLOW_S = 0.25
"""How often what still runs is read again."""


class Want(NamedTuple):
    """Something the chat does with an exchange."""

    name: str
    does: str


WANTS = {
    "c": Want("copy_as", "as …"),
    "d": Want("diff", "diff"),
    "r": Want("replay", "replay"),
    "e": Want("edit", "edit"),
    "s": Want("elsewhere", "elsewhere"),
    "x": Want("export", "HAR"),
}
"""By key: what the chat may offer, and how the foot calls it."""
KEYS = (
    Key("←→", "page", "page(1)"),
    Key("[ ]", "exchange", "exchange(1)"),
    Key("l", "list", "pick"),
    Key("/", "find", "find"),
    Key("y", "copy", "copy_shown"),
    Key("m", "mark", "mark"),
)
FEW = (Key("←→", "page", "page(1)"), Key("/", "find", "find"))
LAST = (Key("?", "keys", "keys"), Key("Esc", "close", "cancel"))
MOST_LINES = 2
"""What would take more lines at the foot is left to the list of all keys."""


class Chat(Protocol):
    """The chat below: whose exchanges are shown, and what is done with them."""

    @property
    def session(self) -> Source:
        """Its session."""
        ...

    @property
    def marked(self) -> dict[str, None]:
        """The ids of marked exchanges; the viewer adds and removes them."""
        ...

    def key_for(self, url: str) -> str | None:
        """The key that would be sent to a base URL now; None where it is not known."""
        ...

    @property
    def home(self) -> Home:
        """Its session's home, and with it the way to ask the proxy of costs."""
        ...


class Viewer(Searching):
    """Shows one exchange at a time and follows it while it runs."""

    app = getters.app(Host)

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f12,q", "cancel", "Close", show=False),
        Binding("right,tab", "page(1)", "Next page", show=False, priority=True),
        Binding("left,shift+tab", "page(-1)", "Page before", show=False, priority=True),
        Binding("right_square_bracket", "exchange(1)", "Next exchange", show=False),
        Binding("left_square_bracket", "exchange(-1)", "Exchange before", show=False),
        Binding("l", "pick", "All exchanges", show=False),
        Binding("y", "copy_shown", "Copy", show=False),
        Binding("m", "mark", "Mark", show=False),
        Binding("question_mark", "keys", "Keys", show=False),
        Binding("ctrl+p", "palette", "Commands", show=False),
        *(Binding(key, f"want('{key}')", want.does, show=False) for key, want in WANTS.items()),
        *(Binding(key, f"move('{key}')", show=False) for key in SCROLLING),
    ]
    AUTO_FOCUS = ""

    def __init__(self, chat: Chat, exchange: str, page: str = "") -> None:
        super().__init__("find in this page")
        self.chat = chat
        self.exchange = exchange
        """The id of the exchange that is shown."""
        self.seen: Seen | None = None
        self._line = ExchangeLine()
        self._tabs = PageTabs([page.TITLE for page in PAGES])
        self._tabs.open = next((n for n, one in enumerate(PAGES) if page == one.TITLE), 0)
        self._body = Vertical(classes="page")
        self._keys = Keys()
        self._pages: dict[int, Page] = {}
        self._reading = False

    def compose(self) -> ComposeResult:
        """Which exchange, which page, the page, its keys."""
        yield self._line
        yield self._tabs
        yield self._body
        yield self._find
        yield self._keys

    def on_mount(self) -> None:
        """Read the exchange, and go on reading while it runs."""
        self.set_interval(FOLLOW_S, self._follow)
        self.show_exchange(self.exchange)

    @property
    def page(self) -> Page | None:
        """The page that is open; None before it was first made."""
        return self._pages.get(self._tabs.open)

    @property
    def marked(self) -> tuple[str, ...]:
        """The ids of all marked exchanges, in the order they were begun."""
        return tuple(id for id in self.chat.session.log if id in self.chat.marked)

    # What is shown

    def show_exchange(self, id: str) -> None:
        """Show another exchange, on the page that is open."""
        self.exchange = id
        beside(self, self._show, "exchange", exclusive=True)

    async def _show(self) -> None:
        self.seen = await gather(self.chat.session, self.exchange)
        self._line.tell(self.seen, self.app.deps.now())
        await self._open()

    async def _open(self) -> None:
        """Bring the open page up to date; it is made when it is first opened."""
        number = self._tabs.open
        page = self._pages.get(number)
        if page is None:
            page = self._pages[number] = PAGES[number]()
            page.key_for, page.lookups = self.chat.key_for, self.chat.home.lookups
            await self._body.mount(page)
            if not self.is_attached:
                # It was closed meanwhile, and this worker not yet.
                return
        for other, one in self._pages.items():
            one.display = other == number
        if self.seen is not None:
            page.show(self.seen)
            if self._find.is_open:
                page.find(self._find.words)
        self._tell()

    def _follow(self) -> None:
        """Read a running exchange again, and once more when it has ended."""
        if self._reading or self.seen is None:
            return
        now = self.chat.session.log.get(self.exchange)
        if now is not None and (now.state == "open" or now is not self.seen.exchange):
            self._reading = True
            beside(self, self._read_on, "follow")
        elif self._find.is_open:
            self._tell()

    async def _read_on(self) -> None:
        try:
            id = self.exchange
            seen = await gather(self.chat.session, id, self.seen)
            if seen is None or id != self.exchange or seen == self.seen:
                return
            self.seen = seen
            self._line.tell(seen, self.app.deps.now())
            if self.page is not None:
                self.page.show(seen)
            self._tell()
        finally:
            self._reading = False

    def _tell(self) -> None:
        """The keys that work now, and how the search stands."""
        page = self.page
        own = page.keys if page is not None else ()
        offered = tuple(
            Key(key, want.does, f"want('{key}')")
            for key, want in WANTS.items()
            if hasattr(self.chat, f"wire_{want.name}")
        )
        marks = f"{len(self.marked)} marked" if self.chat.marked else ""
        keys = (*own, *KEYS, *offered, *LAST)
        if len(key_lines(keys, self._keys.size.width or self.size.width, marks)) > MOST_LINES:
            keys = (*own, *FEW, *LAST)
        self._keys.tell(*keys, before=marks)
        if page is not None and self._find.is_open:
            self._find.say(page.found)

    def on_resize(self) -> None:
        """Other keys may have room."""
        self.call_after_refresh(self._tell)

    # Keys

    def on_key(self, event: events.Key) -> None:
        """The page's own keys come before ours."""
        if self.page is not None and self.focused is None and self.page.press(event.key):
            event.stop()
            event.prevent_default()
            self._tell()

    def action_press(self, key: str) -> None:
        """A key of the page's own, clicked in the foot."""
        if self.page is not None and self.page.press(key):
            self._tell()

    def action_page(self, step: int) -> None:
        """The next page, or the one before."""
        self._to_page((self._tabs.open + step) % len(PAGES))

    @on(PageTabs.Chosen)
    def _chosen(self, event: PageTabs.Chosen) -> None:
        self._to_page(event.page)

    def _to_page(self, number: int) -> None:
        self._tabs.open = number
        beside(self, self._open, "exchange", exclusive=True)

    def action_exchange(self, step: int) -> None:
        """The exchange that was begun next, or before."""
        ids = list(self.chat.session.log)
        place = ids.index(self.exchange) + step if self.exchange in ids else len(ids) - 1
        if 0 <= place < len(ids):
            self.show_exchange(ids[place])
        else:
            self.app.say("There is no later exchange." if step > 0 else "There is no earlier exchange.")

    def action_move(self, key: str) -> None:
        """Scroll the page."""
        if self.page is not None:
            self.page.move(key)

    def action_copy_shown(self) -> None:
        """Copy the part the cursor is on, else the page."""
        text = self.page.copied if self.page is not None else ""
        if text:
            self.app.copy_text(text)
        else:
            self.app.say("There is nothing to copy on this page.")

    def action_mark(self) -> None:
        """Mark the exchange, or no longer."""
        if self.exchange in self.chat.marked:
            del self.chat.marked[self.exchange]
        else:
            self.chat.marked[self.exchange] = None
        self._tell()

    def action_want(self, key: str) -> None:
        """Let the chat do something with the exchange."""
        method = getattr(self.chat, f"wire_{WANTS[key].name}", None)
        if method is not None and self.seen is not None:
            method(self.exchange, self.marked)

    def action_keys(self) -> None:
        """All keys, those of the viewer first."""
        self.app.push_screen(Help(self.app.commands, places(self.app.deps.keymap), at="Exchange viewer"))

    def action_palette(self) -> None:
        """Close, and search the commands: they act on the chat."""
        self.dismiss(None)
        self.app.call_after_refresh(self.app.action_command_palette)

    def action_pick(self) -> None:
        """Choose another exchange from the list of all."""

        def done(id: str | None) -> None:
            if id is not None and id != self.exchange:
                self.show_exchange(id)
            self._tell()

        self.app.push_screen(ExchangePicker(self.chat, self.exchange), done)

    # Finding

    def look_for(self, words: str) -> None:
        """Look for words on the page."""
        if self.page is not None:
            self.page.find(words)

    def tell_found(self) -> None:
        """Say how the search stands."""
        self._tell()

    def action_match(self, step: int) -> None:
        """The next match, or the one before."""
        if self.page is not None:
            self.page.find_next(step)
            self._tell()
