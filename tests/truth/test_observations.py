"""Findings that only the end of a step tells: named when it is so, and only then."""

from decimal import Decimal
from typing import Any

import pytest

from tests.truth.steps import LISTED, SMART, answered, route, served, step
from tui.chat.finding import Finding
from tui.chat.route import Served
from tui.chat.usage import Cost, Usage
from tui.errors import CallFailed
from tui.truth.asked import Asked
from tui.truth.healing import SELF_HEAL
from tui.truth.observations import at_end, of_failure
from tui.truth.observed import Prefix, Step

COST = Cost(Decimal(1), "proxy-header")
ON, ADAPTIVE = Asked(thinking="enabled", budget=4000), Asked(thinking="adaptive")
OPUS_7 = served("d-clever", "anthropic/claude-opus-4-7", group="clever")
SONNET = served("d-sonnet", LISTED, group=LISTED)


def used(input: int = 500, output: int = 50, reasoning: int | None = None) -> Usage:
    return Usage(input=input, output=output, reasoning=reasoning)


def ended(*parts: str, asked: Asked = ON, told: Served = SMART, model: str = "smart", **more: Any) -> Step:
    usage = more.pop("usage", used())
    stop = more.pop("stop", "end")
    message = answered(*parts, usage=usage, stop=stop, cost=more.pop("cost", COST))
    return step(model, told, asked=asked, message=message, **more)


def before(
    tokens: int, sealed: int = 0, old: int = 0, added: int = 0, model: str = "claude-opus-4-5"
) -> Prefix:
    return Prefix(tokens, tokens + sealed, sealed, old, added, model)


def found(seen: Step) -> dict[str, Finding]:
    return {finding.cls: finding for finding in at_end(seen)}


LOST: dict[str, Any] = {"seals_sent": 2}
HEALS: list[tuple[str, Step, str]] = [
    ("a budget, a new turn, fewer tokens", ended("so", **LOST, prefix=before(600)), "Almost certainly"),
    ("a budget, a new turn, nothing counted", ended("so", **LOST, usage=None), "Probably"),
    ("a budget, a new turn, nothing before", ended("so", **LOST), "Probably"),
    (
        "inside a tool loop, fewer tokens",
        ended("so", **LOST, begins_turn=False, prefix=before(600)),
        "Probably",
    ),
    (
        "inside a tool loop, the thinking before is not counted",
        ended("so", **LOST, begins_turn=False, prefix=before(480, sealed=90)),
        "Probably",
    ),
    (
        "adaptive, fewer tokens",
        ended(
            "so",
            **LOST,
            asked=ADAPTIVE,
            told=OPUS_7,
            model="clever",
            prefix=before(600, model="claude-opus-4-7"),
        ),
        "Probably",
    ),
    (
        "configured thinking",
        ended("so", **LOST, asked=Asked(), told=SONNET, model=LISTED, usage=None),
        "Probably",
    ),
]
HEALTHY: list[tuple[str, Step]] = [
    ("it thought", ended("thinking", "so", **LOST, prefix=before(600))),
    ("its thinking was counted only", ended("so", **LOST, usage=used(reasoning=20), prefix=before(600))),
    ("no seal was sent", ended("so", prefix=before(600))),
    ("thinking was off", ended("so", **LOST, asked=Asked(thinking="disabled"), prefix=before(600))),
    ("thinking was not asked for", ended("so", **LOST, asked=Asked(), prefix=before(600))),
    ("adaptive, it did not think", ended("so", **LOST, asked=ADAPTIVE, told=OPUS_7, model="clever")),
    (
        "adaptive, all tokens there",
        ended(
            "so",
            **LOST,
            asked=ADAPTIVE,
            told=OPUS_7,
            model="clever",
            prefix=before(400, 60, model="claude-opus-4-7"),
        ),
    ),
    ("inside a tool loop, all there", ended("so", **LOST, begins_turn=False, prefix=before(400, sealed=60))),
    ("inside a tool loop, nothing to compare", ended("so", **LOST, begins_turn=False)),
    ("a budget, a new turn, all there", ended("so", **LOST, prefix=before(300, sealed=100, added=40))),
    (
        "inside a tool loop, less because old thinking is forgotten",
        ended("so", **LOST, begins_turn=False, prefix=before(600, old=200)),
    ),
    ("another model counts otherwise", ended("so", **LOST, begins_turn=False, prefix=before(600, model="x"))),
    ("stopped", ended("so", **LOST, stop="cancelled", prefix=before(600))),
    ("refused", ended("so", **LOST, stop="refusal", prefix=before(600))),
    ("nothing came", ended(**LOST, prefix=before(600))),
    ("not Claude", ended("so", **LOST, told=served("d-cheap", "openai/gpt-5.1"), model="cheap")),
]


