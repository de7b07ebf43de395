"""The tabs of the viewer, in their order: Request, Headers, Frames, Answer, Timing, Route, Cost, Cache."""

from __future__ import annotations

from tui.ui.wire.answer_page import AnswerPage
from tui.ui.wire.cache_page import CachePage
from tui.ui.wire.cost_page import CostPage
from tui.ui.wire.frames_page import FramesPage
from tui.ui.wire.headers import HeadersPage
from tui.ui.wire.page import Page
from tui.ui.wire.request_page import RequestPage
from tui.ui.wire.route_page import RoutePage
from tui.ui.wire.timing_page import TimingPage

PAGES: tuple[type[Page], ...] = (
    RequestPage,
    HeadersPage,
    FramesPage,
    AnswerPage,
    TimingPage,
    RoutePage,
    CostPage,
    CachePage,
)
