"""What a request asked for beside its messages, in any of the three formats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tui.chat.json_text import load_bytes
from tui.chat.parts import Json

_LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens")
_FORCING = ("any", "tool", "required", "function")


@dataclass(frozen=True, slots=True)
class Asked:
    """None: the request does not say, so whatever the proxy or the vendor has for it applies."""

    model: str | None = None
    """The id it was sent for."""
    thinking: str | None = None
    """Anthropic's ``thinking.type``."""
    budget: int | None = None
    effort: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    schema: bool = False
    """Whether the answer's text must be JSON by a schema."""
    tools: int = 0
    forced: bool = False
    """Whether the model must call a tool."""
    fields: frozenset[str] = frozenset()
    """The names of everything that was sent."""

    @property
    def silent(self) -> bool:
        """Whether nothing at all is said about thinking."""
        return self.thinking is None and self.effort is None

    @property
    def thinks(self) -> bool:
        """Whether thinking is asked for."""
        if self.thinking is not None:
            return self.thinking != "disabled"
        return self.effort not in (None, "none")

    @property
    def words(self) -> str:
        """How thinking was asked for, such as ``thinking enabled, 8,000 tokens``."""
        facts = [f"thinking {self.thinking}"] if self.thinking else []
        facts += [f"{self.budget:,} tokens"] if self.budget is not None else []
        facts += [f"effort {self.effort}"] if self.effort else []
        return ", ".join(facts)


def asked_of(body: Mapping[str, Json]) -> Asked:
    """What the request ``body`` asks for; odd values count as not said."""
    thinking, config = _object(body.get("thinking")), _object(body.get("output_config"))
    efforts = (
        config.get("effort"),
        body.get("reasoning_effort"),
        _object(body.get("reasoning")).get("effort"),
    )
    formats = (
        _object(body.get("output_format")),
        _object(config.get("format")),
        _object(body.get("response_format")),
        _object(_object(body.get("text")).get("format")),
    )
    tools, choice = body.get("tools"), body.get("tool_choice")
    kind = choice if isinstance(choice, str) else _object(choice).get("type")
    return Asked(
        model=_word(body.get("model")),
        thinking=_word(thinking.get("type")),
        budget=_count(thinking.get("budget_tokens")),
        effort=next((word for word in map(_word, efforts) if word), None),
        max_tokens=next((n for n in (_count(body.get(name)) for name in _LIMITS) if n is not None), None),
        temperature=_number(body.get("temperature")),
        schema=any(given.get("type") == "json_schema" for given in formats),
        tools=len(tools) if isinstance(tools, list) else 0,
        forced=kind in _FORCING,
        fields=frozenset(body),
    )


def asked_in(body: bytes) -> Asked:
    """The same of a request as it was sent; what is no JSON object asks for nothing."""
    try:
        value = load_bytes(body)
    except ValueError:
        return Asked()
    return asked_of(_object(value))


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _word(value: Json) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Json) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _count(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
