"""The tabs of the viewer, in their order: Request, Headers, Frames, Answer, Timing, Route, Cost, Cache."""

from __future__ import annotations

from tui.ui.wire.headers import HeadersPage
from tui.ui.wire.page import Page

PAGES: tuple[type[Page], ...] = (HeadersPage,)
