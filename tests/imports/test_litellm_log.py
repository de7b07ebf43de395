"""Log rows of a LiteLLM proxy: what was asked, what it cost, and what the log has cut."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.imports.calls import ASKED, CALL, SECOND, THOUGHT
from tests.imports.reading import as_lines, classes, imported
from tui.chat.messages import AssistantMessage
from tui.chat.parts import Reasoning
from tui.chat.usage import UNKNOWN_COST, Cost
from tui.errors import UsageError

CUT = "it was ... (litellm_truncated 900 chars) ... end"
SAID = {
    "id": "chatcmpl-1",
    "model": "smart",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hello"}}],
    "usage": {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15},
}


def spend_row(**fields: Any) -> dict[str, Any]:
    """A row of LiteLLM_SpendLogs."""
    return {
        "request_id": "chatcmpl-1",
        "call_type": "acompletion",
        "api_key": "88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b",
        "spend": 0.00123,
        "startTime": "2026-08-10T12:00:00.000Z",
        "endTime": "2026-08-10T12:00:02.500Z",
        "model": "claude-sonnet-4-5-20250929",
        "model_group": "smart",
        "model_id": "d1",
        "custom_llm_provider": "anthropic",
        "api_base": "https://api.anthropic.com/v1/messages?k=v",
        "messages": json.dumps([{"role": "user", "content": "hi"}]),
        "response": json.dumps(SAID),
        "proxy_server_request": "{}",
        "status": "success",
        **fields,
    }


def payload(**fields: Any) -> dict[str, Any]:
    """A StandardLoggingPayload."""
    row = spend_row(response_cost=0.5, litellm_call_id="c1", model_parameters={"temperature": 0.2}, **fields)
    del row["spend"], row["request_id"]
    return {
        **row,
        "messages": [{"role": "user", "content": "hi"}],
        "response": SAID,
        "startTime": 1786363200.0,
    }


def test_a_row_tells_who_answered_what_it_cost_and_when() -> None:
    found = imported(spend_row())
    (exchange,) = found.record.exchanges
    answer = found.record.path()[-1].message
    assert isinstance(answer, AssistantMessage)
    assert answer.cost == exchange.cost == Cost(Decimal("0.00123"), "proxy-log")
    assert (answer.origin.vendor, answer.origin.model, answer.origin.deployment) == (
        "anthropic",
        "claude-sonnet-4-5",
        "d1",
    )
    assert answer.usage is not None
    assert answer.usage.input == 12
    assert (exchange.at, exchange.seconds) == (1786363200.0, 2.5)
    assert exchange.served is not None
    assert (exchange.served.model_id, exchange.served.group, exchange.served.model) == ("d1", "smart", None)
    assert exchange.wire is None
    assert (found.format, found.record.state.model) == ("litellm-log", "smart")


def test_pages_lists_lines_and_payloads_are_rows_alike() -> None:
    rows = [spend_row(), payload()]
    for data in (rows, {"data": rows, "total": 2}, as_lines(rows)):
        found = imported(data)
        assert [e.cost.usd for e in found.record.exchanges] == [Decimal("0.00123"), Decimal("0.5")]
    assert imported(payload()).record.state.overrides == {"temperature": 0.2}


def test_the_whole_request_counts_before_what_the_row_says_of_it() -> None:
    kept = json.dumps({**SECOND, "model": "smart"})
    row = spend_row(call_type="anthropic_messages", proxy_server_request=kept, response="{}")
    found = imported(row)
    assert len(found.record.path()) == 3
    assert found.record.state.endpoint == "messages"
    answer = found.record.nodes[1].message
    assert isinstance(answer, AssistantMessage)
    assert answer.origin.model == "claude-sonnet-4-5"
    assert answer.parts[0].state == "signed"  # type: ignore[union-attr]


def test_a_seal_that_the_log_has_cut_is_never_sent_back() -> None:
    asked = [ASKED, {"role": "assistant", "content": [{**THOUGHT, "signature": CUT}, CALL]}]
    found = imported(spend_row(call_type="anthropic_messages", messages=asked, response={}))
    answer = found.record.nodes[1].message
    assert isinstance(answer, AssistantMessage)
    assert answer.parts[0] == Reasoning("I add.", "unsigned")
    assert {"import-cut", "anthropic-signature-missing"} <= classes(found)
    assert any("has cut a text" in w.says for w in found.warnings)


@pytest.mark.parametrize("cost", [0, 0.0, None, -1, "NaN", True, {}])
def test_a_zero_and_nonsense_are_no_price(cost: Any) -> None:
    assert imported(spend_row(spend=cost)).record.exchanges[0].cost == UNKNOWN_COST


def test_a_failed_row_keeps_why() -> None:
    told = {"error_information": {"error_code": "400", "error_message": "Invalid `signature`"}}
    found = imported(spend_row(status="failure", response="{}", metadata=json.dumps(told)))
    (exchange,) = found.record.exchanges
    assert exchange.failure is not None
    assert (exchange.status, exchange.failure.what, exchange.answer) == (400, "Invalid `signature`", None)


def test_rows_without_messages_are_told_of_and_none_at_all_is_refused() -> None:
    bare = spend_row(messages="{}", proxy_server_request=None)
    assert "import-not-read" in classes(imported([spend_row(), bare, 7]))
    with pytest.raises(UsageError) as refused:
        imported([bare])
    assert "store_prompts_in_spend_logs" in refused.value.hint
