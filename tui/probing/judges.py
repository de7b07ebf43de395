"""What is concluded from what a trial saw, each with the evidence in words; pure."""

from __future__ import annotations

import json

from tui.chat.finding import Finding
from tui.chat.parts import Json, Reasoning
from tui.errors import SightlineError
from tui.probing.picture import HEIGHT, WIDTH
from tui.probing.report import Capability, Result, Verdict
from tui.probing.seen import Seen, TurnSeen

PLACE: Json = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "country": {"type": "string"}},
    "required": ["city", "country"],
    "additionalProperties": False,
}
PREFILL = "The capital of France is the city of P"
_REST = "aris"
SELF_HEAL = "litellm-silent-thinking-self-heal"
_TOLD = ("proxy-header", "proxy-stream", "proxy-log")
_QUOTED = 120


def streaming(seen: Seen) -> tuple[Result, ...]:
    """Whether the answer came in pieces, and what was told of tokens and cost."""
    if seen.error is not None:
        return _failed(seen, "streaming", "usage", "cost")
    turn, message = seen.first, seen.first.answers[-1]
    pieces = turn.text_deltas
    ttft = turn.steps[-1].ttft_s
    when = "" if ttft is None else f", the first after {ttft:.2f} s"
    streams = _result(
        seen,
        "streaming",
        "yes" if pieces > 1 else "no",
        f"the answer came in {_count(pieces, 'piece')}{when}",
    )
    usage = message.usage
    counted = usage is not None and usage.input is not None and usage.output is not None
    says = f"{usage.input_total:,} in, {usage.output:,} out" if counted and usage else "no token counts came"
    cost = message.cost
    if cost.usd is None:
        about = "no figure came, and there is no price to compute one"
    elif cost.source in _TOLD:
        about = f"${cost.usd:f} by the {cost.source.replace('proxy-', 'proxy’s ')}"
    else:
        about = f"no figure came with the answer; {cost.source} from its prices: ${cost.usd:f}"
    return (
        streams,
        _result(seen, "usage", "yes" if counted else "no", says),
        _result(seen, "cost", "yes" if cost.source in _TOLD else "no", about),
    )


def tools(seen: Seen) -> tuple[Result, ...]:
    """Whether a call came, its result was taken, and the answer uses it."""
    if seen.error is not None:
        return _failed(seen, "tools")
    turn = seen.first
    if not turn.calls:
        return (_result(seen, "tools", "no", f"it called nothing and said {_quoted(turn.text)}"),)
    call = turn.calls[0]
    called = f"called {call.name}({call.arguments[:_QUOTED]})"
    if "42" not in turn.text:
        return (_result(seen, "tools", "unclear", f"{called}, and then said {_quoted(turn.text)}"),)
    return (_result(seen, "tools", "yes", f"{called}, took 42 and said {_quoted(turn.text)}"),)


def parallel(seen: Seen) -> tuple[Result, ...]:
    """Whether one answer held more than one call."""
    if seen.error is not None:
        return _failed(seen, "parallel")
    counts = [len(answer.calls) for answer in seen.first.answers]
    most = max(counts, default=0)
    if most > 1:
        return (_result(seen, "parallel", "yes", f"{most} calls in one answer"),)
    if sum(counts) > 1:
        return (_result(seen, "parallel", "no", f"{sum(counts)} calls, each in an answer of its own"),)
    return (_result(seen, "parallel", "unclear", f"{_count(sum(counts), 'call')} in all, asked for two"),)


def forced(seen: Seen) -> tuple[Result, ...]:
    """Whether a call came that nothing but ``tool_choice`` asked for."""
    if seen.error is not None:
        return _failed(seen, "forced")
    calls = seen.first.calls
    if calls:
        return (_result(seen, "forced", "yes", f"called {calls[0].name} though nothing asked for it"),)
    return (_result(seen, "forced", "no", f"tool_choice was passed over: {_quoted(seen.first.text)}"),)


def vision(seen: Seen) -> tuple[Result, ...]:
    """Whether the answer tells what only the image tells."""
    if seen.error is not None:
        return _failed(seen, "vision")
    withheld = next((f for f in seen.first.findings if "image" in f.says.lower()), None)
    said = seen.first.text.lower()
    if withheld is not None and "red" not in said:
        return (_result(seen, "vision", "skipped", withheld.says),)
    measured = str(WIDTH) in said and str(HEIGHT) in said
    verdict: Verdict = "yes" if "red" in said or measured else "unclear"
    return (_result(seen, "vision", verdict, f"shown a red picture, it said {_quoted(seen.first.text)}"),)


def schema(seen: Seen) -> tuple[Result, ...]:
    """Whether the text is an instance of the schema."""
    if seen.error is not None:
        return _failed(seen, "schema")
    text = seen.first.text
    complaint = _complaint(text)
    if complaint:
        return (_result(seen, "schema", "no", f"{complaint}: {_quoted(text)}"),)
    return (_result(seen, "schema", "yes", f"valid JSON: {_quoted(text)}"),)


def thinking(seen: Seen) -> tuple[Result, ...]:
    """Whether thinking is shown, whether it is sealed, and whether its seals were taken back."""
    if not seen.first.answers:
        return _failed(seen, "thinking", "sealed", "kept")
    parts = seen.first.thinking
    if not parts:
        says = f"it was asked to think, and no thinking came{_tokens(seen.first)}"
        nothing = (_result(seen, c, "skipped", "no thinking came") for c in ("sealed", "kept"))
        return (_result(seen, "thinking", "no", says), *nothing)
    shown = sum(len(part.text) for part in parts)
    sealed = [part for part in parts if part.state != "unsigned"]
    states = ", ".join(dict.fromkeys(part.state for part in parts))
    visible = _result(
        seen,
        "thinking",
        "yes" if shown else "no",
        f"{shown:,} characters of thinking{_tokens(seen.first)}"
        if shown
        else f"its text is left out: {states}",
    )
    seals = _result(seen, "sealed", "yes" if sealed else "no", _sealing(len(parts), states, bool(sealed)))
    return (visible, seals, _kept(seen, bool(sealed)))


