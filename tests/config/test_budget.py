"""What the configuration says about spending."""

from decimal import Decimal

import pytest

from tui.chat.budget import Budget
from tui.config.load import parse
from tui.errors import ConfigError


def test_limits_are_read_as_they_are_written() -> None:
    text = b"budget: {turn: 0.10, session: 5, day: '20'}\n"
    assert parse(text, "c", {}).budget == Budget(Decimal("0.10"), Decimal(5), Decimal(20))
    assert parse(b"budget:\n", "c", {}).budget == parse(b"", "c", {}).budget == Budget()


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        (b"budget:\n  sesion: 5\n", "c:2: budget.sesion: unknown key", "session"),
        (b"budget: {day: 0}\n", "c:1: budget.day: must be a positive number", "0.50"),
        (b"budget: {day: true}\n", "c:1: budget.day: must be a positive number", "0.50"),
        (b"budget: {day: .nan}\n", "c:1: budget.day: must be a positive number", "0.50"),
        (b"budget: {day: [1]}\n", "c:1: budget.day: must be", ""),
        (b"budget: 5\n", "c:1: budget: must be a mapping", ""),
        (b"budgets: 5\n", "unknown key", "budget"),
    ],
)
def test_what_is_no_limit_is_named_with_its_place(text: bytes, says: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text, "c", {})
    assert says in str(caught.value)
    assert hint in caught.value.hint
