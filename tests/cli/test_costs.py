"""Costs over sessions as a table and as JSON; what is unknown is counted apart, nothing steers a terminal."""

import io
import json
from decimal import Decimal

from tests.cli.program import Program
from tests.cli.test_sessions import Terminal
from tui.chat.spend import Spend
from tui.chat.usage import Cost, Usage
from tui.cli import costs

ROWS = (
    Spend(
        "claude-opus-4-5",
        calls=1_200,
        cost=Cost(Decimal("12.3456"), "computed"),
        usage=Usage(1000, 2500, 500, None, 800, 200),
        saved=Decimal("-0.5"),
    ),
    Spend(
        "gpt-5",
        calls=3,
        unknown=1,
        cost=Cost(Decimal("0.1"), "computed", True),
        saved=Decimal("0.2"),
        saved_unknown=2,
    ),
    Spend("mystery", calls=1, unknown=1, saved_unknown=1),
)
TOTAL = Spend("", calls=1_204, unknown=2, cost=Cost(Decimal("12.4456"), "computed", True))


def test_the_table() -> None:
    out = io.StringIO()
    assert costs.run(TOTAL, ROWS, "model", as_json=False, out=out) == 0
    rows = [line.split("  ") for line in out.getvalue().splitlines()]
    assert [row[0] for row in rows] == ["model", "claude-opus-4-5", "gpt-5", "mystery", "all"]
    for said in ("1,200", "62%", "-$0.5000", "25%", "$0.2000+?", "≥ $0.1000 (1 unknown)", "? (1 unknown)"):
        assert said in out.getvalue()


def test_a_title_steers_no_terminal_and_a_deleted_session_has_none() -> None:
    out = Terminal()
    rows = (Spend("aaaa", "evil \x1b]0;x\x07", calls=1), Spend("", calls=2))
    costs.run(TOTAL, rows, "session", as_json=False, out=out)
    assert "\x1b" not in out.getvalue()
    assert "(deleted)" in out.getvalue()


def test_nothing_spent() -> None:
    out = Terminal()
    costs.run(Spend(""), (), "day", as_json=False, out=out)
    assert out.getvalue() == "nothing was spent\n"


def test_a_run_is_found_in_the_costs(program: Program) -> None:
    asked = program.main("ask", "--json", "What is 6*7?")
    spent = asked.of("turn")[0]["cost"]["usd"]
    for by in ("day", "model", "endpoint", "session"):
        done = program.main("costs", "--by", by, "--days", "2", "--json")
        *rows, total = [json.loads(line) for line in done.out.splitlines()]
        assert (
            sum(Decimal(row["cost"]["usd"]) for row in rows)
            == Decimal(total["cost"]["usd"])
            == Decimal(spent)
        )
        assert (total["by"], total["key"], rows[0]["by"]) == ("all", None, by)
    assert rows[0]["key"] == asked.lines[0]["session"]
    assert program.main("costs").code == 0
    assert program.main("costs", "--days", "0").code == 2
