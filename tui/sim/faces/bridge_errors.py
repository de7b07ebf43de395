"""How the proxy words its vendors' refusals on endpoints of OpenAI's kind, before an answer and in one."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any, Literal

from tui.sim.faces.litellm import Served, remarked, shaped
from tui.sim.refusal import Refusal
from tui.sim.transport import SseEvent

Endpoint = Literal["chat", "responses"]

_NAMES = {"bedrock": "Bedrock", "openai": "OpenAI", "xai": "Xai", "deepseek": "Deepseek", "gemini": "Gemini"}
_EXCEPTIONS = {
    400: "BadRequestError",
    401: "AuthenticationError",
    403: "PermissionDeniedError",
    404: "NotFoundError",
    429: "RateLimitError",
    500: "InternalServerError",
    503: "ServiceUnavailableError",
}
_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "invalid_request_error",
    429: "throttling_error",
}
_CODES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_exceeded",
}
LOST = (
    "Response payload is not completed: <TransferEncodingError: 400, message='Not enough data to satisfy "
    "transfer length header.'>"
)
_TOO_LONG = "prompt is too long"


def refused(refusal: Refusal, served: Served, *, stream: bool, endpoint: Endpoint = "chat") -> Refusal:
    """The vendor's refusal as the client gets it, its JSON inside; the proxy's own only remarked on."""
    if is_own(refusal):
        if refusal.status == 400:
            error = refusal.body["error"]
            error["message"] = remarked(error["message"], served.requested)
        return refusal
    provider = served.deployment.provider
    status = refusal.status
    detail = refusal.body.get("error", {})
    type = _TYPES.get(status, "internal_server_error")
    param = None
    if served.deployment.is_claude:
        # An overloaded Anthropic is told as a fault of the server.
        status = 500 if status > 503 else status
        said = _claude(refusal, status, vendor_name(provider), stream=stream)
    elif provider == "gemini":
        said = _gemini(refusal, stream=stream)
        if stream:
            type = "rate_limit_error" if status == 429 else type
    else:
        text = json.dumps(refusal.body, separators=(",", ":"))
        if provider == "openai" and endpoint == "chat":
            text, param = str(detail.get("message")), detail.get("param")
            type = "invalid_request_error" if status in (401, 403, 404) else type
        said = f"litellm.{_doubled(status)}: {vendor_name(provider)}Exception - {text}"
    told = shaped(
        status, remarked(said, served.requested), "openai", type=type, headers=_headers(refusal, served)
    )
    told.body["error"]["param"] = param
    return told


def _claude(refusal: Refusal, status: int, spoken: str, *, stream: bool) -> str:
    text = json.dumps(refusal.body, separators=(",", ":"))
    if stream:
        text = repr(text.encode())
    source = "AnthropicError" if refusal.status > 503 else f"{spoken}Exception"
    name = _EXCEPTIONS.get(status, "APIError")
    if _TOO_LONG in text:
        name, source = "ContextWindowExceededError: litellm.BadRequestError", "AnthropicError"
    advice = ". Handle with `litellm.InternalServerError`." if refusal.status == 500 else ""
    return f"litellm.{name}: {source} - {text}{advice}"


def _gemini(refusal: Refusal, *, stream: bool) -> str:
    text = json.dumps(refusal.body, separators=(",", ":"))
    return repr(text.encode()) if stream else _gemini_words(refusal.status, "GeminiException", text)


def _gemini_words(status: int, source: str, text: str) -> str:
    name = {403: "BadRequestError", 529: "APIError"}.get(status, _EXCEPTIONS.get(status, "APIError"))
    if status == 429:
        name = f"{name}: litellm.{name}"
    suffix = f" {name}" if status in (400, 403, 500) else ""
    return f"litellm.{name}: {source}{suffix} - {text}"


def _doubled(status: int) -> str:
    """The exception's name; beyond bad requests the proxy says it twice."""
    if status in (400, 401, 403, 404):
        return "BadRequestError"
    name = _EXCEPTIONS.get(status, "APIError")
    return f"{name}: {name}"


