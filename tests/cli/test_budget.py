"""A limit on spending: asked on the terminal, exit code 6 without one."""

import asyncio
from decimal import Decimal

import pytest

from tests.cli.program import Program
from tests.cli.seat import Seat
from tests.cli.test_approver import Desk, soon
from tests.cli.test_ask_end_to_end import checked
from tui.chat.events import BudgetNeeded, Overrun
from tui.chat.usage import Cost
from tui.cli.budget_question import BudgetQuestion


@pytest.fixture
def program(light: Program) -> Program:
    return light


OVERRUN = Overrun(
    "session",
    Decimal("0.01"),
    Cost(Decimal("0.009"), "computed"),
    Cost(Decimal("0.02"), "estimated"),
    "~10 tokens in",
)


@pytest.mark.parametrize(
    ("typed", "go_on", "limit"),
    [
        (["y"], True, None),
        ([""], False, None),
        (["what", "yes"], True, None),
        (["n"], False, None),
        ([None], False, None),
        (["r"], None, Decimal("0.05")),
        (["r 0.02", "r five", "r 2"], None, Decimal(2)),
    ],
)
async def test_what_is_typed_decides(
    typed: list[str | None], go_on: bool | None, limit: Decimal | None
) -> None:
    desk = Desk(*typed)
    decided: list[bool] = []
    raised: list[Decimal] = []
    needed = BudgetNeeded(0.0, OVERRUN, decided.append)
    desk.approver.spend(BudgetQuestion(needed, raised.append))
    assert desk.approver.asking
    await soon(lambda: not desk.approver.asking)
    await desk.approver.aclose()
    assert decided == ([] if go_on is None else [go_on])
    assert raised == ([] if limit is None else [limit])
    assert "the limit of $0.01 for this session may be broken: $0.0090 spent" in desk.written
    assert "~10 tokens in" in desk.written
    assert "r raise to $0.05" in desk.written
    assert desk.forgotten  # what was typed before the prompt decides nothing


async def test_a_turn_that_is_stopped_takes_its_question_away() -> None:
    desk = Desk()
    decided: list[bool] = []
    desk.approver.spend(BudgetQuestion(BudgetNeeded(0.0, OVERRUN, decided.append), lambda _: None))
    await soon(lambda: "n stop >" in desk.written)
    desk.approver.spent()
    await asyncio.sleep(0)
    assert not desk.approver.asking
    assert not decided
    await desk.approver.aclose()


def test_without_a_terminal_it_ends_with_six_and_says_why(program: Program) -> None:
    done = checked(program.main("ask", "--json", "--budget", "0.0001", "What is 6*7?", "And more?"))
    assert done.code == 6
    line = done.only("budget")
    assert (line["scope"], line["limit"], line["go_on"]) == ("session", "0.0001", False)
    assert done.only("turn")["stop"] == "budget"
    assert not done.of("route")
    assert "the limit of $0.00010 for this session may be broken" in done.err
    assert "--budget USD" in done.err


def test_the_day_counts_what_earlier_runs_spent(program: Program) -> None:
    proxies = "proxies: {sim: {url: URL, key: sk-simulated}}"
    config = program.configured(f"{proxies}\nbudget: {{day: 0.03}}\n")
    first = program.main("ask", "--json", "--config", str(config), "hi")
    assert first.code == 0
    spent = first.only("turn")["cost"]["usd"]
    tight = program.configured(f"{proxies}\nbudget: {{day: {spent}}}\n")
    second = program.main("ask", "--json", "--config", str(tight), "hi")
    assert second.code == 6
    assert second.only("budget")["spent"]["usd"] == str(
        Decimal(first.only("turn")["cost"]["usd"]).normalize()
    )
    assert "--budget" not in second.err


@pytest.mark.parametrize(("flag", "hint"), [("0", "0.50"), ("five", "0.50"), ("-1", "0.50")])
def test_a_limit_that_is_none(program: Program, flag: str, hint: str) -> None:
    done = program.main("ask", f"--budget={flag}", "hi")
    assert (done.code, hint in done.err) == (2, True)


def test_a_person_at_the_terminal_decides(program: Program) -> None:
    with Seat(program, "ask", "--quiet", "--budget", "0.0001", "What is 6*7?") as seat:
        seat.shows("n stop > ")
        seat.type("r 1\r")
        seat.shows("42")
        assert seat.ends() == 0
    with Seat(program, "ask", "--quiet", "--budget", "0.0001", "What is 6*7?") as seat:
        seat.shows("n stop > ")
        seat.type("n\r")
        assert seat.ends() == 6
