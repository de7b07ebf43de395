"""A request that is sent again, and what came of it: its progress, then all lanes side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from typing import Any, ClassVar, Protocol, cast

from textual import events, getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.chat.events import BudgetNeeded, Event, PartDelta, StepStarted
from tui.clean import clean, visible
from tui.errors import SightlineError
from tui.exchanges.lanes import Lane, rows, spread
from tui.ui.beside import beside
from tui.ui.figures import money
from tui.ui.host import Host
from tui.ui.ports import SessionPort
from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.keys import Key, Keys
from tui.ui.wire.diff_screen import DiffScreen
from tui.ui.wire.lane_lines import heads, lane_of, lines, room_for
from tui.ui.wire.paid_form import Sending

SHOW_EVERY_S = 0.1
RUNNING = (Key("Esc", "stop", "cancel"),)
ASKED = (Key("Enter", "send it all the same", "decide(True)"), Key("Esc", "do not", "decide(False)"))
DONE = (
    Key("←→", "other lanes", "leaf(1)"),
    Key("d", "diff", "diff"),
    Key("w", "view the newest", "view"),
    Key("Esc", "close", "cancel"),
)


class Chat(Protocol):
    """The chat below."""

    @property
    def session(self) -> SessionPort:
        """Whose exchanges they are."""
        ...

    marked: dict[str, None]

    def show_exchange(self, id: str, page: str = "") -> None:
        """Open the viewer."""
        ...

    def show_state(self) -> None:
        """What the session has spent is another now."""
        ...


class LanesScreen(Dialog[None]):
    """Sends what was planned and compares it with the original and with what was sent of it before."""

    app = getters.app(Host)

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "cancel", "Close", show=False),
        Binding("right", "leaf(1)", "Later lanes", show=False),
        Binding("left", "leaf(-1)", "Earlier lanes", show=False),
        Binding("d", "diff", "Diff", show=False),
        Binding("w", "view", "View", show=False),
        Binding("enter", "decide(True)", "Yes", show=False, priority=True),
    ]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, chat: Chat, sending: Sending) -> None:
        super().__init__()
        self._chat = chat
        self._sending = sending
        self._lanes: list[Lane] = []
        self._ids: tuple[str, ...] = ()
        self._from = 0
        """How many later lanes stand beyond the right edge."""
        self._needed: BudgetNeeded | None = None
        self._runs = True
        self._characters = 0
        self._told_at = 0.0

    def compose(self) -> ComposeResult:
        """How it stands, the table, the keys."""
        yield Static(id="lanes-told", markup=False)
        with VerticalScroll():
            yield Static(id="lanes", markup=False)
        yield Keys(*RUNNING)

    def on_mount(self) -> None:
        """Send."""
        super().on_mount()
        beside(self, self._run, "run")

    @property
    def is_done(self) -> bool:
        """Whether everything was sent that will be."""
        return not self._runs

    def on_resize(self) -> None:
        """As many lanes as fit."""
        self._paint()

    async def _run(self) -> None:
        session, sending = self._chat.session, self._sending
        trouble = ""
        await self._compare()
        try:
            async with aclosing(cast("Any", session.reruns.run(sending.plan, sending.times))) as events:
                async for event in events:
                    await self._saw(event)
        except SightlineError as error:
            trouble = "\n".join(filter(None, (f"✗ {error}", error.hint)))
        finally:
            self._runs, self._needed = False, None
            self._chat.show_state()
        await self._compare()
        self._tell(clean(trouble) or self._outcome())
        self.query_one(Keys).tell(*DONE)

    async def _saw(self, event: Event) -> None:
        if isinstance(event, BudgetNeeded):
            self._needed = event
            over = event.overrun
            self._tell(
                f"This may break the limit of {money(over.estimate)} more: {money(over.spent)} of "
                f"${over.limit} of the {over.scope} are spent."
            )
            self.query_one(Keys).tell(*ASKED)
        elif isinstance(event, StepStarted):
            self._characters = 0
            await self._compare()
        elif isinstance(event, PartDelta):
            self._characters += len(event.text)
        now = self.app.deps.clock()
        if self._needed is None and now - self._told_at >= SHOW_EVERY_S:
            self._told_at = now
            made, times = len(self._made()), self._sending.times
            which = f"{min(made, times)} of {times}: " if times > 1 else ""
            self._tell(f"⠿ {which}{self._characters:,} characters so far")

    def _made(self) -> list[str]:
        """What was sent of this plan."""
        aside = self._sending.plan.aside
        log = self._chat.session.log
        return [id for id, one in log.items() if one.repeats == aside.repeats]

    def _outcome(self) -> str:
        log = self._chat.session.log
        newest = [log[id] for id in self._made()][-self._sending.times :]
        if not newest:
            return "Nothing was sent."
        states = ", ".join(dict.fromkeys(one.state for one in newest))
        failure = newest[-1].failure
        if failure is not None:
            why = visible(f"{failure.title}: {failure.what}" if failure.what else failure.title, 200)
            return f"{len(newest)} sent: {states}. {why}"
        return f"{len(newest)} sent: {states}. Kept beside the original; the conversation is as it was."

    async def _compare(self) -> None:
        """Read the original and everything made of it; what has ended is read once."""
        session, aside = self._chat.session, self._sending.plan.aside
        ids = [id for id in (aside.repeats, *self._made()) if id in session.log]
        known = {lane.exchange.id: lane for lane in self._lanes if lane.exchange.state != "open"}
        lanes = []
        for id in ids:
            exchange = session.log[id]
            if id not in known and exchange.state != "open":
                wire = await session.wire(id)
                known[id] = await asyncio.to_thread(lane_of, exchange, wire, session.catalog)
            if id in known:
                lanes.append(known[id])
        self._lanes = lanes
        self._paint()

    def _paint(self) -> None:
        if not self.is_mounted or not self._lanes:
            return
        width = self.size.width - 4
        room, count = room_for(width) - 1, len(self._lanes)
        last = max(min(room, count - 1), count - 1 - self._from)
        shown = [0, *range(max(1, last - room + 1), last + 1)]
        table = lines(rows(self._lanes), shown, width)
        varied = [lane for lane in self._lanes if lane.exchange.purpose == "replay"]
        made = [heads(self._lanes, shown, width), *table]
        if count - 1 > room:
            which = f"the first, and {shown[1]} to {last} of {count - 1} made of it"
            made.insert(0, Content.styled(which, "$foreground-muted"))
        if len(varied) > 1:
            made += [Content(""), Content.styled(f"{len(varied)} replays", "bold $text-primary")]
            made += [
                Content.assemble((name.ljust(17), "$foreground-muted"), says) for name, says in spread(varied)
            ]
        self.query_one("#lanes", Static).update(Content("\n").join(made))

    def _tell(self, text: str) -> None:
        self.query_one("#lanes-told", Static).update(text)

    # Keys

    def on_key(self, event: events.Key) -> None:
        """An Enter from before the question was seen is no answer to it."""
        if self._needed is not None and self.too_early(event):
            event.stop()

    def action_leaf(self, step: int) -> None:
        """Other lanes, where there are more than fit."""
        most = max(0, len(self._lanes) - 1 - (room_for(self.size.width - 4) - 1))
        self._from = max(0, min(most, self._from - step))
        self._paint()

    def action_decide(self, yes: bool) -> None:
        """Answer what was asked about the limit."""
        needed, self._needed = self._needed, None
        if needed is not None:
            needed.decide(yes)
            self.query_one(Keys).tell(*RUNNING)

    def action_cancel(self) -> None:
        """Refuse what is asked, else stop, else close."""
        if self._needed is not None:
            self.action_decide(False)
        elif self._runs:
            self._chat.session.stop()
            self._tell("Stopping …")
        else:
            self.dismiss(None)

    def action_copy_or_cancel(self) -> None:
        """As Esc, for what was sent must end first."""
        self.action_cancel()

    def action_diff(self) -> None:
        """The newest one beside the original."""
        made = self._made()
        if made and not self._runs:
            self.app.push_screen(DiffScreen(self._chat, self._sending.plan.aside.repeats, made[-1]))

    def action_view(self) -> None:
        """The newest one in the viewer."""
        made: Sequence[str] = self._made()
        if made and not self._runs:
            self.dismiss(None)
            self.call_after_refresh(self._chat.show_exchange, made[-1])
