"""The chat: one worker follows the session's events and hands them to whoever shows them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from decimal import Decimal
from functools import partial
from typing import Any, cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import OptionList, Static, TextArea
from textual.worker import Worker

from tui.chat.budget import Scope
from tui.chat.events import ApprovalNeeded, BudgetNeeded, Event, PartDelta, TurnFailed, TurnFinished
from tui.chat.route import Route
from tui.errors import SightlineError, UsageError
from tui.ui.beside import beside, beside_in_thread
from tui.ui.commands import Command, by_slash, key_of, parse_slash, rebound
from tui.ui.figures import context_gauge
from tui.ui.inspected import Inspected, Kept
from tui.ui.live_turn import LiveTurn
from tui.ui.ports import Deps, Home, route_of
from tui.ui.prompted import Attached, Prompted
from tui.ui.rest import import_rest
from tui.ui.screens.dialog import Dialog
from tui.ui.screens.drafting import Drafting
from tui.ui.transcript.view import Transcript
from tui.ui.turn_state import TurnState
from tui.ui.widgets.approval import Approval
from tui.ui.widgets.budget_form import BudgetForm
from tui.ui.widgets.footer import FooterBar
from tui.ui.widgets.header import HeaderBar, Heading
from tui.ui.widgets.inspector import Inspector
from tui.ui.widgets.prompt import Prompt
from tui.ui.widgets.queue import Queue
from tui.ui.widgets.waiting import Waiting
from tui.ui.widgets.welcome import Welcome
from tui.ui.widths import BREAKPOINTS, width_class

SHOW_EVERY_S, STILL_EVERY_S = 0.25, 2.0
"""Header, inspector and waiting line follow a stream of text at this pace."""


class ConversationScreen(Drafting):
    """Prompt, queue, turn and what shows them; the commands are its subclass's."""

    AUTO_FOCUS = "Prompt"

    def __init__(self, deps: Deps, home: Home) -> None:
        super().__init__(deps, home)
        self.HORIZONTAL_BREAKPOINTS = list(BREAKPOINTS)
        self._turn = LiveTurn(STILL_EVERY_S if deps.still else SHOW_EVERY_S)
        # Held, not queried: a turn may still speak while the screen is taken down.
        self.header = HeaderBar()
        self.pick_key = key_of("model.pick", deps.keymap)
        self.welcome = Welcome(
            home.label, home.simulated, pick_key=self.pick_key, help_key=key_of("help", deps.keymap)
        )
        self.transcript = Transcript(clock=deps.clock, simulated=home.simulated)
        self.transcript.pictures = not deps.still
        self.waiting = Waiting(deps.clock, still=deps.still)
        self.approval = Approval(keymap=deps.keymap)
        self.budget_form = BudgetForm(self._raise_limit, keymap=deps.keymap)
        self.inspector = Inspector()  # Tab goes between prompt and transcript; ⇧F2 scrolls it by key
        self.kept = Kept()
        self.footer = FooterBar(rebound(deps.keymap))
        self._worker: Worker[None] | None = None
        self._reachable: bool | None = None
        self._has_run = False
        """Whether a turn was begun here: what is known of the last one may be of another day."""
        self._note = "reading models …"
        self.session_title = ""
        self._shows_soon = False
        """Whether something came that will be shown as soon as the loop comes to it."""

    def compose(self) -> ComposeResult:
        """Header; transcript, prompt and inspector; footer."""
        # Before there are widgets below: each later change of a class styles them all anew.
        self.add_class(width_class(self.app.size.width))
        self.show_welcome(self.home.opened is None)
        yield self.header
        with Horizontal(id="middle"):
            with Vertical(id="left"):
                yield self.welcome
                yield self.transcript
                yield self.waiting
                yield self.approval
                yield self.budget_form
                yield self.queue
                yield self.completions
                yield self.chips
                with Horizontal(id="prompt-line"):
                    yield Static("❯", id="sign")
                    yield self.prompt
            yield self.inspector
        yield self.footer

    def show_welcome(self, wanted: bool) -> None:
        """Show the welcome instead of the transcript, or the transcript."""
        # No class of the screen: everything on it would be styled anew when the first prompt is sent.
        self.welcome.display, self.transcript.display = wanted, not wanted

    def on_mount(self) -> None:
        """Read the models, once it is painted: what that needs is slow to load."""
        self.show_state()
        beside(self, self._begin, "begin")

    async def _begin(self) -> None:
        # Imports in a thread would take half the time from the frames this screen comes with.
        await self.painted()
        self.app.warm(self.route)
        beside_in_thread(self, import_rest, "rest")
        beside(self, self._read_models, "catalog")

    async def _read_models(self) -> None:
        """Read the proxy's models; a prompt typed meanwhile goes out afterwards."""
        try:
            await self.home.load_catalog()
        except SightlineError as error:
            self._reachable, self._note = False, str(error)
            self.app.say(f"{error}\n{error.hint}".strip(), warning=True)
            self.welcome.tell(f"{error}\n{error.hint}".strip())
        else:
            self.models_read()
        self.show_state()
        if isinstance(self.app.screen, Dialog):
            self.app.screen.show_catalog()

    def models_read(self) -> None:
        """The proxy listed its models: what waited for that goes out."""
        self._reachable, self._note = True, f"no model: {self.pick_key} chooses one"
        self.welcome.tell("")
        self.show_state()
        self.app.warm(self.route)
        if not self.queue.held:
            self.send_next()

    @property
    def route(self) -> Route | None:
        """Where the next turn goes; None until the models are read, for a name alone can lie."""
        if self._reachable is None and not self.session.catalog.cards:
            return None
        return route_of(self.session)

    # Prompts

    @on(Prompt.Submitted)
    def _submitted(self, event: Prompt.Submitted) -> None:
        self.submit(event.text)

    def submit(self, text: str) -> None:
        """Send ``text`` and the attached files, or do what it says."""
        slash = parse_slash(text)
        if slash is not None:
            self._slash(*slash)
        elif Prompted(text, self.chips.attached).is_blank:
            if self.queue.held:
                self.send_next()
        else:
            attached, self.chips.attached = self.chips.attached, ()
            self.prompt.put("")
            self.offer(text, attached)

    @on(Welcome.Chosen)
    def _suggested(self, event: Welcome.Chosen) -> None:
        self.prompt.focus()
        self.offer(event.prompt)

    def offer(self, text: str, attached: tuple[Attached, ...] = ()) -> None:
        """Send a prompt, or queue it while a turn runs or no route is known yet."""
        if text.strip():
            self.remember_prompt(text)
        prompted = Prompted(text, attached)
        self.queue.waiting = (*self.queue.waiting, prompted)
        if self.queue.held and len(self.queue.waiting) > 1 and not self.running:
            # What was held stays until it is asked for; the new prompt goes first.
            self.queue.waiting = (prompted, *self.queue.waiting[:-1])
        self.send_next()

    def send_next(self) -> None:
        """Send the first waiting prompt, if one waits and nothing is in its way."""
        if self.running or not self.queue.waiting:
            return
        if self.route is None:
            self.queue.held = self._reachable is not None
            if self._reachable is not None:
                says = f"No model is chosen: {self.pick_key} chooses one. The prompt waits."
                self.app.say(says, warning=True)
            return
        prompted, *rest = self.queue.waiting
        self.queue.waiting, self.queue.held = tuple(rest), False
        self.save_soon()
        self.show_welcome(False)
        attachments = [file.attachment for file in prompted.attached]
        self.transcript.add_prompt(prompted.text, self.deps.now(), attachments)
        self.follow(self.session.send(prompted.text, attachments))

    def _slash(self, name: str, argument: str) -> None:
        command = by_slash(name)
        if command is None:
            self.app.say(
                f"There is no command /{name}. With a space before it the line is sent as text.", warning=True
            )
            return
        self.prompt.put("")
        self.prompt.remember(f"/{name} {argument}".strip())
        self.perform(command, argument)

    def perform(self, command: Command, argument: str = "") -> None:
        """Do what a command of the table says."""
        getattr(self, f"action_{command.action}")(argument)

    @on(Prompt.Recalled)
    def _recalled(self) -> None:
        if self.queue.waiting:
            self._take_back(len(self.queue.waiting) - 1)
        else:
            self.prompt.show_earlier()

    @on(Queue.Picked)
    def _picked(self, event: Queue.Picked) -> None:
        # The second of two clicks may find the line gone.
        if event.index < len(self.queue.waiting):
            self._take_back(event.index)

    def _take_back(self, index: int) -> None:
        """Move a queued prompt into the prompt for editing; what stands there is queued in its place."""
        waiting, typed = self.queue.waiting, Prompted(self.prompt.text.strip(), self.chips.attached)
        instead = () if typed.is_blank else (typed,)
        self.queue.waiting = (*waiting[:index], *instead, *waiting[index + 1 :])
        self.prompt.put(waiting[index].text)
        self.chips.attached = waiting[index].attached
        self.prompt.focus()
        self.save_soon()

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        if event.text_area is self.prompt:
            self.completions.follow(self.prompt.text)
            self.save_soon()

    @on(OptionList.OptionSelected, "Completions")
    def _completed(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.prompt.complete(event.option_id or "")
        self.prompt.focus()

    @on(Prompt.QuitRequested)
    def _quit_requested(self) -> None:
        self.app.exit()

    def on_key(self, event: events.Key) -> None:
        """What is typed elsewhere and means nothing there goes to the prompt."""
        if event.is_printable and event.character and event.key not in self.active_bindings:
            event.stop()
            # At once: the keys of one burst are on their way here too, and would mean what they mean there.
            self.set_focus(self.prompt)
            self.prompt.insert(event.character)

    def on_paste(self, event: events.Paste) -> None:
        """A paste goes to the prompt, whatever has the focus."""
        event.stop()
        self.prompt.post_message(events.Paste(event.text))

    def action_scroll_transcript(self, pages: int) -> None:
        """Scroll the transcript by pages while the prompt keeps the focus."""
        self.transcript.action_page(pages)

    # The turn

    @property
    def turn(self) -> TurnState:
        """What is known of the turn."""
        return self._turn.state

    @turn.setter
    def turn(self, state: TurnState) -> None:
        self._turn.state = state

    @property
    def running(self) -> bool:
        """Whether a turn is followed."""
        return self._worker is not None

    def follow(self, turn: AsyncIterator[Event], *, again: bool = False) -> None:
        """Show a turn's events until it ends; ``again`` when no prompt stands above it."""
        self._has_run = True
        self._worker = beside(self, partial(self._follow, turn, again), "turn")

    async def _follow(self, turn: AsyncIterator[Event], again: bool) -> None:
        began = False
        try:
            async with aclosing(cast("Any", turn)) as events:
                async for event in events:
                    began = True
                    await self.transcript.apply(event)
                    if not isinstance(event, PartDelta) or not self._turn.hears(event):
                        self._saw(event)
        except SightlineError as error:
            if again and not began and isinstance(error, UsageError):
                self.app.say(f"{error}; {error.hint}", warning=True)
            else:
                now = self.deps.clock()
                await self.transcript.apply(TurnFailed(now, error))
                self._turn.advance(TurnFailed(now, error))
        finally:
            self._worker = None
            self.approval.clear()
            self.budget_form.clear()
        well = self.turn.error is None and self.turn.stop not in ("cancelled", "failed", "budget")
        self.queue.held = not well
        self.show_state()
        if well:
            self.send_next()

    def _saw(self, event: Event) -> None:
        self._turn.advance(event)
        self.approval.follow(event)
        self.budget_form.follow(event)
        self.kept.follow(event, self.turn, self.session.conversation, self.session.toolbox)
        if isinstance(event, ApprovalNeeded | BudgetNeeded):
            self.app.attention.asked()
        elif isinstance(event, TurnFinished):
            self.app.attention.turn_ended(event.at - self.turn.started_at)
        if not self._shows_soon:
            # Several that came together are shown together.
            self._shows_soon = True
            self.call_later(self._show_what_came)

    def _raise_limit(self, scope: Scope, limit: Decimal) -> None:
        self.session.budget = self.session.budget.limited(scope, limit)

    def _answers(self) -> bool | None:
        """Whether the proxy answered when it was last asked."""
        if not self._has_run:
            return self._reachable
        if self.turn.error is not None and self.turn.error.cls == "proxy-unreachable":
            return False
        return True if self.turn.served else self._reachable

    @property
    def keeping(self) -> str:
        """Where the session is kept, if not in the file of sessions."""
        if self.home.is_temporary:
            return "temporary"
        shelf = self.home.shelf
        return "not saved" if shelf is not None and (shelf.problem or shelf.store.trouble) else ""

    def _show_what_came(self) -> None:
        if self._shows_soon:
            self.show_state()

    def show_state(self) -> None:
        """Bring header, waiting line, inspector and footer up to date."""
        self._shows_soon = False
        route, totals = self.route, self.session.totals
        shown = self.turn.route if self.running and self.turn.route else route
        served = self.turn.served
        same = (
            route is not None and self.turn.route is not None and route.requested == self.turn.route.requested
        )
        self.header.heading = Heading(
            proxy=self.home.label,
            simulated=self.home.simulated,
            version=(served and served.proxy_version) or self.session.catalog.version,
            route=shown,
            reachable=self._answers(),
            badge=self.turn.badge if same or self.running else "",
            title=self.session_title,
            keeping=self.keeping,
            note=self._note,
        )
        self.waiting.state = self.turn
        seen = Inspected(
            self.turn,
            route,
            totals.cost,
            totals.turns,
            self.session.conversation,
            self.kept.sent,
            self.kept.numbers,
            self.session.log,
            self.session.catalog,
            self.session.budget,
        )
        self.inspector.seen = seen
        if isinstance(self.app.screen, Dialog):
            self.app.screen.follow(seen)
        self.footer.gauge = context_gauge(self.session.context_used, shown.context if shown else None)
        self.footer.busy = self.running
