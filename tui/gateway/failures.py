"""The one table from what went wrong with a call to an error class, and the next step a person can take.

Whatever fails between connecting and the last byte comes out as a CallFailed: refusals of the proxy
or the vendor in either error shape on any endpoint, error frames inside a 200 stream, exceptions of
the transport, answers that are no stream, streams without their last word.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from tui.chat.parts import Json
from tui.chat.route import Route
from tui.errors import CallFailed, Layer
from tui.gateway.error_body import Told, harmless, read_error
from tui.gateway.failure_rules import THINKING, Rule
from tui.gateway.failure_rules_others import HIDDEN, VENDOR_RULES, WRAPPERS
from tui.gateway.failure_rules_proxy import BY_CLASS, PROXY_RULES, ProxyRule
from tui.gateway.transport_errors import Trouble, trouble

Phase = Literal["connect", "stream"]
"""connect: until the answer's headers are there; stream: while its body is read."""

_PLAIN = frozenset({"openai", "anthropic", "openai-responses"})
_OWN_CHECKS = frozenset({"litellm-unsupported-params", "litellm-tools-param-missing"})
"""Classes LiteLLM finds itself, though it words them as an exception of the vendor."""
_SEALS = frozenset(rule.cls for rule in THINKING if rule.cls.startswith("anthropic-"))
_TRY_AGAIN = re.compile(r"(?:try again|retry) (?:in|after) (\d{1,6}(?:\.\d{1,6})?) ?s", re.IGNORECASE)
_DELAY = re.compile(r'"?retryDelay\\?"?\s*:\s*\\?"?(\d{1,6}(?:\.\d{1,6})?)s')
_MAX_WAIT = 86_400.0
_RETRY = "Retry; if it goes on, look at the proxy's log or switch the model."
_LOSING = ("/v1/chat/completions", "/v1/responses")
_LOSES = (
    "{} loses seals or their order: go on with --endpoint messages; if that is refused"
    " too, begin a new conversation."
)


@dataclass(frozen=True, slots=True)
class _Verdict:
    cls: str
    layer: Layer
    hint: str
    retry: bool


def from_response(
    status: int,
    headers: Mapping[str, str],
    body_text: str,
    endpoint: str = "",
    route: Route | None = None,
) -> CallFailed:
    """The error for an answer with an error status; ``endpoint`` is the path that was called."""
    told = read_error(body_text)
    verdict = _verdict(told, status, endpoint, _is_plain(route))
    if verdict.cls == "stream-cut":
        # Nothing of an answer came, so nothing of ours was cut: the vendor failed before it.
        verdict = replace(verdict, cls="vendor-error", hint=_RETRY)
    failed = _failed(verdict, told, status)
    failed.retry_after = _retry_after(headers, body_text) if failed.retry_helps else None
    return failed


def from_stream_error(error: Json, endpoint: str = "", route: Route | None = None) -> CallFailed:
    """The error for an error frame inside a stream that began with 200; ``error`` is its JSON or text."""
    told = read_error(error)
    status = next((int(k) for k in sorted(told.kinds) if re.fullmatch(r"[45]\d\d", k)), None)
    # An event of a stream is the vendor's unless it says otherwise: the proxy only hands it on.
    from_vendor = Told(told.sentence, told.whole, told.kinds, wrapped=True, told=told.told)
    verdict = _verdict(from_vendor, status or 0, endpoint, _is_plain(route))
    failed = _failed(verdict, told, status if status is not None else 200)
    failed.retry_after = _retry_after({}, told.whole) if failed.retry_helps else None
    return failed


def from_exception(error: BaseException, phase: Phase = "connect", route: Route | None = None) -> CallFailed:
    """The error for an exception of the SDKs or the transport; never fails, whatever it is given."""
    response = getattr(error, "response", None)
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and response is not None:
        body = getattr(error, "body", None) or str(error)
        if status < 400:
            return from_stream_error(body, route=route)
        text = body if isinstance(body, str) else _text_of(response, body)
        return from_response(status, _headers(response), text, route=route)
    if type(error).__name__ == "APIError" and getattr(error, "body", None):
        return from_stream_error(error.body, route=route)  # type: ignore[attr-defined]
    seen: Trouble = trouble(error, phase)
    layer: Layer = "vendor" if _is_plain(route) and seen.layer == "proxy" else seen.layer
    title, retry = BY_CLASS.get(seen.cls, ("the call failed", False))
    failed = CallFailed(
        title,
        harmless(seen.says),
        hint=seen.hint,
        layer=layer,
        cls=seen.cls,
        retry_helps=retry and seen.retry,
    )
    failed.never_sent = seen.never_sent
    return failed


def not_a_stream(content_type: str, snippet: str = "") -> CallFailed:
    """The error for an answer with 200 that is neither a stream nor JSON, such as a login page."""
    kind = harmless(content_type, 80) or "no content type"
    told = read_error(snippet)
    says = f"the answer is {kind}, not an event stream"
    if snippet.strip():
        says += f": “{harmless(told.sentence, 200)}”"
    return CallFailed(
        BY_CLASS["not-a-stream"][0],
        says,
        hint="Something before the proxy answered. Check the base URL, and log in where it wants a login.",
        layer="proxy",
        cls="not-a-stream",
        status=200,
    )


