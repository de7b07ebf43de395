"""The Cost page: what it says of figures, differences and limits, and asking the proxy for more."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.ui.pilots import NARROW, ready, running, shown, until
from tests.ui.scripted_session import ScriptedSession, deps_for
from tests.ui.wire.exchanges import ok
from tui.chat.catalog import Price, Refusal
from tui.chat.frame import Frame
from tui.chat.record import Wire
from tui.chat.usage import Figure
from tui.truth.limits import Limit
from tui.truth.lookups import Allowance, KeyInfo, LogRow, PriceList
from tui.ui.ports import Deps
from tui.ui.wire.cost_page import plain
from tui.ui.wire.cost_rows import Found, ids_of, key_rows, limit_words, rows
from tui.ui.wire.seen import Seen
from tui.ui.wire.viewer import Viewer

D = Decimal
FIGURES = (
    Figure("proxy-header", D("0.03046"), "x-litellm-response-cost: 0.03046"),
    Figure("proxy-stream", None, "the answer was not streamed"),
    Figure("computed", D("0.02"), "1,204 in × $3.00/M"),
)


@dataclass
class Lookups:
    """Answers at once, and counts what it was asked."""

    prices: PriceList | Refusal | None = None
    key: KeyInfo | None = None
    rows: dict[str, LogRow] = field(default_factory=dict)
    asked: list[Any] = field(default_factory=list)

    async def read_prices(self, version: str | None) -> PriceList | Refusal:
        self.asked.append("prices")
        self.prices = PriceList({"claude-opus-4-5": Price(D("5e-6"), D("25e-6"))}, version=version)
        return self.prices

    async def read_row(self, exchange: str, ids: Any) -> LogRow:
        self.asked.append(list(ids))
        self.rows[exchange] = LogRow(D("0.03046"), "/spend/logs: spend of the row")
        return self.rows[exchange]

    async def read_key(self) -> KeyInfo:
        self.asked.append("key")
        budget = Allowance("key", "mine", D("0.25"), D(2), period="30d", models=("smart",))
        self.key = KeyInfo((budget,), (Refusal("/team/info", 403, "not for you"),))
        return self.key


def seen(session: ScriptedSession, **more: Any) -> Seen:
    exchange, wire = ok(session, "one", 1, 1, figures=FIGURES, **more)
    return Seen(exchange, wire, catalog=session.catalog)


def said(*of: Any) -> str:
    return "\n".join(plain(row) for row in rows(*of))


def test_figures_stand_side_by_side_and_a_difference_is_named() -> None:
    page = said(seen(ScriptedSession()), Found())
    assert page.startswith("Cost: $0.0305 · the response header counts")
    assert "✓ response header  $0.03046  x-litellm-response-cost: 0.03046" in page
    assert "≠ tokens × price   $0.02  1,204 in × $3.00/M" in page
    assert "· price list       not looked up; u asks the proxy, free of charge" in page
    assert "⚠ cost-mismatch" in page


def test_an_exchange_of_old_shows_the_figure_it_was_kept_with() -> None:
    exchange, wire = ok(ScriptedSession(), "one", 1, 1)
    page = said(Seen(exchange, wire), Found())
    assert "✓ response header  $0.03046  as it was told then" in page


def test_limits_are_told_with_their_headers_and_hostile_ones_are_harmless() -> None:
    base = seen(ScriptedSession())
    headers = (
        ("x-litellm-key-spend", "1.9"),
        ("x-litellm-key-max-budget", "2"),
        ("x-litellm-key-remaining-requests-\x1b[31mred", "7"),
    )
    page = said(replace(base, wire=Wire(headers=headers)), Found())
    assert "key's spend      $0.1000 of $2.0000 left (5 %) · $1.9000 spent" in page
    assert "\x1b" not in page


@pytest.mark.parametrize(
    ("left", "share"), [("4000", "100 %"), ("3996", "99 %"), ("2000", "50 %"), ("3", "1 %"), ("0", "0 %")]
)
def test_only_all_of_a_limit_is_a_hundred_percent(left: str, share: str) -> None:
    limit = Limit("vendor", "", "requests", D(left), D(4000), None)
    assert f"{int(left):,} of 4,000 left ({share})" in limit_words(limit)


def test_the_key_tells_its_budget_its_models_and_what_is_refused() -> None:
    info = KeyInfo(
        (Allowance("key", "mine", D("0.25"), D(2), period="30d", models=("a",) * 20, blocked=True),),
        (Refusal("/team/info", 403, "no"),),
    )
    page = "\n".join(map(plain, key_rows(info)))
    assert "key mine         $1.7500 of $2.0000 left (88 %) · $0.2500 spent" in page
    assert "a and 8 more" in page
    assert "· /team/info       403, no" in page
    assert "⚠ blocked" in page


def test_the_spend_logs_are_asked_by_the_call_id_then_by_the_answers_own() -> None:
    exchange = seen(ScriptedSession()).exchange
    frames = (
        Frame("message_start", '{"type":"message_start","message":{"id":"msg_1"}}', 0.1),
        Frame("x", "no json", 0.2),
    )
    assert ids_of(exchange, Wire(frames=frames))[1:] == ["msg_1"]
    assert ids_of(replace(exchange, served=None), Wire(frames=(Frame("", '{"id":"chatcmpl-1"}', 0.1),))) == [
        "chatcmpl-1"
    ]


async def test_u_asks_the_proxy_once_and_every_answer_is_shown(tmp_path: Path) -> None:
    session, lookups = ScriptedSession(), Lookups()
    one = seen(session)
    session.log["one"], session.wires["one"] = one.exchange, one.wire or Wire()
    deps: Deps = deps_for(tmp_path, session)
    deps = replace(deps, home=replace(deps.home, lookups=lookups))
    async with running(deps, NARROW) as (app, pilot):
        await ready(app)
        app.screen.action_cost_of()  # type: ignore[attr-defined]
        await until(lambda: "side by side" in shown(app))
        assert lookups.asked == []
        await pilot.press("u")
        await until(lambda: lookups.asked[-1:] == ["prices"] and "✓ spend log" in shown(app))
        assert lookups.asked == ["key", [*ids_of(one.exchange, one.wire)], "prices"]
        assert isinstance(app.screen, Viewer)
        assert app.screen.page is not None
        assert "Key: as the proxy says now" in app.screen.page.copied


async def test_what_is_left_is_asked_for_when_the_form_opens(tmp_path: Path) -> None:
    lookups = Lookups()
    deps = deps_for(tmp_path, ScriptedSession())
    deps = replace(deps, home=replace(deps.home, lookups=lookups))
    async with running(deps, NARROW) as (app, pilot):
        await ready(app)
        app.screen.action_limits()  # type: ignore[attr-defined]
        await until(lambda: "$1.7500 of $2.0000 left (88 %)" in shown(app))
        assert lookups.asked == ["key"]
        assert "the newest answer's headers tell none" in shown(app)
        await pilot.press("u")
        await until(lambda: lookups.asked == ["key", "key"])
        await pilot.press("escape")
