"""What thinking, effort and display mean for a model: a ``thinking`` object, an effort, or a refusal."""

from __future__ import annotations

from dataclasses import dataclass

from tui.chat.conversation import Conversation
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage, ToolMessage
from tui.chat.parts import Json, Reasoning
from tui.chat.route import Accepts, Route
from tui.chat.settings import Settings
from tui.errors import UsageError

DEFAULT_BUDGET = 8000
"""Thinking tokens where the model wants a budget and the user named none."""
MISFIT = "the setting does not fit the model"
MIN_BUDGET = 1024
"""The vendor's floor for a thinking budget."""


@dataclass(frozen=True, slots=True)
class Thinking:
    """What to send; both None means the setting asks for nothing to be sent."""

    config: dict[str, Json] | None = None
    """Anthropic's ``thinking`` object."""
    effort: str | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def budget(self) -> int | None:
        """The thinking tokens asked for, where a number is sent."""
        return None if self.config is None else self.config.get("budget_tokens")


def thinking_for(route: Route, setting: str | int | None, max_tokens: int | None) -> Thinking:
    """The setting in this model's terms; UsageError for one it cannot take."""
    accepts = route.accepts
    if setting is None:
        return Thinking()
    if isinstance(setting, int) or setting.isdecimal():
        return Thinking({"type": "enabled", "budget_tokens": _budget(route, int(setting), max_tokens)})
    if setting == "off":
        return _off(route)
    if setting == "on":
        return _on(route, max_tokens)
    if setting not in accepts.efforts:
        raise _refused(route, f"thinking {setting}")
    return Thinking(_carrier(accepts, max_tokens), setting)


def reasoning_for(route: Route, settings: Settings) -> Thinking:
    """Thinking, effort and display together; UsageError for a thinking setting the model cannot take."""
    thinking = thinking_for(route, settings.thinking, settings.max_tokens)
    config, effort = thinking.config, thinking.effort
    if settings.effort is not None:
        effort = settings.effort
        if config is None and not route.accepts.thinking:
            # Where the proxy bridges to another vendor, a word alone is dropped.
            config = {"type": "adaptive"}
    if settings.display is not None:
        # A thinking object of ours replaces the configured one whole.
        carrier = config or configured_thinking(route) or {"type": "adaptive"}
        config = {**carrier, "display": settings.display}
    return Thinking(config, effort, thinking.findings)


def is_on(route: Route, settings: Settings) -> bool:
    """Whether Claude will think: as set, else as the proxy's configuration adds, else by its default."""
    accepts = route.accepts
    if not accepts.thinking:
        return False
    if settings.thinking is not None:
        return settings.thinking != "off" or "disabled" not in accepts.thinking
    if configured := configured_thinking(route):
        return configured.get("type") != "disabled"
    return accepts.thinking_default != "off"


def words_for(route: Route) -> tuple[str, ...]:
    """The words a model takes for thinking, beside a number of tokens."""
    accepts = route.accepts
    words = accepts.efforts
    if "disabled" in accepts.thinking or "none" in words:
        words = ("off", *words)
    return ("on", *words) if accepts.thinking & {"adaptive", "enabled"} or words else words


def configured_thinking(route: Route) -> dict[str, Json] | None:
    """The ``thinking`` object the proxy's own configuration adds when we send none."""
    configured = route.configured_thinking
    return configured if isinstance(configured, dict) else None


def configured_budget(route: Route) -> int | None:
    """The thinking budget the proxy's own configuration adds when we send none."""
    budget = (configured_thinking(route) or {}).get("budget_tokens")
    return budget if isinstance(budget, int) and not isinstance(budget, bool) else None


def paused(seen: Conversation, route: Route, thinking: Thinking) -> Finding | None:
    """Why thinking must be off for this request, if it must: manual thinking is refused in an
    open tool loop that was begun without it. ``seen`` is the repaired conversation."""
    accepts = route.accepts
    if not accepts.starts_with_thinking or "disabled" not in accepts.thinking or not seen.in_tool_loop:
        return None
    config = thinking.config if thinking.config is not None else route.configured_thinking
    if not isinstance(config, dict) or config.get("type") != "enabled":
        return None
    # Later answers may well lack thinking: without interleaving the model thinks once, at the start.
    if _begins_with_thinking(_loop_start(seen), route):
        return None
    says = "Thinking is off until the next prompt: this tool loop was begun without a thinking block."
    return Finding("anthropic-must-start-with-thinking", says, "thinking")


