"""The clock tool tells the given present in any named zone."""

from datetime import UTC, datetime

import pytest

from tui.tools.builtin.current_time import CurrentTime
from tui.tools.toolbox import ToolError

NOW = datetime(2026, 11, 22, 9, 14, 5, tzinfo=UTC)


async def test_utc_and_named_zones() -> None:
    tool = CurrentTime(lambda: NOW)
    assert await tool.run({"timezone": None}) == "2026-11-22T09:14:05+00:00 Sunday"
    assert await tool.run({"timezone": "Asia/Tokyo"}) == "2026-11-22T18:14:05+09:00 Sunday"


@pytest.mark.parametrize("zone", ["Nowhere/Land", "../../etc/passwd", "/etc/passwd", "a\0b", 7])
async def test_unknown_zones_are_refused_with_words(zone: object) -> None:
    with pytest.raises(ToolError, match=r"time ?zone"):
        await CurrentTime(lambda: NOW).run({"timezone": zone})
