"""Codex's file: valid TOML whatever a model is called, and only models that work there."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.interop.offers import KEY, NAMES, URL, card, offer
from tui.errors import UsageError
from tui.interop.codex import toml_string, write


def test_the_whole_file() -> None:
    assert tomllib.loads(write(offer()).text) == {
        "model": "claude-cheap",
        "model_provider": "litellm",
        "model_context_window": 272_000,
        "model_providers": {
            "litellm": {
                "name": "LiteLLM",
                "base_url": f"{URL}/v1",
                "env_key": KEY,
                "wire_api": "responses",
            }
        },
    }


def test_the_other_usable_models_are_named_beside_it() -> None:
    remarks = write(offer()).remarks
    assert "also to be had, with codex -m NAME: fast, thinker, mystery" in remarks


def test_a_context_nobody_told_is_not_made_up() -> None:
    assert "model_context_window" not in tomllib.loads(write(offer(wanted="mystery")).text)


@pytest.mark.parametrize("name", ["smart", "mixed", "dumb", "embed"])
def test_what_cannot_work_there_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match=f"codex cannot use {name}"):
        write(offer(wanted=name))


def test_a_proxy_with_nothing_but_claude_is_refused() -> None:
    with pytest.raises(UsageError, match="no model here is one codex can use"):
        write(offer(card("smart", "anthropic/claude-opus-4-5")))


@given(st.text())
def test_a_string_comes_back_as_it_was(text: str) -> None:
    written = toml_string(text)
    assert written.isascii()
    back = tomllib.loads(f"x = {written}")["x"]
    assert back == "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)


@given(NAMES)
def test_no_name_breaks_out(name: str) -> None:
    read = tomllib.loads(write(offer(card(name, "openai/gpt-5.1"), card("good", "openai/gpt-5.1"))).text)
    assert read["model"] in (name, "good")
    assert set(read) <= {"model", "model_provider", "model_context_window", "model_providers"}
    assert list(read["model_providers"]) == ["litellm"]
