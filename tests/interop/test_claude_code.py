"""Claude Code's settings: only what is Claude by the resolver, in its slots, known for what it is."""

import json
from typing import Any

import pytest
from hypothesis import given

from tests.interop.offers import KEY, NAMES, URL, card, offer
from tui.errors import UsageError
from tui.interop.claude_code import write


def settings(*cards: Any, **more: Any) -> Any:
    return json.loads(write(offer(*cards, **more)).text)


def test_the_address_has_no_version_and_the_key_is_fetched_by_the_tool() -> None:
    made = settings()
    assert made["env"]["ANTHROPIC_BASE_URL"] == URL
    assert made["apiKeyHelper"] == f'printf %s "${KEY}"'
    assert set(made) == {"$schema", "apiKeyHelper", "env", "modelPicker"}


def test_the_slots_hold_what_is_claude_by_the_resolver_not_by_name() -> None:
    assert settings()["env"] == {
        "ANTHROPIC_BASE_URL": URL,
        "ANTHROPIC_MODEL": "smart",
        "ANTHROPIC_DEFAULT_OPUS_MODEL": "smart",
        "ANTHROPIC_DEFAULT_SONNET_MODEL": "sonnet",
        "ANTHROPIC_DEFAULT_HAIKU_MODEL": "smart",
        "ANTHROPIC_DEFAULT_FABLE_MODEL": "hidden",
    }
    assert any(r == "no haiku here, so smart stands in" for r in write(offer()).remarks)


def test_each_row_of_the_picker_says_which_model_it_behaves_as() -> None:
    picker = settings()["modelPicker"]
    assert picker["replaceBuiltInOptions"] is True
    assert {row["model"]: row["behavesAs"] for row in picker["options"]} == {
        "smart": "claude-opus-4-5",
        "hidden": "claude-fable-5-1",
        "anthropic/claude-sonnet-4-6": "claude-sonnet-4-6",
        "sonnet": "claude-sonnet-4-5",
        "mixed": "claude-sonnet-4-5",
    }


def test_a_slot_takes_the_newest_unless_one_is_asked_for() -> None:
    cards = [
        card(f"c{i}", f"anthropic/claude-sonnet-{v}") for i, v in enumerate(("4-5", "5-5-20260901", "5"))
    ]
    assert settings(*cards)["env"]["ANTHROPIC_DEFAULT_SONNET_MODEL"] == "c0"
    assert settings(*cards, card("o", "anthropic/claude-opus-5"), wanted="o")["env"] == {
        "ANTHROPIC_BASE_URL": URL,
        "ANTHROPIC_MODEL": "o",
        "ANTHROPIC_DEFAULT_OPUS_MODEL": "o",
        "ANTHROPIC_DEFAULT_SONNET_MODEL": "c1",
        "ANTHROPIC_DEFAULT_HAIKU_MODEL": "o",
    }


@pytest.mark.parametrize("name", ["haiku", "default", "best", "opusplan", "opus[1m]", "Smart[1M]"])
def test_a_name_with_a_meaning_of_its_own_there_is_left_out(name: str) -> None:
    cards = [card(name, "anthropic/claude-opus-4-5"), card("good", "anthropic/claude-opus-4-5")]
    written = write(offer(*cards))
    assert [row["model"] for row in json.loads(written.text)["modelPicker"]["options"]] == ["good"]
    assert any("a meaning of its own" in r and name in r for r in written.remarks)
    with pytest.raises(UsageError, match="a meaning of its own"):
        write(offer(*cards, wanted=name))


def test_a_family_word_may_name_the_model_that_fills_its_slot() -> None:
    cards = [card("opus", "anthropic/claude-opus-4-5"), card("new", "anthropic/claude-opus-5-5")]
    assert settings(*cards, wanted="new")["env"]["ANTHROPIC_DEFAULT_OPUS_MODEL"] == "opus"


@pytest.mark.parametrize("name", ["claude-cheap", "litellm/smart", "embed"])
def test_what_is_no_claude_on_messages_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="claude-code cannot use"):
        write(offer(wanted=name))


def test_a_claude_nobody_can_place_is_offered_without_a_likeness() -> None:
    from tui.chat.catalog import Deployment, ModelCard

    made = settings(ModelCard("house", (Deployment(None, None, "anthropic"),), mode="chat"))
    assert made["modelPicker"]["options"] == [{"model": "house", "label": "house"}]


@given(NAMES)
def test_no_name_breaks_out(name: str) -> None:
    text = write(
        offer(card("good", "anthropic/claude-opus-5"), card(name, "anthropic/claude-haiku-4-5"))
    ).text
    assert text.isascii()
    made = json.loads(text)
    assert made["apiKeyHelper"] == f'printf %s "${KEY}"'
    assert {row["model"] for row in made["modelPicker"]["options"]} <= {"good", name}
