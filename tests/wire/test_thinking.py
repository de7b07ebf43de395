"""The thinking setting in the terms of every kind of model."""

from typing import Any

import pytest

from tests.wire.streams import route_to
from tui.chat.route import Accepts
from tui.errors import UsageError
from tui.wire.thinking import thinking_for

ENABLED = {"type": "enabled", "budget_tokens": 8000}
ADAPTIVE = {"type": "adaptive"}
OFF = {"type": "disabled"}


@pytest.mark.parametrize(
    ("model", "setting", "config", "effort"),
    [
        ("claude-sonnet-4-5", None, None, None),
        ("claude-sonnet-4-5", "off", OFF, None),
        ("claude-sonnet-4-5", "on", ENABLED, None),
        ("claude-sonnet-4-5", 2048, {"type": "enabled", "budget_tokens": 2048}, None),
        ("claude-sonnet-4-5", "2048", {"type": "enabled", "budget_tokens": 2048}, None),
        ("claude-opus-4-5", "high", ENABLED, "high"),
        ("claude-sonnet-4-6", "on", ADAPTIVE, None),
        ("claude-sonnet-4-6", "max", ADAPTIVE, "max"),
        ("claude-opus-4-7", "xhigh", ADAPTIVE, "xhigh"),
        ("claude-opus-4-7", "off", OFF, None),
        ("gpt-5.1", "off", ADAPTIVE, "none"),
        ("gpt-5.1", "on", ADAPTIVE, "medium"),
        ("gpt-5.1", "low", ADAPTIVE, "low"),
        ("gemini-3-pro-preview", "on", ADAPTIVE, "high"),
    ],
)
def test_what_is_sent(model: str, setting: Any, config: Any, effort: str | None) -> None:
    thinking = thinking_for(route_to("messages", model), setting, None)
    assert (thinking.config, thinking.effort, thinking.findings) == (config, effort, ())


@pytest.mark.parametrize(("model", "effort"), [("claude-fable-5-1", "low"), ("gemini-3-pro-preview", "low")])
def test_off_where_there_is_no_off_is_the_lowest_effort_and_says_so(model: str, effort: str) -> None:
    thinking = thinking_for(route_to("messages", model), "off", None)
    assert (thinking.config, thinking.effort) == (ADAPTIVE, effort)
    assert f"lowest effort, {effort}," in thinking.findings[0].says


def test_off_for_a_model_without_any_setting_sends_nothing_and_says_so() -> None:
    thinking = thinking_for(route_to("chat", "grok-4"), "off", None)
    assert (thinking.config, thinking.effort) == (None, None)
    assert "no known way" in thinking.findings[0].says


def test_on_for_a_model_that_always_thinks_sends_nothing() -> None:
    route = route_to("chat", "mystery", accepts=Accepts(thinking_default="always"))
    thinking = thinking_for(route, "on", None)
    assert (thinking.config, thinking.effort, thinking.findings) == (None, None, ())


@pytest.mark.parametrize(
    ("model", "setting", "says", "hint"),
    [
        ("claude-sonnet-4-5", "high", "does not take thinking high", "on, off, a budget of 1024"),
        ("claude-opus-4-6", "xhigh", "does not take thinking xhigh", "on, off, low, medium, high, max"),
        (
            "claude-opus-4-7",
            4000,
            "does not take a thinking budget",
            "on, off, low, medium, high, xhigh, max",
        ),
        ("grok-4", "on", "does not take thinking on", "no thinking setting"),
        ("gpt-5.1", "none of it", "does not take", "none, low, medium, high"),
        ("claude-sonnet-4-5", 1023, "at least 1024", ""),
        ("claude-sonnet-4-5", 64_000, "below the model's output limit", ""),
    ],
)
def test_what_is_refused_before_sending(model: str, setting: Any, says: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        thinking_for(route_to("messages", model), setting, None)
    assert says in str(refused.value)
    assert hint in refused.value.hint
    assert (refused.value.cls, refused.value.exit_code) == ("bad-request", 2)


def test_a_budget_fits_below_max_tokens() -> None:
    route = route_to("messages", "claude-sonnet-4-5")
    assert thinking_for(route, "on", 8000).budget == 4000
    for setting, max_tokens in ((4000, 4000), ("on", 2000)):
        with pytest.raises(UsageError, match="max_tokens"):
            thinking_for(route, setting, max_tokens)
