"""Effort, the schema of the answer and sampling, as Anthropic and as OpenAI write them."""

from __future__ import annotations

from tui.chat.parts import Json
from tui.chat.route import Route
from tui.chat.settings import OutputSchema, Settings


def output_config(effort: str | None, settings: Settings) -> dict[str, Json]:
    """Anthropic's ``output_config``; empty when there is nothing to say in it."""
    config: dict[str, Json] = {}
    if effort is not None:
        config["effort"] = effort
    if settings.schema is not None:
        config["format"] = {"type": "json_schema", "schema": settings.schema.schema}
    return config


def sampling_fields(settings: Settings) -> dict[str, Json]:
    """Temperature, top_p and top_k, which have the same names everywhere; only those that are set."""
    names = ("temperature", "top_p", "top_k")
    return {name: value for name in names if (value := getattr(settings, name)) is not None}


def named_schema(schema: OutputSchema) -> dict[str, Json]:
    """OpenAI's named, strict schema."""
    return {"name": schema.name, "strict": True, "schema": schema.schema}


def passes_anthropic_fields(route: Route) -> bool:
    """Whether ``thinking`` and ``output_config`` reach Claude as they are on OpenAI's endpoints.

    What the proxy makes of OpenAI's own fields instead is another budget, another display, and a
    schema in a field Claude no longer has.
    """
    return route.provider.startswith("litellm") and bool(route.accepts.thinking)


def summarizes(route: Route) -> bool:
    """Whether a summary of reasoning can be asked for: OpenAI's models tell nothing of it unasked."""
    return (
        route.dialect == "responses" and route.vendor in ("openai", "azure") and bool(route.accepts.efforts)
    )
