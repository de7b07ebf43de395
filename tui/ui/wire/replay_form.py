"""The form before a request is sent once more: what is another, how often, what it may cost."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, Static

from tui.clean import clean, visible
from tui.engine.reruns import MOST_TIMES, Edits, Plan, parsed
from tui.errors import SightlineError, UsageError
from tui.exchanges.sent import own_headers
from tui.knob_text import header_complaint
from tui.secrets import MASK
from tui.ui.beside import beside
from tui.ui.editor import edit, editor_command
from tui.ui.figures import about
from tui.ui.ports import RerunsPort
from tui.ui.widgets.keys import Key, Keys
from tui.ui.wire.paid_form import PaidForm
from tui.ui.wire.seen import Seen

EDITED_FILE = "request.json"
APART = " | "
"""Between two headers in the field."""
FIELDS = ("times", "model", "endpoint", "headers")
KEYS = (
    Key("Enter", "send", "send"),
    Key("Tab", "next field", "next"),
    Key("^E", "edit the body", "edit"),
    Key("Esc", "cancel", "cancel"),
)


class ReplayForm(PaidForm):
    """Ends with what shall be sent, or None; ``edits`` opens the editor at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+e", "edit", "Edit the body", show=False, priority=True),
        Binding("down", "next", "Next field", show=False),
        Binding("up", "next(-1)", "Field before", show=False),
    ]

    def __init__(self, seen: Seen, reruns: RerunsPort, *, times: int = 1, edits: bool = False) -> None:
        super().__init__()
        self._seen = seen
        self._reruns = reruns
        self._times = times
        self._opens_editor = edits
        self._body: str | None = None
        """The body as it was edited."""
        self._headers = own_headers(seen.wire.request_headers if seen.wire else ())

    def compose(self) -> ComposeResult:
        """The fields, what will happen, the keys."""
        exchange = self._seen.exchange
        values = {
            "times": str(self._times),
            "model": visible(exchange.route.requested),
            "endpoint": exchange.route.dialect,
            "headers": clean(APART.join(f"{name}: {value}" for name, value in self._headers.items())),
        }
        self._was = values
        with Vertical(classes="dialog form"):
            yield Label("Send this request once more", classes="title")
            for name in FIELDS:
                with Horizontal(classes="field"):
                    yield Label(name)
                    yield Input(values[name], id=f"again-{name}", compact=True)
            yield Static(id="again-body", markup=False)
            yield Static(id="again-told", markup=False)
            yield Keys(*KEYS)

    def on_mount(self) -> None:
        """Say what it may cost; the editor first where that is wished."""
        super().on_mount()
        self.query_one("#again-times", Input).focus()
        self.look()
        if self._opens_editor:
            self.call_after_refresh(self.action_edit)

    async def planned(self) -> tuple[Plan, list[str]]:
        """The request as the fields have it, and what it may cost."""
        self._tell_body()
        times, edits = self._wanted()
        plan = await self._reruns.replay(self._seen.exchange.id, edits)
        cost = plan.estimate.cost
        whole = about(replace(cost, usd=cost.usd * times) if cost.usd is not None else cost)
        each = "" if times == 1 else f" for all {times}"
        lines = [f"{whole}{each} · {plan.estimate.assumes}", "Nothing of the conversation changes."]
        return plan, lines + [f"! {finding.says}" for finding in plan.findings]

    @property
    def times(self) -> int:
        """How often it shall be sent."""
        return self._wanted()[0]

    def _tell_body(self) -> None:
        wire = self._seen.wire
        size = len(wire.body) if wire is not None else 0
        body = "as it was sent" if self._body is None else "as you edited it, before:"
        self.query_one("#again-body", Static).update(f"body {body} {size:,} bytes")

    def _wanted(self) -> tuple[int, Edits]:
        """What the fields say; UsageError for what cannot be meant."""
        now = {name: self.query_one(f"#again-{name}", Input).value.strip() for name in FIELDS}
        if not now["times"].isdecimal() or not 1 <= int(now["times"]) <= MOST_TIMES:
            raise UsageError("times", f"times is a number from 1 to {MOST_TIMES}")
        return int(now["times"]), Edits(
            None if self._body is None else parsed(self._body),
            None if now["headers"] == self._was["headers"].strip() else headers_of(now["headers"]),
            "" if now["model"] == self._was["model"] else now["model"],
            "" if now["endpoint"] == self._was["endpoint"] else now["endpoint"],
        )

    def action_next(self, step: int = 1) -> None:
        """The next field, or the one before."""
        if step > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def action_edit(self) -> None:
        """The body in $VISUAL or $EDITOR."""
        beside(self, self._edit, "editor", exclusive=True)

    async def _edit(self) -> None:
        try:
            text = self._body
            if text is None:
                text = await asyncio.to_thread(_pretty, self._seen.wire.body if self._seen.wire else b"{}")
            command, where = editor_command(os.environ), self.app.deps.data_dir
            with self.app.batch_update(), self.app.suspend():
                edited = await asyncio.to_thread(edit, text, where, command, EDITED_FILE)
        except SuspendNotSupported:
            self.app.say("This terminal cannot be handed over to an editor.", warning=True)
        except SightlineError as error:
            self.app.say(f"{error}\n{error.hint}".strip(), warning=True)
        else:
            self._body = None if self._body is None and edited == text else edited
            self.look()


def headers_of(text: str) -> dict[str, str]:
    """Headers as they are written in the field; UsageError for what is none."""
    out: dict[str, str] = {}
    for one in filter(None, map(str.strip, text.split(APART.strip()))):
        name, colon, value = (piece.strip() for piece in one.partition(":"))
        complaint = "is not written as name: value" if not colon else header_complaint(name, value)
        if complaint and value != MASK:
            raise UsageError("headers", f"{name} {complaint}", hint=f"write name: value{APART}name: value")
        out[name] = value
    return out


def _pretty(body: bytes) -> str:
    """The body to be edited: indented where it is JSON."""
    import json

    from tui.chat.json_text import load_text

    text = body.decode("utf-8", "replace")
    try:
        return json.dumps(load_text(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return text
