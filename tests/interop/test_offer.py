"""Which models a tool can be offered, what is said of the others, and which one it begins with."""

import pytest

from tests.interop.offers import CARDS, PRICE, card, offer
from tui.errors import UsageError
from tui.interop.offer import first_of, names, split


def ids(of: object) -> list[str]:
    return [model.id for model in of]  # type: ignore[attr-defined]


def test_every_model_one_can_talk_to_is_offered_in_the_proxys_order() -> None:
    assert ids(offer().models) == [c.id for c in CARDS[:10]]


def test_what_is_left_out_is_said_with_its_reason() -> None:
    assert offer().left_out == (
        "left out (made for embedding, not for talking): embed",
        "left out (made for audio_transcription, not for talking): ears",
        "left out (a pattern; name a model it covers with --model): anthropic/*",
        "their deployments run different models, which breaks sealed thinking: mixed",
    )


@pytest.mark.parametrize("name", ["a\nb", "\x1b[2J", "a\x00", "\u202eevil", "\ud800", "a\u2028b", "\x7f"])
def test_a_name_that_cannot_be_shown_is_left_out_and_not_repeated(name: str) -> None:
    made = offer(card(name, "openai/gpt-5.1"), card("good", "openai/gpt-5.1"))
    assert ids(made.models) == ["good"]
    (remark,) = made.left_out
    assert ascii(name) in remark
    assert remark.isprintable()


def test_a_name_a_pattern_covers_joins_when_it_is_asked_for() -> None:
    made = offer(wanted="anthropic/claude-opus-5")
    assert ids(made.models)[-1] == made.wanted == "anthropic/claude-opus-5"
    assert made.models[-1].reasons
    assert any(r.startswith("anthropic/claude-opus-5: no exact entry, but") for r in made.left_out)


def test_a_name_nobody_knows_is_an_error() -> None:
    with pytest.raises(UsageError, match="does not list"):
        offer(card("smart", "anthropic/claude-opus-4-5"), wanted="nope")


def test_a_near_spelling_becomes_the_listed_name() -> None:
    assert offer(wanted="SMART").wanted == "smart"


def test_a_provider_before_the_name_moves_the_model() -> None:
    made = offer(wanted="litellm/smart")
    (smart,) = (model for model in made.models if model.id == "smart")
    assert smart.route.provider == "litellm"


def test_models_judged_by_their_names_alone_are_named() -> None:
    made = offer(card("anthropic/claude-opus-4-5"))
    assert made.left_out == (
        "judged by the name, as the proxy tells no upstream model: anthropic/claude-opus-4-5",
    )


def test_the_first_model_is_asked_for_or_preferred_or_one_that_surely_takes_tools() -> None:
    made = offer(card("a", "xai/grok-x"), card("b", "openai/gpt-5.1", supports={"tools": True}))
    assert first_of(made, made.models, "tool", "why").id == "b"
    assert first_of(made, made.models[:1], "tool", "why").id == "a"
    preferring = offer(*CARDS, preferred="mystery")
    assert first_of(preferring, preferring.models, "tool", "why").id == "mystery"
    asking = offer(*CARDS, preferred="mystery", wanted="fast")
    assert first_of(asking, asking.models, "tool", "why").id == "fast"


def test_a_model_the_tool_cannot_use_is_an_error_with_the_reason() -> None:
    made = offer(wanted="smart")
    with pytest.raises(UsageError, match="tool cannot use smart: why") as caught:
        first_of(made, made.models[:1], "tool", "why")
    assert caught.value.exit_code == 2
    with pytest.raises(UsageError, match="not made for talking"):
        first_of(offer(wanted="embed"), made.models, "tool", "why")
    with pytest.raises(UsageError, match="no model here is one tool can use: why"):
        first_of(offer(), (), "tool", "why")


def test_hundreds_of_names_are_cut() -> None:
    many = [f"m{i}" for i in range(200)]
    assert names(many).endswith("m11 and 188 more")
    made = offer(*(card(f"m{i}", "openai/gpt-5.1", price=PRICE) for i in range(200)))
    kept, remarks = split(made.models, lambda model: model.id == "m7", "why")
    assert ids(kept) == ["m7"]
    assert remarks[0].endswith("and 187 more")