def no_events() -> CallFailed:
    """The error for an event stream without a single event: a page of the vendor's, passed on as a stream."""
    return CallFailed(
        BY_CLASS["not-a-stream"][0],
        "the stream held not a single event",
        hint="The vendor may have sent a page instead of an answer: look at the proxy's log, then retry.",
        layer="proxy",
        cls="not-a-stream",
        status=200,
        retry_helps=True,
    )


def cut(says: str = "") -> CallFailed:
    """The error for a stream that ended without the last word of its protocol, though HTTP ended well."""
    return CallFailed(
        BY_CLASS["stream-cut"][0],
        harmless(says) or "the stream ended in the middle of the answer",
        hint="What arrived is kept. Retry sends the same request again, which costs again.",
        layer="proxy",
        cls="stream-cut",
        retry_helps=True,
    )


def _verdict(told: Told, status: int, endpoint: str, plain: bool) -> _Verdict:
    sentence = _words(told.sentence)
    whole = _words(told.whole)
    found = _vendor_rule(sentence, whole)
    if found is not None:
        layer: Layer = "proxy" if found.cls in _OWN_CHECKS and not plain else "vendor"
        return _Verdict(found.cls, layer, _hint(found, endpoint), found.retry)
    known = next((r for r in PROXY_RULES if _applies(r, told, sentence, whole, status)), None)
    if known is None:
        return _by_status(told, status, plain)
    layer = known.layer or ("vendor" if told.wrapped or plain else "proxy")
    if plain and known.layer in ("proxy", "router"):
        layer = "vendor"
    return _Verdict(known.cls, layer, known.hint, known.retry)


def _vendor_rule(sentence: str, whole: str) -> Rule | None:
    return (
        next((r for r in HIDDEN if r.pattern.search(whole)), None)
        or next((r for r in VENDOR_RULES if r.pattern.search(sentence)), None)
        or next((r for r in WRAPPERS if r.pattern.search(sentence)), None)
    )


def _applies(rule: ProxyRule, told: Told, sentence: str, whole: str, status: int) -> bool:
    if rule.wrapped is not None and rule.wrapped != told.wrapped:
        return False
    if rule.page is not None and rule.page != told.page:
        return False
    if status in rule.statuses or not rule.kinds.isdisjoint(told.kinds):
        return True
    return rule.pattern is not None and bool(rule.pattern.search(sentence) or rule.pattern.search(whole))


def _by_status(told: Told, status: int, plain: bool) -> _Verdict:
    """A refusal in words nobody has seen: server errors may pass next time, refusals do not."""
    layer: Layer = "vendor" if told.wrapped or plain else "proxy"
    if status == 0 or status >= 500:
        return _Verdict("vendor-error", layer, _RETRY, True)
    if not told.told or told.page:
        hint = "The answer does not come from a LiteLLM proxy's API: check the base URL."
        return _Verdict("bad-request", "proxy", hint, False)
    return _Verdict(
        "bad-request", layer, "Change what the message names; sending it again fails again.", False
    )


def _failed(verdict: _Verdict, told: Told, status: int) -> CallFailed:
    refused = f"the {verdict.layer if verdict.layer != 'client' else 'request'} refused the request"
    title, _ = BY_CLASS.get(verdict.cls, (refused, False))
    if verdict.cls == "bad-request" and verdict.layer == "vendor":
        title = refused
    says = harmless(told.sentence)
    if told.page:
        says = f"HTTP {status} with an HTML page: “{says}”"
    elif not says:
        says = f"HTTP {status} without a message"
    return CallFailed(
        title,
        says,
        hint=verdict.hint,
        layer=verdict.layer,
        cls=verdict.cls,
        status=status,
        vendor_message=harmless(told.sentence, 2000) if verdict.layer == "vendor" and told.told else None,
        retry_helps=verdict.retry,
    )


def _hint(found: Rule, endpoint: str) -> str:
    losing = next((path for path in _LOSING if endpoint.endswith(path)), None)
    return _LOSES.format(losing) if losing and found.cls in _SEALS else found.hint


def _words(text: str) -> str:
    """``text`` as the rules want it: one line, no quotes, backticks or backslashes."""
    return " ".join(re.sub(r"[`'\"\\‘’“”]", "", text).split())


def _is_plain(route: Route | None) -> bool:
    return route is not None and route.provider in _PLAIN


def _retry_after(headers: Mapping[str, str], text: str) -> float | None:
    """Seconds the server asks to wait, from a header or its words; None when it does not say."""
    lower = {name.lower(): value for name, value in headers.items()}
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0), ("llm_provider-retry-after", 1.0)):
        try:
            seconds = float(lower.get(name, "")) * unit
        except ValueError:
            continue
        if math.isfinite(seconds) and 0 <= seconds <= _MAX_WAIT:
            return seconds
    found = _TRY_AGAIN.search(text[:20_000]) or _DELAY.search(text[:20_000])
    return min(float(found.group(1)), _MAX_WAIT) if found else None


def _headers(response: object) -> dict[str, str]:
    return dict(getattr(response, "headers", None) or {})


def _text_of(response: object, body: Json) -> str:
    try:
        text = response.text  # type: ignore[attr-defined]
    except Exception:
        # A streamed response that was not read has no text; the SDK's parsed body has the same words.
        text = None
    if isinstance(text, str) and text:
        return text
    inner = body if isinstance(body, dict) and "error" in body else {"error": body}
    return _dumped(inner)


def _dumped(value: Json) -> str:
    return json.dumps(value, default=str)
