"""Who decides whether a tool may run: the rules, what was said before, the flag, else a person."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tui.chat.events import Answer, Ask
from tui.chat.parts import ToolCall
from tui.errors import ConfigError
from tui.nearest import nearest
from tui.tools.patterns import COMMAND_TOOLS, allows, denies

ApprovalMode = Literal["ask", "all", "none"]
Written: TypeAlias = tuple[str, str]
"""A rule's text and where it stands, such as ``config.yaml:12``."""

ANY_TOOL = "*"
_RULE = re.compile(r"(?P<tool>\*|[A-Za-z0-9_-]{1,64})(?:\((?P<pattern>.+)\))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Rule:
    """``tool``, or ``tool(pattern)``; without a pattern it holds for every call of the tool."""

    text: str
    tool: str
    pattern: str | None
    place: str


class ApprovalRules:
    """The configured rules; ConfigError naming the place for one that is not understood."""

    def __init__(self, allow: Iterable[Written] = (), deny: Iterable[Written] = ()) -> None:
        self._allow = tuple(_careful(_read(*written)) for written in allow)
        self._deny = tuple(_read(*written) for written in deny)

    def allowing(self, tool: str, subject: str) -> Rule | None:
        """The first rule that lets the tool do this unasked."""
        return next((r for r in self._allow if r.tool == tool and _holds(r, tool, subject, allows)), None)

    def denying(self, tool: str, subject: str = "") -> Rule | None:
        """The first rule that forbids it; without a subject only rules about every call count."""
        mine = (rule for rule in self._deny if rule.tool in (tool, ANY_TOOL))
        return next((rule for rule in mine if _holds(rule, tool, subject, denies)), None)

    def must_name(self, tools: Collection[str]) -> None:
        """ConfigError for a rule about a tool that is not among ``tools``: a slip there protects nothing."""
        for rule in (*self._allow, *self._deny):
            if rule.tool not in (*tools, ANY_TOOL):
                hint = nearest(rule.tool, tools, "the tools are")
                raise _complaint(rule.place, f"there is no tool {rule.tool!r}", hint)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person decided for the rest of the session; ``covers`` says it in their words."""

    tool: str
    grant: str
    covers: str
    allowed: bool


class Approvals:
    """The decisions of one session."""

    def __init__(self, rules: ApprovalRules | None = None, mode: ApprovalMode = "ask") -> None:
        self._rules = rules or ApprovalRules()
        self._mode = mode
        self._granted: dict[tuple[str, str], str] = {}
        """What is allowed, by tool and grant, with what that covers."""
        self._refused: dict[tuple[str, str], tuple[str, str]] = {}
        """What is refused, with what that covers and the reason."""

    def judge(self, call: ToolCall, ask: Ask | None) -> Answer | None:
        """What is decided already. None: with an ``ask``, a person decides; without one, it just runs."""
        denied = self._rules.denying(call.name, "" if ask is None else ask.subject)
        if denied is not None:
            return Answer("never", "rule", f"the rule {denied.text} forbids it")
        if ask is None:
            return None
        key = (call.name, ask.grant)
        if key in self._refused:
            return Answer("never", "user", self._refused[key][1], lasting=True)
        if self._rules.allowing(call.name, ask.subject) is not None:
            return Answer("always", "rule")
        if key in self._granted:
            return Answer("session", "user")
        if self._mode == "all":
            return Answer("once", "flag")
        return Answer("never", "flag") if self._mode == "none" else None

    def remember(self, call: ToolCall, ask: Ask, answer: Answer) -> None:
        """Keep what a person decided for the rest of the session."""
        key = (call.name, ask.grant)
        if answer.decision in ("session", "always"):
            self._granted[key] = _covers(ask)
        elif answer.decision == "never" and answer.lasting:
            self._refused[key] = _covers(ask), answer.reason

    @property
    def standing(self) -> tuple[Standing, ...]:
        """What a person decided for the session, in the order it was decided."""
        allowed = [Standing(*key, covers, True) for key, covers in self._granted.items()]
        return (*allowed, *(Standing(*key, covers, False) for key, (covers, _) in self._refused.items()))

    def forget(self, tool: str) -> None:
        """Ask again about everything of a tool that was decided for the session."""
        self._granted = {key: value for key, value in self._granted.items() if key[0] != tool}
        self._refused = {key: refused for key, refused in self._refused.items() if key[0] != tool}


def _covers(ask: Ask) -> str:
    """What a decision for the session covers, in words that can be read without the call beside them."""
    return f"{ask.grants}: {ask.subject}" if ask.grant == ask.subject else ask.grants


def _read(text: str, place: str) -> Rule:
    found = _RULE.fullmatch(text.strip())
    if found is None:
        raise _complaint(place, f"{text!r} is no rule", "write a tool's name, or tool(pattern)")
    return Rule(text.strip(), found["tool"], found["pattern"], place)


def _careful(rule: Rule) -> Rule:
    """An allowing rule; ConfigError for one that allows more than anybody means."""
    if rule.tool == ANY_TOOL:
        raise _complaint(rule.place, "a rule cannot allow every tool", "name the tools one by one")
    if rule.tool in COMMAND_TOOLS and rule.pattern is not None and rule.pattern.lstrip().startswith("*"):
        raise _complaint(
            rule.place,
            f"{rule.text!r} would allow every program",
            f"begin with a program's name, or write {rule.tool} to allow every command",
        )
    return rule


def _holds(rule: Rule, tool: str, subject: str, fits: Callable[[str, str, str], bool]) -> bool:
    return rule.pattern is None or (bool(subject) and fits(tool, rule.pattern, subject))


def _complaint(place: str, what: str, hint: str) -> ConfigError:
    return ConfigError(f"{place}: {what}" if place else what, hint=hint)
