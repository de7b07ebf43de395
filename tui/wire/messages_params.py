"""Top-level fields of a Messages request that follow from the settings and the model."""

from __future__ import annotations

from tui.chat.conversation import Conversation
from tui.chat.finding import Finding
from tui.chat.parts import Json
from tui.chat.route import Route
from tui.chat.settings import Settings
from tui.wire.caching import cache_fields
from tui.wire.structured import output_config, sampling_fields
from tui.wire.thinking import Thinking, configured_budget, paused, reasoning_for

ORDINARY_CAP = 32_000
"""Output tokens asked for where the model would allow more."""
CAUTIOUS_CAP = 16_384
"""Output tokens asked for where neither the model's limit nor a configured budget is known."""
ROOM_AFTER_THINKING = 4_096
"""Output tokens left for the answer when a thinking budget forces the limit up."""


def parameters(seen: Conversation, route: Route, settings: Settings) -> tuple[dict[str, Json], list[Finding]]:
    """Fields beside model, system, tools and messages; ``seen`` is the repaired conversation."""
    thinking = reasoning_for(route, settings)
    findings = list(thinking.findings)
    fields: dict[str, Json] = {"max_tokens": _max_tokens(route, settings, thinking)}
    config = thinking.config
    if pause := paused(seen, route, thinking):
        config = {"type": "disabled"}
        findings.append(pause)
    if config is not None:
        fields["thinking"] = config
    if config := output_config(thinking.effort, settings):
        fields["output_config"] = config
    fields |= sampling_fields(settings)
    if settings.stop:
        fields["stop_sequences"] = list(settings.stop)
    fields |= cache_fields(route, settings)
    if settings.stream:
        fields["stream"] = True
    return fields, findings


def _max_tokens(route: Route, settings: Settings, thinking: Thinking) -> int:
    if settings.max_tokens is not None:
        return settings.max_tokens
    budget = thinking.budget if thinking.config is not None else configured_budget(route)
    if route.max_output is None and budget is None:
        return CAUTIOUS_CAP
    limit = min(route.max_output or ORDINARY_CAP, ORDINARY_CAP)
    if budget is not None and limit <= budget:
        limit = budget + ROOM_AFTER_THINKING
        if route.max_output is not None:
            limit = min(limit, route.max_output)
    return limit
