"""Connecting to a proxy: address and key, a test, what was found, then use it or also keep it."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Label, Static

from tui.clean import clean, visible
from tui.errors import SightlineError
from tui.ui.beside import beside
from tui.ui.ports import Connection, Deps
from tui.ui.screens.dialog import Dialog


class Connect(Dialog[Connection]):
    """Ends with a tested connection, or None; the key is shown nowhere and stored nowhere."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(self, deps: Deps, url: str = "") -> None:
        super().__init__()
        self._deps = deps
        self._url = url
        self._found: Connection | None = None
        self._tested: tuple[str, str] | None = None

    def compose(self) -> ComposeResult:
        """Two fields, the outcome, the buttons."""
        with VerticalScroll(classes="dialog form", can_focus=False):
            yield Label("Connect to a LiteLLM proxy", classes="title")
            yield Label("Address")
            yield Input(self._url, placeholder="https://proxy.example.com", id="url", compact=True)
            yield Label("Key")
            yield Input(
                password=True, placeholder="sk-…  (shown nowhere, written nowhere)", id="key", compact=True
            )
            yield Static(
                "Enter tests it: the list of models is read, no model is called.", id="outcome", markup=False
            )
            with Horizontal(id="buttons"):
                yield Button("Test", id="test", compact=True)
                yield Button("Use", id="use", variant="primary", compact=True, disabled=True)
                yield Button("Save to config, without the key", id="save", compact=True, disabled=True)
                yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Start where something is missing."""
        self.query_one("#key" if self._url else "#url", Input).focus()

    def _typed(self) -> tuple[str, str]:
        return self.query_one("#url", Input).value.strip(), self.query_one("#key", Input).value.strip()

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        if event.input.id == "url" and not self.query_one("#key", Input).value:
            self.query_one("#key", Input).focus()
        else:
            self._start()

    @on(Input.Changed)
    def _changed(self) -> None:
        if self._found is not None and self._tested != self._typed():
            self._found = None
            self._enable()

    @on(Button.Pressed, "#test")
    def _start(self) -> None:
        url, key = self._typed()
        if not url:
            self._say("An address is needed.", "$text-warning")
            return
        self._found = None
        self._enable()
        self._say(f"asking {visible(url, 60)} …", "$foreground-muted")
        beside(self, partial(self._test, url, key), "connect", exclusive=True)

    async def _test(self, url: str, key: str) -> None:
        try:
            found = await self._deps.connect(url, key)
        except SightlineError as error:
            hint = f"\n{clean(error.hint)}" if error.hint else ""
            self._say(f"✗ {clean(str(error))}{hint}", "$text-error")
            return
        self._found, self._tested = found, (url, key)
        models = f"{found.models} model{'s' * (found.models != 1)}"
        remarks = "".join(f"\n· {clean(remark)}" for remark in found.remarks)
        self._say(f"✓ {clean(found.server)} · {models}{remarks}", "$text-success")
        self._enable()
        self.query_one("#use", Button).focus()

    def _say(self, text: str, style: str) -> None:
        self.query_one("#outcome", Static).update(Content.styled(text, style))

    def _enable(self) -> None:
        self.query_one("#use", Button).disabled = self._found is None
        self.query_one("#save", Button).disabled = self._found is None or self._found.save is None

    @on(Button.Pressed, "#save")
    def _save(self) -> None:
        if self._found is None or self._found.save is None:
            return
        try:
            path = self._found.save()
        except (OSError, SightlineError) as error:
            self._say(f"✗ not saved: {clean(str(error))}", "$text-error")
            return
        self._say(
            f"✓ written to {clean(str(path))}, without the key: set LITELLM_PROXY_API_KEY, "
            "or say in that file where the key comes from",
            "$text-success",
        )
        self.query_one("#save", Button).disabled = True
        self.query_one("#use", Button).focus()

    @on(Button.Pressed, "#use")
    def _use(self) -> None:
        self.dismiss(self._found)

    @on(Button.Pressed, "#cancel")
    def _cancel(self) -> None:
        self.dismiss(None)
