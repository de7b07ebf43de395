"""The built-in tools; those here only read and never ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tui.tools.builtin.calculator import Calculator
from tui.tools.builtin.current_time import CurrentTime
from tui.tools.toolbox import Toolbox


def read_only(now: Callable[[], datetime]) -> Toolbox:
    """Every built-in tool that only reads; ``now`` gives the present with a time zone."""
    return Toolbox((Calculator(), CurrentTime(now)))
