"""Which keys the footer has room for."""

from tui.ui.commands import COMMANDS
from tui.ui.widgets.footer import footer_commands


def test_wide_it_shows_all() -> None:
    assert footer_commands(120) == tuple(c for c in COMMANDS if c.label)


def test_at_80_columns_help_stands_where_stop_would_do_nothing() -> None:
    idle, busy = ([c.id for c in footer_commands(72, busy=busy)] for busy in (False, True))
    assert ("help" in idle, "turn.stop" in idle) == (True, False)
    assert ("help" in busy, "turn.stop" in busy) == (False, True)


def test_narrow_it_drops_the_least_needed_and_never_the_model() -> None:
    for width in range(20, 100):
        shown = footer_commands(width)
        assert "model.pick" in [c.id for c in shown]
        if width >= 40:
            assert sum(len(c.shown) + len(c.label) + 3 for c in shown) <= width
