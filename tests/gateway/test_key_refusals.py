"""What a proxy says to a limited key, word for word as its source does, ends in the class of that limit."""

import pytest

from tests.gateway.error_shapes import anthropic_shape, openai_shape
from tui.gateway import failures

BUDGET, MODEL, RATE, KEY = "key-budget-spent", "key-model-refused", "rate-limited", "proxy-key-refused"
SENTENCES = (
    (429, "budget_exceeded", "Budget has been exceeded! Key=a Current cost: 1.2, Max budget: 1", BUDGET),
    (429, "budget_exceeded", "ExceededBudget: User=u1 over budget. Spend=2.1, Budget=2.0", BUDGET),
    (429, "budget_exceeded", "ExceededBudget: Key over 1d budget. Spend=$2.1000, Limit=$2.00", BUDGET),
    (429, "budget_exceeded", "LiteLLM Team: t, exceeded budget for model=claude", BUDGET),
    (429, "None", "LiteLLM Virtual Key: x, key_alias: a, exceeded budget for model=claude", BUDGET),
    (429, "None", "Session budget exceeded for session s. Current spend: $1.0000", BUDGET),
    (400, "None", "No deployments available - crossed budget: Exceeded budget for provider x", BUDGET),
    (403, "key_model_access_denied", "The requested model 'x' is not available for this API key", MODEL),
    (403, "customer_model_access_denied", "Model 'x' is not in the allowed models for this", MODEL),
    (401, "team_model_access_denied", "Team not allowed to access model. This team can only", MODEL),
    (401, "None", "Not allowed to access model due to tags configuration", MODEL),
    (429, "throttling_error", "Rate limit exceeded for api_key: x. Limit type: requests.", RATE),
    (429, "None", "Max parallel request limit reached Hit Global Limit: Limit=1, current: 1", RATE),
    (429, "None", "Max iterations exceeded for session s. Current count: 9, max_iterations: 9.", RATE),
    (429, "None", "Key=x over available TPM=0. Model TPM=10, Active keys=1", RATE),
    (429, "None", "Model capacity reached for claude. Priority: None, Rate limit type: tokens", RATE),
    (429, "None", "Deployment over user-defined ratelimit.", RATE),
    (403, "auth_error", "Virtual key is not allowed to call this route. Only allowed", KEY),
    (403, "auth_error", "Access forbidden: IP address 10.0.0.1 not allowed.", KEY),
    (401, "auth_error", "Authentication Error, Key is blocked. Update via `/key/unblock`", KEY),
    (401, "auth_error", "Authentication Error, Team=t is blocked. Update via `/team/unblock`", KEY),
    (401, "expired_key", "Authentication Error - Expired Key. Key Expiry time 2026-01-01", KEY),
)  # fmt: skip


@pytest.mark.parametrize(("status", "kind", "says", "cls"), SENTENCES)
def test_a_limit_of_the_key_is_named_as_such(status: int, kind: str, says: str, cls: str) -> None:
    for body in (openai_shape(says, kind, str(status)), anthropic_shape(says, kind)):
        failed = failures.from_response(status, {}, body, "/v1/messages")
        assert (failed.cls, failed.layer) == (cls, "proxy"), says
        assert failed.hint


def test_an_endpoint_closed_to_the_key_and_a_blocked_one_have_a_hint_of_their_own() -> None:
    closed, blocked = (
        failures.from_response(status, {}, openai_shape(says, kind, str(status)))
        for status, kind, says, _ in SENTENCES
        if "this route." in says or "Key is blocked" in says
    )
    assert "another endpoint may be open to it" in closed.hint
    assert "has blocked it" in blocked.hint
