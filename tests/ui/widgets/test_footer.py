"""Which keys the footer has room for."""

from tui.ui.commands import COMMANDS
from tui.ui.widgets.footer import footer_commands


def test_wide_it_shows_all() -> None:
    assert footer_commands(120) == tuple(c for c in COMMANDS if c.label)


def test_narrow_it_drops_the_least_needed_and_never_the_model() -> None:
    for width in range(20, 100):
        shown = footer_commands(width)
        assert "model.pick" in [c.id for c in shown]
        if width >= 40:
            assert sum(len(c.shown) + len(c.label) + 3 for c in shown) <= width
