"""What proxies, routers and vendors in trouble say that is not about the request's content: data only.

Rules are tried in order after those for vendors' sentences; a rule applies by status, by ``type`` or
``code``, or by its words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tui.errors import Layer

BY_CLASS: dict[str, tuple[str, bool]] = {
    "proxy-unreachable": ("the proxy is unreachable", True),
    "proxy-key-refused": ("the key is refused", False),
    "key-model-refused": ("the key may not use this model", False),
    "key-budget-spent": ("the budget is spent", False),
    "unknown-model": ("the model is unknown", False),
    "cooldown": ("the model is in cooldown", True),
    "rate-limited": ("too many requests", True),
    "overloaded": ("the vendor is overloaded", True),
    "vendor-key-refused": ("the vendor refused the proxy's key", False),
    "vendor-error": ("the vendor failed", True),
    "timeout-first-byte": ("no answer in time", True),
    "timeout-idle": ("the stream fell silent", True),
    "stream-cut": ("the stream was cut", True),
    "not-a-stream": ("the answer is not a stream", True),
    "bad-request": ("the request was refused", False),
    "bad-config": ("configuration", False),
}
"""Title of each class that is not about the request's content, and whether a retry can help."""


@dataclass(frozen=True, slots=True)
class ProxyRule:
    """One way to say a class; ``layer`` None = whoever was speaking."""

    cls: str
    layer: Layer | None
    hint: str
    pattern: re.Pattern[str] | None = None
    kinds: frozenset[str] = frozenset()
    statuses: frozenset[int] = frozenset()
    wrapped: bool | None = None
    """Applies only to messages with, or without, a wrapper of LiteLLM; None = to both."""
    page: bool | None = None
    """Applies only to HTML pages, or never to them; None = to both."""

    @property
    def retry(self) -> bool:
        """Whether the same request may pass next time."""
        return BY_CLASS[self.cls][1]


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


_ASK_ADMIN = "Ask the proxy's administrator, or use another key."

