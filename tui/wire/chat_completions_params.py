"""Top-level fields of a chat request that follow from the settings and the model."""

from __future__ import annotations

from tui.chat.conversation import Conversation
from tui.chat.finding import Finding
from tui.chat.parts import Json
from tui.chat.route import Route
from tui.chat.settings import Settings
from tui.wire.caching import cache_fields
from tui.wire.structured import named_schema, output_config, passes_anthropic_fields, sampling_fields
from tui.wire.thinking import paused, reasoning_for

BRIDGED_EFFORT = "medium"
"""The vendor's own default, said aloud so that the proxy bridges the call to where tools are taken."""


def parameters(
    seen: Conversation, route: Route, settings: Settings, *, has_tools: bool
) -> tuple[dict[str, Json], list[Finding]]:
    """Fields beside model, tools and messages; ``seen`` is the repaired conversation."""
    fields: dict[str, Json] = {}
    if settings.stream:
        fields["stream"] = True
        fields["stream_options"] = {"include_usage": True}
    if settings.max_tokens is not None:
        # The proxy maps the old name for each vendor; OpenAI's own reasoning models take only the new one.
        plain_openai = route.provider == "openai" and route.vendor == "openai"
        fields["max_completion_tokens" if plain_openai else "max_tokens"] = settings.max_tokens
    fields |= sampling_fields(settings)
    if settings.stop:
        fields["stop"] = list(settings.stop)
    reasoning, findings = _reasoning(seen, route, settings)
    fields |= reasoning
    if has_tools and route.accepts.effort_with_tools:
        findings += _effort_beside_tools(fields, route)
    fields |= cache_fields(route, settings)
    return fields, findings


def _reasoning(seen: Conversation, route: Route, settings: Settings) -> tuple[dict[str, Json], list[Finding]]:
    """Thinking, effort and the schema of the answer."""
    thinking = reasoning_for(route, settings)
    findings = list(thinking.findings)
    config, effort = thinking.config, thinking.effort
    if pause := paused(seen, route, thinking):
        config, effort = {"type": "disabled"}, None
        findings.append(pause)
    fields: dict[str, Json] = {}
    if passes_anthropic_fields(route):
        if config is not None:
            fields["thinking"] = config
        if said := output_config(effort, settings):
            fields["output_config"] = said
        return fields, findings
    if effort is not None:
        fields["reasoning_effort"] = effort
    elif config is not None:
        fields["thinking"] = config
    if settings.schema is not None:
        fields["response_format"] = {"type": "json_schema", "json_schema": named_schema(settings.schema)}
    return fields, findings


def _effort_beside_tools(fields: dict[str, Json], route: Route) -> list[Finding]:
    """Say an effort where the vendor takes tools only beside one, and what that costs."""
    bridged = route.provider == "litellm"
    effort = fields.setdefault("reasoning_effort", BRIDGED_EFFORT if bridged else "none")
    if not bridged and effort != "none":
        says = f"{route.requested} takes no tools on this endpoint while it reasons."
        mend = "set thinking off, or use the responses endpoint"
        return [Finding("openai-tools-with-effort-on-chat", says, "reasoning_effort", mend, fatal=True)]
    if effort == "none":
        says = f"{route.requested} does not reason on this endpoint while tools are offered."
    else:
        says = (
            "The proxy takes this call over to its responses endpoint; reasoning is not kept between turns."
        )
    return [Finding("openai-tools-with-effort-on-chat", says, "reasoning_effort")]
