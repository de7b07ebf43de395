"""What is concluded from what a trial saw: each verdict from events that prove it, and no other."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tui.chat.events import Event, Observed, PartDelta, StepFinished, StepStarted, TurnFailed, Warned
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage
from tui.chat.parts import AssistantPart, Origin, Reasoning, Text, ToolCall
from tui.chat.route import Route
from tui.chat.usage import UNKNOWN_COST, Cost, Usage
from tui.errors import CallFailed
from tui.probing import judges
from tui.probing.report import Result
from tui.probing.seen import Seen, TurnSeen

ROUTE = Route(
    "smart",
    "litellm-anthropic",
    "http://proxy",
    "smart",
    "anthropic/claude-opus-4-5",
    "anthropic",
    "claude-opus-4-5",
)
ORIGIN = Origin("messages", "anthropic", "claude-opus-4-5")


def answer(
    *parts: AssistantPart, usage: Usage | None = None, cost: Cost = UNKNOWN_COST, seals: int = 0
) -> StepFinished:
    message = AssistantMessage("m", parts, ORIGIN, "end", "end_turn", usage, cost, 0.0)
    return StepFinished(1.0, message, 1.0, 0.25, seals, 0)


def turn(*events: Event, id: str = "x") -> TurnSeen:
    return TurnSeen((StepStarted(0.0, ROUTE, 1, 1, b"{}", id), *events))


def failed(status: int = 400, says: str = "it is not taken") -> TurnFailed:
    error = CallFailed("refused", "no", layer="vendor", cls="bad-request", status=status, vendor_message=says)
    return TurnFailed(1.0, error)


def call(name: str = "calculator") -> ToolCall:
    return ToolCall("c1", name, '{"expression": "6*7"}')


def verdicts(results: tuple[Result, ...]) -> dict[str, str]:
    return {result.capability: result.verdict for result in results}


def test_an_answer_in_pieces_streams_and_one_in_a_piece_does_not() -> None:
    usage = Usage(input=10, output=5)
    told = answer(Text("a b"), usage=usage, cost=Cost(Decimal("0.01"), "proxy-stream"))
    deltas = (PartDelta(0.1, 0, "text", "a "), PartDelta(0.2, 0, "text", "b"))
    seen = judges.streaming(Seen((turn(*deltas, told),)))
    assert verdicts(seen) == {"streaming": "yes", "usage": "yes", "cost": "yes"}
    assert "2 pieces" in seen[0].says
    assert "$0.01" in seen[2].says
    lone = judges.streaming(Seen((turn(deltas[0], answer(Text("a"))),)))
    assert verdicts(lone) == {"streaming": "no", "usage": "no", "cost": "no"}


def test_a_computed_cost_is_not_one_that_was_told() -> None:
    seen = Seen((turn(answer(Text("a"), cost=Cost(Decimal("0.01"), "computed"))),))
    assert judges.streaming(seen)[2].verdict == "no"


@pytest.mark.parametrize(
    ("steps", "verdict"),
    [
        ((answer(call()), answer(Text("It is 42."))), "yes"),
        ((answer(call()), answer(Text("I do not know."))), "unclear"),
        ((answer(Text("It is 42.")),), "no"),
    ],
)
def test_tools(steps: tuple[StepFinished, ...], verdict: str) -> None:
    assert judges.tools(Seen((turn(*steps),)))[0].verdict == verdict


@pytest.mark.parametrize(
    ("steps", "verdict"),
    [
        ((answer(call(), call("current_time")), answer(Text("both"))), "yes"),
        ((answer(call()), answer(call("current_time")), answer(Text("both"))), "no"),
        ((answer(call()), answer(Text("one"))), "unclear"),
        ((answer(Text("none")),), "unclear"),
    ],
)
def test_parallel(steps: tuple[StepFinished, ...], verdict: str) -> None:
    assert judges.parallel(Seen((turn(*steps),)))[0].verdict == verdict


def test_a_forced_call_and_one_that_was_passed_over() -> None:
    assert judges.forced(Seen((turn(answer(call())),)))[0].verdict == "yes"
    assert judges.forced(Seen((turn(answer(Text("Hello"))),)))[0].verdict == "no"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("A red rectangle.", "yes"), ("It is 96x48 pixels.", "yes"), ("I cannot see it.", "unclear")],
)
def test_vision(text: str, verdict: str) -> None:
    assert judges.vision(Seen((turn(answer(Text(text))),)))[0].verdict == verdict


def test_an_image_that_was_not_sent_proves_nothing() -> None:
    withheld = Warned(0.5, Finding("image-limits", "The image is not sent: the model takes none."))
    seen = judges.vision(Seen((turn(withheld, answer(Text("Which image?"))),)))
    assert (seen[0].verdict, seen[0].says) == ("skipped", withheld.finding.says)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ('{"city": "Oslo", "country": "Norway"}', "yes"),
        ('{"city": "Oslo"}', "no"),
        ('{"city": "Oslo", "country": "Norway", "more": 1}', "no"),
        ("Oslo, Norway", "no"),
    ],
)
def test_schema(text: str, verdict: str) -> None:
    assert judges.schema(Seen((turn(answer(Text(text))),)))[0].verdict == verdict


SIGNED = Reasoning("hm", "signed")


@pytest.mark.parametrize(
    ("part", "thinking", "sealed"),
    [
        (SIGNED, "yes", "yes"),
        (Reasoning("", "omitted"), "no", "yes"),
        (Reasoning("", "redacted"), "no", "yes"),
        (Reasoning("hm", "unsigned"), "yes", "no"),
    ],
)
def test_thinking_that_is_shown_and_thinking_that_is_sealed(
    part: Reasoning, thinking: str, sealed: str
) -> None:
    seen = Seen((turn(answer(part, Text("17*23"))), turn(answer(Text("yes"), seals=1))))
    kept = "yes" if sealed == "yes" else "skipped"
    assert verdicts(judges.thinking(seen)) == {"thinking": thinking, "sealed": sealed, "kept": kept}


def test_no_thinking_at_all() -> None:
    seen = Seen((turn(answer(Text("17*23"))), turn(answer(Text("yes")))))
    assert verdicts(judges.thinking(seen)) == {"thinking": "no", "sealed": "skipped", "kept": "skipped"}


HEALED = Observed(1.0, (Finding(judges.SELF_HEAL, "The proxy stripped the thinking."),))


@pytest.mark.parametrize(
    ("second", "verdict"),
    [
        (turn(failed(says="Invalid signature")), "refused"),
        (turn(answer(Text("yes"), seals=0)), "no"),
        (turn(HEALED, answer(Text("yes"), seals=1)), "no"),
        (turn(failed(529, "Overloaded")), "unclear"),
    ],
)
def test_seals_that_do_not_hold(second: TurnSeen, verdict: str) -> None:
    seen = judges.thinking(Seen((turn(answer(SIGNED, Text("17*23"))), second)))
    assert verdicts(seen)["thinking"] == "yes"
    assert verdicts(seen)["kept"] == verdict


def test_interleaved() -> None:
    between = (answer(SIGNED, call()), answer(SIGNED, call("current_time")), answer(Text("64")))
    first = (answer(SIGNED, call()), answer(Text("64")))
    assert judges.interleaved(Seen((turn(*between),)))[0].verdict == "yes"
    assert judges.interleaved(Seen((turn(*first),)))[0].verdict == "no"
    assert judges.interleaved(Seen((turn(answer(SIGNED, Text("64"))),)))[0].verdict == "unclear"


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        (Usage(input=5, cache_write_5m=5000), Usage(input=5, cache_read=5000), "yes"),
        (Usage(input=5, cache_write_5m=5000), Usage(input=5005), "unclear"),
        (Usage(input=5005), Usage(input=5005), "no"),
        (None, None, "unclear"),
    ],
)
def test_caching(first: Usage | None, second: Usage | None, verdict: str) -> None:
    turns = (turn(answer(Text("one"), usage=first)), turn(answer(Text("two"), usage=second)))
    assert judges.caching(Seen(turns))[0].verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("aris, on the Seine.", "yes"), ("The capital of France is Paris.", "no"), ("Bonjour!", "unclear")],
)
def test_prefill(text: str, verdict: str) -> None:
    again = turn(answer(Text(text)))
    assert judges.prefill(Seen((turn(answer(Text("Paris."))), again)))[0].verdict == verdict


@pytest.mark.parametrize(
    "judge", [judges.tools, judges.parallel, judges.forced, judges.vision, judges.schema]
)
def test_a_refusal_is_told_in_the_vendor_s_words_and_a_fault_proves_nothing(judge: object) -> None:
    assert callable(judge)
    refused = judge(Seen((turn(failed(), id="e7"),)))[0]
    assert (refused.verdict, refused.exchanges) == ("refused", ("e7",))
    assert "it is not taken" in refused.says
    assert judge(Seen((turn(failed(500)),)))[0].verdict == "unclear"


def test_a_secret_a_model_repeats_is_not_quoted_and_no_half_of_it_either() -> None:
    secret = "tea-at-nine-" + "x1" * 60
    said = turn(
        answer(ToolCall("c1", secret, f'{{"a":"{"w " * 30}{secret}"}}'), Text(f"{'w ' * 40}{secret} no"))
    )
    seen = Seen((replace(said, clean=lambda text: text.replace(secret, "…")),))
    for judge in (judges.tools, judges.schema, judges.forced, judges.vision):
        (result,) = judge(seen)
        assert "x1x1" not in result.says
        assert "tea-at" not in result.says
