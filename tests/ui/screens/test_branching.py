"""Edit, answer anew, flip, rewind, go to another branch: on the real engine."""

import re
from pathlib import Path

import pytest

from tests.ui.pilots import (
    WIDE,
    chat,
    ready,
    running,
    shown,
    type_text,
    until,
)
from tests.ui.screens.said import idle, prompts, said, say
from tui.chat.finding import Finding
from tui.chat.messages import UserMessage
from tui.ui.app import SightlineApp
from tui.ui.draft import load_history
from tui.ui.ports import Deps
from tui.ui.screens.tree import TreeScreen
from tui.ui.transcript.model import UserBlock


def focus(app: SightlineApp, index: int) -> None:
    screen = chat(app)
    screen.transcript.focus()
    places = [n for n, e in enumerate(screen.transcript.page.entries) if isinstance(e.block, UserBlock)]
    screen.transcript.put_cursor(places[index])


async def test_an_earlier_prompt_is_edited_and_both_versions_stay(deps: Deps, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("a note\n", encoding="utf-8")
    async with running(deps, WIDE) as (app, pilot):
        await ready(app)
        screen = chat(app)
        await say(app, "one", str(note))
        await say(app, "two")
        screen.prompt.put("half a thought")
        focus(app, 0)
        await pilot.pause()
        await pilot.press("e")
        await until(lambda: screen.prompt.text == "one")
        assert "note.txt" in " ".join(file.label for file in screen.chips.attached)
        assert "Enter sends it as a fork" in shown(app)
        await pilot.press("escape")
        await until(lambda: screen.prompt.text == "half a thought")
        assert not screen.chips.attached
        assert "as a fork" not in shown(app)
        focus(app, 0)
        await pilot.pause()
        await pilot.press("e")
        await until(lambda: screen.prompt.text == "one")
        await pilot.press("exclamation_mark", "enter")
        await idle(app, 3)
        assert prompts(app) == ["one! 2/2"]
        assert said(screen) == ["one!"]
        (message,) = [m for m in screen.session.conversation.messages if isinstance(m, UserMessage)]
        assert len(message.parts) == 2
        assert screen.prompt.text == "half a thought"
        focus(app, 0)
        await pilot.pause()
        await pilot.press("left_square_bracket")
        await until(lambda: prompts(app) == ["one 1/2", "two"])
        assert said(screen) == ["one", "two"]
        await pilot.press("right_square_bracket")
        await until(lambda: prompts(app) == ["one! 2/2"])


async def test_what_was_written_is_among_the_earlier_prompts_when_an_edit_is_left(deps: Deps) -> None:
    async with running(deps, WIDE) as (app, pilot):
        await ready(app)
        screen = chat(app)
        await say(app, "one")
        screen.prompt.put("half a thought")
        focus(app, 0)
        await pilot.pause()
        await pilot.press("e")
        await until(lambda: screen.prompt.text == "one")
        assert load_history(deps.data_dir) == ["one", "half a thought"]
        await pilot.press("escape")
        assert load_history(deps.data_dir) == ["one", "half a thought"]
        focus(app, 0)
        await pilot.pause()
        await pilot.press("e")
        await until(lambda: screen.prompt.text == "one")
        await pilot.press("exclamation_mark", "escape")
        assert screen.prompt.text == "half a thought"
        assert load_history(deps.data_dir) == ["one", "half a thought", "one!"]


async def test_another_answer_stands_beside_the_first(deps: Deps) -> None:
    async with running(deps, WIDE) as (app, pilot):
        await ready(app)
        screen = chat(app)
        await say(app, "one")
        await say(app, "two")
        first = screen.session.conversation.messages[1].id
        index = screen.transcript.first_of(first)
        screen.transcript.focus()
        screen.transcript.put_cursor(index)
        await pilot.pause()
        await pilot.press("r")
        await idle(app, 3)
        assert said(screen) == ["one"]
        again = screen.session.conversation.messages[1].id
        assert again != first
        await until(lambda: "‹ 2/2 ›" in shown(app))
        await until(lambda: screen.transcript.fork_of(again) == (2, 2))
        row = next(y for y, line in enumerate(shown(app).split("\n")) if "‹ 2/2 ›" in line)
        await pilot.click(offset=(3, row))
        await until(lambda: said(screen) == ["one", "two"])
        assert screen.session.conversation.messages[1].id == first


async def test_the_tree_goes_to_a_branch_and_cuts_one(deps: Deps) -> None:
    async with running(deps, WIDE) as (app, pilot):
        await ready(app)
        screen = chat(app)
        await say(app, "one")
        await say(app, "two")
        first = screen.session.conversation.messages[0].id
        screen._has_moved = True
        screen.follow(screen.session.edit(first, "uno"))
        await idle(app, 3)
        await screen.show_branch()
        await pilot.press("f7")
        await until(lambda: isinstance(app.screen, TreeScreen))
        await pilot.pause()
        page = shown(app)
        assert "3 prompts · 2 branches" in page
        assert "◀" in page
        assert "├─○ ‹1/2› one" in page
        await pilot.press("home", "enter")
        await until(lambda: said(screen) == ["one", "two"])
        await until(lambda: prompts(app) == ["one 1/2", "two"])
        await pilot.press("f7")
        await until(lambda: isinstance(app.screen, TreeScreen))
        await pilot.pause()
        await pilot.press("home", "delete")
        assert "Del once more cuts it" in shown(app)
        await pilot.press("delete")
        await until(lambda: "2 prompts · 1 branch" in shown(app))
        await pilot.press("escape")
        await until(lambda: prompts(app) == ["one", "two"])


async def test_going_on_after_an_earlier_turn_is_a_branch(deps: Deps) -> None:
    async with running(deps, WIDE) as (app, pilot):
        await ready(app)
        await say(app, "one")
        await say(app, "two")
        await pilot.press("f7")
        await until(lambda: isinstance(app.screen, TreeScreen))
        await pilot.pause()
        await pilot.press("home", "c")
        await until(lambda: prompts(app) == ["one"])
        await say(app, "instead")
        assert prompts(app) == ["one", "instead 2/2"]


async def test_where_nothing_was_said_there_is_no_prompt_to_jump_to(deps: Deps) -> None:
    async with running(deps) as (app, pilot):
        await pilot.press("alt+up", "alt+down")
        assert chat(app).transcript.cursor is None


async def test_prompts_are_jumped_between(deps: Deps) -> None:
    async with running(deps, (80, 24)) as (app, pilot):
        await ready(app)
        screen = chat(app)
        for number in range(4):
            await say(app, f"prompt {number}\n" * 8)
        await pilot.press("alt+up")
        view = screen.transcript
        await until(lambda: view.cursor is not None)
        assert screen.prompt.has_focus
        before = view.cursor
        await pilot.press("alt+up")
        assert view.cursor is not None
        assert before is not None
        assert view.cursor < before
        view.focus()
        await pilot.press("right_curly_bracket")
        assert view.cursor == before
        await pilot.press("left_curly_bracket")
        assert isinstance(view.page.entries[view.cursor or 0].block, UserBlock)


async def test_words_are_found_marked_and_visited(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.ui.widgets.find_bar.TYPING_S", 1e6)
    async with running(deps, WIDE) as (app, pilot):
        await ready(app)
        screen = chat(app)
        await say(app, "Think about it, then tell me in two sentences why the sky is blue.")
        await say(app, "What is 17 * 23, and what time is it in Paris? Use the tools.")
        await pilot.press("ctrl+f")
        await until(lambda: screen.find_bar is not None and screen.find_bar.is_open)
        await type_text(pilot, "CALCULATOR")
        # Looked for at once, though typing is not taken to have ended.
        await pilot.press("down")
        await until(lambda: screen.transcript.seeks and re.search(r"\d of \d", shown(app)))
        await pilot.press("down")
        index = screen.transcript.cursor
        assert index is not None
        await pilot.press("escape")
        await until(lambda: not screen.transcript.seeks)
        assert screen.prompt.has_focus


async def test_newer_settings_ask_before_they_cost_the_seals(
    deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.ui.widgets.offers.SEEN_S", 1e9)
    async with running(deps, WIDE) as (app, pilot):
        await ready(app)
        screen = chat(app)
        await say(app, "one")
        asked: list[str] = []
        finding = Finding("fork", "3 sealed parts will not be sent")
        screen.session.fork_needed = lambda: None if asked else finding  # type: ignore[method-assign]
        screen.session.accept_fork = lambda: asked.append("fork")  # type: ignore[method-assign]
        screen.offer("two")
        await until(lambda: "3 sealed parts will not be sent" in shown(app))
        assert screen.fork_offer.has_focus
        await pilot.press("f")
        assert not asked, "a key that was typed on decides nothing"
        await pilot.press("escape")
        await until(lambda: screen.prompt.text == "two")
        assert not screen.fork_offer.is_open
        monkeypatch.setattr("tui.ui.widgets.offers.SEEN_S", 0.0)
        await pilot.press("enter")
        await until(lambda: screen.fork_offer.has_focus)
        await pilot.press("f")
        await idle(app, 2)
        assert said(screen) == ["one", "two"]
