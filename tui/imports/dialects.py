"""Which of the three formats a request is in: by its URL, else by its own words."""

from __future__ import annotations

from urllib.parse import urlsplit

from tui.chat.parts import Dialect, Json
from tui.generations import canonical, is_claude
from tui.imports.fields import objects, text
from tui.imports.limits import refused

_TAILS: tuple[tuple[str, Dialect], ...] = (
    ("/chat/completions", "chat"),
    ("/v1/messages", "messages"),
    ("/messages", "messages"),
    ("/responses", "responses"),
)
_CHAT_ROLES = frozenset({"system", "developer", "tool", "function"})
_CHAT_KEYS = frozenset(
    {
        "max_completion_tokens",
        "stream_options",
        "response_format",
        "n",
        "frequency_penalty",
        "presence_penalty",
        "logprobs",
        "logit_bias",
        "reasoning_effort",
        "functions",
        "stop",
    }
)
_CHAT_PARTS = frozenset({"image_url", "input_audio", "file"})
_MESSAGES_KEYS = frozenset(
    {"system", "stop_sequences", "anthropic_version", "anthropic_beta", "output_config", "context_management"}
)
_MESSAGES_BLOCKS = frozenset(
    {"tool_use", "tool_result", "thinking", "redacted_thinking", "image", "document", "server_tool_use"}
)


def dialect_by_url(url: str) -> Dialect | None:
    """The format of an endpoint; None for any other address, that for counting tokens included."""
    try:
        path = urlsplit(url).path.rstrip("/")
    except ValueError:
        return None
    return next((dialect for tail, dialect in _TAILS if path.endswith(tail)), None)


def dialect_of(body: dict[str, Json], url: str = "") -> Dialect:
    """The format of a request; UsageError for what is none."""
    found = dialect_by_url(url) if url else None
    if found == "responses" and "input" in body:
        return found
    if found is not None and "messages" in body:
        return found
    if isinstance(body.get("messages"), list):
        return _of_messages(body)
    if isinstance(body.get("input"), str | list):
        return "responses"
    if any(key in body for key in ("choices", "output", "content")):
        raise refused("it is an answer without its request", hint="a pair of request and response is taken")
    raise refused("it is no request to a model: it has neither messages nor input")


def is_request(body: Json) -> bool:
    """Whether a value looks like a request to a model."""
    if not isinstance(body, dict):
        return False
    if isinstance(body.get("messages"), list):
        return all(isinstance(message, dict) and "role" in message for message in body["messages"])
    return "model" in body and isinstance(body.get("input"), str | list) and "encoding_format" not in body


def _of_messages(body: dict[str, Json]) -> Dialect:
    """Chat and Messages look alike: what only one of them has decides, from the history first."""
    for message in objects(body, "messages"):
        said_by = text(message, "role")
        if said_by in _CHAT_ROLES or "tool_calls" in message or "reasoning_content" in message:
            return "chat"
        kinds = {text(block, "type") for block in objects(message, "content")}
        if kinds & _MESSAGES_BLOCKS:
            return "messages"
        if kinds & _CHAT_PARTS:
            return "chat"
    if _MESSAGES_KEYS & set(body):
        return "messages"
    tools = list(objects(body, "tools"))
    if any("input_schema" in tool for tool in tools):
        return "messages"
    if any("function" in tool for tool in tools) or _CHAT_KEYS & set(body):
        return "chat"
    # Only /v1/messages must be told how long an answer may be.
    claude = is_claude(canonical(text(body, "model")))
    return "messages" if claude and "max_tokens" in body else "chat"