def _headers(refusal: Refusal, served: Served) -> dict[str, str]:
    return {
        "x-litellm-model-id": served.deployment.id,
        "x-litellm-timeout": "600.0",
        "x-litellm-response-cost": "0",
        **{f"llm_provider-{key}": value for key, value in refusal.headers.items()},
    }


def crashed(served: Served, *, stream: bool) -> Refusal:
    """What the client gets when the vendor's connection broke before an answer."""
    name = vendor_name(served.deployment.provider)
    if stream:
        message = f"litellm.APIConnectionError: APIConnectionError: {name}Exception - {LOST}"
    else:
        message = f"litellm.InternalServerError: InternalServerError: {name}Exception - {LOST}"
    return shaped(500, message, "openai", type="internal_server_error")


def vendor_name(provider: str) -> str:
    """The vendor's name in the proxy's exceptions."""
    return _NAMES.get(provider, "Anthropic")


def is_own(refusal: Refusal) -> bool:
    """Whether the proxy itself refused, without asking a vendor."""
    return "x-litellm-version" in refusal.headers


def own(message: str) -> Refusal:
    """A refusal of the proxy itself, before it asked any vendor."""
    return shaped(400, message, "openai")


def event(refusal: Refusal | None, served: Served) -> SseEvent:
    """The error inside a running chat stream; without ``refusal`` the vendor's connection broke."""
    name = vendor_name(served.deployment.provider)
    error: dict[str, Any] = {"message": "", "type": None, "param": None, "code": "500"}
    if refusal is None:
        error["message"] = f"litellm.APIConnectionError: APIConnectionError: {name}Exception - {LOST}"
        return SseEvent({"error": error})
    status = 500 if refusal.status > 503 else refusal.status
    error["code"] = str(status)
    error["type"] = _TYPES.get(status, "internal_server_error")
    error["message"] = _inside(refusal, status, served)
    return SseEvent({"error": error})


def _inside(refusal: Refusal, status: int, served: Served) -> str:
    name = vendor_name(served.deployment.provider)
    source = "AnthropicError" if served.deployment.is_claude else f"{name}Exception"
    exception = _EXCEPTIONS.get(status, "InternalServerError")
    return f"litellm.{exception}: {source} - {refusal.body.get('error', {}).get('message')}"


def late_words(refusal: Refusal) -> tuple[str, str]:
    """Code and message of ``response.failed`` for a vendor that is asked once the stream is open."""
    text = repr(json.dumps(refusal.body, separators=(",", ":")).encode())
    code = _CODES.get(refusal.status, "server_error")
    return code, _gemini_words(refusal.status, "Vertex_ai_betaException", text)


def stream_words(refusal: Refusal, served: Served) -> tuple[str, str]:
    """Code and message of ``response.failed`` for an error inside a running stream."""
    provider, detail = served.deployment.provider, refusal.body.get("error") or {}
    if provider == "gemini":
        name = _EXCEPTIONS.get(refusal.status, "APIError")
        status = detail.get("status")
        words = f"litellm.{name}: Vertex_ai_betaException - {status} - {detail.get('message')}"
        return _CODES.get(refusal.status, "server_error"), words
    status = 500 if refusal.status > 503 else refusal.status
    if served.deployment.is_claude:
        return _CODES.get(status, "server_error"), _inside(refusal, status, served)
    words = f"litellm.{_doubled(status)}: {vendor_name(provider)}Exception - {detail.get('message')}"
    return _CODES.get(status, "server_error"), words


def lost_words(served: Served) -> str:
    """The message of ``response.failed`` for a vendor whose connection broke."""
    provider = served.deployment.provider
    name = "Vertex_ai_beta" if provider == "gemini" else vendor_name(provider)
    twice = "APIConnectionError: " if provider in ("deepseek", "openai", "xai") else ""
    return f"litellm.APIConnectionError: {twice}{name}Exception - {LOST}"


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