@pytest.mark.parametrize(("seen", "sure"), [case[1:] for case in HEALS], ids=[case[0] for case in HEALS])
def test_a_self_heal_is_named_with_how_sure_it_is(seen: Step, sure: str) -> None:
    finding = found(seen)[SELF_HEAL]
    assert finding.says.startswith(f"{sure} the proxy stripped all thinking")
    assert "2 sealed blocks went out" in finding.says
    assert "params-dropped" not in found(seen)


@pytest.mark.parametrize("seen", [case[1] for case in HEALTHY], ids=[case[0] for case in HEALTHY])
def test_a_self_heal_is_claimed_of_nothing_else(seen: Step) -> None:
    assert SELF_HEAL not in found(seen)


FIELDS = frozenset({"top_p", "model"})
ALTERED: list[tuple[str, Step, set[str]]] = [
    ("as asked", ended("thinking", "so"), set()),
    ("nothing asked", ended("so", asked=Asked()), set()),
    ("configured", ended("thinking", "so", asked=Asked(), told=SONNET, model=LISTED), {"config-thinking"}),
    ("configured, and asked", ended("thinking", "so", told=SONNET, model=LISTED), set()),
    ("configured, and it did not think", ended("so", asked=Asked(), told=SONNET, model=LISTED), set()),
    ("not configured", ended("thinking", "so", asked=Asked(), told=served("d-star", LISTED)), set()),
    ("a budget without thinking", ended("so"), {"params-dropped"}),
    ("a budget without thinking in a loop", ended("so", begins_turn=False), set()),
    ("adaptive where there is none", ended("so", asked=ADAPTIVE), {"params-dropped"}),
    ("adaptive made a budget", ended("thinking", "so", asked=ADAPTIVE), {"params-rewritten"}),
    ("a budget where there is none", ended("so", told=OPUS_7, model="clever"), {"params-rewritten"}),
    ("adaptive, and it did not think", ended("so", asked=ADAPTIVE, told=OPUS_7, model="clever"), set()),
    (
        "dropped by configuration",
        ended("so", asked=Asked(fields=FIELDS), told=OPUS_7, model="clever"),
        {"params-dropped"},
    ),
    ("kept by configuration", ended("so", asked=Asked(fields=FIELDS)), set()),
    (
        "a temperature it refuses",
        ended("so", asked=Asked(temperature=0.3), told=OPUS_7, model="clever"),
        {"params-dropped"},
    ),
    ("a temperature it takes", ended("so", asked=Asked(temperature=0.3)), set()),
    ("more than the limit", ended("so", asked=Asked(max_tokens=40)), {"params-rewritten"}),
    (
        "less than the limit",
        ended("so", asked=Asked(max_tokens=400), stop="max_tokens"),
        {"params-rewritten"},
    ),
    ("at the limit", ended("so", asked=Asked(max_tokens=50), stop="max_tokens"), set()),
    ("no call although forced", ended("so", asked=Asked(forced=True)), {"params-dropped"}),
    ("a call as forced", ended("call", asked=Asked(forced=True), stop="tool_use"), set()),
    ("no JSON", ended("so", asked=Asked(schema=True)), {"params-dropped"}),
    ("JSON", ended('{"a": 1}', asked=Asked(schema=True)), set()),
    ("JSON that was cut", ended('{"a": ', asked=Asked(schema=True), stop="max_tokens", usage=None), set()),
]


@pytest.mark.parametrize(("seen", "classes"), [c[1:] for c in ALTERED], ids=[c[0] for c in ALTERED])
def test_what_the_proxy_did_to_a_request(seen: Step, classes: set[str]) -> None:
    assert set(found(seen)) == classes


def test_what_a_refusal_tells() -> None:
    cooling = CallFailed("no", cls="cooldown", status=429)
    cooling.retry_after = 5.0
    (finding,) = of_failure(route("smart"), Served(), cooling)
    assert finding.says == (
        "The proxy keeps every deployment of smart out of service for 5 s more: one failed before."
    )
    refused = CallFailed("no", cls="key-model-refused", status=403)
    (held,) = of_failure(route("twins", "d-1"), Served(), refused)
    assert held.cls == "key-model-refused"
    assert not of_failure(route("twins"), Served(), refused)
    (tried,) = of_failure(route("smart"), Served(attempted_retries=2), CallFailed("no", status=500))
    assert tried.cls == "proxy-retried"
