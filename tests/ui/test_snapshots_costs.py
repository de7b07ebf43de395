"""How the question before a limit and the view of costs look."""

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.store.talk import ROUTE
from tests.ui.pilots import NARROW, WIDE, chat, ready, shown, until
from tests.ui.scripted_session import ScriptedSession, deps_for
from tests.ui.shelves import NOW, deps_with, filled, store_of
from tui.chat.catalog import Price
from tui.chat.events import BudgetNeeded, Overrun
from tui.chat.record import Exchange
from tui.chat.usage import UNKNOWN_COST, Cost, Usage
from tui.store import Store, sessions, spend
from tui.ui.app import SightlineApp
from tui.ui.screens.costs import Costs

Compare = Callable[..., bool]
Steps = Callable[[Pilot[None]], Coroutine[Any, Any, None]]

OVERRUN = Overrun(
    "session",
    Decimal(5),
    Cost(Decimal("4.9712"), "computed", at_least=True),
    Cost(Decimal("0.1234"), "estimated"),
    "~18,934 tokens in, 18,330 of them cached, 611 out (the longest of its last 5)",
)
DAY = 86_400.0
PRICE = Price(Decimal("0.000003"), Decimal("0.000015"), Decimal("0.0000003"), Decimal("0.00000375"))


@pytest.fixture
def store() -> Iterator[Store]:
    with store_of(*filled()) as store:
        store._thread.call(_spend)
        yield store


def _spend(db: Any) -> None:
    rows = [sessions.must(db, record.info.id) for record in filled()]
    for n in range(60):
        model = ("claude-sonnet-4-5", "gpt-5", "gemini-3-pro-preview")[n % 3]
        usage = Usage(200, 800 * (n % 2), 100 * (n % 2), None, 300, 90 if n % 3 == 1 else None)
        route = replace(ROUTE, generation=model, price=PRICE if n % 3 == 0 else None)
        usd = Decimal("0.0055") if n % 2 == 0 else Decimal("0.005715")
        cost = UNKNOWN_COST if n % 17 == 3 else Cost(usd * (1 + n % 3 * (n % 7)), "computed")
        at = NOW - (n * n // 13 % 29) * DAY
        made = Exchange(f"x{n}", 1, 1, at, route, answer=f"a{n}", state="done", usage=usage, cost=cost)
        spend.keep(db, rows[n % len(rows)], made)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=str)
def test_the_question(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, SightlineApp)
        await ready(app)
        form = chat(app).budget_form
        chat(app).show_welcome(False)
        form.follow(BudgetNeeded(0.0, OVERRUN, lambda _: None))
        await until(lambda: form.has_focus)

    deps = deps_for(tmp_path, ScriptedSession())
    assert snap_compare(SightlineApp(deps), terminal_size=size, run_before=steps)


def of_costs(*keys: str, says: str) -> Steps:
    async def steps(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, SightlineApp)
        await ready(app)
        chat(app).action_costs()
        await until(lambda: isinstance(app.screen, Costs) and app.screen.painted)
        await pilot.press(*keys)
        await until(lambda: says in shown(app))
        # The bar beside the list comes with the next layout.
        await pilot.pause()
        await pilot.pause()

    return steps


def test_the_days(snap_compare: Compare, tmp_path: Path, store: Store) -> None:
    app = SightlineApp(deps_with(tmp_path, store))
    assert snap_compare(app, terminal_size=WIDE, run_before=of_costs(says="a bar is a day"))


def test_the_models_by_calls(snap_compare: Compare, tmp_path: Path, store: Store) -> None:
    app = SightlineApp(deps_with(tmp_path, store))
    steps = of_costs("left", "s", says="calls▾")
    assert snap_compare(app, terminal_size=NARROW, run_before=steps)


def test_the_sessions_of_all_time(snap_compare: Compare, tmp_path: Path, store: Store) -> None:
    app = SightlineApp(deps_with(tmp_path, store))
    steps = of_costs("right", "right", "r", "r", says="Why is the sky blue?")
    assert snap_compare(app, terminal_size=WIDE, run_before=steps)
