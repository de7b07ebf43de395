"""Exchanges named by turn and step."""

from dataclasses import replace

import pytest

from tests.ui.scripted_session import ScriptedSession
from tests.ui.wire.exchanges import ok
from tui.ui.wire.rows import numbered


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("1", "retried"),
        ("1.1", "retried"),
        (" 2 ", "last"),
        ("2.1", "second"),
        ("2.2", "last"),
        ("2.3", None),
        ("3.1", None),
        ("x", None),
        ("", None),
    ],
)
def test_a_number_is_that_of_the_turn_not_of_what_repeats_it(word: str, found: str | None) -> None:
    session = ScriptedSession()
    steps = (("first", 1, 1), ("retried", 1, 1), ("second", 2, 2), ("last", 2, 3), ("again", 2, 2))
    log = {id: ok(session, id, turn, step)[0] for id, turn, step in steps}
    log["again"] = replace(log["again"], purpose="replay", repeats="second")
    assert numbered(log, word) == found
