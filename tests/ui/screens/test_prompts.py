"""Searching earlier prompts."""

from pathlib import Path

from tests.ui.pilots import chat, ready, running, shown, type_text, until
from tests.ui.scripted_session import deps_for
from tui.ui.screens.prompts import SHOWN, EarlierPrompts, found


def test_the_newest_come_first_each_once() -> None:
    assert found(["a", "b", "a"], "") == ["a", "b"]
    assert len(found([str(n) for n in range(1000)], "")) == SHOWN


def test_the_best_fit_comes_first_and_what_does_not_fit_is_left_out() -> None:
    prompts = ["why is the sky blue", "what is 6*7", "sketch a blueprint", "unrelated"]
    assert set(found(prompts, "blue")) == {"why is the sky blue", "sketch a blueprint"}
    assert found(prompts, "sky")[0] == "why is the sky blue"
    assert found(prompts, "zzz") == []


async def test_f3_finds_a_prompt_and_takes_it_back(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        prompt = chat(app).prompt
        for text in ("why is the sky blue", "two\nlines \x1b[31m", "what is 6*7"):
            prompt.remember(text)
        prompt.put("half typed")
        await pilot.press("f3")
        await until(lambda: isinstance(app.screen, EarlierPrompts))
        await until(lambda: "what is 6*7" in shown(app))
        assert "\x1b" not in shown(app)
        await type_text(pilot, "sky")
        await until(lambda: "1 found" in shown(app))
        await pilot.press("enter")
        await until(lambda: prompt.text == "why is the sky blue")
        assert prompt.history_prompts[-1] == "half typed"


async def test_escape_leaves_the_prompt_as_it_was(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        chat(app).prompt.put("half typed")
        await pilot.press("f3")
        await until(lambda: isinstance(app.screen, EarlierPrompts))
        assert "0 found" in shown(app)
        await pilot.press("enter", "escape")
        await until(lambda: app.screen is chat(app))
        assert chat(app).prompt.text == "half typed"
