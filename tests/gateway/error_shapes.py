"""Error bodies as proxies, relays and vendors write them, for the tests beside this file."""

import json

MESSAGES, CHAT = "/v1/messages", "/v1/chat/completions"
REMARK = "\n\nLiteLLM: model group 'smart' failed with the error above. No fallback was attempted."
LITELLM = {"x-litellm-version": "1.106.2", "x-litellm-call-id": "c"}


def anthropic_shape(message: str, kind: str = "invalid_request_error") -> str:
    return json.dumps({"type": "error", "error": {"type": kind, "message": message}})


def openai_shape(message: str, kind: str | None = None, code: str = "400") -> str:
    return json.dumps({"error": {"message": message, "type": kind, "param": None, "code": code}})


def wrapped(text: str) -> list[str]:
    """The same sentence as proxies and relays pass it on."""
    vendor = anthropic_shape(text)
    return [
        vendor,
        openai_shape(text),
        anthropic_shape(f"litellm.BadRequestError: AnthropicException - {vendor}{REMARK}"),
        openai_shape(
            f"litellm.BadRequestError: AnthropicException - {vendor.encode()!r}. Received Model Group=x"
        ),
        openai_shape(f"litellm.APIError: APIError: OpenAIException - {json.dumps(vendor)}"),
        openai_shape(f"Error code: 400 - {json.loads(vendor)!r}"),
        json.dumps(
            {"error": {"message": "Provider returned error", "code": 400, "metadata": {"raw": vendor}}}
        ),
        json.dumps([{"error": {"code": 400, "message": text, "status": "INVALID_ARGUMENT"}}]),
    ]
