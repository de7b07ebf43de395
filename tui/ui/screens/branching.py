"""What the chat does with branches: prompts written anew, other answers, versions, the tree."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual import on

from tui.chat.events import Event, StepStarted
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import Attachment
from tui.clean import clean
from tui.errors import SightlineError, UsageError
from tui.ui.beside import beside
from tui.ui.ports import Deps, Home
from tui.ui.prompted import Attached, Prompted, attached_again
from tui.ui.screens.finding import Finding
from tui.ui.transcript.branches import Place
from tui.ui.transcript.page import Laid
from tui.ui.transcript.view import Transcript
from tui.ui.widgets.offers import EditLine, ForkOffer

if TYPE_CHECKING:
    from tui.ui.screens.tree import Chosen
    from tui.ui.transcript.history import Past

BUSY = "A turn is running; Esc stops it."
AT_ONCE = 60
"""Messages that are shown before the others are read."""


class Branching(Finding):
    """Moves in the tree of the session; what is shown is always the branch it stands on."""

    def __init__(self, deps: Deps, home: Home) -> None:
        super().__init__(deps, home)
        self.edit_line = EditLine()
        self.fork_offer = ForkOffer()
        self._editing: str | None = None
        """The prompt that is written anew."""
        self._old_text = ""
        """How it was."""
        self._set_aside: Prompted | None = None
        """What stood in the prompt before."""
        self._has_moved = home.opened is not None
        """Whether there may be other versions of what is shown than are marked."""
        self._is_part = False
        """Whether only the end of the branch is shown."""

    def on_mount(self) -> None:
        """Show what was said before, if anything was."""
        left = self.query_one("#left")
        left.mount(self.fork_offer, self.edit_line, before=self.queue)
        if self.home.opened is not None:
            record = self.home.opened.record
            has_others = len(record.path()) < len(record.nodes)
            self._run(partial(self.show_branch, has_others=has_others))

    # The branch the session stands on

    async def show_branch(self, place: Place | None = None, *, has_others: bool = True) -> None:
        """Show the branch the session stands on, ``place`` where it was; of a long one its end first.

        Where the session is known to have no other branch, its tree is not read to look for versions.
        """
        from tui.ui.screens.past import past_of

        view = self.transcript
        end = await past_of(self.session, AT_ONCE)
        self._is_part = len(end.messages) < len(self.session.path)
        if place is None or not self._is_part:
            laid = self._laid(end)
            self.show_welcome(not laid.entries)
            view.show(laid, {}, place)
            self.show_state()
        if self._is_part:
            # Not before the end is on the screen: what is done beside it takes its time, too.
            await self.painted()
            laid = await asyncio.to_thread(self._laid, await past_of(self.session))
            if self.running:
                # What arrives now would be lost: the rest comes when the turn is over.
                return
            view.show(laid, {}, view.place if place is None else place)
            self._is_part = False
            self.show_state()
        if has_others:
            await self._mark_versions()
        else:
            self._has_moved = False

    def _laid(self, past: Past) -> Laid:
        from tui.ui.transcript.history import history_blocks

        view = self.transcript
        blocks = history_blocks(
            past,
            thinking_folded=view.thinking_folded,
            tools_folded=view.tools_folded,
            simulated=self.home.simulated,
        )
        return Laid.out(blocks, view.page.width)

    async def _mark_versions(self) -> None:
        from tui.ui.tree_rows import forks_on

        tree = await self.session.tree()
        path = [message.id for message in self.session.conversation.messages]
        forks = await asyncio.to_thread(forks_on, tree, path)
        # Where something was said already, the next prompt is another version of it.
        self._has_moved = bool(tree.children(path[-1] if path else None))
        self.transcript.mark_forks(forks)

    def follow(self, turn: AsyncIterator[Event], *, again: bool = False) -> None:
        """Show a turn's events until it ends; ``again`` when no prompt stands above it."""
        super().follow(self._watched(turn), again=again)

    async def _watched(self, turn: AsyncIterator[Event]) -> AsyncGenerator[Event, None]:
        """A turn's events; the transcript learns which messages it shows, and of new versions."""
        began = False
        before = [message.id for message in self.session.conversation.messages]
        try:
            async with aclosing(cast("Any", turn)) as events:
                async for event in events:
                    if not began and isinstance(event, StepStarted):
                        began = True
                        self._make_room(before)
                    yield event
        except SightlineError:
            if self._has_moved:
                await self.show_branch()
            raise
        after = [message.id for message in self.session.conversation.messages]
        if self._is_part:
            await self.show_branch(self.transcript.place)
        elif self._has_moved or before != after[: len(before)]:
            # Nobody answered a fork, and the session stands where it stood; or there are new versions.
            if before == after:
                await self.show_branch()
            else:
                await self._mark_versions()

    def _make_room(self, before: list[str]) -> None:
        """The first request of a turn goes out: what it stands in place of leaves the screen."""
        messages = self.session.conversation.messages
        view = self.transcript
        kept = [message.id for message in messages]
        if before[: len(kept)] == kept and len(before) > len(kept):
            view.cut_before(before[len(kept)])
        view.retire()
        if messages and isinstance(messages[-1], UserMessage):
            view.name_prompt(messages[-1].id)

    # Wishes of the transcript

    @on(Transcript.Wished)
    def _wished(self, event: Transcript.Wished) -> None:
        if self.running:
            self.app.say(BUSY, warning=True)
        elif event.wish == "edit":
            self._begin_edit(event.message)
        elif event.wish == "again":
            self._again(event.message)
        else:
            self._run(partial(self._flip, event.message, event.step))

    def _run(self, work: Callable[[], Awaitable[None]]) -> None:
        beside(self, partial(self._told, work), "branch", exclusive=True)

    async def _told(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
            if self._is_part and not self.running:
                # It came before everything was shown, and cut that off.
                await self.show_branch(self.transcript.place)
        except SightlineError as error:
            self.app.say(f"{error}; {error.hint}".rstrip("; "), warning=True)

    def _message(self, id: str) -> object:
        refused = self.session.refused
        if refused is not None and refused.id == id:
            return refused
        return next((m for m in self.session.conversation.messages if m.id == id), None)

    def _begin_edit(self, id: str) -> None:
        """Take an earlier prompt into the prompt; sending it makes a fork."""
        message = self._message(id)
        if not isinstance(message, UserMessage):
            self.app.say("e edits a prompt of yours: { and } go from one to the next.", warning=True)
            return
        self._leave_edit()
        self._set_aside = Prompted(self.prompt.text, self.chips.attached)
        self._editing, self._old_text = id, message.text
        if typed := self.prompt.text.strip():
            # Who leaves the conversation in the middle of this keeps only what stands in the prompt.
            self.remember_prompt(typed)
        self.edit_line.says = " ".join(message.text.split()) or "(files)"
        self._run(partial(self._put, message))

    async def _put(self, message: UserMessage, also: tuple[Attached, ...] = ()) -> None:
        """A prompt's text and files, ``also`` others, to be written on."""
        folder = None if self.home.is_temporary else self.deps.data_dir / "pasted"
        files = [part for part in message.parts if isinstance(part, Attachment)]
        attached = [await asyncio.to_thread(attached_again, part, folder) for part in files]
        self.prompt.put(message.text)
        self.chips.attached = (*attached, *also)
        self.prompt.focus()

    def _leave_edit(self) -> None:
        """Nothing is written anew any more; what stood in the prompt before stands there again."""
        if self._set_aside is not None:
            if self.prompt.text not in (self._old_text, self._set_aside.text):
                self.lay_by()
            self.prompt.put(self._set_aside.text)
            self.chips.attached = self._set_aside.attached
        self._editing, self._set_aside, self.edit_line.says = None, None, ""

    def offer(self, text: str, attached: tuple[Attached, ...] = ()) -> None:
        """Send a prompt, or queue it; one that was written anew takes the place of the old one."""
        if self._editing is None:
            super().offer(text, attached)
            return
        if self.running or self.route is None:
            self.app.say(BUSY if self.running else "No model is chosen yet.", warning=True)
            self.prompt.put(text)
            self.chips.attached = attached
            return
        id = self._editing
        self._leave_edit()
        if text.strip():
            self.remember_prompt(text)
        files = [file.attachment for file in attached]
        self.transcript.cut_before(id)
        self.transcript.add_prompt(text, self.deps.now(), files)
        self._has_moved = True
        self.follow(self.session.edit(id, text, files))

    def _again(self, id: str) -> None:
        """Ask for another answer in place of this one."""
        message = self._message(id)
        refused = self.session.refused
        if refused is not None and message is refused:
            self.follow(self.session.retry(), again=True)
        elif isinstance(message, AssistantMessage | ToolMessage | UserMessage):
            self._has_moved = True
            self.follow(self.session.regenerate(id), again=True)
        else:
            self.app.say("r asks for another answer: choose one with ↑ and ↓.", warning=True)

    async def _flip(self, id: str, step: int) -> None:
        """Show another version of a message, and what followed it; the place on the screen stays."""
        from tui.ui.tree_rows import versions

        beside = versions(await self.session.tree(), id) if id else ()
        if len(beside) < 2:
            self.app.say("There is one version of this message only.")
            return
        other = beside[(beside.index(id) + step) % len(beside)]
        old = self.transcript.place_of(id)
        await self.session.go_to(other)
        place = Place(other, old.row) if old is not None else None
        await self.show_branch(place)
        index = self.transcript.first_of(other)
        if self.transcript.has_focus and index is not None:
            self.transcript.put_cursor(index)

    # The tree

    def action_tree(self, _: str = "") -> None:
        """All branches, to go to or cut."""
        if self.running:
            self.app.say(BUSY, warning=True)
        else:
            self._run(self._open_tree)

    async def _open_tree(self) -> None:
        from tui.ui.screens.tree import TreeScreen

        tree = await self.session.tree()
        view = self.transcript
        mark = view.message_of(view.cursor) if view.has_focus and view.cursor is not None else None
        screen = TreeScreen(self.session, tree, self.deps.now, mark)

        def done(chosen: Chosen | None) -> None:
            if chosen is not None:
                self._run(partial(self._go_there, chosen))
            elif screen.was_cut:
                self._run(self._mark_versions)

        self.app.push_screen(screen, done)

    async def _go_there(self, chosen: Chosen) -> None:
        here = {message.id for message in self.session.conversation.messages}
        if chosen.is_end or chosen.message not in here:
            await self.session.go_to(chosen.message, exact=chosen.is_end)
            await self.show_branch()
        if not chosen.is_end:
            self.transcript.focus()
            self.transcript.reveal_message(chosen.message)
        else:
            self.prompt.focus()

    # Newer settings

    def send_next(self) -> None:
        """Send the first waiting prompt; where that would cost the sealed history, ask first."""
        if not self.running and self.queue.waiting and self.route is not None:
            found = self.session.fork_needed()
            if found is not None:
                self.queue.held = True
                self.fork_offer.ask(clean("\n".join(filter(None, (found.says, found.mend)))))
                return
        self.fork_offer.done()
        super().send_next()

    @on(ForkOffer.Chosen)
    def _fork_chosen(self, event: ForkOffer.Chosen) -> None:
        self.action_choose_fork(event.choice)

    def action_choose_fork(self, choice: str) -> None:
        """Go on as a fork, with the old settings, or not now."""
        if not self.fork_offer.is_open:
            return
        try:
            if choice == "fork":
                self.session.accept_fork()
            elif choice == "keep":
                self.session.keep_as_made()
        except UsageError as error:
            self.app.say(f"{error}; {error.hint}", warning=True)
            return
        self.fork_offer.done()
        self.prompt.focus()
        if choice == "cancel":
            if self.queue.waiting:
                self._take_back(0)
        else:
            self.send_next()
