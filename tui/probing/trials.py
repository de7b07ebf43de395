"""The trials of a probe, as data: what is asked, with which settings and tools, and who judges it.

Each asks as little as proves something. The prompts are plain English; that they also steer the simulated
models is what makes a probe of those worth looking at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tui.chat.parts import Attachment, Dialect, Json
from tui.chat.route import Route
from tui.chat.settings import OutputSchema, Overrides
from tui.pricing import CHARS_PER_TOKEN
from tui.probing import judges
from tui.probing.picture import red_picture
from tui.probing.report import Capability, Result
from tui.probing.seen import Seen
from tui.wire.caching import caches
from tui.wire.thinking import words_for

CALCULATOR, CLOCK = "calculator", "current_time"
LEAST_BUDGET = 1024
"""The smallest thinking budget Claude takes, in tokens."""
BRIEF, THOUGHTFUL = 300, 4096
"""Most tokens of an answer, without and with thinking."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried in one go, and what it can tell."""

    name: str
    tells: tuple[Capability, ...]
    prompts: tuple[str, ...]
    judge: Callable[[Seen], tuple[Result, ...]]
    tokens: tuple[int, int]
    """About how many tokens go in and come out of it, all requests together."""
    overrides: Overrides = field(default_factory=dict)
    tools: tuple[str, ...] = ()
    system: str | None = None
    attachments: tuple[Attachment, ...] = ()
    steps: int | None = None
    """Stop once so many answers came; None goes on to the end of the turn."""
    edit: Callable[[Json], Json] | None = None
    """What becomes of the body when the first request is then sent once more, edited."""
    skip: str = ""
    """Why it is not tried on this route; empty when it is."""

    @property
    def requests(self) -> int:
        """How many prompts and edited requests it sends; tools make some more."""
        return len(self.prompts) + (self.edit is not None)


def trials_for(route: Route) -> tuple[Trial, ...]:
    """Every trial as it is made on this route, in the order they are made."""
    return (*_plain(route), *_calling(route), *_thoughtful(route), _caching(route), _prefilling(route))


def _plain(route: Route) -> tuple[Trial, ...]:
    """Those without tools and thinking."""
    brief = _brief(route)
    return (
        Trial(
            "streaming",
            ("streaming", "usage", "cost"),
            ("Reply with one short sentence about rivers.",),
            judges.streaming,
            (30, 60),
            brief,
        ),
        Trial(
            "vision",
            ("vision",),
            ("Describe the image in one sentence: its main colour, its width and its height.",),
            judges.vision,
            (200, 80),
            brief,
            attachments=(red_picture(),),
        ),
        Trial(
            "schema",
            ("schema",),
            ("Name one city and the country it is in.",),
            judges.schema,
            (120, 60),
            {**brief, "schema": OutputSchema("place", judges.PLACE)},
        ),
    )


def _calling(route: Route) -> tuple[Trial, ...]:
    """Those with tools."""
    brief, skip = _brief(route), _no_tools(route)
    return (
        Trial(
            "tools",
            ("tools",),
            ("What is 6*7? Use the calculator.",),
            judges.tools,
            (900, 160),
            brief,
            tools=(CALCULATOR,),
            skip=skip,
        ),
        Trial(
            "parallel",
            ("parallel",),
            ("In parallel, both calls in one answer: what is 6*7, and what time is it in UTC?",),
            judges.parallel,
            (1_100, 240),
            brief,
            tools=(CALCULATOR, CLOCK),
            skip=skip,
        ),
        Trial(
            "forced",
            ("forced",),
            ("Say hello.",),
            judges.forced,
            (450, 60),
            {**brief, "extra": {"tool_choice": _forced(route.dialect, CALCULATOR)}},
            tools=(CALCULATOR,),
            steps=1,
            skip=skip,
        ),
    )


def _thoughtful(route: Route) -> tuple[Trial, ...]:
    """Those in which the model is asked to think."""
    word = thinking_word(route)
    skip = "" if word is not None else "no setting for thinking is known for this model here"
    settings: dict[str, Any] = {"max_tokens": THOUGHTFUL} | ({} if word is None else {"thinking": word})
    return (
        Trial(
            "thinking",
            ("thinking", "sealed", "kept"),
            ("Think it through before you answer: is 391 a prime number, and why?", "And is 397 one?"),
            judges.thinking,
            (700, 2_400),
            settings,
            skip=skip,
        ),
        Trial(
            "interleaved",
            ("interleaved",),
            (
                "Interleaved, one call after the other: first let the calculator work out 8*8; "
                "think about what came, and then ask what time it is in UTC.",
            ),
            judges.interleaved,
            (2_400, 1_800),
            settings,
            tools=(CALCULATOR, CLOCK),
            skip=skip or _no_tools(route),
        ),
    )


def _caching(route: Route) -> Trial:
    return Trial(
        "caching",
        ("caching",),
        ("Reply with the word one.", "Reply with the word two."),
        judges.caching,
        (len(_HANDBOOK) * 2 // CHARS_PER_TOKEN, 40),
        _brief(route),
        system=_HANDBOOK,
        skip="" if caches(route) or route.vendor in _CACHE_BY_THEMSELVES else _NO_CACHE,
    )


def _prefilling(route: Route) -> Trial:
    return Trial(
        "prefill",
        ("prefill",),
        ("What is the capital of France? Answer in one sentence.",),
        judges.prefill,
        (60, 60),
        _brief(route),
        edit=_with_prefill,
    )


def _with_prefill(body: Json) -> Json:
    """The body with the beginning of an answer put behind the prompt."""
    if "messages" in body:
        return {**body, "messages": [*body["messages"], {"role": "assistant", "content": judges.PREFILL}]}
    said = [{"type": "output_text", "text": judges.PREFILL}]
    return {**body, "input": [*body["input"], {"role": "assistant", "content": said}]}


def _brief(route: Route) -> Overrides:
    return {"max_tokens": _room(route, BRIEF)}


def _no_tools(route: Route) -> str:
    return "the proxy says that it takes no tools" if route.accepts.tools is False else ""


_RULES = (f"Rule {n}: whoever finds drawer {n * 7 % 613} open closes it." for n in range(1, 361))
_HANDBOOK = "You answer in one word. The handbook of the archive:\n" + "\n".join(_RULES)
"""Long, and the same every time: beyond 4,096 tokens, under which some models cache nothing."""
_CACHE_BY_THEMSELVES = frozenset({"openai", "azure", "gemini", "vertex", "xai", "deepseek"})
_NO_CACHE = "no way to cache is known for this model here"


def thinking_word(route: Route) -> str | int | None:
    """The least thinking that can be asked for; None where nothing can."""
    words = words_for(route)
    if not words:
        return None
    if "enabled" in route.accepts.thinking and "adaptive" not in route.accepts.thinking:
        return LEAST_BUDGET
    return next((word for word in ("low", "medium", "on") if word in words), words[-1])


def _room(route: Route, wanted: int) -> int:
    """Most tokens of an answer: more where the proxy adds thinking of its own."""
    configured = route.configured_thinking
    budget = configured.get("budget_tokens") if isinstance(configured, Mapping) else None
    return wanted + budget if isinstance(budget, int) else THOUGHTFUL if configured else wanted


def _forced(dialect: Dialect, name: str) -> dict[str, Any]:
    match dialect:
        case "messages":
            return {"type": "tool", "name": name}
        case "chat":
            return {"type": "function", "function": {"name": name}}
        case "responses":
            return {"type": "function", "name": name}
