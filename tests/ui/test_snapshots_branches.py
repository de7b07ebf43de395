"""How the tree, versions of a message, an earlier prompt being edited, matches and the fork form look."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.pilots import NARROW, WIDE, chat, ready, shown, until
from tests.ui.scripted_session import ScriptedSession, deps_for
from tui.chat.finding import Finding
from tui.chat.tree import Tree, Twig
from tui.chat.usage import Cost
from tui.ui.app import SightlineApp
from tui.ui.screens.tree import TreeScreen
from tui.ui.transcript.model import Fork, UserBlock

Compare = Callable[..., bool]
NOW = 1_763_800_000.0
COST = Cost(Decimal("0.0123"), "proxy-header")


def asked(id: str, parent: str | None, ago: float, text: str) -> Twig:
    return Twig(id, parent, "user", NOW - ago, text)


def answered(id: str, parent: str, ago: float, text: str, **values: object) -> Twig:
    model = str(values.pop("model", "claude-opus-4-5"))
    cost = values.pop("cost", COST)
    return Twig(id, parent, "assistant", NOW - ago, text, model, cost=cost, **values)  # type: ignore[arg-type]


TREE = Tree(
    (
        asked("q1", None, 9000, "Which of these logs shows the leak? Use the tool."),
        answered("w1", "q1", 8990, "", stop="tool_use"),
        Twig("r1", "w1", "tool", NOW - 8980),
        answered("w2", "r1", 8970, "b.txt shows the leak: RSS grows 4 MB a minute."),
        asked("q2", "w2", 8000, "Write a patch for it."),
        answered("w3", "q2", 7990, "Here is the patch.", stop="cancelled"),
        answered("w3b", "q2", 7000, "A smaller patch does it.", model="gpt-5.5"),
        asked("q3", "w3b", 6000, "And the tests? \x1b[31m with ‮hostile text"),
        answered("w4", "q3", 5000, "", stop="failed", cost=Cost(None, "unknown")),
        asked("q2b", "w2", 400, "Only explain it, change nothing, and please say where you are not sure."),
        answered("u1-answer", "q2b", 380, "The pool keeps what is never given back."),
    )
)


class Branched(ScriptedSession):
    """A session whose tree is the one above, standing at its newest answer."""

    async def tree(self) -> Tree:
        return TREE


async def said(pilot: Pilot[None]) -> SightlineApp:
    app = pilot.app
    assert isinstance(app, SightlineApp)
    await ready(app)
    chat(app).offer("Why is the sky blue?")
    await until(lambda: not chat(app).running and chat(app).session.conversation.messages)
    return app


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=str)
def test_the_tree(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        app = await said(pilot)
        await pilot.press("f7")
        await until(lambda: isinstance(app.screen, TreeScreen) and "4 prompts" in shown(app))
        assert isinstance(app.screen, TreeScreen)
        rows = app.screen._list
        rows.fill(rows.rows, NOW, "q2b")
        wanted = rows.here - 1
        await pilot.press("up")
        await until(lambda: rows.here == wanted)
        await pilot.pause()

    app = SightlineApp(deps_for(tmp_path, Branched()))
    assert snap_compare(app, terminal_size=size, run_before=steps)


def test_versions_and_an_earlier_prompt_being_edited(snap_compare: Compare, tmp_path: Path) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        app = await said(pilot)
        view = chat(app).transcript
        messages = chat(app).session.conversation.messages
        view.name_prompt(messages[0].id)
        view.mark_forks({messages[0].id: Fork(2, 3), messages[1].id: Fork(1, 2)})
        view.focus()
        view.action_top()
        await pilot.pause()
        assert isinstance(view.page.entries[view.cursor or 0].block, UserBlock)
        await pilot.press("e")
        await until(lambda: chat(app).prompt.text != "" and "as a fork" in shown(app))

    app = SightlineApp(deps_for(tmp_path, ScriptedSession()))
    assert snap_compare(app, terminal_size=NARROW, run_before=steps)


def test_matches(snap_compare: Compare, tmp_path: Path) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        app = await said(pilot)
        chat(app).action_find("sca")
        await until(lambda: "1 of 2" in shown(app))
        await pilot.press("down")
        await until(lambda: "2 of 2" in shown(app))

    app = SightlineApp(deps_for(tmp_path, ScriptedSession()))
    assert snap_compare(app, terminal_size=NARROW, run_before=steps)


def test_newer_settings_would_cost_the_seals(snap_compare: Compare, tmp_path: Path) -> None:
    session = ScriptedSession()

    async def steps(pilot: Pilot[None]) -> None:
        app = await said(pilot)
        says = "smart binds its seals to the tools: 3 sealed parts so far will not be sent to it"
        session.costs = Finding("fork", says, mend="a fork goes on without them")
        chat(app).offer("Go on.")
        await until(lambda: chat(app).fork_offer.is_open and "3 sealed parts" in shown(app))

    app = SightlineApp(deps_for(tmp_path, session))
    assert snap_compare(app, terminal_size=NARROW, run_before=steps)
