"""Top-level fields of a Responses request that follow from the settings and the model."""

from __future__ import annotations

from tui.chat.conversation import Conversation
from tui.chat.finding import Finding
from tui.chat.parts import Json
from tui.chat.route import Route
from tui.chat.settings import Settings
from tui.wire.caching import cache_fields
from tui.wire.structured import (
    named_schema,
    output_config,
    passes_anthropic_fields,
    sampling_fields,
    summarizes,
)
from tui.wire.thinking import paused, reasoning_for

SEALED = "reasoning.encrypted_content"
"""What to include so that reasoning comes back with every answer, sealed, and nothing need be stored."""


def parameters(seen: Conversation, route: Route, settings: Settings) -> tuple[dict[str, Json], list[Finding]]:
    """Fields beside model, instructions, tools and input; ``seen`` is the repaired conversation."""
    fields: dict[str, Json] = {"store": False, "include": [SEALED]}
    if settings.stream:
        fields["stream"] = True
    if settings.max_tokens is not None:
        fields["max_output_tokens"] = settings.max_tokens
    thinking = reasoning_for(route, settings)
    findings = list(thinking.findings)
    config, effort = thinking.config, thinking.effort
    if pause := paused(seen, route, thinking):
        config, effort = {"type": "disabled"}, None
        findings.append(pause)
    if passes_anthropic_fields(route):
        fields |= {"thinking": config} if config is not None else {}
        fields |= {"output_config": said} if (said := output_config(effort, settings)) else {}
    else:
        fields |= _reasoning(route, settings, effort)
        if settings.schema is not None:
            fields["text"] = {"format": {"type": "json_schema", **named_schema(settings.schema)}}
    if settings.stop:
        # OpenAI has no such field; for everyone else the proxy translates it.
        fields["stop"] = list(settings.stop)
    return fields | sampling_fields(settings) | cache_fields(route, settings), findings


def _reasoning(route: Route, settings: Settings, effort: str | None) -> dict[str, Json]:
    reasoning: dict[str, Json] = {} if effort is None else {"effort": effort}
    if summarizes(route) and settings.display != "omitted":
        reasoning["summary"] = "auto"
    return {"reasoning": reasoning} if reasoning else {}
