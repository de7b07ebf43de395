"""The Turn tab: where the turn went and why, who answered, how fast, how many tokens, what it cost."""

from __future__ import annotations

from functools import lru_cache

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from tui.chat.record import Exchange
from tui.chat.route import Reason, Route
from tui.clean import cells, clean, visible
from tui.ui.figures import count, duration, money, sparkline
from tui.ui.inspected import Inspected
from tui.ui.turn_state import TurnState
from tui.ui.widgets.inspector_cost import cost_lines, left_lines
from tui.ui.widgets.inspector_page import Page
from tui.ui.widgets.inspector_route import odd_lines, served_lines

KEY_WIDTH = 8


def turn_page(seen: Inspected, width: int) -> Content:
    """The Turn tab for ``width`` cells."""
    state = seen.state
    route = state.route or seen.route
    if state.turn == 0:
        title = "Next turn"
    elif state.running:
        title = f"Turn {state.turn} · step {state.step}"
    else:
        title = f"Turn {state.turn} · {state.step} step{'s' if state.step != 1 else ''}"
    lines: list[Content] = [Content.styled(title, "bold")]
    if route is None:
        return Content("\n").join([*lines, Content.styled("no model chosen yet", "$foreground-muted")])
    room = max(width - KEY_WIDTH, 12)
    lines += _route(route, width)
    lines += _why(route.why, room)
    if state.turn:
        lines += _section("served", served_lines(seen, room))
        lines += _section("odd", odd_lines(state), wrap=room)
        lines += _section("time", _time(state, room))
        lines += _section("tokens", _tokens(state))
        lines += _section("cost", cost_lines(state, _newest(seen)), wrap=room)
        lines += _section("left", left_lines(state.limits), wrap=room)
        if state.seals_sent or state.seals_received:
            lines += _section("seals", [Content(f"{state.seals_sent} sent · {state.seals_received} new")])
    if seen.turns > 1 or (seen.turns and not state.running):
        lines += _section("session", [_session(seen)], wrap=room)
    notes = [Content.styled(f"· {clean(f.says)}", "$text-warning") for f in state.findings]
    if notes:
        lines += _section("notes", notes, wrap=room)
    if state.error is not None:
        lines += _section("failed", [Content.styled(clean(str(state.error)), "$text-error")], wrap=room)
    return Content("\n").join(lines)


def _session(seen: Inspected) -> Content:
    """What the session cost, in how many turns, and what it may cost."""
    from tui.chat.overruns import limit_text

    limit = seen.budget.session
    return Content.assemble(
        (money(seen.session_cost), ""),
        ("" if limit is None else f" · budget {limit_text(limit)}", ""),
        (f" · {seen.turns} turn{'s' * (seen.turns != 1)}", "$foreground-muted"),
    )


def _section(name: str, rows: list[Content], wrap: int | None = None) -> list[Content]:
    """Rows beside their name; every row but the first is indented to the same column."""
    if wrap is not None:
        rows = [piece for row in rows for piece in row.wrap(wrap)]
    return [
        Content.assemble((f"{name if i == 0 else '':<{KEY_WIDTH}}", "$foreground-muted"), row)
        for i, row in enumerate(rows)
    ]


def _route(route: Route, width: int) -> list[Content]:
    """The road in the order it is taken; its lines need the whole width."""
    upstream = visible(
        (route.upstream or "").removeprefix(f"{route.vendor}/") or "upstream not told", width - 3
    )
    vendor = f"({visible(route.vendor, 16)})"
    together = 3 + cells(upstream) + 2 + cells(vendor) <= width
    rows = [
        Content.assemble(
            (f"{'route':<{KEY_WIDTH}}", "$foreground-muted"),
            (visible(route.requested, width - KEY_WIDTH), "bold"),
        ),
        Content.assemble(
            (" → ", "$foreground-muted"), upstream, (f"  {vendor}" if together else "", "$foreground-muted")
        ),
        *([] if together else [Content.styled(f"   {vendor}", "$foreground-muted")]),
        Content.assemble(
            (" → ", "$foreground-muted"), visible(f"{route.provider} {route.endpoint}", width - 3)
        ),
    ]
    if route.pinned:
        rows.append(
            Content.assemble(("   pinned to ", "$foreground-muted"), visible(route.pinned, width - 13))
        )
    return rows


