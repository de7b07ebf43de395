"""The transcript under a person's hands: following, scrolling, folding, focus, copying, resizing."""

from __future__ import annotations

from textual.events import MouseScrollUp
from textual.geometry import Offset

from tests.ui.transcript.support import Bench, drawn, rows, wait_until
from tui.chat.parts import Reasoning, Text, ToolCall
from tui.ui.transcript.blocks import render
from tui.ui.transcript.model import Block, FooterBlock, TextBlock, ThinkingBlock, ToolBlock, UserBlock
from tui.ui.transcript.told import RETRY
from tui.ui.transcript.view import Transcript

SIZE = (60, 20)


def many(count: int) -> list[Block]:
    """A long conversation: prompts and answers of different lengths."""
    blocks: list[Block] = []
    for number in range(count // 2):
        blocks.append(UserBlock(f"u{number}", f"prompt {number}", group=f"u{number}"))
        blocks.append(TextBlock(f"t{number}", f"answer {number}\n\n" + "words and words " * (number % 23)))
    return blocks


async def test_it_follows_the_end_while_the_user_is_there() -> None:
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.start_part("t", "text")
        for number in range(100):
            view.append("t", f"line {number}\n\n")
        await drawn(pilot, view)
        assert any("line 99" in row for row in rows(view))
        view.finish_part("t", Text("".join(f"line {n}\n\n" for n in range(100))))
        await pilot.pause()
        assert rows(view)[-1] == "line 99"
        assert view.following


async def test_growth_moves_the_end_in_jumps_and_paints_only_what_changed() -> None:
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.start_part("t", "text")
        tops, extents = set(), set()
        for number in range(60):
            view.append("t", f"line {number}\n\n")
            await drawn(pilot, view)
            tops.add(view.top)
            extents.add(view.virtual_size.height)
        assert len(tops) <= 120 // 8 + 1
        assert len(extents) <= 120 // 8 + 20


async def test_reading_above_is_not_disturbed_and_new_content_is_told() -> None:
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.load(many(40))
        await pilot.pause()
        await pilot.press("pageup")
        await pilot.pause()
        assert not view.following
        before = rows(view)
        view.start_part("t", "text")
        view.append("t", "new words\n\n" * 10)
        await drawn(pilot, view)
        assert rows(view)[:-1] == before[:-1]
        assert "more rows below" in rows(view)[-1]
        await pilot.press("end")
        await wait_until(pilot, lambda: view.following)
        assert any("new words" in row for row in rows(view))
        assert not any("more rows below" in row for row in rows(view))


async def test_the_wheel_leaves_and_finds_the_end() -> None:
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.load(many(40))
        await pilot.pause()
        await pilot._post_mouse_events([MouseScrollUp], view, button=0)
        await pilot.pause()
        assert not view.following
        view.go(view.max_scroll_y)
        await wait_until(pilot, lambda: view.following)


async def test_folding_by_key_by_click_and_all_at_once() -> None:
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.load(
            [
                ThinkingBlock("th", "first thought\nsecond thought", "✓ sealed", 7),
                ToolBlock("c", "calculator", '{"expression": "6*7"}', "ok", 0.012, "42", 2),
            ]
        )
        await pilot.pause()
        assert rows(view)[:4] == [
            "▾ thinking  ~7 tok · ✓ sealed",
            "│ first thought",
            "│ second thought",
            rows(view)[3],
        ]
        assert rows(view)[3].startswith("▸ calculator  6*7")
        assert rows(view)[3].endswith("ok · 12 ms · 2 B")
        await pilot.press("g", "enter")
        await pilot.pause()
        assert rows(view)[0] == "▸ thinking  ~7 tok · ✓ sealed"
        assert rows(view)[1].startswith("▸ calculator")
        await pilot.click(Transcript, offset=(5, 1))
        await pilot.pause()
        assert rows(view)[1].startswith("▾ calculator")
        assert "│ result" in rows(view)
        assert "│ 42" in rows(view)
        view.toggle_thinking()
        view.toggle_thinking()
        view.toggle_tools()
        await pilot.pause()
        assert rows(view)[0].startswith("▾ thinking")
        assert not any("│ arguments" in row for row in rows(view)) or view.tools_folded is False


async def test_focus_moves_by_block_and_is_visible() -> None:
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.load(
            [UserBlock("u", "hi"), TextBlock("t", "hello"), FooterBlock("f", "$0"), TextBlock("z", "end")]
        )
        await pilot.pause()
        await pilot.press("g")
        assert view.render_line(0).text.startswith("▌ you")
        await pilot.press("j", "down")
        await pilot.pause()
        assert [m.key for m in app.of(Transcript.BlockFocused)][-2:] == ["t", "z"]
        await pilot.press("k")
        await pilot.pause()
        assert view.render_line(3).text.startswith("▌ hello")
        assert view.cursor == 1


async def test_a_block_taller_than_the_screen_is_scrolled_through() -> None:
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.load([TextBlock("t", "\n\n".join(f"line {n}" for n in range(60))), TextBlock("z", "the end")])
        await pilot.press("g")
        seen: set[str] = set(rows(view))
        for _ in range(30):
            await pilot.press("j")
            seen |= set(rows(view))
            if view.cursor == 1:
                break
        assert {f"line {n}" for n in range(60)} <= seen
        assert view.cursor == 1


async def test_copying_a_block_and_a_message() -> None:
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.load(
            [
                ThinkingBlock("th", "thought", group="m"),
                TextBlock("t", "**bold** answer", group="m"),
                FooterBlock("f", "$0.01", group="m"),
            ]
        )
        await pilot.pause()
        await pilot.press("g", "j", "y", "Y")
        await pilot.pause()
        assert [m.text for m in app.of(Transcript.CopyRequested)] == [
            "**bold** answer",
            "thought\n\n**bold** answer",
        ]


async def test_a_card_answers_its_keys_and_clicks() -> None:
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.card(
            "e",
            "refused",
            "what",
            "the vendor said so",
            "do this",
            "vendor",
            (("m", "mend"), RETRY),
            400,
        )
        await pilot.pause()
        assert "✗ refused" in rows(view)[0]
        assert "vendor · 400" in rows(view)[0]
        await pilot.press("g", "r", "enter")
        row = next(n for n, text in enumerate(rows(view)) if "[m] mend" in text)
        column = view.render_line(row).text.index("[m]")
        await pilot.click(Transcript, offset=(column + 1, row))
        await pilot.pause()
        assert [m.key for m in app.of(Transcript.ActionChosen)] == ["r", "r", "m"]


async def test_resizing_keeps_what_is_read() -> None:
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.load(many(60))
        await pilot.pause()
        view.go(view.page.row_of(view.page.anchor_at(view.page.heights.offset(30))))
        await pilot.pause()
        first = next(row for row in rows(view) if row)
        await pilot.resize_terminal(43, 18)
        await wait_until(pilot, lambda: view.page.width == 43 - 4)
        assert first.split()[0] in next(row for row in rows(view) if row)
        assert view.page.locate(view.top).block in (30, 31)


async def test_a_change_of_theme_recolours_and_keeps_the_place() -> None:
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.load(many(60))
        await pilot.press("pageup", "pageup")
        await pilot.pause()
        before, palette = rows(view), view.page.palette
        app.theme = "textual-light"
        await wait_until(pilot, lambda: view.page.palette != palette)
        assert rows(view) == before


async def test_dragging_selects_text_as_it_was_written() -> None:
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        words = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
        view.load([UserBlock("u", "hello"), TextBlock("t", words), ThinkingBlock("th", "hidden\nmind")])
        await pilot.pause()
        start = next(n for n, text in enumerate(rows(view)) if text.startswith("one"))
        await pilot.mouse_down(Transcript, offset=Offset(2, start))
        await pilot.hover(Transcript, offset=Offset(2 + 7, start + 1))
        await pilot.mouse_up(Transcript, offset=Offset(2 + 7, start + 1))
        await pilot.pause()
        chosen = app.screen.get_selected_text()
        assert chosen is not None
        assert "\n" not in chosen
        assert words.startswith(chosen)
        assert len(chosen) > 50
        view.page.entries[0].block = UserBlock("u", "hello\nthree\nmore\nlines")
        view.page.changed(0)
        view.update_rows(0)
        await pilot.resize_terminal(40, 20)
        await pilot.pause()
        assert app.screen.get_selected_text() == chosen


async def test_a_selection_over_blocks_leaves_gutters_out() -> None:
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.load([ThinkingBlock("th", "first\nsecond"), TextBlock("t", "answer")])
        await pilot.pause()
        await pilot.mouse_down(Transcript, offset=Offset(4, 1))
        await pilot.hover(Transcript, offset=Offset(30, 4))
        await pilot.mouse_up(Transcript, offset=Offset(30, 4))
        await pilot.pause()
        assert app.screen.get_selected_text() == "first\nsecond\n\nanswer"


async def test_five_thousand_blocks_open_and_scroll_without_rendering_all() -> None:
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.load(many(5000))
        await pilot.pause()
        assert view.page.renders < 60
        assert rows(view)[-1].strip()
        for _ in range(10):
            await pilot.press("pageup")
        assert view.page.renders < 200
        await pilot.press("g")
        await pilot.pause()
        assert rows(view)[:2] == ["you", "prompt 0"]
        assert view.page.renders < 260
        await pilot.press("G")
        await pilot.pause()
        assert view.following
        assert any("answer 2499" in row for row in rows(view))


async def test_what_left_the_screen_is_forgotten_in_the_end() -> None:
    app = Bench()
    async with app.run_test(size=(60, 40)) as pilot:
        view = app.transcript
        view.load(many(3000))
        await pilot.pause()
        for row in range(0, view.page.total, 35):
            view.go(row)
        assert view.page.renders > 500
        assert sum(entry.lines is not None for entry in view.page.entries) < 400


async def test_streaming_renders_an_open_block_once() -> None:
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.start_part("t", "text")
        for number in range(50):
            view.append("t", f"- item {number}\n")
            await drawn(pilot, view)
        assert view.page.renders <= 2


async def test_an_endless_paragraph_is_whole_when_it_ends() -> None:
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.start_part("t", "text")
        text = "words " * 6_000
        view.append("t", text)
        await drawn(pilot, view)
        view.finish_part("t", Text(text))
        await pilot.pause()
        assert view.page.lines(0) == render(view.page.entries[0].block, view.page.width, view.page.palette)


async def test_live_thinking_counts_tokens_and_seconds() -> None:
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.start_part("th", "thinking")
        view.append("th", "some thoughts that go on and on")
        await drawn(pilot, view)
        app.clock.now += 3.1
        await wait_until(pilot, lambda: "3.1 s" in rows(view)[0])
        assert rows(view)[0] == "▾ thinking  ~8 tok · 3.1 s · thinking…"
        view.finish_part("th", Reasoning("some thoughts that go on and on", "signed"))
        await pilot.pause()
        assert rows(view)[0] == "▾ thinking  ~8 tok · 3.1 s · ✓ sealed"


async def test_parallel_calls_stand_apart() -> None:
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.start_part("a", "tool_call", "calculator")
        view.start_part("b", "tool_call", "current_time")
        view.append("a", '{"expression"')
        view.append("b", '{"timezone":')
        view.append("a", ': "6*7"}')
        await drawn(pilot, view)
        assert "6*7" in rows(view)[0]
        assert "writing…" in rows(view)[1]
        view.finish_part("a", ToolCall("1", "calculator", '{"expression": "6*7"}'))
        view.tool_state("a", "ok", 0.5, "42", 2)
        view.tool_state("b", "error", 0.1, "no such zone", 12)
        await pilot.pause()
        assert rows(view)[0].endswith("ok · 500 ms · 2 B")
        assert rows(view)[1].endswith("error · 100 ms · 12 B")


async def test_what_is_waited_for_stands_below_everything() -> None:
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.add_user("u", "hi", "09:14")
        view.set_waiting("waiting for the first byte · 3.2 s")
        await pilot.pause()
        assert rows(view)[:4] == ["you" + " " * 48 + "09:14", "hi", "", "waiting for the first byte · 3.2 s"]
        view.set_waiting(None)
        await pilot.pause()
        assert rows(view)[3] == ""


async def test_clearing_leaves_nothing() -> None:
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.load(many(100))
        await pilot.pause()
        view.clear()
        await pilot.pause()
        assert rows(view) == [""] * view.window
        assert view.max_scroll_y == 0
        await pilot.press("j", "y", "enter", "pageup", "end")
        assert not app.of(Transcript.CopyRequested)


async def test_blocks_may_be_added_before_the_first_layout() -> None:
    class Early(Bench):
        def on_mount(self) -> None:
            self.transcript.load(many(50))

    app = Early()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert any("answer 24" in row for row in rows(app.transcript))


async def test_to_fold_all_renders_only_what_is_on_the_screen() -> None:
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.load([ToolBlock(f"c{n}", "read_file", "{}", "ok", result="a\nb\nc") for n in range(200)])
        await pilot.pause()
        for index in range(200):
            view.page.lines(index)
        view.go(60)
        await pilot.pause()
        first, before = view.page.heights.find(view.top)[0], view.page.renders
        view.toggle_tools()
        await pilot.pause()
        assert view.page.heights.find(view.top)[0] == first
        assert 0 < view.page.renders - before <= 2 * view.window
        assert rows(view)[0].startswith("▾ read_file")
        view.toggle_tools()
        await pilot.pause()
        assert rows(view)[0].startswith("▸ read_file")
