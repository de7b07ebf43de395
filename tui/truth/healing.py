"""The proxy's silent self-heal: it stripped all sealed thinking after a refusal and asked once more.

Nothing in the answer says so. What shows it: thinking was on and the answer has none, seals went
out, and fewer tokens were counted than stand in the request. A model may also simply not think,
so each case says what it rests on, and where nothing is told nothing is claimed.
"""

from __future__ import annotations

from tui.chat.finding import Finding
from tui.generations import accepts, is_claude
from tui.truth.observed import Step

SELF_HEAL = "litellm-silent-thinking-self-heal"
_MEND = "the history is refused as it stands: check the seals, or go on from before the first break"
_LEAST = 8
"""Tokens below which a difference tells nothing."""


def self_healed(step: Step) -> Finding | None:
    """The finding, or None where it did not happen or cannot be told."""
    kind = thinking_kind(step) if may_be_healed(step) else None
    if kind is None:
        return None
    missing = _missing(step)
    must = kind == "enabled" and step.begins_turn
    if missing is None:
        # Only a budget makes Claude begin every turn with thinking.
        if not must or _all_there(step):
            return None
        why, sure = "a thinking budget makes Claude begin each turn with it", "Probably"
    else:
        why, sure = missing, "Almost certainly" if must else "Probably"
    seals = f"{step.seals_sent} sealed block{'' if step.seals_sent == 1 else 's'}"
    says = (
        f"{sure} the proxy stripped all thinking and asked again without a word: {seals} went out with "
        f"thinking on, the answer has none, and {why}."
    )
    return Finding(SELF_HEAL, says, "messages", _MEND)


def may_be_healed(step: Step) -> bool:
    """Whether there is anything to tell: seals went to Claude, and a whole answer came without thinking."""
    if not (step.proxied and step.route.dialect == "messages" and step.seals_sent and step.whole):
        return False
    return not step.thought and is_claude(step.origin.model)


def thinking_kind(step: Step) -> str | None:
    """The ``thinking.type`` in force: as sent, else as configured, else the model's default; None: off."""
    kind = step.asked.thinking
    if kind is None:
        entry = step.here.deployment
        configured = entry.thinking if entry is not None else step.route.configured_thinking
        kind = configured.get("type") if isinstance(configured, dict) else None
    if kind is None and accepts(step.origin.model).thinking_default != "off":
        kind = "adaptive"
    return None if kind == "disabled" or not isinstance(kind, str) else kind


def _missing(step: Step) -> str | None:
    """The tokens that were sent and not counted, in words; None where that cannot be told."""
    prefix, counted = step.prefix, _counted(step)
    if prefix is None or counted is None or prefix.model != step.origin.model:
        return None
    floor = prefix.tokens - _forgotten(step)
    if counted < floor:
        return f"only {counted:,} tokens were counted where {floor:,} and more were sent"
    expected = prefix.whole + prefix.added // 8
    if (
        not _forgotten(step)
        and prefix.sealed >= _LEAST
        and expected - counted >= max(_LEAST, prefix.sealed // 2)
    ):
        return f"{counted:,} tokens were counted where at least about {expected:,} were sent"
    return None


def _all_there(step: Step) -> bool:
    """Whether the count shows that the sealed thinking did reach the model."""
    prefix, counted = step.prefix, _counted(step)
    if prefix is None or counted is None or prefix.sealed < _LEAST or _forgotten(step):
        return False
    return counted >= prefix.whole + prefix.added // 2


def _counted(step: Step) -> int | None:
    usage = step.message.usage if step.message is not None else None
    return usage.input_total if usage is not None else None


def _forgotten(step: Step) -> int:
    """Thinking of earlier turns, where the vendor no longer counts it: with models that think by budget."""
    prefix = step.prefix
    keeps = "adaptive" in accepts(step.origin.model).thinking
    return 0 if prefix is None or keeps else prefix.old
