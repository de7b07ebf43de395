"""Events in words, line by line, for a screen reader: no signs, no columns, nothing that moves."""

from __future__ import annotations

from tui.chat import events as ev
from tui.chat.messages import AssistantMessage
from tui.chat.overruns import sentence
from tui.chat.parts import Reasoning, Text, ToolCall
from tui.chat.usage import Cost
from tui.clean import clean, visible
from tui.cli.printer import cost_text
from tui.errors import SightlineError

STATES = {
    "signed": "sealed",
    "redacted": "redacted, sealed",
    "omitted": "sealed, its text left out",
    "unsigned": "not sealed",
}
LONGEST_RESULT = 2_000
"""Characters of a tool's result that are read out; the model got all of it."""


def words_of(event: ev.Event) -> str:
    """What is said of an event, clean, without a line break at its end; empty for what is not worth a line.

    Parts are said once they are whole: speech that starts in the middle of a sentence helps nobody.
    """
    match event:
        case ev.StepStarted(step=step, route=route) if step == 1:
            return f"Asking {visible(route.requested)} over {route.endpoint}."
        case ev.PartFinished(part=Reasoning(text=text, state=state)):
            return f"Thinking, {STATES[state]}: {clean(text) or 'no text'}"
        case ev.PartFinished(part=Text(text=text)) if text.strip():
            return f"Answer: {clean(text)}"
        case ev.PartFinished(part=ToolCall(name=name, arguments=arguments)):
            return f"Tool call: {visible(name)}, arguments {clean(arguments)}"
        case ev.Approved(call=call, answer=answer):
            said = "not approved" if answer.decision == "never" else f"approved, {answer.decision}"
            return f"{visible(call.name)} {said}, by {answer.by}."
        case ev.ToolFinished(call=call, result=result, seconds=seconds):
            how = "failed" if result.is_error else "worked"
            return f"Tool {visible(call.name)} {how} in {seconds:.1f} seconds: {_short(result.text)}"
        case ev.StepFinished(message=message):
            return _step(event, message)
        case ev.Retrying(wait_s=wait, why=why):
            return f"Trying again in {wait:.0f} seconds: {visible(why)}"
        case ev.Warned(finding=finding):
            return f"Warning: {clean(finding.says)} {clean(finding.mend)}".rstrip()
        case ev.Observed(findings=findings):
            return "\n".join(clean(finding.says) for finding in findings)
        case ev.BudgetDecided(overrun=overrun, go_on=False):
            return f"Not sent: {sentence(overrun)}."
        case ev.TurnFailed(error=error):
            return failure(error)
        case ev.TurnFinished(stop=stop) if stop not in ("end", "failed"):
            return f"Stopped: {stop.replace('_', ' ')}."
    return ""


def failure(error: SightlineError) -> str:
    """An error with its layer, the vendor's sentence and the next step."""
    lines = [f"Error in the {error.layer}: {clean(str(error))}"]
    if error.vendor_message:
        lines.append(f"It says: {clean(error.vendor_message)}")
    if error.hint:
        lines.append(f"What to do: {clean(error.hint)}")
    return "\n".join(lines)


def cost_words(cost: Cost) -> str:
    """A cost without signs that are read out badly."""
    return cost_text(cost).replace("≥ ", "at least ")


def counted(number: int, what: str) -> str:
    """``1 turn``, ``2 turns``."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _step(event: ev.StepFinished, message: AssistantMessage) -> str:
    output = message.usage.output if message.usage else None
    tokens = "tokens unknown" if output is None else counted(output, "token")
    seals = f"{counted(event.seals_sent, 'seal')} sent, {event.seals_received} new"
    return f"Step: {cost_words(message.cost)}, {tokens}, {event.seconds:.1f} seconds, {seals}."


def _short(text: str) -> str:
    left = len(text) - LONGEST_RESULT
    return clean(text) if left <= 0 else f"{clean(text[:LONGEST_RESULT])} and {left} more characters"
