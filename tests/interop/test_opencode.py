"""opencode's file: sorted by the resolver, and nothing in it is filled in but the key's reference."""

import json
import re
from typing import Any

import pytest
from hypothesis import given

from tests.interop.offers import CARDS, KEY, NAMES, URL, card, offer
from tui.errors import UsageError
from tui.interop.offer import Written
from tui.interop.opencode import write

SECRET = "sk-of-the-test"


def read_by_opencode(text: str) -> Any:
    """The file as opencode 1.18 reads it: variables and files filled in over the raw text, then JSON."""
    filled = re.sub(r"\{env:([^}]+)\}", lambda m: SECRET if m[1] == KEY else f"<leak {m[1]}>", text)
    filled = re.sub(r"\{file:[^}]+\}", "<leaked file>", filled)
    return json.loads(filled)


def config(*cards: Any, **more: Any) -> Any:
    return read_by_opencode(write(offer(*cards, **more)).text)


def models(of: Any, provider: str) -> dict[str, Any]:
    found: dict[str, Any] = of["provider"][provider]["models"]
    return found


def test_models_are_sorted_onto_providers_by_what_stands_behind_their_names() -> None:
    made = config()
    assert list(models(made, "litellm-anthropic")) == [
        "smart",
        "hidden",
        "anthropic/claude-sonnet-4-6",
        "sonnet",
        "mixed",
    ]
    assert list(models(made, "litellm")) == ["claude-cheap", "fast", "thinker", "dumb", "mystery"]
    assert set(made["provider"]) == {"litellm-anthropic", "litellm"}
    assert made["model"] == "litellm/claude-cheap"


def test_each_provider_has_its_package_address_and_key() -> None:
    made = config(openai_reasoning="responses")["provider"]
    assert {id: p["npm"] for id, p in made.items()} == {
        "litellm-anthropic": "@ai-sdk/anthropic",
        "litellm": "@ai-sdk/openai-compatible",
        "litellm-responses": "@ai-sdk/openai",
    }
    # Measured: each package appends a bare path, @ai-sdk/anthropic 3 too, and the proxy knows no /messages.
    assert {p["options"]["baseURL"] for p in made.values()} == {f"{URL}/v1"}
    assert {p["options"]["apiKey"] for p in made.values()} == {SECRET}


def test_what_is_known_of_a_model_is_said() -> None:
    smart = models(config(), "litellm-anthropic")["smart"]
    assert smart == {
        "reasoning": True,
        "temperature": True,
        "tool_call": True,
        "attachment": True,
        "modalities": {"input": ["text", "image", "pdf"], "output": ["text"]},
        "limit": {"context": 200_000, "output": 64_000},
        "cost": {
            "input": 3.0,
            "output": 15.0,
            "cache_read": 0.3,
            "cache_write": 3.75,
            "context_over_200k": {"input": 6.0, "output": 22.5},
        },
    }


def test_what_is_not_known_is_left_to_opencode() -> None:
    written = write(offer())
    mystery = models(json.loads(written.text), "litellm")["mystery"]
    assert mystery == {"reasoning": False, "temperature": True}
    assert any(r.startswith("without a price here") and "mystery" in r for r in written.remarks)
    assert models(config(), "litellm")["dumb"]["tool_call"] is False


def test_half_a_limit_is_written_with_opencodes_own_zero_for_the_other_half() -> None:
    made = config(card("g", "gemini/gemini-3-pro-preview"))
    assert models(made, "litellm")["g"]["limit"] == {"context": 0, "output": 65_536}


def test_a_model_that_hides_its_generation_gets_what_opencode_would_know_by_name() -> None:
    anthropic, chat = (models(config(), p) for p in ("litellm-anthropic", "litellm"))
    assert anthropic["hidden"]["options"] == {
        "thinking": {"type": "adaptive", "blockBinding": {"prefixMismatchBehavior": "drop_block"}}
    }
    assert anthropic["hidden"]["variants"]["max"] == {
        "thinking": {"type": "adaptive", "display": "summarized"},
        "effort": "max",
    }
    assert chat["fast"]["options"] == {"reasoningEffort": "medium"}
    assert chat["thinker"]["interleaved"] == {"field": "reasoning_content"}


def test_efforts_a_model_does_not_take_are_switched_off() -> None:
    made = config(card("g", "gemini/gemini-3-pro-preview", supports={"reasoning": True}))
    variants = models(made, "litellm")["g"]["variants"]
    assert variants == {
        "low": {"reasoningEffort": "low"},
        "high": {"reasoningEffort": "high"},
        "medium": {"disabled": True},
    }


def test_on_the_responses_road_reasoning_comes_back_encrypted() -> None:
    made = models(config(openai_reasoning="responses"), "litellm-responses")
    assert list(made) == ["claude-cheap", "fast"]
    assert made["fast"]["options"]["include"] == ["reasoning.encrypted_content"]
    assert made["fast"]["variants"]["xhigh"]["reasoningEffort"] == "xhigh"
    assert made["claude-cheap"]["variants"]["xhigh"] == {"disabled": True}


def test_the_model_asked_for_is_the_one_it_begins_with() -> None:
    assert config(wanted="hidden")["model"] == "litellm-anthropic/hidden"


@pytest.mark.parametrize("name", ["constructor", "__proto__", "toString"])
def test_a_name_opencode_falls_over_is_left_out(name: str) -> None:
    written = write(offer(card(name, "openai/gpt-5.1"), card("good", "openai/gpt-5.1")))
    assert list(models(json.loads(written.text), "litellm")) == ["good"]
    assert any(f"fails on a model of that name): {name}" in r for r in written.remarks)
    with pytest.raises(UsageError):
        write(offer(card(name, "openai/gpt-5.1")))


def test_the_key_is_named_and_the_text_is_ascii() -> None:
    text = write(offer(card("é\U0001f600", "openai/gpt-5.1"))).text
    assert text.isascii()
    assert text.count(f"{{env:{KEY}}}") == 1
    assert SECRET not in text


@given(NAMES)
def test_no_name_breaks_out_or_is_filled_in(name: str) -> None:
    cards = [card("good", "openai/gpt-5.1"), *([card(name, "anthropic/claude-opus-4-5")] if name else [])]
    written: Written = write(offer(*cards, *CARDS[1:3]))
    made = read_by_opencode(written.text)
    assert "<leak" not in json.dumps(made)
    assert all(p["options"]["apiKey"] == SECRET for p in made["provider"].values())
    listed = [id for p in made["provider"].values() for id in p["models"]]
    assert set(listed) <= {"good", "smart", "hidden", name}
    assert {"good", "smart", "hidden"} <= set(listed)
