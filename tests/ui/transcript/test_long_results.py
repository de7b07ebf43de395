"""Results of many megabytes in the transcript."""

from __future__ import annotations

from tests.ui.transcript.support import Bench, drawn, rows, wait_until
from tui.chat.parts import ToolCall
from tui.ui.transcript.view import Transcript


async def test_ten_megabytes_of_a_tool_unfold_and_are_copied_whole() -> None:
    app = Bench()
    async with app.run_test(size=(60, 20)) as pilot:
        view = app.transcript
        view.start_part("c", "tool_call", "shell")
        view.finish_part("c", ToolCall("c", "shell", '{"command": "seq"}'))
        full = "first\n" + "0123456789\n" * 900_000 + "last"
        view.tool_state("c", "ok", 0.1, "first … last", 12, full=full)
        await drawn(pilot, view)
        assert rows(view)[0].endswith("ok · 100 ms · 12 B of 9.9 MB")
        await pilot.press("up", "enter")
        await wait_until(pilot, lambda: any("│ 0123456789" in row for row in rows(view)))
        assert view.rows < 3_000
        await pilot.press("y")
        await wait_until(pilot, lambda: bool(app.of(Transcript.CopyRequested)))
        assert app.of(Transcript.CopyRequested)[0].text.endswith(full)
