"""The Turn tab's cost: the sum, the newest step's figures side by side, what does not fit, what is left."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from textual.content import Content

from tui.chat.record import Exchange
from tui.chat.usage import FigureSource
from tui.clean import clean
from tui.pricing import agree
from tui.truth.limits import SPEND, Limit
from tui.ui.figures import SOURCES, money, usd
from tui.ui.turn_state import TurnState

if TYPE_CHECKING:
    from tui.truth.reconcile import Reconciliation

_SHORT: dict[FigureSource, str] = {
    "proxy-header": "header",
    "proxy-stream": "stream",
    "computed": "computed",
    "price-list": "list",
    "proxy-log": "log",
}
_MOST_LIMITS = 4
LOW_SHARE = Decimal("0.1")
"""Less than this left of a limit is worth a look."""
_MUTED = "$foreground-muted"


def cost_lines(state: TurnState, newest: Exchange | None) -> list[Content]:
    """The cost of the turn, and how the figures of its ``newest`` step stand to each other."""
    if state.cost is None:
        return [Content.styled("not known yet" if state.running else "unknown", _MUTED)]
    if state.cost.usd is None:
        rows = [Content.styled("unknown", _MUTED)]
    else:
        rows = [Content.assemble(money(state.cost), (f" {SOURCES[state.cost.source]}", _MUTED))]
        told = state.cost.source in ("proxy-header", "proxy-stream")
        if told and state.computed is not None:
            rows.append(
                Content.assemble(
                    usd(state.computed),
                    (" tokens × price ", _MUTED),
                    _mark(same=agree(state.cost.usd, state.computed)),
                )
            )
    if newest is not None and newest.figures:
        rows += _figures(newest)
    return rows


def _figures(exchange: Exchange) -> list[Content]:
    """Which figures the step had, each with a mark, and what does not fit."""
    from tui.truth.reasons import Evidence
    from tui.truth.reconcile import reconcile

    evidence = Evidence(exchange.usage, exchange.route.price, model=exchange.route.requested)
    made = reconcile(exchange.figures, evidence, cut=exchange.cost.at_least)
    if sum(figure.usd is not None for figure in made.figures) < 2:
        return _odd(exchange, made)
    pieces: list[Content] = []
    for figure in made.figures:
        same = made.agrees(figure)
        mark = Content.styled("–", _MUTED) if same is None else _mark(same=same)
        pieces.append(Content.assemble((f"{_SHORT[figure.source]} ", _MUTED), mark))
    return [Content("  ").join(pieces), *_odd(exchange, made)]


def _odd(exchange: Exchange, made: Reconciliation) -> list[Content]:
    """What was seen to be odd when the step ended, by the catalog too; else what its figures alone show."""
    seen = [f for f in exchange.observed if f.cls in ("price-polluted", "cost-mismatch")]
    seen = seen or [f for f in made.mismatches if f.cls == "cost-mismatch"]
    return [Content.styled(f"⚠ {clean(f.says)}", "$text-warning") for f in seen]


def _mark(*, same: bool) -> Content:
    return Content.styled("✓", "$text-success") if same else Content.styled("≠", "bold $text-warning")


def left_lines(limits: tuple[Limit, ...]) -> list[Content]:
    """What the key and its rate limits leave, by the newest answer's headers; the scarcest first."""
    told = [limit for limit in limits if limit.remaining is not None]
    told.sort(key=lambda limit: (limit.what != SPEND, 2 if limit.share is None else limit.share))
    return [_left(limit) for limit in told[:_MOST_LIMITS]]


def _left(limit: Limit) -> Content:
    left = limit.remaining or 0
    amount = usd(limit.remaining) if limit.what == SPEND and limit.remaining is not None else f"{left:,.0f}"
    of = ""
    if limit.limit is not None:
        of = f" of {usd(limit.limit) if limit.what == SPEND else f'{limit.limit:,.0f}'}"
    whose = "vendor" if limit.by == "vendor" else limit.of
    style = "bold $text-warning" if limit.share is not None and limit.share <= LOW_SHARE else ""
    what = "" if limit.what == SPEND else f" {limit.what}"
    return Content.assemble((f"{amount}{of}", style), (f"{what} · {clean(whose)}", _MUTED))
