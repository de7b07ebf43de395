"""What all dialogs share: they lie below the transcript, Esc closes them, old keys do not confirm them."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import events, getters
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input

from tui.clean import clean
from tui.ui.host import Host
from tui.ui.painting.painter import Painter

if TYPE_CHECKING:
    from tui.ui.inspected import Inspected

Result = TypeVar("Result")


class Dialog(ModalScreen[Result | None]):
    """A form over the lower part of the screen; what is above goes on living."""

    app = getters.app(Host)

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Close", show=False),
        Binding("ctrl+c", "copy_or_cancel", "Close", show=False, priority=True),
        Binding("ctrl+q", "app.quit", "Quit", show=False, priority=True),
        Binding("ctrl+l", "app.repaint", "Repaint", show=False, priority=True),
        Binding("ctrl+z", "app.suspend_process", "Suspend", show=False, priority=True),
    ]

    _painted_at: float | None = None

    def __init__(self) -> None:
        super().__init__()
        self._compositor = Painter()

    def on_mount(self) -> None:
        """Nothing on the screen moves by itself."""
        for field in self.query(Input):
            field.cursor_blink = False

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Note when the first picture went out."""
        if self._painted_at is None:
            # All of it was styled as it was mounted, a moment ago; once more is as dear as the first time.
            event.refresh_styles = False
            self.call_after_refresh(self._painted)

    def _painted(self) -> None:
        self._painted_at = monotonic()

    @property
    def painted(self) -> bool:
        """Whether the dialog has stood on the screen."""
        return self._painted_at is not None

    def too_early(self, event: events.Key) -> bool:
        """Whether this key would confirm something that was not on the screen when it was pressed."""
        if event.key not in ("enter", "ctrl+j"):
            return False
        return self._painted_at is None or event.time < self._painted_at

    def follow(self, seen: Inspected) -> None:
        """What the inspector shows changed."""

    def show_catalog(self) -> None:
        """The models were read."""

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close, once: the second of two clicks would close what lies behind."""
        if not self.is_current:
            return AwaitComplete()
        if not self.is_mounted:
            # What it does as it is mounted would find none of its widgets.
            self.call_later(self._dismiss, result)
            return AwaitComplete()
        return super().dismiss(result)

    def _dismiss(self, result: Result | None) -> None:
        # Without what ``dismiss`` returns: a screen cannot wait for its own end.
        self.dismiss(result)

    def action_cancel(self) -> None:
        """Close without a result."""
        self.dismiss(None)

    def action_copy_or_cancel(self) -> None:
        """Copy the selected text, else close."""
        selected = getattr(self.focused, "selected_text", "") or self.get_selected_text()
        if selected:
            self.app.copy_text(clean(selected))
        else:
            self.dismiss(None)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Outside the form the wheel turns what lies behind."""
        self._pass_wheel(event)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Outside the form the wheel turns what lies behind."""
        self._pass_wheel(event)

    def _pass_wheel(self, event: events.MouseScrollUp | events.MouseScrollDown) -> None:
        below = self.app.screen_stack[-2]
        target, _ = below.get_widget_at(event.screen_x, event.screen_y)
        event.stop()
        target.scroll_relative(y=-3 if isinstance(event, events.MouseScrollUp) else 3, animate=False)
