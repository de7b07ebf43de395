"""The tools as rows, and what another choice of them does to what was said."""

from dataclasses import replace

from tests.ui.test_seal_rows import CLAUDE, claude
from tests.ui.tools import TOOLS
from tests.wire.streams import asked, route_to, talk
from tui.chat.events import Answer, Ask
from tui.chat.parts import ToolCall
from tui.tools.approval import Approvals
from tui.ui.tool_rows import change_says, rows_of, takes_says

BOUND = "claude-fable-5-1"


def test_a_row_for_each_tool_with_what_was_decided_about_it() -> None:
    approvals = Approvals()
    call = ToolCall("1", "shell", "{}")
    approvals.remember(call, Ask("", "", "a", "every ls"), Answer("session", "user"))
    approvals.remember(call, Ask("", "", "b", "every rm"), Answer("never", "user", lasting=True))
    rows = {row.name: row for row in rows_of(TOOLS, {"look"}, approvals)}
    assert rows["look"].offered
    assert not rows["look"].asks
    assert rows["shell"].asks
    assert not rows["shell"].offered
    assert rows["shell"].allowed == ("every ls",)
    assert rows["shell"].refused == ("every rm",)
    assert rows["look"].allowed == ()


def test_whether_the_model_takes_tools_is_said_or_that_nobody_knows() -> None:
    route = route_to("messages", CLAUDE)
    told = {
        taken: takes_says(replace(route, accepts=replace(route.accepts, tools=taken)))
        for taken in (True, False, None)
    }
    assert told[True] == f"{CLAUDE} takes tools"
    assert told[False] == f"{CLAUDE} takes no tools: none are sent"
    assert "not known" in told[None]
    assert "no model" in takes_says(None)


def test_before_anything_was_said_other_tools_are_no_fork() -> None:
    assert change_says(talk(), route_to("messages", BOUND)) == "Holds from the first prompt on."


def test_a_fork_names_what_a_model_bound_to_its_prefix_will_not_get_back() -> None:
    history = talk(asked(), claude(1, "one", BOUND), asked(id="u2"), claude(2, "two", BOUND))
    assert "2 sealed parts so far will not be sent" in change_says(history, route_to("messages", BOUND))
    assert "1 sealed part so far" in change_says(history.fork(2), route_to("messages", BOUND))
    assert "none would be lost" in change_says(history.revised("other"), route_to("messages", BOUND))
    assert "goes along whole" in change_says(history, route_to("messages", CLAUDE))
    assert change_says(history, None).startswith("A fork")
