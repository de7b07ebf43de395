"""The chat line by line: for screen readers, and for terminals that draw nothing."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from pathlib import Path

from tui.attachments import load
from tui.chat.budget import changed
from tui.chat.events import Event, Observed
from tui.chat.overruns import budget_text
from tui.chat.parts import Attachment
from tui.chat.settings import Overrides, is_set, layered
from tui.clean import visible
from tui.cli.approver import Approver, TerminalPort
from tui.cli.ask import ask_about
from tui.cli.plain_sessions import PlainSessions, SessionsPort
from tui.cli.plain_words import cost_words, counted, failure, words_of
from tui.cli.signals import listening
from tui.config.text_file import read_text
from tui.engine.session import Session
from tui.errors import SightlineError, UsageError
from tui.knobs import parse_assignment
from tui.wire.acceptance import takes

HELP = """\
Type a prompt and press Enter. Ctrl+C stops an answer; at the prompt it ends the program. Commands:
/model NAME     use another model
/endpoint NAME  auto, messages, chat or responses
/set NAME=VALUE one setting, such as thinking=high or temperature=0.3; default unsets it
/system TEXT    the system prompt; none for none
/attach PATH    a file that goes with the next prompt
/retry          send the last request again
/new            an empty conversation with the same model, settings and tools
/sessions WORDS the stored sessions that hold these words, the newest first
/resume ID      go on with a stored session; last is the newest
/rename TITLE   give this session a title
/export FORMAT  write this session as md, html, json or har; a path may follow
/cost           what the session cost
/budget LIMIT   what may be spent unasked, such as session 5, turn 0.50, day off; alone it says what holds
/help           this
/quit           leave"""


class PlainChat:
    """Reads prompts and commands, says what happens; ``begin`` makes a fresh session like the one before."""

    def __init__(
        self,
        terminal: TerminalPort,
        session: Session,
        begin: Callable[[Session], Session],
        *,
        sessions: SessionsPort,
        now: Callable[[], float],
        simulated: bool = False,
        remarks: Sequence[str] = (),
    ) -> None:
        self._sessions = PlainSessions(sessions, self._say, now)
        self._remarks = remarks
        self._terminal = terminal
        self._simulated = simulated
        self._session = session
        self._begin = begin
        self._attached: list[Attachment] = []
        self._approver = Approver(terminal)
        self._held: list[str] = []
        self._said: set[str] = set()
        """What was observed and is told already."""

    async def run(self) -> int:
        """Read and answer until there is no more input."""
        if self._simulated:
            self._say("This is the simulated gateway. It costs nothing and calls nobody.")
        for says in self._remarks:
            self._say(f"Note: {visible(says)}")
        self._say(self._where())
        self._say("Type /help for the commands.")
        while True:
            self._terminal.write("you: ")
            line = await self._terminal.line()
            if line is None or line.strip() in ("/quit", "/exit"):
                return 0
            if not line.strip():
                continue
            try:
                await self._do(line.strip())
            except SightlineError as error:
                self._say(failure(error))

    async def aclose(self) -> None:
        """Ask nothing more, and let go of the terminal."""
        await self._approver.aclose()

    async def _do(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        rest = rest.strip()
        if not word.startswith("/") or "/" in word[1:]:
            attached, self._attached = tuple(self._attached), []
            await self._turn(self._session.send(line, attached))
            return
        match word:
            case "/help":
                self._say(HELP)
            case "/retry":
                await self._turn(self._session.retry())
            case "/sessions" | "/resume" | "/rename" | "/export":
                await self._keep(word, rest)
            case "/attach":
                file = await asyncio.to_thread(load, rest, Path.cwd())
                self._attached.append(file)
                self._say(f"Attached {visible(file.name)}, {file.media_type}.")
            case _:
                self._change(word, rest)

    async def _keep(self, word: str, rest: str) -> None:
        """Commands about stored sessions."""
        match word:
            case "/sessions":
                await self._sessions.list(rest)
            case "/resume":
                self._session = await self._sessions.resume(rest, self._session)
                self._say(self._where())
            case "/rename":
                await self._sessions.rename(self._session, rest)
            case "/export":
                await self._sessions.export(self._session, rest)

    def _change(self, word: str, rest: str) -> None:
        """Commands that change what the next turns are sent with."""
        session = self._session
        match word:
            case "/model" | "/endpoint":
                model, endpoint = (rest, "auto") if word == "/model" else (session.choice.model, rest)
                if endpoint not in ("auto", "messages", "chat", "responses"):
                    raise UsageError("endpoint", f"{endpoint!r} is none of auto, messages, chat, responses")
                _, findings = session.switch(model, endpoint)
                self._say("\n".join([self._where(), *(f"Note: {finding.says}" for finding in findings)]))
            case "/set":
                field, value = parse_assignment(rest, read_text)
                self._set(layered(session.overrides, {field: value}), field)
            case "/system":
                text = None if rest in ("", "none") else rest
                session.revise(system=text, toolbox=session.toolbox)
                self._say("System prompt: " + ("none." if text is None else "set."))
            case "/new":
                self._session = self._begin(session)
                self._session.take_over(session)
                self._say("A new conversation begins.")
            case "/cost":
                totals = session.totals
                self._say(f"{cost_words(totals.cost)} in {counted(totals.turns, 'turn')}.")
            case "/budget":
                if rest:
                    session.budget = changed(session.budget, rest)
                self._say(f"Budget: {budget_text(session.budget)}.")
            case _:
                raise UsageError("command", f"there is no {word}", hint="/help lists the commands")

    def _set(self, overrides: Overrides, field: str) -> None:
        """Take a setting, unless the model of the next turn does not take it."""
        session = self._session
        before, session.overrides = session.overrides, overrides
        wanted = is_set(session.settings, field)
        refused = takes(session.route, field, session.settings) if wanted else ""
        if refused:
            session.overrides = before
            raise UsageError(field, f"not set: {refused}")
        self._say("Set, from the next prompt on." if wanted else "Unset, from the next prompt on.")

    async def _turn(self, turn: AsyncGenerator[Event, None]) -> None:
        loop, session = asyncio.get_running_loop(), self._session

        def interrupted(_: signal.Signals) -> None:
            loop.call_soon_threadsafe(session.stop)

        with listening(interrupted):
            async with aclosing(turn) as events:
                async for event in events:
                    self._show(event)
        self._flush()

    def _unsaid(self, event: Event) -> Event:
        """What was observed without what was told before: some of it holds for every step."""
        if not isinstance(event, Observed):
            return event
        new = tuple(finding for finding in event.findings if finding.says not in self._said)
        self._said.update(finding.says for finding in new)
        return Observed(event.at, new)

    def _show(self, event: Event) -> None:
        ask_about(event, self._approver, self._session)
        says = words_of(self._unsaid(event))
        if says:
            self._held.append(says)
        if not self._approver.asking:
            # A question on the terminal is not talked over.
            self._flush()

    def _flush(self) -> None:
        while self._held:
            self._say(self._held.pop(0))

    def _say(self, text: str) -> None:
        self._terminal.write(f"{text}\n")

    def _where(self) -> str:
        route = self._session.route
        upstream = f", upstream {visible(route.upstream)}" if route.upstream else ""
        return f"Model {visible(route.requested)}{upstream}, by {route.provider}, {route.endpoint}."