PROXY_RULES: tuple[ProxyRule, ...] = (
    ProxyRule(
        "cooldown",
        "router",
        "Every deployment of this model failed a moment ago; wait as long as told, then retry.",
        _words(r"no deployments available for selected model", r"deployments? in cooldown"),
        frozenset({"all_deployments_in_cooldown"}),
    ),
    ProxyRule(
        "key-budget-spent",
        "proxy",
        "Raise the budget or wait for its reset. " + _ASK_ADMIN,
        _words(
            r"budget has been exceeded",
            r"exceeded ?budget",
            r"budget exceeded",
            r"\bover budget\b",
            r"crossed budget",
        ),
        frozenset({"budget_exceeded"}),
    ),
    ProxyRule(
        "key-model-refused",
        "proxy",
        "Choose a model of the list, which holds what this key may use. " + _ASK_ADMIN,
        _words(
            r"is not available for this api key",
            r"is not in the allowed models for this",
            r"not allowed to access model",
            r"can only access models=",
        ),
        frozenset(
            f"{owner}_model_access_denied"
            for owner in ("key", "team", "user", "customer", "org", "project", "agent")
        ),
    ),
    ProxyRule(
        "vendor-key-refused",
        "vendor",
        "Your key is fine; the one the proxy holds for this vendor is not. Ask the proxy's administrator.",
        _words(
            r"litellm\.(authenticationerror|permissiondeniederror|paymentrequirederror)",
            r"invalid x-api-key",
            r"api key not valid",
            r"incorrect api key provided",
            r"credit balance is too low",
            r"insufficient_quota",
            r"exceeded your current quota",
            r"unable to locate credentials",
            r"security token included in the request is (invalid|expired)",
        ),
        wrapped=True,
    ),
    ProxyRule(
        "vendor-key-refused",
        "vendor",
        "Your key is fine; the one the proxy holds for this vendor is not. Ask the proxy's administrator.",
        statuses=frozenset({401, 402}),
        kinds=frozenset({"permission_error", "permission_denied", "unauthenticated"}),
        wrapped=True,
    ),
    ProxyRule(
        "proxy-key-refused",
        "proxy",
        "A proxy without a database knows its master key only, and this key is another: check the key.",
        kinds=frozenset({"no_db_connection"}),
        wrapped=False,
    ),
    ProxyRule(
        "proxy-key-refused",
        "proxy",
        "This key may not call this endpoint from here; another endpoint may be open to it. " + _ASK_ADMIN,
        _words(
            r"key is not allowed to call this route", r"access forbidden: (ip address|route) .* not allowed"
        ),
        wrapped=False,
    ),
    ProxyRule(
        "proxy-key-refused",
        "proxy",
        "An administrator has blocked it. " + _ASK_ADMIN,
        _words(r"\b(key|team=\S+|project=\S+) is blocked\b"),
        wrapped=False,
    ),
    ProxyRule(
        "proxy-key-refused",
        "proxy",
        "Check LITELLM_PROXY_API_KEY or the key of this proxy in the configuration.",
        _words(
            r"^authentication error, ",
            r"no api key passed in",
            r"invalid proxy server token",
            r"litellm virtual key expected",
            r"malformed api key",
            r"expired key",
        ),
        frozenset({"auth_error", "token_not_found_in_db", "expired_key"}),
        frozenset({401}),
        wrapped=False,
    ),
    ProxyRule(
        "unknown-model",
        "router",
        "Send a name exactly as the proxy lists it; `sightline models` shows the list.",
        _words(r"there are no healthy deployments for this model", r"invalid model name passed in"),
    ),
    ProxyRule(
        "unknown-model",
        "proxy",
        "Send a name exactly as the proxy lists it; `sightline models` shows the list.",
        _words(r"llm provider not provided", r"no such model"),
    ),
    ProxyRule(
        "unknown-model",
        "vendor",
        "The vendor does not know the name the proxy passed on; `sightline models` shows names that work.",
        _words(
            r"^model: \S+$",
            r"model \S+ does not exist",
            r"does not exist or you do not have access",
            r"is not found for api version",
            r"model \S+ (was )?not found",
            r"provided model identifier is invalid",
        ),
        frozenset({"model_not_found"}),
    ),
    ProxyRule(
        "rate-limited",
        "proxy",
        "The proxy's own limit for this key or team: wait, then retry.",
        _words(
            r"max parallel request limit",
            r"limit type: ",
            r"crossed tpm / rpm",
            r"max iterations exceeded for session",
            r"over available [tr]pm",
            r"model capacity reached for",
            r"deployment over user-defined ratelimit",
            r"all max_parallel_requests slots in use",
        ),
    ),
    ProxyRule(
        "overloaded",
        "vendor",
        "The vendor has no room just now: retry in a minute, or switch to another vendor's model.",
        _words(r"\boverloaded\b", r"model is (currently )?overloaded", r"at capacity"),
        frozenset({"overloaded_error"}),
        frozenset({529}),
    ),
    ProxyRule(
        "timeout-first-byte",
        None,
        "The answer did not begin in time: retry, or allow more time in the proxy's or this configuration.",
        _words(r"litellm\.timeout", r"request timed out", r"connection timed out"),
        frozenset({"timeout_error"}),
        frozenset({408, 504}),
        page=False,
    ),
    ProxyRule(
        "stream-cut",
        "vendor",
        "The vendor's connection to the proxy broke in mid-answer. What arrived is kept; retry.",
        _words(
            r"response payload is not completed",
            r"incomplete chunked read",
            r"peer closed connection",
            r"transferencodingerror",
            r"before any terminal event",
        ),
    ),
    ProxyRule(
        "rate-limited",
        None,
        "Wait as long as told, then retry; several people may share the proxy's key.",
        _words(r"\brate.?limit", r"too many requests", r"resource_exhausted"),
        frozenset({"rate_limit_error", "rate_limit_exceeded"}),
        frozenset({429}),
    ),
    ProxyRule(
        "bad-request",
        "proxy",
        "The proxy could not take the request; look at it in the raw view.",
        _words(r"invalid json payload", r"missing required parameter"),
        wrapped=False,
    ),
    ProxyRule(
        "proxy-unreachable",
        "proxy",
        "A machine in front of the proxy answered: the proxy is down or starting. Retry in a minute.",
        statuses=frozenset({502, 503, 504}),
        page=True,
    ),
    ProxyRule(
        "proxy-unreachable",
        "proxy",
        "Give the proxy's final address: this one only redirects.",
        statuses=frozenset({301, 302, 303, 307, 308}),
    ),
    ProxyRule(
        "proxy-unreachable",
        "proxy",
        "A network proxy on the way wants a login; ours takes none from the environment.",
        statuses=frozenset({407}),
    ),
    ProxyRule(
        "overloaded",
        None,
        "No room just now: retry in a minute, or switch to another model.",
        _words(r"service unavailable", r"model is loading"),
        statuses=frozenset({503}),
        page=False,
    ),
)
"""Every rule about keys, limits, routing and trouble, in the order they are tried."""
