"""Which body fields and headers of the user's own may go along, and which the proxy keeps for itself."""

from __future__ import annotations

from collections.abc import Iterator

from tui.chat.finding import Finding
from tui.chat.route import Route
from tui.chat.settings import Settings, is_set
from tui.knob_text import header_complaint
from tui.wire.caching import caches
from tui.wire.refusal import UNSUPPORTED, Refusal

_OURS_WORDS = """
    model messages input system instructions tools stream stream_options store include previous_response_id
"""
_OURS = frozenset(_OURS_WORDS.split())
"""Fields that are made from the conversation, on any endpoint."""

_LIMITS = frozenset({"max_tokens", "max_completion_tokens", "max_output_tokens"})
_WRITTEN_BY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_LIMITS, ("max_tokens",)),
    "temperature": ("temperature",),
    "top_p": ("top_p",),
    "top_k": ("top_k",),
    "stop": ("stop",),
    "stop_sequences": ("stop",),
    "thinking": ("thinking", "effort", "display"),
    "reasoning": ("thinking", "effort"),
    "reasoning_effort": ("thinking", "effort"),
    "output_config": ("thinking", "effort", "schema"),
    "output_format": ("schema",),
    "response_format": ("schema",),
    "text": ("schema",),
    "cache_control": ("cache",),
}
"""The knobs that write a field."""

_CLAUDE_WORDS = """
    cache_control compaction container context_management inference_geo max_tokens mcp_servers
    output_config output_format reasoning_effort safeguards speed stop_sequences temperature thinking
    tool_choice top_k top_p
"""
_CLAUDE = frozenset(_CLAUDE_WORDS.split())
_RESPONSES_WORDS = """
    background context_management max_output_tokens max_tool_calls metadata parallel_tool_calls
    partial_images prompt prompt_cache_key prompt_cache_options prompt_cache_retention reasoning
    safety_identifier service_tier temperature text tool_choice top_logprobs top_p truncation user
"""
_RESPONSES = frozenset(_RESPONSES_WORDS.split())
_GEMINI_WORDS = """
    cached_content frequency_penalty logprobs max_completion_tokens max_tokens modalities n
    parallel_tool_calls presence_penalty reasoning_effort response_format safety_settings seed
    service_tier stop temperature thinking tool_choice top_k top_logprobs top_p web_search_options
"""
_GEMINI = frozenset(_GEMINI_WORDS.split())
_OPENAI = ("openai", "azure")


def check_extra(route: Route, settings: Settings) -> Refusal | None:
    """Fields that are ours to write, or that a knob which is set writes already."""
    for field in settings.extra:
        if field in _OURS:
            why = f"body.{field} is made from the conversation and cannot be set"
            return Refusal(why, f"leave body.{field} out", "extra-inputs")
        for knob in _WRITTEN_BY.get(field, ()):
            if _is_sent(knob, field, route, settings):
                why = f"body.{field} and {knob} would both be sent"
                mend = f"leave body.{field} out; {knob} says the same"
                return Refusal(why, mend, "extra-inputs")
    return None


def _is_sent(knob: str, field: str, route: Route, settings: Settings) -> bool:
    if knob == "cache":
        return caches(route) and settings.cache != "off"
    if field == "max_tokens" and route.dialect == "messages":
        return True
    if field == "reasoning_effort" and route.accepts.effort_with_tools and route.dialect == "chat":
        return True
    return is_set(settings, knob)


def check_headers(settings: Settings) -> Refusal | None:
    """Headers no request can carry, and those that are ours."""
    for name, value in settings.headers.items():
        complaint = header_complaint(name, value)
        if complaint:
            return Refusal(f"header.{name} {complaint}", f"leave header.{name} out", "bad-request")
    return None


def kept_by_the_proxy(route: Route, settings: Settings) -> Iterator[Finding]:
    """A remark for each body field that is not known to reach the vendor."""
    if not route.provider.startswith("litellm"):
        return
    arriving = _arriving(route)
    for field, value in settings.extra.items():
        if field == "metadata":
            says = _metadata(route, value)
        elif arriving is None or field in arriving:
            says = ""
        else:
            says = (
                f"body.{field} is not known to reach {route.requested}: the proxy keeps it or leaves it out."
            )
        if says:
            yield Finding(UNSUPPORTED, says, f"extra.{field}")


def _arriving(route: Route) -> frozenset[str] | None:
    """The fields of a body that reach the vendor; None is all of them."""
    if route.accepts.cache_marker:
        return _CLAUDE if route.dialect == "messages" else None
    if route.vendor in _OPENAI:
        return {"responses": _RESPONSES, "messages": frozenset[str]()}.get(route.dialect)
    return _GEMINI if route.vendor in ("gemini", "vertex") else None


def _metadata(route: Route, value: object) -> str:
    """What becomes of ``metadata``, which the proxy has a use for itself."""
    if route.dialect == "responses" and route.vendor in _OPENAI:
        return ""
    kept = f"body.metadata stays with the proxy and does not reach {route.requested}."
    translated = route.dialect == "responses" or (route.dialect, route.vendor) == ("chat", "bedrock")
    if not route.accepts.cache_marker or translated or not isinstance(value, dict):
        return kept
    others = [key for key in value if key != "user_id"]
    return f"Of body.metadata only user_id reaches {route.requested}." if others else ""
