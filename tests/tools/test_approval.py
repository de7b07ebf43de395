"""Rules, flags, grants and refusals, and which of them wins."""

import pytest

from tui.chat.events import Answer, Ask
from tui.chat.parts import ToolCall
from tui.errors import ConfigError
from tui.tools.approval import ApprovalRules, Approvals


def call(name: str = "shell") -> ToolCall:
    return ToolCall("id", name, "{}")


def ask(subject: str = "git status", grant: str | None = None) -> Ask:
    return Ask("run it", subject, subject if grant is None else grant, "exactly this")


def rules(allow: tuple[str, ...] = (), deny: tuple[str, ...] = ()) -> ApprovalRules:
    return ApprovalRules([(text, "c.yaml:1") for text in allow], [(text, "c.yaml:2") for text in deny])


def test_without_anything_a_person_decides_and_what_never_asks_just_runs() -> None:
    approvals = Approvals()
    assert approvals.judge(call(), ask()) is None
    assert approvals.judge(call("calculator"), None) is None


def test_a_flag_decides_for_everybody_but_not_for_what_never_asks() -> None:
    assert Approvals(mode="all").judge(call(), ask()) == Answer("once", "flag")
    assert Approvals(mode="none").judge(call(), ask()) == Answer("never", "flag")
    assert Approvals(mode="none").judge(call("calculator"), None) is None


def test_an_allowing_rule_is_no_question_in_any_mode() -> None:
    for mode in ("ask", "all", "none"):
        approvals = Approvals(rules(("shell(git status*)",)), mode)
        assert approvals.judge(call(), ask("git status -b")) == Answer("always", "rule")
    assert Approvals(rules(("write_file",))).judge(call("write_file"), ask("x")) == Answer("always", "rule")
    assert Approvals(rules(("write_file",))).judge(call("shell"), ask("x")) is None


def test_a_denial_wins_over_everything() -> None:
    for mode in ("ask", "all", "none"):
        approvals = Approvals(rules(("shell",), ("shell(rm *)",)), mode)
        approvals.remember(call(), ask("rm x"), Answer("session", "user"))
        found = approvals.judge(call(), ask("rm x"))
        assert found is not None
        assert (found.decision, found.by) == ("never", "rule")
        assert "shell(rm *)" in found.reason


def test_a_denial_by_name_holds_for_tools_that_never_ask_and_for_all() -> None:
    approvals = Approvals(rules(deny=("calculator",)))
    found = approvals.judge(call("calculator"), None)
    assert found is not None
    assert found.decision == "never"
    assert approvals.judge(call("current_time"), None) is None
    assert Approvals(rules(deny=("*",))).judge(call("current_time"), None) is not None


def test_a_denial_of_some_subjects_leaves_the_rest_of_the_tool() -> None:
    written = rules(deny=("read_file(secrets/*)", "*(*.pem)"))
    assert Approvals(written).judge(call("read_file"), None) is None
    assert written.denying("read_file", "secrets/a") is not None
    assert written.denying("read_file", "notes.md") is None
    assert written.denying("write_file", "a/key.pem") is not None


def test_a_yes_for_the_session_holds_for_the_same_grant_of_the_same_tool() -> None:
    approvals = Approvals()
    approvals.remember(call("http_get"), ask("https://a.com/1", "a.com:443"), Answer("session", "user"))
    assert approvals.judge(call("http_get"), ask("https://a.com/2", "a.com:443")) == Answer("session", "user")
    assert approvals.judge(call("http_get"), ask("https://b.com/", "b.com:443")) is None
    assert approvals.judge(call("shell"), ask("a.com:443")) is None


def test_a_yes_once_is_not_remembered_and_neither_is_a_plain_no() -> None:
    approvals = Approvals()
    approvals.remember(call(), ask(), Answer("once", "user"))
    approvals.remember(call(), ask(), Answer("never", "user", "not now"))
    assert approvals.judge(call(), ask()) is None


def test_a_lasting_no_repeats_its_reason_and_wins_over_rules_and_flags() -> None:
    for approvals in (Approvals(), Approvals(rules(("shell",)), "all")):
        approvals.remember(call(), ask(), Answer("never", "user", "leave git alone", lasting=True))
        assert approvals.judge(call(), ask()) == Answer("never", "user", "leave git alone", lasting=True)
        assert approvals.judge(call(), ask("ls")) != Answer("never", "user", "leave git alone", lasting=True)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "shell(", "shell()", "shell)x(", "two words", "shell(a) b", "a/b", "(x)", "shell (x)", "é"],
)
def test_a_rule_that_is_none_is_named_with_its_place(text: str) -> None:
    for allow, deny in (((text,), ()), ((), (text,))):
        with pytest.raises(ConfigError, match=r"c\.yaml:[12]: .* is no rule"):
            rules(allow, deny)


@pytest.mark.parametrize("text", ["*", "*(x)", "shell(*)", "shell(* --version)", "shell( *)"])
def test_a_rule_that_allows_more_than_anybody_means_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"c\.yaml:1"):
        rules((text,))
    rules(deny=(text,))


def test_a_rule_about_no_tool_is_a_slip_that_protects_nothing() -> None:
    tools = ("shell", "read_file")
    rules(("shell",), ("*", "read_file(x)")).must_name(tools)
    with pytest.raises(ConfigError, match=r"c\.yaml:2: there is no tool 'shel'") as caught:
        rules(deny=("shel(rm *)",)).must_name(tools)
    assert "shell" in caught.value.hint


def test_what_was_decided_for_the_session_can_be_seen_and_forgotten() -> None:
    approvals = Approvals()
    approvals.remember(call(), ask(), Answer("session", "user"))
    approvals.remember(call("http_get"), ask("a.com"), Answer("never", "user", "no", lasting=True))
    seen = {(one.tool, one.covers, one.allowed) for one in approvals.standing}
    assert seen == {("shell", "exactly this: git status", True), ("http_get", "exactly this: a.com", False)}
    approvals.forget(call().name)
    assert approvals.judge(call(), ask()) is None
    assert [one.tool for one in approvals.standing] == ["http_get"]
    approvals.forget("http_get")
    assert approvals.judge(call("http_get"), ask("a.com")) is None