# Painted many times a second while an answer streams, and the same all through the turn.
@lru_cache(maxsize=8)
def _why(why: tuple[Reason, ...], room: int) -> tuple[Content, ...]:
    rows = [
        Content.assemble(clean(reason.text), (f" ({reason.source})", "$foreground-muted")) for reason in why
    ] or [Content.styled("no reason recorded", "$foreground-muted")]
    return tuple(_section("why", rows, wrap=room))


def _time(state: TurnState, room: int) -> list[Content]:
    first = Content.assemble(("TTFT ", "$foreground-muted"), duration(state.ttft_s))
    if state.rate is not None:
        first = Content.assemble(first, " · ", f"{'~' if state.rate_estimated else ''}{state.rate:.0f} tok/s")
    rows = [first]
    if len(state.buckets) > 1:
        rows.append(
            Content.assemble(
                (sparkline(state.buckets, min(room - 7, 24)), "$text-accent"), (" tok/s", "$foreground-muted")
            )
        )
    if not state.running:
        rows.append(
            Content.assemble(
                duration(max(state.last_at - state.started_at, 0.0)), (" in all", "$foreground-muted")
            )
        )
    return rows


def _tokens(state: TurnState) -> list[Content]:
    usage = state.usage
    if usage is None:
        return [Content.styled("not told yet" if state.running else "not told", "$foreground-muted")]
    rows = [
        Content.assemble(
            ("in ", "$foreground-muted"),
            count(usage.input),
            ("  cached ", "$foreground-muted"),
            count(usage.cache_read),
        )
    ]
    writes = [w for w in (usage.cache_write_5m, usage.cache_write_1h) if w is not None]
    if writes:
        rows.append(Content.assemble(("cache writes ", "$foreground-muted"), count(sum(writes))))
    thinking = "" if usage.reasoning is None else f" (thinking {count(usage.reasoning)})"
    rows.append(
        Content.assemble(("out ", "$foreground-muted"), count(usage.output), (thinking, "$foreground-muted"))
    )
    return rows


def _newest(seen: Inspected) -> Exchange | None:
    """The newest exchange of the turn that has ended."""
    for id in reversed(list(seen.log)):
        exchange = seen.log[id]
        if exchange.purpose == "turn" and exchange.state != "open":
            return exchange if exchange.turn == seen.state.turn else None
    return None


class TurnTab(VerticalScroll):
    """The page in a scroll."""

    def __init__(self) -> None:
        super().__init__()
        self.can_focus = False
        self._page = Page(id="turn-page")
        self._seen: Inspected | None = None
        self._width = self._height = -1

    def compose(self) -> ComposeResult:
        """One page."""
        yield self._page

    def show(self, seen: Inspected) -> None:
        """Draw the page for the present width."""
        if not self.size.width:
            return
        self._seen, self._width = seen, self.scrollable_content_region.width
        page = turn_page(seen, self._width)
        height = page.plain.count("\n")
        # A new layout of the whole screen is dear: only when the page has grown or shrunk.
        is_other = height != self._height
        self._page.put(page, layout=is_other)
        self._height = height
        if is_other:
            self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        """Draw once more where the scrollbar came or went: a row that is too long would lose its indent."""
        if self._seen is not None and self.scrollable_content_region.width != self._width:
            self.show(self._seen)

    def move(self, key: str) -> None:
        """Scroll as a key of that name would."""
        page = max(1, self.scrollable_content_region.height - 2)
        steps = {"up": -1, "down": 1, "pageup": -page, "pagedown": page}
        ends = {"home": 0, "end": self.max_scroll_y}
        self.scroll_to(y=ends.get(key, self.scroll_y + steps.get(key, 0)), animate=False)
