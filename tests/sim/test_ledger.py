"""The database of the simulated proxy: what it books, tells and refuses; and what it says without one."""

import json
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from tui.sim.ledger import Ledger
from tui.sim.server import build_app
from tui.sim.state import SimState

KEY = {"authorization": "Bearer sk-simulated"}
BODIES: dict[str, dict[str, Any]] = {
    "/v1/messages": {"max_tokens": 500, "messages": [{"role": "user", "content": "What is 6*7?"}]},
    "/v1/chat/completions": {
        "messages": [{"role": "user", "content": "What is 6*7?"}],
        "stream_options": {"include_usage": True},
    },
    "/v1/responses": {"input": "What is 6*7?"},
}


def client(ledger: Ledger | None) -> TestClient:
    return TestClient(build_app(SimState(speed=0, ledger=ledger)))


def ask(http: TestClient, path: str, *, stream: bool, model: str = "smart"):  # type: ignore[no-untyped-def]
    body = dict(BODIES[path], model=model, stream=stream)
    if not stream:
        body.pop("stream_options", None)
    return http.post(path, headers=KEY, content=json.dumps(body))


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("path", BODIES)
def test_each_call_is_booked_under_its_id_and_told_with_the_next(path: str, stream: bool) -> None:
    ledger = Ledger(Decimal(1))
    http = client(ledger)
    answer = ask(http, path, stream=stream)
    assert answer.status_code == 200
    assert answer.text
    (row,) = http.get(
        "/spend/logs", params={"request_id": answer.headers["x-litellm-call-id"]}, headers=KEY
    ).json()
    assert row["spend"] == pytest.approx(float(ledger.spend))
    assert row["spend"] > 0
    if not stream:
        assert float(answer.headers["x-litellm-response-cost"]) == pytest.approx(row["spend"])
        assert answer.headers["x-litellm-key-spend"] == str(float(ledger.spend))
    assert answer.headers["x-litellm-key-max-budget"] == "1.0"
    info = http.get("/key/info", headers=KEY).json()["info"]
    assert (info["spend"], info["max_budget"]) == (float(ledger.spend), 1.0)


def test_a_spent_budget_refuses_every_endpoint_as_the_real_proxy_does() -> None:
    http = client(Ledger(Decimal("0.01"), Decimal("0.0125")))
    for path in BODIES:
        refused = ask(http, path, stream=True)
        assert refused.status_code == 422
        assert refused.json()["error"]["type"] == "budget_exceeded"
        assert "x-litellm-version" not in refused.headers
    assert http.get("/spend/logs", headers=KEY).json() == []


def test_without_a_database_only_the_price_list_is_told() -> None:
    http = client(None)
    for path in ("/key/info", "/team/info", "/spend/logs"):
        assert http.get(path, headers=KEY).status_code == 500
    assert "x-litellm-key-max-budget" not in ask(http, "/v1/messages", stream=True).headers
    prices = http.get("/public/litellm_model_cost_map").json()
    assert prices["claude-opus-4-5"]["input_cost_per_token"] == 5e-06
    assert prices["claude-sonnet-4-5-20250929"]["output_cost_per_token"] == 1.5e-05
    assert "grok-unpriced" not in prices


def test_anthropic_tells_what_is_left_of_its_minute_and_the_proxy_hands_it_on() -> None:
    http = client(None)
    name = "llm_provider-anthropic-ratelimit-requests-remaining"
    first, second = (ask(http, "/v1/messages", stream=True).headers[name] for _ in range(2))
    assert int(first) == int(second) + 1
    assert name not in ask(http, "/v1/messages", stream=False).headers
