"""The scrolling pane below the transcript: follows the end, keeps the place, repaints what changed.

One widget for any number of blocks. Its virtual size grows in jumps, and rows that did not change are
not painted again: each repaint of the region is what streaming costs.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from textual import events
from textual.geometry import Region, Size
from textual.widget import Widget

from tui.ui.transcript.surface import MARGIN, Surface


class Pane(Surface, can_focus=True):
    """A page of blocks on the screen: scrolling and following."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.clock = clock
        self.following = True
        """Whether the end is kept in sight; so while the user is at the end."""
        self.growing = False
        """Whether more is about to come: then the virtual size grows in jumps."""
        self._extent = 0
        self._moving = False
        self._painted_rows = 0
        """Rows there were when the screen was last brought up to date."""
        self._seen = 0
        """Rows there were when the end was last in sight."""
        self._looked: tuple[int, str] | None = None

    # What the screen looks like

    def look(self, *, force: bool = False) -> None:
        """Take over the present width and theme, keeping what is read in its place."""
        width = self.scrollable_content_region.width
        looked = (width, self.app.theme)
        if width <= 0 or (looked == self._looked and not force):
            return
        first = self._looked is None
        self._looked = looked
        self.forget_styles()
        anchor = None if first or self.following or not len(self.page) else self.page.anchor_at(self.top)
        self.page.look(width - MARGIN - 1, self._palette())
        if anchor is not None:
            self._set_top(self.page.row_of(anchor), clamp=False)
        self.update_rows()
        self.refresh()

    def on_mount(self) -> None:
        """Learn the width, and about changes of theme."""
        super().on_mount()  # type: ignore[no-untyped-call]
        # At once: the frame that follows shows everything else in the new theme.
        self.app.theme_changed_signal.subscribe(self, lambda _: self.look(force=True), immediate=True)

    def on_resize(self, _event: events.Resize) -> None:
        """Lay out for the new size."""
        self.look()
        self.update_rows()

    def notify_style_update(self) -> None:
        """Styles changed: colours may have."""
        super().notify_style_update()
        self.forget_styles()
        # Those of another theme are whole when its change is told.
        if self._looked is not None and self.is_mounted and self._looked[1] == self.app.theme:
            self.look(force=self._palette() != self.page.palette)

    # Rows and the scroll position

    def update_rows(self, changed: int | None = None) -> None:
        """Blocks changed from row ``changed`` on (None: nothing painted did): settle, size, paint."""
        if self._looked is None:
            return
        if not self.following:
            self._settle()
        self._grow()
        if self.following:
            self._follow()
        if changed is None and self.rows != self._painted_rows:
            # A block that had no rows before has some now.
            changed = min(self.rows, self._painted_rows)
        if changed is not None:
            self.repaint_rows(changed, max(self.rows, self._painted_rows) - changed)
        self._painted_rows = self.rows
        self._update_more()

    def _settle(self) -> None:
        top = self.page.settle(self.top, self.window)
        if top != self.top:
            self._set_top(top)

    def _grow(self) -> None:
        """Fit the virtual size; while text arrives it grows in jumps, for each change repaints everything."""
        rows = self.rows
        if self.growing and rows > self.window:
            if rows > self._extent:
                self._set_extent(rows + max(8, self.window // 4))
            elif self._extent - rows > 2 * max(8, self.window // 4):
                self._set_extent(rows)
        else:
            self._set_extent(rows)

    def _set_extent(self, extent: int) -> None:
        if extent == self._extent and self.virtual_size.height == extent:
            return
        self._extent = extent
        # Setting the reactive would lay out the whole screen; only the scrollbar has to know.
        self.set_reactive(Widget.virtual_size, Size(self.scrollable_content_region.width, extent))
        self.vertical_scrollbar.window_virtual_size = extent
        self.vertical_scrollbar.window_size = self.window
        self.vertical_scrollbar.refresh()
        if self.top > self.max_scroll_y:
            self._set_top(self.max_scroll_y)

    def _follow(self) -> None:
        for _ in range(4):
            self._grow()
            bottom = max(0, self._extent - self.window)
            self.page.settle(bottom, self.window)
            self._grow()
            if max(0, self._extent - self.window) == bottom:
                break
        self._set_top(max(0, self._extent - self.window))
        self._seen = self.rows

    def move_to(self, row: int) -> None:
        """Scroll to ``row`` as part of a change, not as the user's wish."""
        self._set_top(row, clamp=False)

    def _set_top(self, row: int, *, clamp: bool = True) -> None:
        self._moving = True
        try:
            if not clamp and row + self.window > self._extent:
                self._set_extent(row + self.window)
            self.scroll_target_y = row
            self.scroll_y = row
        finally:
            self._moving = False

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The position changed; by the user unless we are moving ourselves."""
        super().watch_scroll_y(old_value, new_value)
        if self._moving or self._looked is None or round(old_value) == round(new_value):
            return
        self._settle()
        self._grow()
        self.following = self.top + self.window >= self.rows
        if self.following:
            self._seen = self.rows
        self._update_more()

    def repaint_more(self) -> None:
        """Paint the row of new content again, if it is there."""
        if self.more_shown:
            self.refresh(Region(0, self.window - 1, self.size.width, 1))

    def repaint_rows(self, first: int, count: int) -> None:
        """Paint ``count`` rows of the page from ``first`` again, as far as they are on the screen."""
        start, end = max(first, self.top), min(first + count, self.top + self.window)
        if start < end:
            self.refresh(Region(0, start - self.top, self.size.width, end - start))

    def _update_more(self) -> None:
        more = 0 if self.following else max(0, self.rows - self._seen)
        if more != self.more_shown:
            self.more_shown = more
            self.refresh(Region(0, self.window - 1, self.size.width, 1))

    def jump_to_end(self) -> None:
        """Go to the end and follow it."""
        self.following = True
        self._follow()
        self._update_more()

    def go(self, row: int) -> None:
        """Scroll so that ``row`` of the page is the first, as a user would."""
        self.scroll_target_y = max(0, min(row, self.max_scroll_y))
        self.scroll_y = self.scroll_target_y