def _loop_start(seen: Conversation) -> AssistantMessage:
    """The first answer of the tool loop the conversation ends in."""
    start: AssistantMessage | None = None
    for message in reversed(seen.messages):
        if isinstance(message, AssistantMessage):
            start = message
        elif not isinstance(message, ToolMessage):
            break
    assert start is not None, "a repaired conversation holds no result without its call"
    return start


def _begins_with_thinking(message: AssistantMessage, route: Route) -> bool:
    # On chat the proxy moves thinking to the front.
    parts = message.parts if route.dialect == "chat" else message.parts[:1]
    return any(isinstance(part, Reasoning) for part in parts)


def _off(route: Route) -> Thinking:
    accepts = route.accepts
    if "disabled" in accepts.thinking:
        return Thinking({"type": "disabled"})
    if "none" in accepts.efforts:
        return Thinking(_carrier(accepts, None), "none")
    if not accepts.efforts:
        if accepts.thinking_default == "off" and route.configured_thinking is None and accepts.thinking:
            return Thinking()
        says = f"{route.requested} has no known way to turn thinking off; nothing about it is sent."
        return Thinking(findings=(Finding(rejected_class(route), says, "thinking"),))
    lowest = accepts.efforts[0]
    says = f"{route.requested} cannot turn thinking off; the lowest effort, {lowest}, is sent instead."
    return Thinking(_carrier(accepts, None), lowest, (Finding(rejected_class(route), says, "thinking"),))


def rejected_class(route: Route) -> str:
    """The class of a thinking setting the model does not take."""
    return "anthropic-thinking-type-rejected" if route.accepts.thinking else "litellm-unsupported-params"


def _on(route: Route, max_tokens: int | None) -> Thinking:
    accepts = route.accepts
    if "adaptive" in accepts.thinking:
        return Thinking({"type": "adaptive"})
    if "enabled" in accepts.thinking:
        return Thinking(_enabled(max_tokens))
    words = [word for word in accepts.efforts if word != "none"]
    if words:
        return Thinking(_carrier(accepts, max_tokens), "medium" if "medium" in words else words[-1])
    if accepts.thinking_default == "off":
        raise _refused(route, "thinking on")
    return Thinking()


def _carrier(accepts: Accepts, max_tokens: int | None) -> dict[str, Json] | None:
    """The ``thinking`` object an effort word travels with."""
    if "adaptive" in accepts.thinking or not accepts.thinking:
        return {"type": "adaptive"}
    return _enabled(max_tokens) if "enabled" in accepts.thinking else None


def _enabled(max_tokens: int | None) -> dict[str, Json]:
    budget = DEFAULT_BUDGET
    if max_tokens is not None and max_tokens <= budget:
        budget = max_tokens // 2
        if budget < MIN_BUDGET:
            says = f"max_tokens {max_tokens} leaves no room for thinking, which takes at least {MIN_BUDGET}"
            raise UsageError(MISFIT, says, hint=f"set max_tokens to {2 * MIN_BUDGET} or more")
    return {"type": "enabled", "budget_tokens": budget}


def _budget(route: Route, budget: int, max_tokens: int | None) -> int:
    if "enabled" not in route.accepts.thinking:
        raise _refused(route, f"a thinking budget ({budget})")
    ceiling = max_tokens if max_tokens is not None else route.max_output
    if budget < MIN_BUDGET:
        says = f"a thinking budget is at least {MIN_BUDGET} tokens, not {budget}"
        raise UsageError(MISFIT, says, hint=f"set it to {MIN_BUDGET} or more, or say off")
    if ceiling is not None and budget >= ceiling:
        name = "max_tokens" if max_tokens is not None else "the model's output limit"
        says = f"the thinking budget {budget} must be below {name} ({ceiling})"
        raise UsageError(MISFIT, says, hint="lower the budget, or raise max_tokens")
    return budget


def _refused(route: Route, what: str) -> UsageError:
    takes = [*words_for(route)]
    if "enabled" in route.accepts.thinking:
        takes.append(f"a budget of {MIN_BUDGET} tokens or more")
    hint = f"it takes: {', '.join(takes)}" if takes else "it takes no thinking setting; leave it out"
    return UsageError(MISFIT, f"{route.requested} does not take {what}", hint=hint)
