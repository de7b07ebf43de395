"""The cost in the Turn tab: the sum, the newest step's figures with a mark each, and what is left."""

from dataclasses import replace
from decimal import Decimal

from tests.ui.scripted_session import ScriptedSession
from tests.ui.wire.exchanges import ok
from tui.chat.finding import Finding
from tui.chat.record import Exchange
from tui.chat.usage import Cost, Figure
from tui.truth.limits import limits
from tui.ui.turn_state import TurnState
from tui.ui.widgets.inspector_cost import cost_lines, left_lines

D = Decimal
DONE = TurnState(stage="done", turn=1, step=1, cost=Cost(D("0.02"), "proxy-header"), computed=D("0.02"))
HEADER = Figure("proxy-header", D("0.02"), "there")
NO_STREAM = Figure("proxy-stream", None, "the answer was not streamed")


def ended(*figures: Figure, observed: tuple[Finding, ...] = ()) -> Exchange:
    exchange, _ = ok(ScriptedSession(), "one", 1, 1, figures=figures, observed=observed)
    return exchange


def lines(exchange: Exchange | None, state: TurnState = DONE) -> list[str]:
    return [line.plain for line in cost_lines(state, exchange)]


def test_the_figures_of_the_newest_step_have_a_mark_each() -> None:
    same = ended(HEADER, NO_STREAM, Figure("computed", D("0.02"), "sum"))
    assert lines(same)[-1] == "header ✓  stream –  computed ✓"
    other = ended(HEADER, NO_STREAM, Figure("computed", D("0.03"), "sum"))
    assert lines(other)[2] == "header ✓  stream –  computed ≠"
    assert lines(other)[3].startswith("⚠ tokens × price says $0.03, response header $0.02 (+50.0 %)")


def test_what_the_catalog_told_when_the_step_ended_is_said_instead() -> None:
    seen = Finding("price-polluted", "billed at another's price")
    assert lines(ended(HEADER, observed=(seen,)))[-1] == "⚠ billed at another's price"


def test_a_single_figure_needs_no_marks_and_an_unknown_cost_stays_unknown() -> None:
    assert lines(ended(HEADER)) == lines(None) == ["$0.0200 proxy header", "$0.0200 tokens × price ✓"]
    assert lines(None, replace(DONE, cost=Cost(None, "unknown"))) == ["unknown"]
    assert lines(None, TurnState(stage="sending", turn=1)) == ["not known yet"]


def test_what_is_left_begins_with_the_budget_and_the_scarcest() -> None:
    headers = (
        ("llm_provider-anthropic-ratelimit-requests-remaining", "1"),
        ("llm_provider-anthropic-ratelimit-requests-limit", "50"),
        ("x-ratelimit-api_key-remaining-tokens", "900"),
        ("x-ratelimit-api_key-limit-tokens", "1000"),
        ("x-litellm-key-spend", "1.5"),
        ("x-litellm-key-max-budget", "2"),
    )
    assert [line.plain for line in left_lines(limits(headers))] == [
        "$0.5000 of $2.0000 · key",
        "1 of 50 requests · vendor",
        "900 of 1,000 tokens · key",
    ]
    assert left_lines(limits((("x-litellm-key-spend", "1.5"),))) == []
