"""What the proxy added to a request, dropped from it or rewrote, as far as an answer can show it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage
from tui.generations import accepts, is_claude
from tui.truth.healing import thinking_kind
from tui.truth.observed import Step
from tui.truth.route import words

CONFIG_THINKING, DROPPED, REWRITTEN = "config-thinking", "params-dropped", "params-rewritten"


def altered(step: Step, *, healed: bool) -> Iterator[Finding]:
    """What was not as we sent it; ``healed`` explains thinking that is missing already."""
    message = step.message
    if not step.proxied or message is None or not step.whole:
        return
    yield from _configured(step)
    if not healed:
        yield from _thinking(step)
    yield from _dropped_by_configuration(step)
    yield from _sampling(step)
    yield from _limit(step, message)
    yield from _form(step, message)


def _configured(step: Step) -> Iterator[Finding]:
    """Thinking nobody asked for: by the configuration, where the model would not think by itself."""
    entry = step.here.deployment
    thinking = entry.thinking if entry is not None else None
    if not isinstance(thinking, dict) or thinking.get("type") == "disabled":
        return
    by_itself = is_claude(step.origin.model) and accepts(step.origin.model).thinking_default != "off"
    if step.asked.silent and step.thought and not by_itself:
        says = (
            f"We asked for no thinking and the answer has some: the proxy's configuration adds it "
            f"({words(thinking)})."
        )
        yield Finding(CONFIG_THINKING, says, "litellm_params.thinking", "/set thinking=off sends none")


def _thinking(step: Step) -> Iterator[Finding]:
    """Thinking that was asked for in a way the model does not take, or that did not come."""
    asked, taken = step.asked, accepts(step.origin.model).thinking
    if asked.thinking in (None, "disabled") or not is_claude(step.origin.model) or not taken:
        return
    model = step.origin.model
    if asked.thinking in taken:
        first = step.begins_turn and asked.thinking == "enabled"
        if first and not step.thought and thinking_kind(step) == "enabled":
            says = (
                f"We asked for {asked.words}, and the answer has none, though {model} begins every turn with "
                "it: probably the proxy took it out."
            )
            yield Finding(DROPPED, says, "thinking", "ask the proxy's administrator about drop_params")
        return
    if step.thought:
        says = f"We sent {asked.words}, which {model} refuses, and it thought: the proxy rewrote it."
        yield Finding(REWRITTEN, says, "thinking", f"send what {model} takes: {', '.join(sorted(taken))}")
    elif asked.thinking == "enabled":
        says = (
            f"We sent {asked.words}, which {model} refuses, and it answered: the proxy rewrote or dropped it."
        )
        yield Finding(REWRITTEN, says, "thinking", f"send what {model} takes: {', '.join(sorted(taken))}")
    else:
        says = (
            f"We sent {asked.words}, which {model} refuses; it answered without any: the proxy took it out."
        )
        yield Finding(DROPPED, says, "thinking", f"send what {model} takes: {', '.join(sorted(taken))}")


def _dropped_by_configuration(step: Step) -> Iterator[Finding]:
    """Fields the deployment's own configuration takes out of every request."""
    entry = step.here.deployment
    gone = [name for name in sorted(step.asked.fields) if entry is not None and name in entry.drops]
    if gone:
        verb = "is" if len(gone) == 1 else "are"
        says = f"{' and '.join(gone)} {verb} dropped by the proxy's configuration of this deployment."
        yield Finding(DROPPED, says, gone[0], "litellm_params.additional_drop_params names them")


def _sampling(step: Step) -> Iterator[Finding]:
    """A temperature a model refuses, and yet it answered."""
    known = accepts(step.origin.model)
    if step.asked.temperature in (None, 1) or known.sampling or not (known.efforts or known.thinking):
        return
    entry = step.here.deployment
    if entry is not None and "temperature" in entry.drops:
        return
    says = (
        f"We sent temperature {step.asked.temperature}, which {step.origin.model} refuses, and it answered: "
    )
    mend = "leave it out: it has no effect"
    yield Finding(DROPPED, f"{says}the proxy took it out.", "temperature", mend)


def _limit(step: Step, message: AssistantMessage) -> Iterator[Finding]:
    """A limit of tokens that was not the one we sent."""
    limit, output = step.asked.max_tokens, message.usage.output if message.usage else None
    if limit is None or output is None:
        return
    if output > limit:
        says = f"{output:,} tokens came out though we sent a limit of {limit:,}: the proxy raised it."
        yield Finding(REWRITTEN, says, "max_tokens")
    elif message.stop == "max_tokens" and output < limit * 0.9:
        says = f"The answer ended at its limit after {output:,} tokens though we sent {limit:,}."
        mend = "the proxy or its vendor set a lower one"
        yield Finding(REWRITTEN, says, "max_tokens", mend)


def _form(step: Step, message: AssistantMessage) -> Iterator[Finding]:
    """A forced call that was not made, a schema that was not followed: neither can a vendor do."""
    if message.stop != "end" or message.calls:
        return
    if step.asked.forced:
        says = "A call of a tool was demanded and none came: tool_choice did not reach the model."
        yield Finding(DROPPED, says, "tool_choice")
    elif step.asked.schema and not _is_json(message.text):
        says = "An answer by a schema was demanded and this is no JSON: the schema did not reach the model."
        yield Finding(DROPPED, says, "schema")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