def _sealing(parts: int, states: str, sealed: bool) -> str:
    says = f"{_count(parts, 'part')}: {states}"
    # Gemini signs its tool calls, not its thoughts.
    return says if sealed else f"{says}, in an answer that calls nothing"


def _kept(seen: Seen, sealed: bool) -> Result:
    if not sealed:
        return _result(seen, "kept", "skipped", "there is no seal to send back")
    if seen.error is not None:
        return _failed(seen, "kept")[0]
    last = seen.turns[-1]
    sent = last.steps[-1].seals_sent if last.steps else 0
    healed = _finding(last, SELF_HEAL)
    if healed is not None:
        return _result(seen, "kept", "no", healed.says)
    if not sent:
        return _result(seen, "kept", "no", "the next turn could not send them back on this endpoint")
    return _result(
        seen, "kept", "yes", f"{_count(sent, 'seal')} sent back in the next turn, and it was answered"
    )


def interleaved(seen: Seen) -> tuple[Result, ...]:
    """Whether there is thinking in an answer that follows a tool's result."""
    if seen.error is not None:
        return _failed(seen, "interleaved")
    answers = seen.first.answers
    if len(answers) < 2:
        return (_result(seen, "interleaved", "unclear", "it called no tool, so there was nothing between"),)
    later = [n for n, a in enumerate(answers[1:], 2) if any(isinstance(p, Reasoning) for p in a.parts)]
    if later:
        where = ", ".join(map(str, later))
        says = f"thinking in step {where} of {len(answers)}, after results"
        return (_result(seen, "interleaved", "yes", says),)
    says = (
        f"{len(answers)} steps, and thinking in the first alone"
        if seen.first.thinking
        else "no thinking came"
    )
    return (_result(seen, "interleaved", "no", says),)


def caching(seen: Seen) -> tuple[Result, ...]:
    """Whether the second request read what the first one sent."""
    if seen.error is not None:
        return _failed(seen, "caching")
    first, second = (turn.answers[-1].usage for turn in seen.turns[:2])
    if second is None or first is None:
        return (_result(seen, "caching", "unclear", "no token counts came"),)
    wrote = (first.cache_write_5m or 0) + (first.cache_write_1h or 0)
    if second.cache_read:
        says = f"the second request read {second.cache_read:,} of {second.input_total or 0:,} tokens"
        return (_result(seen, "caching", "yes", says),)
    if wrote:
        says = f"{wrote:,} tokens were written, and none read by the next request"
        return (_result(seen, "caching", "unclear", says),)
    says = f"{second.input_total or 0:,} tokens sent a second time, none read"
    return (_result(seen, "caching", "no", says),)


def prefill(seen: Seen) -> tuple[Result, ...]:
    """Whether the second request, which ends with the beginning of an answer, was gone on with."""
    if seen.error is not None or len(seen.turns) < 2:
        return _failed(seen, "prefill")
    text = seen.turns[-1].text
    if text.lstrip().lower().startswith(_REST):
        return (_result(seen, "prefill", "yes", f"after “…{PREFILL[-9:]}” it said {_quoted(text)}"),)
    anew = text.lstrip().lower().startswith(PREFILL[:11].lower())
    verdict: Verdict = "no" if anew else "unclear"
    return (_result(seen, "prefill", verdict, f"it was taken, and the answer is {_quoted(text)}"),)


def _failed(seen: Seen, *capabilities: Capability) -> tuple[Result, ...]:
    """The results of a trial whose call was refused, or failed otherwise, which proves nothing."""
    error = seen.error
    if error is None:
        return tuple(_result(seen, c, "unclear", "no answer came") for c in capabilities)
    refused = getattr(error, "status", None) in (400, 404, 405, 415, 422) or error.layer == "client"
    verdict: Verdict = "refused" if refused else "unclear"
    return tuple(_result(seen, c, verdict, _sentence(error)) for c in capabilities)


def _sentence(error: SightlineError) -> str:
    said = getattr(error, "vendor_message", None)
    return f"{error}" if not said else f"{error.layer}: {said}"


def _result(seen: Seen, capability: Capability, verdict: Verdict, says: str) -> Result:
    return Result(capability, verdict, says, exchanges=seen.exchanges)


def _complaint(text: str) -> str:
    try:
        value = json.loads(text)
    except ValueError:
        return "no JSON"
    # Imported here: it is slow, and only a probe needs it.
    from jsonschema import Draft202012Validator

    error = next(Draft202012Validator(PLACE).iter_errors(value), None)
    return "" if error is None else f"not as the schema says ({error.message[:_QUOTED]})"


def _tokens(turn: TurnSeen) -> str:
    told = [a.usage.reasoning for a in turn.answers if a.usage is not None and a.usage.reasoning]
    return f", {sum(told):,} tokens of it told" if told else ""


def _finding(turn: TurnSeen, cls: str) -> Finding | None:
    return next((finding for finding in turn.findings if finding.cls == cls), None)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line[:_QUOTED]}{'…' if len(line) > _QUOTED else ''}”" if line else "nothing"
