"""A seal opens to its facts, and no altered, truncated or foreign seal does."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.sim.seals import SealKind, Seals, digest

SEALS = Seals(b"test")
KINDS: list[tuple[SealKind, str]] = [
    ("thinking", "claude-sonnet-4-5"),
    ("thinking", "claude-fable-5-1"),
    ("redacted", "claude-opus-4-7"),
    ("gemini", "gemini-3-pro-preview"),
    ("openai", "gpt-5.1"),
    ("xai", "grok-4"),
]
FACTS = {"text": digest("a thought"), "place": 1}


@pytest.mark.parametrize(("kind", "model"), KINDS)
def test_a_seal_opens_to_its_facts(kind: SealKind, model: str) -> None:
    sealed = SEALS.seal(kind, model, FACTS)
    assert SEALS.open(kind, sealed) == {"model": model, **FACTS}
    assert SEALS.check(kind, model, {"place": 1}, sealed)
    assert not SEALS.check(kind, model, {"place": 2}, sealed)
    assert not SEALS.check(kind, "another-model", {}, sealed)
    assert 200 < len(sealed) < 500


@pytest.mark.parametrize(("kind", "model"), KINDS)
def test_a_change_of_any_character_breaks_it(kind: SealKind, model: str) -> None:
    sealed = SEALS.seal(kind, model, FACTS)
    for at, old in enumerate(sealed):
        new = "A" if old != "A" else "B"
        assert SEALS.open(kind, sealed[:at] + new + sealed[at + 1 :]) is None


@pytest.mark.parametrize(("kind", "model"), KINDS)
def test_a_flip_of_any_bit_breaks_it(kind: SealKind, model: str) -> None:
    sealed = SEALS.seal(kind, model, FACTS)
    url = kind == "openai"
    raw = bytearray(base64.b64decode(sealed + "==", altchars=b"-_" if url else None))
    for bit in range(len(raw) * 8):
        raw[bit // 8] ^= 1 << bit % 8
        text = (base64.urlsafe_b64encode(raw) if url else base64.b64encode(raw)).decode()
        assert SEALS.open(kind, text.rstrip("=") if kind == "xai" else text) is None
        raw[bit // 8] ^= 1 << bit % 8


@pytest.mark.parametrize(("kind", "model"), KINDS)
def test_truncated_foreign_and_other_kinds_do_not_open(kind: SealKind, model: str) -> None:
    sealed = SEALS.seal(kind, model, FACTS)
    assert all(SEALS.open(kind, sealed[:end]) is None for end in range(len(sealed)))
    assert Seals(b"another server").open(kind, sealed) is None
    assert SEALS.open("redacted" if kind != "redacted" else "thinking", sealed) is None
    assert SEALS.open(kind, None) is None


def test_the_outer_form_is_that_of_the_real_vendors() -> None:
    made = {k: SEALS.seal(k[0], k[1], FACTS) for k in KINDS}
    assert made["thinking", "claude-sonnet-4-5"].startswith("E")
    assert made["thinking", "claude-fable-5-1"].startswith("C")
    assert made["openai", "gpt-5.1"].startswith("gAAAA")
    assert (len(base64.urlsafe_b64decode(made["openai", "gpt-5.1"])) - 57) % 16 == 0
    assert b"claude-sonnet-4-5" in base64.b64decode(made["thinking", "claude-sonnet-4-5"])


@given(st.text())
def test_no_made_up_text_is_a_seal(text: str) -> None:
    assert all(SEALS.open(kind, text) is None for kind, _ in KINDS)


@given(st.dictionaries(st.text(), st.integers() | st.text() | st.none()))
def test_equal_values_have_equal_digests_whatever_their_order(value: dict[str, object]) -> None:
    assert digest(dict(reversed(value.items()))) == digest(value)
