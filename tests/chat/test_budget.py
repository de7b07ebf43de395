"""Limits as people type them."""

from decimal import Decimal

import pytest

from tui.chat.budget import Budget, changed
from tui.errors import UsageError


def test_what_is_typed_changes_one_limit() -> None:
    budget = changed(Budget(), "5")
    assert budget == Budget(session=Decimal(5))
    budget = changed(budget, "turn $0.10")
    assert budget == Budget(turn=Decimal("0.10"), session=Decimal(5))
    assert changed(budget, "session off") == Budget(turn=Decimal("0.10"))
    assert changed(budget, "OFF") == Budget()
    assert not Budget()
    assert Budget(day=Decimal(1))


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("sesion 5", "session"),
        ("turn", "turn 5"),
        ("", "session"),
        ("turn 5 6", "session"),
        ("day 0", "0.50"),
        ("-3", "0.50"),
        ("nan", "0.50"),
        ("day 1e9", "0.50"),
        ("five", "0.50"),
    ],
)
def test_what_is_no_limit_is_refused_with_what_would_be(words: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        changed(Budget(), words)
    assert hint in caught.value.hint
