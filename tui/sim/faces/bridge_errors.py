"""How the proxy's chat endpoint words what its vendors refuse, before an answer and inside one."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

from tui.sim.faces.litellm import Served, shaped, wrapped
from tui.sim.refusal import Refusal
from tui.sim.transport import SseEvent

_NAMES = {"openai": "OpenAI", "xai": "Xai", "deepseek": "Deepseek", "gemini": "Gemini"}
_EXCEPTIONS = {
    400: "BadRequestError",
    401: "AuthenticationError",
    403: "PermissionDeniedError",
    404: "NotFoundError",
    429: "RateLimitError",
    503: "ServiceUnavailableError",
}
_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "throttling_error",
}
_CODES = {
    400: "invalid_request_error",
    401: "authentication_error",
    429: "rate_limit_exceeded",
}
LOST = (
    "Response payload is not completed: <TransferEncodingError: 400, message='Not enough data to satisfy "
    "transfer length header.'>"
)


def refused(refusal: Refusal, served: Served, *, stream: bool) -> Refusal:
    """The vendor's refusal as the client gets it; the vendor's JSON is inside, except OpenAI's.

    The proxy's own refusals are given on as they are.
    """
    if is_own(refusal):
        return refusal
    provider = served.deployment.provider
    if served.deployment.is_claude:
        return wrapped(refusal, served, "openai", stream=stream)
    detail = refusal.body.get("error", {})
    text = json.dumps(refusal.body, separators=(",", ":"))
    status = refusal.status
    name = _EXCEPTIONS.get(status, "InternalServerError")
    if provider == "openai":
        text = str(detail.get("message"))
    said = f"litellm.{name}: {_NAMES[provider]}Exception - {text}"
    if provider == "gemini" and stream:
        said = repr(text.encode())
    message = f"{said}\n\nLiteLLM: model group {served.group!r} failed with the error above. "
    headers = {
        "x-litellm-model-id": served.deployment.id,
        "x-litellm-model-group": served.group,
        "x-litellm-response-cost": "0",
        "x-litellm-attempted-retries": "2" if status >= 429 else "0",
        "x-litellm-attempted-fallbacks": str(served.fallbacks),
        **{f"llm_provider-{key}": value for key, value in refusal.headers.items()},
    }
    type = _TYPES.get(status, "internal_server_error")
    told = shaped(status, message + "No fallback was attempted.", "openai", type=type, headers=headers)
    if provider == "openai":
        told.body["error"]["param"] = detail.get("param")
    return told


def crashed(served: Served, *, stream: bool) -> Refusal:
    """What the client gets when the vendor's connection broke before an answer."""
    name = _NAMES.get(served.deployment.provider, "Anthropic")
    if stream:
        message = f"litellm.APIConnectionError: APIConnectionError: {name}Exception - {LOST}"
    else:
        message = f"litellm.InternalServerError: InternalServerError: {name}Exception - Internal Server Error"
    return shaped(500, message, "openai", type="internal_server_error")


def vendor_name(provider: str) -> str:
    """The vendor's name in the proxy's exceptions."""
    return _NAMES.get(provider, "Anthropic")


def stream_words(refusal: Refusal, served: Served) -> tuple[str, str]:
    """Code and message of ``response.failed`` for what a vendor refused once the stream was open."""
    status = 500 if refusal.status > 503 else refusal.status
    name = _EXCEPTIONS.get(status, "InternalServerError")
    source = (
        "AnthropicError"
        if served.deployment.is_claude
        else f"{vendor_name(served.deployment.provider)}Exception"
    )
    code = _CODES.get(status, "server_error")
    return code, f"litellm.{name}: {source} - {(refusal.body.get('error') or {}).get('message')}"


def lost_words(served: Served) -> str:
    """The message of ``response.failed`` for a vendor whose connection broke."""
    return f"litellm.APIConnectionError: {vendor_name(served.deployment.provider)}Exception - {LOST}"


def failed_event(began: dict[str, Any], code: str, message: str, number: int) -> SseEvent:
    """The ``response.failed`` the proxy makes itself, its only event with a name; ``began`` may be empty."""
    kept: dict[str, Any] = {key: began[key] for key in ("id", "created_at", "model") if key in began}
    response: dict[str, Any] = {
        "id": f"resp_{uuid.uuid4().hex}",
        "created_at": int(time.time()),
        **kept,
        "error": {"code": code, "message": message},
        "object": "response",
        "output": [],
        "status": "failed",
    }
    data = {"type": "response.failed", "response": response, "sequence_number": number}
    return SseEvent(data, "response.failed")


def is_own(refusal: Refusal) -> bool:
    """Whether the proxy itself refused, without asking a vendor."""
    return "x-litellm-version" in refusal.headers


def own(message: str) -> Refusal:
    """A refusal of the proxy itself, before it asked any vendor."""
    return shaped(400, message, "openai")


def event(refusal: Refusal | None, served: Served) -> SseEvent:
    """The error inside a running stream; without ``refusal`` the vendor's connection broke."""
    provider = served.deployment.provider
    name = _NAMES.get(provider, "Anthropic")
    error: dict[str, Any] = {"message": "", "type": None, "param": None, "code": "500"}
    if refusal is None:
        error["message"] = f"litellm.APIConnectionError: APIConnectionError: {name}Exception - {LOST}"
        return SseEvent({"error": error})
    detail = refusal.body.get("error", {})
    status = 500 if refusal.status > 503 else refusal.status
    exception = _EXCEPTIONS.get(status, "InternalServerError")
    error["code"] = str(status)
    error["type"] = _TYPES.get(status, "internal_server_error")
    source = "AnthropicError" if served.deployment.is_claude else f"{name}Exception"
    error["message"] = f"litellm.{exception}: {source} - {detail.get('message')}"
    return SseEvent({"error": error})
