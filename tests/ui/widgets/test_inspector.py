"""The Turn page as text."""

from dataclasses import replace
from decimal import Decimal

from textual.app import App, ComposeResult

from tests.ui.pilots import until
from tests.ui.scripted_session import CARDS, ScriptedSession, home_for, resolve
from tui.chat.catalog import Catalog
from tui.chat.finding import Finding
from tui.chat.route import Served
from tui.chat.usage import Cost, Usage
from tui.errors import CallFailed
from tui.ui.inspected import Inspected
from tui.ui.turn_state import TurnState, advance
from tui.ui.widgets.inspector_turn import TurnTab, turn_page

ROUTE = resolve("smart", Catalog(CARDS))
DONE = TurnState(stage="done", turn=3, step=2, route=ROUTE, started_at=1.0, last_at=5.2)


def page(state: TurnState, *, turns: int = 3, width: int = 35) -> str:
    return turn_page(Inspected(state, ROUTE, Cost(Decimal("0.2104"), "proxy-header"), turns), width).plain


async def test_a_turn_from_the_engines_events_fits_the_panel() -> None:
    session = ScriptedSession()
    await home_for(session).load_catalog()
    state = TurnState()
    async for event in session.send("why"):
        state = advance(state, event)
    said = turn_page(Inspected(state, ROUTE, session.totals.cost, 1), 35).plain
    assert max(len(line) for line in said.splitlines()) <= 35
    for part in (
        "Turn 1 · 1 step",
        "→ claude-opus-4-5  (anthropic)",
        "→ litellm-anthropic /v1/messages",
        "(catalog)",
        "served  anthropic/claude-opus-4-5",
        "retries 0 · fallbacks 0",
        "TTFT 0.6 s · 255 tok/s",
        "in 1,204  cached 18,330",
        "out 611 (thinking 500)",
        "$0.0305 proxy header",
        "$0.0305 tokens × price ✓",
        "3 sent · 1 new",
        "session $0.0305 · 1 turn",
    ):
        assert part in said


def test_before_the_first_turn_it_shows_where_it_would_go() -> None:
    said = turn_page(Inspected(TurnState(), ROUTE), 35).plain
    assert said.startswith("Next turn")
    assert "served" not in said
    assert "no model chosen" in turn_page(Inspected(), 35).plain


def test_figures_that_differ_are_marked() -> None:
    state = replace(DONE, cost=Cost(Decimal("0.02"), "proxy-stream"), computed=Decimal("0.03"))
    assert "$0.0300 tokens × price ≠" in page(state)


def test_a_computed_cost_is_not_compared_with_itself() -> None:
    state = replace(DONE, cost=Cost(Decimal("0.03"), "computed"), computed=Decimal("0.03"))
    assert page(state).count("tokens × price") == 1


def test_unknown_is_said_and_never_a_zero() -> None:
    state = replace(DONE, cost=Cost(None, "unknown"), usage=Usage(), served=Served())
    said = page(state)
    assert "cost    unknown" in said
    assert "in ?" in said
    assert "not told by this proxy" in said
    assert "retries ? · fallbacks ?" in said


def test_what_nobody_told_is_not_waited_for_once_the_turn_is_over() -> None:
    assert "tokens  not told yet\n" in page(replace(DONE, stage="answering", usage=None))
    assert "tokens  not told\n" in page(replace(DONE, usage=None))


def test_cache_writes_notes_and_failures_are_shown() -> None:
    state = replace(
        DONE,
        usage=Usage(1, 2, 300, 40, 5),
        findings=(Finding("reasoning-not-kept", "reasoning is not kept on this route"),),
        error=CallFailed("overloaded", "the vendor is busy"),
    )
    said = page(state, width=60)
    assert "cache writes 340" in said
    assert "reasoning is not kept on this route" in said
    assert "overloaded: the vendor is busy" in said


async def test_rows_keep_their_indent_beside_a_scrollbar_that_comes_and_goes() -> None:
    class Alone(App[None]):
        def compose(self) -> ComposeResult:
            yield TurnTab()

    def seen(notes: int) -> Inspected:
        finding = Finding("c", "told " * 40)
        return Inspected(replace(DONE, findings=(finding,) * notes), ROUTE, Cost(Decimal(1), "computed"), 3)

    app = Alone()
    async with app.run_test(size=(60, 12)) as pilot:
        tab = app.query_one(TurnTab)
        for notes in (0, 30, 0):
            await pilot.pause()
            tab.show(seen(notes))
            await until(lambda: tab.show_vertical_scrollbar == bool(notes))  # noqa: B023
            await until(lambda: tab._width == tab.scrollable_content_region.width)
    assert tab._width == 60


def test_untrusted_text_is_clean() -> None:
    evil = "\x1b]0;x\x07"
    state = replace(
        DONE,
        route=replace(ROUTE, requested=evil, upstream=evil),
        served=Served(model=evil, model_id=evil),
        findings=(Finding("c", evil),),
    )
    assert "\x1b" not in page(state)
    assert "\x07" not in page(state)
