"""An application that writes to its terminal only what differs from what stands there."""

from __future__ import annotations

from typing import Any, Self

from rich.console import RenderableType
from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.screen import Screen

from tui.ui.painting.shown import Differences, Shown
from tui.ui.painting.themed import Themed


class Painted(Themed):
    """Knows what it wrote; a resize, a return from elsewhere and a repaint that is asked for begin anew."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.shown = Shown()
        """What stands on the terminal."""
        super().__init__(*args, **kwargs)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if isinstance(renderable, LayoutUpdate | ChopsUpdate):
            renderable = Differences(self.shown, renderable)
        super()._display(screen, renderable)

    def refresh(self, *, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Draw everything again, whatever is known of the terminal."""
        self.shown.forget()
        return super().refresh(repaint=repaint, layout=layout, recompose=recompose)

    async def on_event(self, event: events.Event) -> None:
        """A terminal of another size has moved what stood on it."""
        if isinstance(event, events.Resize):
            self.shown.forget()
        await super().on_event(event)
