"""Ids of every spelling are traced to their generation, and the table says what each one takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.chat.route import Accepts
from tui.generations import (
    UNKNOWN_VENDOR,
    accepts,
    canonical,
    is_claude,
    is_native_claude,
    takes_schema,
    vendor_named,
    vendor_of,
)


@pytest.mark.parametrize(
    ("upstream", "generation", "vendor"),
    [
        ("anthropic/claude-sonnet-4-5-20250929", "claude-sonnet-4-5", "anthropic"),
        ("bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5", "bedrock"),
        ("bedrock/converse/eu.anthropic.claude-opus-4-6-v1", "claude-opus-4-6", "bedrock"),
        ("anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5", "bedrock"),
        ("vertex_ai/claude-sonnet-4-5@20250929", "claude-sonnet-4-5", "vertex"),
        ("claude-opus-4-1@default", "claude-opus-4-1", "vertex"),
        ("claude-3-7-sonnet-latest", "claude-3-7-sonnet", "anthropic"),
        ("openrouter/anthropic/claude-sonnet-4.5:thinking", "claude-sonnet-4-5", "openrouter"),
        ("claude-4-sonnet-20250514", "claude-sonnet-4", "anthropic"),
        ("claude-opus-4-0", "claude-opus-4", "anthropic"),
        ("anthropic/claude-fable-5-1", "claude-fable-5-1", "anthropic"),
        ("anthropic/claude-mythos-preview", "claude-mythos-preview", "anthropic"),
        ("databricks/databricks-claude-opus-4-5", "claude-opus-4-5", "databricks"),
        ("azure_ai/claude-opus-4-5", "claude-opus-4-5", "azure"),
        ("openai/gpt-5.1-2025-11-13", "gpt-5.1", "openai"),
        ("openai/responses/gpt-5.5", "gpt-5.5", "openai"),
        ("azure/gpt-5.1", "gpt-5.1", "azure"),
        ("o4-mini-2025-04-16", "o4-mini", "openai"),
        ("gemini/gemini-3-pro-preview", "gemini-3-pro-preview", "gemini"),
        ("gemini-2.5-pro-preview-05-06", "gemini-2.5-pro-preview", "gemini"),
        ("vertex_ai/gemini-2.0-flash-001", "gemini-2.0-flash", "vertex"),
        ("xai/grok-4-0709", "grok-4", "xai"),
        ("deepseek/deepseek-reasoner", "deepseek-reasoner", "deepseek"),
        ("fireworks_ai/accounts/fireworks/models/deepseek-v3p1", "deepseek-v3p1", "fireworks"),
        ("mistral/mistral-large-2411", "mistral-large", "mistral"),
        ("Qwen/Qwen3-32B", "qwen3-32b", "qwen"),
        ("  OpenAI/GPT-5.1 ", "gpt-5.1", "openai"),
        ("house-model", "house-model", UNKNOWN_VENDOR),
        ("openai-is-in-my-name", "openai-is-in-my-name", UNKNOWN_VENDOR),
    ],
)
def test_an_id_is_traced_to_its_generation_and_vendor(upstream: str, generation: str, vendor: str) -> None:
    assert (canonical(upstream), vendor_of(upstream)) == (generation, vendor)


@given(st.text(alphabet="claude-sonet/@:.v0123456789", max_size=40))
def test_tracing_twice_changes_nothing(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once


@given(st.text(max_size=60))
def test_no_text_breaks_a_lookup(text: str) -> None:
    accepts(canonical(text))
    assert vendor_of(text)


@pytest.mark.parametrize(
    ("provider", "vendor"),
    [
        ("vertex_ai-anthropic_models", "vertex"),
        ("bedrock_converse", "bedrock"),
        ("anthropic", "anthropic"),
        ("homegrown", "homegrown"),
        ("", None),
    ],
)
def test_a_proxys_word_for_a_provider_becomes_ours(provider: str, vendor: str | None) -> None:
    assert vendor_named(provider) == vendor


@pytest.mark.parametrize(
    ("generation", "thinking", "default", "display"),
    [
        ("claude-3-7-sonnet", {"enabled", "disabled"}, "off", "summarized"),
        ("claude-sonnet-4", {"enabled", "disabled"}, "off", "summarized"),
        ("claude-sonnet-4-5", {"enabled", "disabled"}, "off", "summarized"),
        ("claude-opus-4-5", {"enabled", "disabled"}, "off", "summarized"),
        ("claude-opus-4-6", {"adaptive", "enabled", "disabled"}, "off", "summarized"),
        ("claude-sonnet-4-6", {"adaptive", "enabled", "disabled"}, "off", "summarized"),
        ("claude-opus-4-7", {"adaptive", "disabled"}, "off", "omitted"),
        ("claude-opus-4-8", {"adaptive", "disabled"}, "off", "omitted"),
        ("claude-sonnet-5", {"adaptive", "disabled"}, "on", "omitted"),
        ("claude-opus-5", {"adaptive", "disabled"}, "on", "omitted"),
        ("claude-mythos-preview", {"adaptive", "enabled"}, "always", "omitted"),
        ("claude-fable-5", {"adaptive"}, "always", "omitted"),
        ("claude-mythos-5-1", {"adaptive"}, "always", "omitted"),
        ("claude-fable-5-1", {"adaptive"}, "always", "omitted"),
        ("claude-opus-5-5", {"adaptive"}, "always", "omitted"),
        ("claude-sonnet-5-5", {"adaptive", "between_tools"}, "on", "omitted"),
    ],
)
def test_each_claude_generation_thinks_its_own_way(
    generation: str, thinking: set[str], default: str, display: str
) -> None:
    accepted = accepts(generation)
    assert accepted.thinking == thinking
    assert (accepted.thinking_default, accepted.display_default) == (default, display)
    assert accepted.sampling is (display == "summarized")


def test_the_models_that_bind_thinking_to_the_prefix_are_marked() -> None:
    bound = {
        g
        for g in (
            "claude-fable-5",
            "claude-fable-5-1",
            "claude-mythos-5-1",
            "claude-opus-5",
            "claude-opus-5-5",
        )
        if accepts(g).prefix_bound
    }
    assert bound == {"claude-fable-5-1", "claude-opus-5-5"}


@pytest.mark.parametrize(
    ("unlisted", "like"),
    [
        ("claude-opus-6", "claude-opus-5-5"),
        ("claude-opus-5-2", "claude-opus-5"),
        ("claude-sonnet-4-9", "claude-sonnet-4-6"),
        ("claude-fable-5-2", "claude-fable-5-1"),
        ("gpt-7", "gpt-5.5"),
        ("gpt-5.4-mini", "gpt-5.5"),
        ("gemini-4-ultra", "gemini-3.1-pro-preview"),
        ("claude-opus", "claude-opus-5-5"),
    ],
)
def test_an_unlisted_version_behaves_like_the_newest_before_it(unlisted: str, like: str) -> None:
    assert accepts(unlisted) == accepts(like)


def test_an_unknown_family_has_the_defaults() -> None:
    assert accepts("house-model") == Accepts()


def test_efforts_and_vendor_peculiarities() -> None:
    assert accepts("gpt-5.1").efforts == ("none", "low", "medium", "high")
    assert not accepts("gpt-5.1").effort_with_tools
    assert accepts("gpt-5.4").effort_with_tools
    assert accepts("gpt-4o").sampling
    assert not accepts("o3").sampling
    assert accepts("deepseek-reasoner").returns_reasoning
    assert not accepts("deepseek-r1").returns_reasoning
    assert accepts("grok-4").efforts == ()
    assert "xhigh" not in accepts("claude-opus-4-6").efforts
    assert accepts("claude-sonnet-4-5").starts_with_thinking
    assert not accepts("claude-opus-4-7").starts_with_thinking


def test_only_vendors_that_speak_the_format_serve_claude_natively() -> None:
    assert is_claude("claude-opus-4-5")
    assert is_native_claude("bedrock", "claude-opus-4-5")
    assert not is_native_claude("openai", "claude-opus-4-5")
    assert not is_native_claude("anthropic", "gpt-5.1")


@pytest.mark.parametrize(
    ("generation", "sampling", "top_k", "one", "hottest", "stops"),
    [
        ("claude-3-5-sonnet", True, True, False, 1.0, None),
        ("claude-sonnet-4", True, True, False, 1.0, None),
        ("claude-opus-4-1", True, True, True, 1.0, None),
        ("claude-haiku-4-5", True, True, True, 1.0, None),
        ("claude-sonnet-4-6", True, True, True, 1.0, None),
        ("claude-opus-4-7", False, True, False, 1.0, None),
        ("gpt-4.1", True, False, False, 2.0, 4),
        ("gpt-5-chat", True, False, False, 2.0, 4),
        ("gpt-5.1", False, False, False, 2.0, 0),
        ("o4-mini", False, False, False, 2.0, 0),
        ("gemini-2.5-flash", True, True, False, 2.0, 5),
        ("grok-3", True, False, False, 2.0, None),
        ("grok-3-mini", True, False, False, 2.0, 0),
        ("grok-4", True, False, False, 2.0, 0),
        ("deepseek-chat", True, False, False, 2.0, 16),
        ("llama-4", True, True, False, 2.0, None),
    ],
)
def test_sampling_and_stops(
    generation: str, sampling: bool, top_k: bool, one: bool, hottest: float, stops: int | None
) -> None:
    taken = accepts(generation)
    assert (taken.sampling, taken.top_k, taken.one_sampling) == (sampling, top_k, one)
    assert (taken.hottest, taken.stops) == (hottest, stops)


@pytest.mark.parametrize(
    ("vendor", "generation", "told", "native", "taken"),
    [
        ("anthropic", "claude-sonnet-4-5", None, None, True),
        ("anthropic", "claude-sonnet-4-5", False, False, True),
        ("anthropic", "claude-sonnet-4", True, True, False),
        ("bedrock", "claude-sonnet-4-5", True, True, True),
        ("bedrock", "claude-opus-4-7", True, False, False),
        ("bedrock", "claude-opus-4-7", True, None, True),
        ("deepseek", "deepseek-chat", True, None, False),
        ("openai", "gpt-5.1", True, None, True),
        ("openai", "gpt-3.5-turbo", False, None, False),
        ("xai", "grok-4", None, None, None),
    ],
)
def test_who_can_be_held_to_a_schema(
    vendor: str, generation: str, told: bool | None, native: bool | None, taken: bool | None
) -> None:
    assert takes_schema(vendor, generation, told, native) is taken
