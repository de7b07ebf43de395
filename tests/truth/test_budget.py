"""Estimates of the next call, and which limit it may break."""

import base64
import struct
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.engine.scripted import PRICE, route
from tui.chat.budget import SCOPES, Budget, Scope
from tui.chat.conversation import Conversation
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import Document, Image, Origin, Text, ToolResult
from tui.chat.settings import Settings, ToolSpec
from tui.chat.usage import UNKNOWN_COST, Cost, Usage
from tui.truth.budget import Estimate, allowance, estimate, estimate_again, overrun, raised

ORIGIN = Origin("messages", "anthropic", "claude-opus-4-5")
AT = 1_000.0


def prompt(text: str, *more: Image | Document) -> UserMessage:
    return UserMessage("u", (Text(text), *more), AT)


def answered(usage: Usage | None, *, at: float = AT, origin: Origin = ORIGIN) -> AssistantMessage:
    return AssistantMessage("a", (Text("x" * 40),), origin, "end", None, usage, UNKNOWN_COST, at)


def of(
    *messages: UserMessage | AssistantMessage | ToolMessage,
    now: float = AT,
    settings: Settings | None = None,
) -> Estimate:
    return estimate(Conversation(None, tuple(messages)), route(), settings or Settings(), (), now)


def test_the_first_call_is_counted_by_its_length() -> None:
    tool = ToolSpec("echo", "d" * 36, {})
    at = Conversation("s" * 398, (prompt("p" * 400),))
    found = estimate(at, route(), Settings(), (tool,), AT)
    # 100 of the prompt, (398 + 4 + 36 + 2) / 4 of what goes before it; 1,000 of the answer are a guess.
    assert found.cost == Cost(Decimal("0.210") + Decimal("2.000"), "estimated")
    assert "~210 tokens in" in found.assumes
    assert "guess" in found.assumes
    assert estimate(at, route(), Settings(max_tokens=50), (), AT).cost.usd == Decimal("0.199") + Decimal(
        "0.1"
    )


def test_a_later_call_goes_by_what_the_last_answer_told() -> None:
    told = Usage(input=100, cache_read=700, cache_write_5m=200, output=50)
    results = ToolMessage("t", (ToolResult("c", (Text("r" * 80),)),), AT)
    found = of(prompt("ignored"), answered(told), results)
    # 1,000 in and 50 out of before, 20 new; 900 are cached. The scripted price has no rates for that.
    assert found.assumes == "~1,070 tokens in, 900 of them cached, 50 out (as its last answer)"
    assert found.cost.usd == 1070 * PRICE.input + 50 * PRICE.output  # type: ignore[operator]
    late = of(prompt("ignored"), answered(told), results, now=AT + 301)
    assert "cached" not in late.assumes
    kept = of(prompt("i"), answered(told), results, now=AT + 301, settings=Settings(cache="1h"))
    assert "900 of them cached" in kept.assumes


def test_an_answer_nobody_counted_is_new_text() -> None:
    told = Usage(input=100, output=50)
    found = of(prompt("p"), answered(told), prompt("q" * 40), answered(None), prompt("r" * 40))
    assert "~180 tokens in" in found.assumes


def test_the_answer_is_as_long_as_the_longest_of_the_last_five_of_the_same_model() -> None:
    other = Origin("chat", "openai", "gpt-5")
    said = [answered(Usage(input=1, output=n)) for n in (900, 10, 20, 60, 30, 40)]
    found = of(*said, answered(Usage(input=1, output=5000), origin=other))
    assert "60 out (the longest of its last 5)" in found.assumes
    assert "55 out (max_tokens)" in of(*said, settings=Settings(max_tokens=55)).assumes


def test_images_and_documents_count_by_rule() -> None:
    header = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 750, 100)
    png = Image("image/png", base64.b64encode(header).decode())
    assert "~101 tokens in" in of(prompt("", png)).assumes
    assert "~1,600 tokens in" in of(prompt("", Image("image/png", "AAAA"))).assumes
    pdf = Document("application/pdf", "AAAA", pages=3)
    assert "~7,500 tokens in" in of(prompt("", pdf)).assumes
    assert "~50,000 tokens in" in of(prompt("", Document("application/pdf", "A" * 9_000_000))).assumes


def test_without_a_price_there_is_no_estimate_but_a_reason() -> None:
    found = estimate(Conversation(None, (prompt("p"),)), route(price=None), Settings(), (), AT)
    assert found.cost == UNKNOWN_COST
    assert found.assumes.startswith("no price is known for smart")


def test_a_replay_costs_what_it_cost() -> None:
    cost = Cost(Decimal("0.3"), "proxy-header")
    assert estimate_again(cost, None, None).cost == Cost(Decimal("0.3"), "estimated")
    assert estimate_again(UNKNOWN_COST, Usage(input=1, output=1), PRICE).cost.usd == Decimal("0.003")
    assert estimate_again(UNKNOWN_COST, None, PRICE).cost == UNKNOWN_COST


_usd = st.decimals(0, 50, places=4)
_limits = st.builds(Budget, *(st.none() | st.decimals("0.0001", 50, places=4) for _ in SCOPES))
_spent = st.fixed_dictionaries(
    {scope: st.builds(Cost, st.none() | _usd, st.just("computed"), st.booleans()) for scope in SCOPES}
)
_calls = st.builds(Estimate, st.builds(Cost, st.none() | _usd, st.just("estimated")), st.just("so"))


@given(_limits, _spent, _calls)
def test_a_call_is_asked_about_exactly_when_it_may_break_a_limit(
    limits: Budget, spent: dict[Scope, Cost], call: Estimate
) -> None:
    def breaks(scope: Scope) -> bool:
        limit, before = limits.limit(scope), spent[scope].usd or Decimal(0)
        if limit is None:
            return False
        return before >= limit if call.cost.usd is None else before + call.cost.usd > limit

    found = overrun(limits, spent, call, {})
    assert (found.scope if found else None) == next(filter(breaks, SCOPES), None)


@given(_limits, _spent, _calls)
def test_a_yes_lets_the_call_go_and_asks_again_within_a_quarter_of_the_limit(
    limits: Budget, spent: dict[Scope, Cost], call: Estimate
) -> None:
    allowed: dict[Scope, Decimal] = {}
    while (found := overrun(limits, spent, call, allowed)) is not None:
        assert found.scope not in allowed
        allowed[found.scope] = allowance(found)
        spent_on = allowed[found.scope]
        later = {**spent, found.scope: Cost(spent_on, "computed")}
        again = overrun(
            Budget().limited(found.scope, found.limit), later, Estimate(UNKNOWN_COST, ""), allowed
        )
        assert again is not None
        assert spent_on <= max(found.limit, (found.spent.usd or 0) + (call.cost.usd or 0)) + found.limit / 4


@given(_limits, _spent, _calls)
def test_a_raised_limit_is_round_and_covers_the_call(
    limits: Budget, spent: dict[Scope, Cost], call: Estimate
) -> None:
    found = overrun(limits, spent, call, {})
    if found is None:
        return
    more = raised(found)
    assert overrun(limits.limited(found.scope, more), {**spent, **_others(found.scope)}, call, {}) is None
    assert more.normalize().as_tuple().digits in ((1,), (2,), (5,))


def _others(scope: Scope) -> dict[Scope, Cost]:
    return {other: Cost(Decimal(-1000), "computed") for other in SCOPES if other != scope}
