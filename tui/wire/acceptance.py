"""What of the settings a route takes: said before anything is sent, never found out by a refusal.

A knob is known here by its field of ``Settings``. What is set and not taken is a fatal finding where
one looks ahead, and a UsageError where one sends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias

from tui.chat.finding import Finding
from tui.chat.route import Route
from tui.chat.settings import Settings, is_set
from tui.errors import UsageError
from tui.wire.acceptance_extra import check_extra, check_headers, kept_by_the_proxy
from tui.wire.caching import caches
from tui.wire.refusal import UNSUPPORTED, Refusal
from tui.wire.structured import summarizes
from tui.wire.thinking import (
    MISFIT,
    configured_budget,
    is_on,
    rejected_class,
    thinking_for,
    words_for,
)

BUDGET_CLASS = "anthropic-budget-bounds"
LEAST_TOP_P = 0.95
"""The lowest ``top_p`` Claude takes while it thinks."""
_OPENAI = ("openai", "azure")


def takes(route: Route, knob: str, settings: Settings) -> str:
    """Why ``knob`` is not taken here beside the other settings: its value, or any while it is not set.

    Empty when it is taken.
    """
    refusal = _CHECKS[knob](route, settings)
    return refusal.why if refusal else ""


def choices(route: Route, knob: str) -> tuple[str, ...]:
    """The words this route takes for ``knob``; none for knobs that are no words."""
    match knob:
        case "thinking":
            return words_for(route)
        case "effort":
            return route.accepts.efforts
        case "display" if _tells_thinking(route) or summarizes(route):
            return ("summarized", "omitted")
        case "cache" if caches(route):
            return ("off", "5m", "1h")
        case "stream":
            return ("on", "off")
    return ()


def refusals(route: Route, settings: Settings) -> tuple[Finding, ...]:
    """A fatal finding for each knob that is set and not taken; ``path`` is the knob.

    The cache is asked of whoever has one, so that alone is refused nowhere.
    """
    asked = (knob for knob in _CHECKS if is_set(settings, knob) and knob != "cache")
    found = ((knob, _CHECKS[knob](route, settings)) for knob in asked)
    return tuple(
        Finding(no.cls, f"{no.why}.", knob, no.mend or _unset(knob), fatal=True)
        for knob, no in found
        if no is not None
    )


def remarks(route: Route, settings: Settings) -> Iterator[Finding]:
    """What happens on the way to knobs that are taken and yet do not arrive, or have no effect."""
    name = route.requested
    if settings.cache == "1h" and not caches(route):
        says = f"{name} is not asked to cache for an hour: that is for Claude, where its vendor takes it."
        yield Finding(UNSUPPORTED, says, "cache")
    sampling = [knob for knob in ("temperature", "top_p") if getattr(settings, knob) is not None]
    if route.accepts.sampling_ignored and sampling:
        says = f"{name} takes {' and '.join(sampling)} without any effect while it thinks."
        yield Finding("openai-param-unsupported", says, sampling[0])
    if settings.schema is not None and route.dialect == "messages" and route.vendor in _OPENAI:
        says = "On this endpoint the proxy hands on the schema without its name, and not as a strict one."
        yield Finding(UNSUPPORTED, says, "schema", "use the chat or the responses endpoint")
    yield from kept_by_the_proxy(route, settings)


def accepted(route: Route, settings: Settings) -> Settings:
    """The settings without those that are refused here."""
    default = Settings()
    refused = {finding.path: getattr(default, finding.path) for finding in refusals(route, settings)}
    return replace(settings, **refused) if refused else settings


def require(route: Route, settings: Settings) -> None:
    """UsageError for the first knob that is set and not taken."""
    for finding in refusals(route, settings):
        raise UsageError(MISFIT, finding.says.removesuffix("."), hint=finding.mend)


_Check: TypeAlias = Callable[[Route, Settings], Refusal | None]


def _unset(knob: str) -> str:
    return f"set {knob}=default to leave it out"


def _thinking(route: Route, settings: Settings) -> Refusal | None:
    if settings.thinking is None:
        return None if words_for(route) else Refusal(f"{route.requested} has no thinking setting")
    try:
        thinking_for(route, settings.thinking, settings.max_tokens)
    except UsageError as error:
        return Refusal(error.what, error.hint, rejected_class(route))
    return None


def _effort(route: Route, settings: Settings) -> Refusal | None:
    accepts, effort, cls = route.accepts, settings.effort, rejected_class(route)
    if not accepts.efforts:
        return Refusal(f"{route.requested} has no effort setting", cls=cls)
    if effort is None:
        return None
    if effort not in accepts.efforts:
        mend = f"it takes: {', '.join(accepts.efforts)}"
        return Refusal(f"{route.requested} does not take effort {effort}", mend, cls)
    thinking = settings.thinking
    if thinking in accepts.efforts and thinking != effort:
        return Refusal(f"thinking says {thinking} and effort says {effort}", "set one of them", cls)
    if thinking != "off":
        return None
    if "disabled" not in accepts.thinking and effort != "none":
        why = f"{route.requested} has no way to turn thinking off but effort itself, and effort says {effort}"
        return Refusal(why, "set one of thinking and effort", cls)
    if accepts.off_efforts is not None and effort not in accepts.off_efforts:
        mend = f"beside thinking off it takes: {', '.join(accepts.off_efforts)}"
        return Refusal(f"{route.requested} does not take effort {effort} with thinking off", mend, cls)
    return None


def _tells_thinking(route: Route) -> bool:
    return bool(route.accepts.thinking & {"adaptive", "enabled"})


def _display(route: Route, settings: Settings) -> Refusal | None:
    name, cls = route.requested, rejected_class(route)
    if summarizes(route):
        return None
    if not _tells_thinking(route):
        return Refusal(f"{name} has no setting for how thinking comes back", cls=cls)
    if is_on(route, settings):
        return None
    if settings.thinking is None and route.configured_thinking is None:
        why = f"{name} does not think unless told to, so there is nothing to display"
        return Refusal(why, "set thinking as well, or display=default", cls)
    return Refusal(f"thinking is off for {name}, so there is nothing to display", cls=cls)


def _max_tokens(route: Route, settings: Settings) -> Refusal | None:
    limit, most = settings.max_tokens, route.accepts.max_output
    if limit is None:
        return None
    if most is not None and limit > most:
        why = f"{route.requested} gives at most {most} tokens, not {limit}"
        return Refusal(why, f"set max_tokens to {most} or less", "openai-param-unsupported")
    budget = configured_budget(route)
    if settings.thinking is None and budget and limit <= budget:
        why = f"max_tokens {limit} is not above the proxy's configured thinking budget {budget}"
        return Refusal(why, f"raise max_tokens above {budget}, or set thinking off", BUDGET_CLASS)
    return None


def _sampling_class(route: Route) -> str:
    if route.accepts.thinking:
        return "anthropic-sampling-with-thinking"
    return "openai-param-unsupported" if route.vendor in _OPENAI else UNSUPPORTED


def _sampling(route: Route, settings: Settings, knob: str) -> Refusal | None:
    """What holds for temperature, top_p and top_k alike."""
    cls = _sampling_class(route)
    if not route.accepts.sampling:
        return Refusal(f"{route.requested} takes no {knob}: its sampling is fixed", cls=cls)
    other = {"temperature": settings.top_p, "top_p": settings.temperature}.get(knob)
    if route.accepts.one_sampling and other is not None:
        both = "temperature and top_p"
        return Refusal(f"{route.requested} does not take {both} together", f"set one of {both}", cls)
    return None


def _temperature(route: Route, settings: Settings) -> Refusal | None:
    value, cls = settings.temperature, _sampling_class(route)
    refusal = _sampling(route, settings, "temperature")
    if refusal is not None:
        return refusal
    if value is not None and value > route.accepts.hottest:
        why = f"{route.requested} takes a temperature of at most {route.accepts.hottest:g}, not {value:g}"
        return Refusal(why, cls=cls)
    if is_on(route, settings) and value != 1:
        why = f"{route.requested} takes no temperature but 1 while it thinks"
        return Refusal(why, "set thinking off, or temperature=default", cls)
    return None


def _top_p(route: Route, settings: Settings) -> Refusal | None:
    value = settings.top_p
    refusal = _sampling(route, settings, "top_p")
    if refusal is not None or value is None:
        return refusal
    if is_on(route, settings) and value < LEAST_TOP_P:
        why = f"{route.requested} takes no top_p below {LEAST_TOP_P} while it thinks, not {value:g}"
        return Refusal(why, "set thinking off, or top_p=default", _sampling_class(route))
    return None


def _top_k(route: Route, settings: Settings) -> Refusal | None:
    refusal = _sampling(route, settings, "top_k")
    if refusal is not None:
        return refusal
    if not route.accepts.top_k:
        return Refusal(f"{route.requested} has no top_k", cls=_sampling_class(route))
    if is_on(route, settings):
        why = f"{route.requested} takes no top_k while it thinks"
        return Refusal(why, "set thinking off, or top_k=default", _sampling_class(route))
    return None


def _stop(route: Route, settings: Settings) -> Refusal | None:
    name, most = route.requested, route.accepts.stops
    cls = "openai-param-unsupported"
    if most == 0:
        return Refusal(f"{name} does not take texts that stop it", cls=cls)
    bridged = route.provider.startswith("litellm") and route.vendor not in _OPENAI
    if route.dialect == "responses" and not bridged:
        return Refusal("the responses endpoint has no texts that stop a model", "use the chat endpoint", cls)
    if route.dialect == "messages" and route.vendor in _OPENAI:
        # The proxy takes the call over to the responses endpoint and loses them.
        return Refusal(f"the proxy does not hand on stop to {name} here", "use the chat endpoint", cls)
    if most is not None and len(settings.stop) > most:
        return Refusal(f"{name} takes at most {most} stop texts, not {len(settings.stop)}", cls=cls)
    if route.accepts.cache_marker and any(not text.strip() for text in settings.stop):
        return Refusal(f"{name} does not take a stop text of blanks and line ends alone", cls=UNSUPPORTED)
    return None


def _schema(route: Route, _: Settings) -> Refusal | None:
    if route.accepts.schema is False:
        return Refusal(f"{route.requested} cannot be held to a schema", cls="openai-param-unsupported")
    return None


def _cache(route: Route, _: Settings) -> Refusal | None:
    return None if caches(route) else Refusal(f"{route.requested} is not asked to cache")


_CHECKS: dict[str, _Check] = {
    "thinking": _thinking,
    "effort": _effort,
    "display": _display,
    "max_tokens": _max_tokens,
    "temperature": _temperature,
    "top_p": _top_p,
    "top_k": _top_k,
    "stop": _stop,
    "schema": _schema,
    "stream": lambda _, __: None,
    "cache": _cache,
    "extra": check_extra,
    "headers": lambda _, settings: check_headers(settings),
}
"""By knob: why its value, or any value while it is not set, is not taken."""
