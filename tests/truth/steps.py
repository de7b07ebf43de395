"""Steps as observers see them, made in a line."""

from dataclasses import replace
from typing import Any

from tui.chat.catalog import Catalog, Deployment, ModelCard
from tui.chat.messages import AssistantMessage
from tui.chat.parts import Origin, Reasoning, Text, ToolCall
from tui.chat.record import Exchange
from tui.chat.route import Route, Served
from tui.chat.usage import UNKNOWN_COST, Cost, Usage
from tui.resolver import resolve
from tui.truth.asked import Asked
from tui.truth.observed import Step

BUDGET = {"type": "enabled", "budget_tokens": 8000}
LISTED = "anthropic/claude-sonnet-4-5-20250929"


def deployment(id: str, upstream: str, **more: Any) -> Deployment:
    return Deployment(id, upstream, upstream.partition("/")[0], **more)


CATALOG = Catalog(
    (
        ModelCard(LISTED, (deployment("d-sonnet", LISTED, thinking=BUDGET),)),
        ModelCard("smart", (deployment("d-smart", "anthropic/claude-opus-4-5"),)),
        ModelCard("cheap", (deployment("d-cheap", "openai/gpt-5.1"),)),
        ModelCard("clever", (deployment("d-clever", "anthropic/claude-opus-4-7", drops=("top_p",)),)),
        ModelCard(
            "mixed",
            (deployment("d-a", "anthropic/claude-opus-4-5"), deployment("d-b", "anthropic/claude-opus-4-1")),
        ),
        ModelCard("twins", (deployment("d-1", "openai/gpt-5.1"), deployment("d-2", "openai/gpt-5.1"))),
        ModelCard("house", (deployment("d-house", "azure/our-own", base="gpt-5.1"),)),
        ModelCard("anthropic/*", (deployment("d-star", "anthropic/*"),)),
    ),
    source="/model/info",
)


def route(model: str, pin: str | None = None, catalog: Catalog = CATALOG) -> Route:
    return resolve(model, catalog, (), pin, base_url="http://127.0.0.1:1")


def served(id: str | None = None, model: str | None = None, **more: Any) -> Served:
    told: dict[str, Any] = {"attempted_fallbacks": 0, "attempted_retries": 0, "proxy_version": "1.106.2"}
    return Served(call_id="c", model_id=id, model=model, **{**told, **more})


SMART = served("d-smart", "anthropic/claude-opus-4-5", group="smart")


def answered(
    *parts: str, usage: Usage | None = None, stop: Any = "end", cost: Cost = UNKNOWN_COST
) -> AssistantMessage:
    """An answer; a part is text, ``thinking``, or ``call``."""
    made: dict[str, Any] = {"thinking": Reasoning("hm", "signed"), "call": ToolCall("t", "look", "{}")}
    origin = Origin("messages", "anthropic", "claude-opus-4-5")
    return AssistantMessage(
        "m", tuple(made.get(p) or Text(p) for p in parts), origin, stop, None, usage, cost, 0.0
    )


def step(model: str = "smart", told: Served = SMART, **more: Any) -> Step:
    pin = more.pop("pin", None)
    catalog = more.pop("catalog", CATALOG)
    return Step(route(model, pin, catalog), catalog, told, **more)


def before(model: str, told: Served) -> Exchange:
    return Exchange("e", 1, 1, 0.0, route(model), served=told)


def said(asked: Asked | None = None, **fields: Any) -> Asked:
    return replace(asked or Asked(), **fields)
