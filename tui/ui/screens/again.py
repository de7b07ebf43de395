"""What the chat does with a request: copy it, send it again or elsewhere, write a selection as HAR."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from tui.errors import SightlineError
from tui.ui.beside import beside
from tui.ui.screens.exporting import EXPORTS, Exporting
from tui.ui.screens.wiring import Wiring

if TYPE_CHECKING:
    from tui.exchanges.copy_as import Copied, Kind
    from tui.ui.wire.paid_form import Sending

ENDPOINTS = ("messages", "chat", "responses", "auto")


class Again(Exporting, Wiring):
    """Copies, replays and exports exchanges; what costs money is asked once, in its form."""

    def action_copy_as(self, word: str = "") -> None:
        """The newest request as curl, Python or JSON, to the clipboard."""
        from tui.exchanges.copy_as import kind_named

        if (id := self._newest()) is None:
            return
        if not word.strip():
            self.wire_copy_as(id)
            return
        try:
            self._copy_exchange(id, kind_named(word))
        except SightlineError as error:
            self.app.say(f"{error.what}\n{error.hint}".strip(), warning=True)

    def wire_copy_as(self, exchange: str, marked: Sequence[str] = ()) -> None:  # noqa: ARG002
        """Ask what the request is copied as."""
        from tui.ui.wire.copy_menu import CopyMenu

        def done(kind: Kind | None) -> None:
            if kind is not None:
                self._copy_exchange(exchange, kind)

        self.app.push_screen(CopyMenu(), done)

    def _copy_exchange(self, id: str, kind: Kind) -> None:
        beside(self, partial(self._copied_as, id, kind), "copy-as", exclusive=True)

    async def _copied_as(self, id: str, kind: Kind) -> None:
        from tui.exchanges.copy_as import copy_as

        exchange, wire = self.session.log[id], await self.session.wire(id)
        is_ours = self.home.is_ours(exchange.route.base_url)
        try:
            copied = await asyncio.to_thread(
                copy_as, kind, exchange, wire, self.deps.secrets(), is_ours=is_ours
            )
        except SightlineError as error:
            self.app.say(f"{error.what}\n{error.hint}".strip(), warning=True)
            return
        # Its secrets are masked before they are quoted, or stand in it because that was asked for.
        self.app.copy_text(copied.text, exact=True)
        if told := _remarks(copied):
            self.app.say(told)

    def action_replay(self, times: str = "") -> None:
        """The newest request once more, or so many times; the form asks before anything is sent."""
        if (id := self._newest()) is None:
            return
        if times.strip() and not times.strip().isdecimal():
            self.app.say(f"{times} is no number of times.", warning=True)
            return
        self._replay(id, times=int(times or 1))

    def wire_replay(self, exchange: str, marked: Sequence[str] = ()) -> None:  # noqa: ARG002
        """This request once more."""
        self._replay(exchange)

    def wire_edit(self, exchange: str, marked: Sequence[str] = ()) -> None:  # noqa: ARG002
        """This request once more, its body edited first."""
        self._replay(exchange, edits=True)

    def _replay(self, id: str, *, times: int = 1, edits: bool = False) -> None:
        beside(self, partial(self._ask_replay, id, times, edits), "again", exclusive=True)

    async def _ask_replay(self, id: str, times: int, edits: bool) -> None:
        from tui.ui.wire.gather import gather
        from tui.ui.wire.replay_form import ReplayForm

        seen = await gather(self.session, id)
        if seen is None or seen.wire is None or not seen.wire.body:
            self.app.say("What was sent for this exchange is not known.", warning=True)
            return
        self.app.push_screen(
            ReplayForm(seen, self.session.reruns, times=times, edits=edits), self._send_again
        )

    def action_shadow(self, words: str = "") -> None:
        """The history of the newest request over another endpoint or to another model."""
        if (id := self._newest()) is None:
            return
        wanted = words.split()
        endpoint = next((word for word in wanted if word in ENDPOINTS), "")
        self._elsewhere(id, next((word for word in wanted if word not in ENDPOINTS), ""), endpoint)

    def wire_elsewhere(self, exchange: str, marked: Sequence[str] = ()) -> None:  # noqa: ARG002
        """The history of this request elsewhere."""
        self._elsewhere(exchange)

    def _elsewhere(self, id: str, model: str = "", endpoint: str = "") -> None:
        beside(self, partial(self._ask_elsewhere, id, model, endpoint), "again", exclusive=True)

    async def _ask_elsewhere(self, id: str, model: str, endpoint: str) -> None:
        from tui.ui.wire.gather import gather
        from tui.ui.wire.shadow_form import ShadowForm

        seen = await gather(self.session, id)
        if seen is not None:
            self.app.push_screen(ShadowForm(seen, self.session.reruns, model, endpoint), self._send_again)

    def _send_again(self, sending: Sending | None) -> None:
        from tui.ui.wire.lanes_screen import LanesScreen

        if sending is not None:
            self.app.push_screen(LanesScreen(self, sending))

    def wire_export(self, exchange: str, marked: Sequence[str] = ()) -> None:
        """This exchange, or all that are marked, as a HAR file without secrets."""
        beside(self, partial(self._har_of, tuple(marked) or (exchange,)), "export")

    async def _har_of(self, ids: Sequence[str]) -> None:
        from tui.chat.record_stream import RecordStream
        from tui.ui.exporting import Wish, write_export

        try:
            record = (await self._source()).record
            log = self.session.log
            chosen = [replace(log[id], wire=await self.session.wire(id)) for id in ids if id in log]
            bare = tuple(replace(one, wire=None) for one in chosen)
            source = RecordStream(replace(record, exchanges=bare), lambda: iter(chosen))
            written = await asyncio.to_thread(
                write_export, source, "har", Wish("har"), self.deps.secrets(), self.deps.data_dir / EXPORTS
            )
        except SightlineError as error:
            self.app.say(f"Not exported: {error.what}\n{error.hint}".strip(), warning=True)
            return
        many = "1 exchange" if len(chosen) == 1 else f"{len(chosen)} exchanges"
        self.app.say(f"{many} written to {written.path}\n{written.secrets}")

    def _newest(self) -> str | None:
        """The newest request of the conversation."""
        log = self.session.log
        found = next((id for id in reversed(list(log)) if log[id].purpose == "turn"), None)
        if found is None:
            self.app.say("Nothing was sent yet: there is no request.", warning=True)
        return found


def _remarks(copied: Copied) -> str:
    """What must be known to use what was copied."""
    told = []
    if copied.variables:
        told.append(f"It reads {', '.join(copied.variables)} from the environment.")
    if copied.masked:
        told.append(f"{_secrets(copied.masked)} masked: it does not send the same bytes; exact does.")
    if copied.held:
        told.append(f"{_secrets(copied.held)} in it as sent: mind where it goes.")
    return "\n".join(told)


def _secrets(count: int) -> str:
    return "1 secret in the body is" if count == 1 else f"{count} secrets in the body are"
