"""Trying a model out: what it may cost, a yes, then each result as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from functools import partial
from typing import ClassVar, Literal

from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Label, Static

from tui.clean import clean, visible
from tui.errors import SightlineError
from tui.probing.probe import Plan, Probe, TrialStarted
from tui.ui.beside import beside
from tui.ui.probe_ports import ProbePort
from tui.ui.probe_rows import TITLE_CELLS, ProbeRow, end_text, plain_text, plan_text, planned_rows, rows_of
from tui.ui.screens.dialog import Dialog
from tui.ui.transcript.line import Piece
from tui.ui.transcript.wrap import wrap
from tui.ui.widgets.keys import Key, Keys

_LEAST = 20
"""Cells the evidence has at the least."""
ENDPOINTS = ("auto", "messages", "chat", "responses")
Stage = Literal["asking", "running", "done"]


class ProbeScreen(Dialog[str]):
    """Ends with the id of the session that holds the exchanges, if that shall be opened, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "begin", "Begin", show=False),
        Binding("e", "endpoint", "Endpoint", show=False),
        Binding("o", "open", "Open", show=False),
        Binding("y", "copy", "Copy", show=False),
    ]

    def __init__(self, probes: ProbePort, model: str, copy: Callable[[str], None]) -> None:
        super().__init__()
        self._probes = probes
        self._model = model
        self._copy = copy
        self._endpoint = ENDPOINTS[0]
        self._plan: Plan | None = None
        self._probe: Probe | None = None
        self._stage: Stage = "asking"
        self._at = ""

    def compose(self) -> ComposeResult:
        """What would be done, the results, the keys."""
        with Vertical(classes="dialog tall", id="probe-form"):
            yield Label(f"Try out {visible(self._model, 60)}", classes="title")
            yield Static(id="probe-plan", markup=False)
            with VerticalScroll(id="probe-results"):
                yield Static(id="probe-rows", markup=False)
            yield Keys()

    def on_mount(self) -> None:
        """Plan for the endpoint the model would take."""
        self._plan_for(self._endpoint)
        self.query_one("#probe-results").focus()

    def on_resize(self) -> None:
        """Evidence is wrapped to the width."""
        self._show()

    def on_key(self, event: events.Key) -> None:
        """An Enter that was meant for the list of models agrees to nothing."""
        if self.too_early(event):
            event.stop()
            event.prevent_default()

    def action_begin(self) -> None:
        """Agree to the cost, and begin."""
        if self._stage == "asking" and self._plan is not None and self.painted:
            self._probe, self._stage = self._probes.start(self._plan), "running"
            beside(self, partial(self._run, self._probe), "probe")
            self._show()

    def action_endpoint(self) -> None:
        """Plan for the next endpoint."""
        if self._stage != "running":
            self._stage, self._probe = "asking", None
            self._plan_for(ENDPOINTS[(ENDPOINTS.index(self._endpoint) + 1) % len(ENDPOINTS)])

    def action_open(self) -> None:
        """Open the session with all exchanges of the probe."""
        if self._stage == "done" and self._probe is not None and self._probe.report.session:
            self.dismiss(self._probe.report.session)

    def action_copy(self) -> None:
        """The report to the clipboard."""
        if self._probe is not None and self._probe.report.results:
            self._copy(plain_text(self._probe.report))

    def action_cancel(self) -> None:
        """Stop what runs, else close."""
        if self._stage == "running" and self._probe is not None:
            self._probe.stop()
        else:
            self.dismiss(None)

    def _plan_for(self, endpoint: str) -> None:
        self._endpoint = endpoint
        try:
            self._plan = self._probes.plan(self._model, endpoint)
            self._at = ""
        except SightlineError as error:
            self._plan = None
            self._at = f"{clean(str(error))} {clean(error.hint)}".strip()
        self._show()

    async def _run(self, probe: Probe) -> None:
        try:
            async with aclosing(probe.run()) as progress:
                async for item in progress:
                    if isinstance(item, TrialStarted):
                        self._at = f"{item.number} of {item.of}: {item.trial.name} …"
                    self._show()
            self._at = end_text(probe.report, probe.plan)
            await asyncio.to_thread(self._probes.keep, probe.report)
        except SightlineError as error:
            self._at = f"{clean(str(error))} {clean(error.hint)}".strip()
        except OSError as error:
            self._at = (
                f"{end_text(probe.report, probe.plan)} · the report could not be kept: {clean(str(error))}"
            )
        finally:
            self._stage = "done"
            if self.is_attached:
                self._show()

    def _show(self) -> None:
        if not self.query("#probe-rows"):
            return
        planned = plan_text(self._plan) if self._plan is not None and self._stage == "asking" else self._at
        style = "$text-error" if self._plan is None else ""
        self.query_one("#probe-plan", Static).update(Content.styled(planned, style))
        rows = planned_rows(self._plan) if self._plan is not None else []
        if self._probe is not None:
            rows = rows_of(self._probe.report)
        width = max(_LEAST, self.query_one("#probe-results").size.width - TITLE_CELLS - 6)
        lines = [line for row in rows for line in _lines(row, width)]
        self.query_one("#probe-rows", Static).update(Content("\n").join(lines))
        self.query_one(Keys).tell(*self._keys())

    def _keys(self) -> tuple[Key, ...]:
        if self._stage == "running":
            return (Key("Esc", "stop", "cancel"),)
        endpoint = Key("e", f"endpoint: {self._endpoint}", "endpoint")
        if self._stage == "asking":
            agree = (Key("Enter", "agree and begin", "begin"),) if self._plan is not None else ()
            return (*agree, endpoint, Key("Esc", "close", "cancel"))
        return (
            Key("o", "open its session", "open"),
            Key("y", "copy", "copy"),
            endpoint,
            Key("Esc", "close", "cancel"),
        )


def _lines(row: ProbeRow, width: int) -> list[Content]:
    """A row, its evidence wrapped beside its title."""
    first, *more = [line.text for line in wrap([Piece(row.says, Style.null())], width)] or [""]
    blank = " " * (TITLE_CELLS + 4)
    head = Content.assemble((f"{row.mark} ", row.style), (f"{row.title:<{TITLE_CELLS}}  ", "bold"), first)
    return [head, *(Content(blank + text) for text in more)]
